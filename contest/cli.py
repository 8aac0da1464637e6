"""Every operator command: `contest --help`. Exit status 0 done, 1 refused with the reason, 2 wrong usage."""

import sys
from collections.abc import Callable
from copy import copy
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from contest import create_app
from contest.accounts import commands as account_commands
from contest.accounts import contacts
from contest.config import UnsafeConfig
from contest.contests import service as contests
from contest.contests.rules import Letterhead, TrackKind
from contest.core import audit, migrations, queue
from contest.core.db import db, unit_of_work
from contest.core.errors import DomainError
from contest.core.forms import clean, clean_line
from contest.quiz import commands as quiz_commands


def _app() -> Flask:
    try:
        return create_app()
    except UnsafeConfig as error:
        refuse(str(error))
        raise


def refuse(reason: str) -> None:
    """Say why not, and end with status 1."""
    click.echo(reason, err=True)
    sys.exit(1)


def in_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application; a domain error is a refusal."""

    @wraps(command)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with _app().app_context():
            try:
                return command(*args, **kwargs)
            except DomainError as error:
                return refuse(error.happened)
            except (OperationalError, ProgrammingError) as error:
                if not _without_tables(error):
                    raise
                return refuse("The database has no tables yet. Run `contest db upgrade` first.")

    return inside


def _without_tables(error: DBAPIError) -> bool:
    """Whether a statement failed because the database was never brought up to date."""
    return getattr(error.orig, "sqlstate", None) == "42P01" or "no such table" in str(error.orig)


def progress_bar() -> Progress:
    """The one look of progress in commands."""
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@click.group()
def main() -> None:
    """Runs a province's public contest: essays, a timed quiz, photographs."""


@main.group("db")
def db_group() -> None:
    """The database and its migrations."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
@in_app
def db_upgrade(revision: str) -> None:
    """Bring the database to REVISION (the newest by default)."""
    migrations.upgrade(revision)


@db_group.command("downgrade")
@click.argument("revision")
@in_app
def db_downgrade(revision: str) -> None:
    """Take the database back to REVISION."""
    migrations.downgrade(revision)


@db_group.command("check")
@in_app
def db_check() -> None:
    """Refuse unless the migrations give exactly what the models say."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)
    if differences:
        refuse("The models and the migrations differ:\n" + "\n".join(str(d) for d in differences))
    click.echo("The migrations equal the models.")


@main.group("audit")
def audit_group() -> None:
    """The record of every act of staff."""


@audit_group.command("verify")
@in_app
def audit_verify() -> None:
    """Walk the hash chain; refuse at the first row that does not hold."""
    breach = audit.verify()
    if breach:
        refuse(f"Row {breach.row_id} does not hold: {breach.reason}.")
    click.echo("Every row of the audit chain holds.")


_WORDS = {
    "title": "What the contest is called.",
    "organizer_name": "Who runs it.",
    "parent_body": "The body above the organiser.",
    "summary": "Two sentences for the first page.",
    "phone": "Where citizens may call.",
    "email": "Where citizens may write.",
}


def _words(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what a contest is."""
    regulations = click.Path(exists=True, dir_okay=False, path_type=Path)
    command = click.option("--regulations", type=regulations, help="A Markdown file, UTF-8.")(command)
    layouts = click.Choice([layout.value for layout in Letterhead])
    told = (
        "Whose way of setting papers: of the State, or of the Party; told by the bodies' names when a contest is made."
    )
    command = click.option("--letterhead", type=layouts, help=told)(command)
    for name in reversed(_WORDS):
        option = "--organizer" if name == "organizer_name" else f"--{name.replace('_', '-')}"
        command = click.option(option, name, help=_WORDS[name])(command)
    return command


def _given(words: dict[str, Any]) -> dict[str, str]:
    """Those words that were given, cleaned, the regulations read from their file."""
    path = words.pop("regulations")
    given = {name: clean_line(value) for name, value in words.items() if value is not None}
    if path:
        try:
            given["regulations"] = clean(path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError:
            refuse(f"{path.name} is not UTF-8 text.")
    email = given.get("email")
    if email and not contacts.email(email):
        refuse(f"{email} is not an e-mail address.")
    return given


@main.command("create")
@_words
@click.option(
    "--track",
    "tracks",
    multiple=True,
    type=click.Choice([kind.value for kind in TrackKind]),
    help="Tracks of the contest; all three by default.",
)
@in_app
def create(tracks: tuple[str, ...], **words: Any) -> None:
    """Make the contest that all pages show from now on, with its tracks and no round yet; on the record."""
    with unit_of_work():
        made = contests.create_contest(words=_given(words), tracks=[TrackKind(name) for name in tracks] or TrackKind)
        told = f"Contest {made.id} ({made.title}) is there; its rounds are made on the desk."
    click.echo(told)


@main.command("describe")
@_words
@click.option("--reason", required=True, help="Why, for the record.")
@in_app
def describe(reason: str, **words: Any) -> None:
    """Change what the contest is called, who runs it, its contacts or regulations; on the record."""
    with unit_of_work():
        changed = contests.describe_contest(words=_given(words), reason=reason)
    click.echo(f"Changed: {', '.join(changed)}." if changed else "Nothing to change.")


def in_app_all(group: click.Group) -> click.Group:
    """The group of a room with each of its commands run inside the application."""
    wired = copy(group)
    wired.commands = {name: copy(command) for name, command in group.commands.items()}
    for command in wired.commands.values():
        if command.callback:
            command.callback = in_app(command.callback)
    return wired


main.add_command(in_app_all(quiz_commands.group), "quiz")
main.add_command(in_app_all(account_commands.group), "account")


@main.group("storage")
def storage_group() -> None:
    """Originals and derivatives."""


@storage_group.command("sweep")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@in_app
def storage_sweep(dry_run: bool) -> None:
    """Set aside what nothing refers to a day after it was written, and forget what was set aside two days ago."""
    from contest import sweep

    done = sweep.sweep(dry_run=dry_run)
    click.echo(
        f"{'Would be ' if dry_run else ''}set aside: {done.set_aside}, put back: {done.put_back}, "
        f"forgotten: {done.forgotten} ({done.freed} bytes)"
    )


@main.command("worker")
@click.option(
    "--queue",
    "names",
    multiple=True,
    type=click.Choice(queue.QUEUES),
    help="Queues to hear, long work last; all by default.",
)
@click.option("--forking", is_flag=True, help="Run each job in a process of its own (for files from strangers).")
@click.option("--burst", is_flag=True, help="Stop once the queues are empty.")
def worker(names: tuple[str, ...], forking: bool, burst: bool) -> None:
    """Hear the queues until told to stop."""
    from contest.worker import run_worker

    run_worker(_app(), names=list(names or queue.QUEUES), forking=forking, burst=burst)


@main.command("scheduler")
def scheduler() -> None:
    """Ask for the periodic jobs until told to stop."""
    from contest.worker import run_scheduler

    run_scheduler(_app())


@main.command("run")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="PORT")
def run(host: str, port: int) -> None:
    """Start everything on this machine: Valkey, web, workers, scheduler; Ctrl-C stops all."""
    from contest import run as supervisor

    sys.exit(supervisor.main(host=host, port=port))


@main.group("demo")
def demo_group() -> None:
    """The demo contest, plainly invented."""


@demo_group.command("load")
@in_app
def demo_load() -> None:
    """Fill an empty database with the demo contest; refuses a database that holds a contest."""
    from contest.demo import load

    with progress_bar() as progress:
        load.load(progress)
    for line in load.account_lines():
        click.echo(line)
