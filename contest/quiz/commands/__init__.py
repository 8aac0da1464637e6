"""The operator's commands of the quiz, `contest quiz …`; `contest.cli` hangs the group up and runs each inside the application."""

import click

from contest.quiz.commands.bank import check_command, export_command, import_command
from contest.quiz.commands.rounds import (
    draw_command,
    expire_command,
    grade_command,
    regrade_command,
    report_command,
)


@click.group()
def group() -> None:
    """The question bank, and what the quiz's worker does by itself."""


for _command in (
    import_command,
    export_command,
    check_command,
    draw_command,
    grade_command,
    regrade_command,
    expire_command,
    report_command,
):
    group.add_command(_command)
