"""What the quiz's commands share: how they refuse, show progress and find a round."""

from pathlib import Path
from typing import IO, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core.errors import NotFound

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


class Refused(click.ClickException):
    """A command that was not carried out, with its reason; ends with status 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """The reason alone."""
        click.echo(self.message, file=file, err=file is None)


def progress_bar() -> Progress:
    """Progress on standard error, so that standard output holds the result alone."""
    from rich.console import Console

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def quiz_round(round_id: int) -> Round:
    """The quiz round of that number; refuses an unknown one and names those that there are."""
    try:
        return contests.round_by_id(round_id, TrackKind.QUIZ)
    except NotFound:
        known = [
            f"{found.id} ({found.title})"
            for track in contests.the_contest().tracks
            if track.kind is TrackKind.QUIZ
            for found in track.rounds
        ]
        raise Refused(f"There is no quiz round {round_id}. Quiz rounds: {', '.join(known) or 'none'}.") from None


def may_write(target: Path, *, force: bool) -> None:
    """Refuse to write into a folder that is not there, or over a file unless it is meant."""
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}. Nothing was written.")
    if target.exists() and not force:
        raise Refused(f"{target} exists already. Nothing was written; --force writes over it.")
