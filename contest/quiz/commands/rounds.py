"""Commands of quiz rounds: `contest quiz draw`, `grade`, `regrade`, `expire`, `report`."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from contest.contests.models import Round
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.errors import NotFound
from contest.quiz import jobs, queries, report, service
from contest.quiz.analysis import Scope
from contest.quiz.commands.edge import TARGET, Refused, may_write, progress_bar, quiz_round
from contest.quiz.queries import analysis as analysis_queries
from contest.quiz.queries.ranking import params_of
from contest.quiz.queries.report import report_of
from contest.quiz.report import files
from contest.quiz.service import analysis as analysis_service
from question_bank import answers as codes
from question_bank.draw import SEED_BITS, Blueprint, DrawError, PreparedBank, Quota, draw
from question_bank.schema import LETTERS


@click.command("draw")
@click.argument("round_id", type=int, metavar="ROUND")
@click.option(
    "--seed", type=click.IntRange(0, 2**SEED_BITS - 1), default=None, help="The paper's seed; any by default."
)
@click.option(
    "--papers", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many; seeds rise by one."
)
@click.option("--key", "with_key", is_flag=True, help="Mark the right choices.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON list.")
def draw_command(round_id: int, seed: int | None, papers: int, with_key: bool, as_json: bool) -> None:
    """Print sample papers of ROUND: of its frozen bank or, before that, of the bank as it stands. Nothing is written."""
    round_ = quiz_round(round_id)
    first = secrets.randbits(SEED_BITS - 1) if seed is None else min(seed, 2**SEED_BITS - papers)
    drawn = [_paper(sheet, with_key) for sheet in _papers(round_, range(first, first + papers))]
    if as_json:
        click.echo(json.dumps(drawn, ensure_ascii=False, indent=1))
        return
    for paper in drawn:
        click.echo(f"{round_.title}, seed {paper['seed']}")
        for number, question in enumerate(paper["questions"], 1):
            click.echo(f"\nCâu {number}. {question['stem']}")
            for letter, choice in zip(LETTERS, question["choices"], strict=False):
                click.echo(f"  {'*' if choice.get('correct') else ' '} {letter}. {choice['text']}")
        click.echo()


@click.command("grade")
def grade_command() -> None:
    """Grade whatever waits, now."""
    with progress_bar() as progress:
        task = progress.add_task("Grading", total=queries.ungraded_count())
        graded = True
        while graded:
            with unit_of_work():
                graded_now = service.grade_batch()
            progress.advance(task, graded_now)
            graded = graded_now > 0
    jobs.rank()
    click.echo("Everything handed in is graded.")


@click.command("regrade")
@click.argument("round_id", type=int, metavar="ROUND")
def regrade_command(round_id: int) -> None:
    """Mark ROUND anew by the keys that hold now; where marks are right nothing changes."""
    quiz_round(round_id)
    jobs.regrade()
    seen = changed = after = 0
    with progress_bar() as progress:
        task = progress.add_task(
            "Regrading", total=analysis_queries.counted(Scope(round_id, first_only=False)).attempts
        )
        while True:
            with unit_of_work():
                looked, other, after = service.regrade(round_id=round_id, after_id=after)
            if not looked:
                break
            seen, changed = seen + looked, changed + other
            progress.update(task, completed=seen)
    if changed:
        service.rebuild_boards(all_running=True)
        jobs.rank()
    click.echo(f"{seen} attempts looked at, {changed} have other marks now.")


@click.command("expire")
def expire_command() -> None:
    """Hand in what ran out of time, with what it held, and grade it, now."""
    jobs.sweep()
    jobs.rank()
    click.echo("Nothing is past its time.")


@click.command("report")
@click.argument("round_id", type=int, metavar="ROUND")
@click.argument("file", type=TARGET, required=False)
@click.option("--all-attempts", is_flag=True, help="Analyse every attempt, not each person's first alone.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
def report_command(round_id: int, file: Path | None, all_attempts: bool, force: bool) -> None:
    """The figures of ROUND, its questions and its units: as text, or in FILE as .txt, .xlsx or .docx."""
    round_ = quiz_round(round_id)
    if file is not None:
        if file.suffix.lower() not in (".txt", ".xlsx", ".docx"):
            raise click.UsageError(f"{file.name} is neither .txt nor .xlsx nor .docx.")
        may_write(file, force=force)
    scope = Scope(round_id, first_only=not all_attempts)
    with progress_bar() as progress:
        task = progress.add_task("Counting", total=analysis_queries.counted(scope).attempts)
        found = analysis_service.analyse(scope, lambda done, total: progress.update(task, completed=done, total=total))
    asked = analysis_queries.asked_questions(item.version_id for item in found.items)
    figures = report_of(round_, clock.now())
    tables = report.tables(figures, params_of(round_), found, asked)
    if file is None:
        click.echo(files.as_text(tables))
        return
    if file.suffix.lower() == ".xlsx":
        file.write_bytes(files.as_sheets(tables))
    elif file.suffix.lower() == ".docx":
        standing = report.standing_of(figures)
        file.write_bytes(files.as_document(round_, tables, at=figures.at, standing=standing))
    else:
        file.write_text(files.as_text(tables) + "\n", encoding="utf-8")
    click.echo(f"The report of round {round_id} is in {file}.")


def _papers(round_: Round, seeds: range) -> Iterator[dict[str, Any]]:
    """For each seed its questions as they would be shown."""
    try:
        bank = queries.frozen_bank(round_.id)
        prepared, plan = bank.prepared, bank.blueprint
    except NotFound:
        rules = round_.rules
        assert isinstance(rules, QuizParams)
        quotas = (Quota(count=rules.questions),)
        plan = Blueprint(quotas=quotas, shuffle_questions=rules.shuffle, shuffle_choices=rules.shuffle)
        prepared = PreparedBank(queries.stock(round_.track.contest_id, rules))
    try:
        drawn = [draw(plan, prepared, seed) for seed in seeds]
    except DrawError as error:
        raise Refused(str(error)) from None
    versions = queries.versions_by_id(item.key for item in prepared.items)
    for paper in drawn:
        yield {"seed": paper.seed, "questions": [(versions[item.key], item.choice_order) for item in paper.items]}


def _paper(sheet: dict[str, Any], with_key: bool) -> dict[str, Any]:
    questions = []
    for version, order in sheet["questions"]:
        right = codes.chosen(codes.of_mask(version.key))
        choices = [
            {"text": version.choices[place], **({"correct": place in right} if with_key else {})} for place in order
        ]
        questions.append({"stem": version.stem, "choices": choices})
    return {"seed": sheet["seed"], "questions": questions}
