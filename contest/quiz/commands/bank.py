"""Commands of the question bank: `contest quiz import`, `export`, `check`."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from contest.contests import queries as contests
from contest.core.db import unit_of_work
from contest.quiz import queries, service
from contest.quiz.commands.edge import FILE, TARGET, Refused, may_write, progress_bar
from contest.quiz.service.bank_pictures import draw_pictures
from question_bank import checks, formats
from question_bank.checks import Finding
from question_bank.schema import LETTERS, Parsed, Question


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--preview", is_flag=True, help="Say what the file holds; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="With --preview: as one JSON object.")
@click.option("--skip-faulty", is_flag=True, help="Import the sound questions and leave the others out.")
@click.option("--versions", is_flag=True, help="A question whose code the bank has becomes that one's next version.")
def import_command(file: Path, preview: bool, as_json: bool, skip_faulty: bool, versions: bool) -> None:
    """Add the questions of FILE, of any format the bank reads, to the running contest's bank; on the record.

    Nothing is added while the file has faults, unless --skip-faulty. Questions that are there word for word are passed over;
    one whose code another has gets a code of its own.
    """
    if as_json and not preview:
        raise click.UsageError("--json goes with --preview.")
    parsed = formats.read(file.name, _content(file))
    questions = checks.pin_all(parsed.questions)
    findings = checks.check(questions, multiple=True)
    if preview:
        click.echo(_preview_json(parsed, questions, findings) if as_json else _preview(parsed, questions, findings))
        return
    for problem in parsed.problems:
        click.echo(f"{file.name}:{problem.line or '-'}: {problem.message}", err=True)
    for item in parsed.unsupported:
        click.echo(f"{file.name}:{item.line or '-'}: {item.message}", err=True)
    faults = {finding.index: finding for finding in findings if finding.severity == "error"}
    for index, finding in faults.items():
        click.echo(f"{file.name}: câu {index + 1}: {finding.message}", err=True)
    sound = [question for index, question in enumerate(questions) if index not in faults]
    lost = any(not problem.kept for problem in parsed.problems)
    if not sound or ((faults or lost) and not skip_faulty):
        hint = " --skip-faulty imports the sound ones." if sound else ""
        raise Refused(f"Nothing was imported.{hint}")
    contest_id = contests.the_contest().id
    drawn = draw_pictures(sound, most=None)
    for question in sound:
        if fault := drawn.fault(question):
            click.echo(f"{file.name}: {question.code or question.stem[:60]}: {fault}", err=True)
    with progress_bar() as progress:
        task = progress.add_task("Importing", total=len(sound))
        with unit_of_work():
            done = service.import_questions(
                contest_id=contest_id,
                questions=sound,
                actor_id=None,
                source=file.name,
                versions=versions,
                pictures={place: found for place, question in enumerate(sound) if (found := drawn.of(question))},
            )
        progress.advance(task, len(sound))
    replaced = f" ({done.versions} as new versions)" if done.versions else ""
    click.echo(f"{done.added} questions added{replaced}, {done.known} known already.")


@click.command("export")
@click.argument("file", type=TARGET)
@click.option(
    "--format",
    "name",
    type=click.Choice([form.name for form in formats.FORMATS if form.write]),
    help="The format, where FILE's ending does not say it.",
)
@click.option("--chapter", default=None, help="Only the questions of one chapter.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
def export_command(file: Path, name: str | None, chapter: str | None, force: bool) -> None:
    """Write the questions in use to FILE in the format of its ending; says what the format cannot hold."""
    name = name or _format_of(file)
    may_write(file, force=force)
    rows = queries.questions(contests.the_contest().id)
    drafts = queries.drafts([row for row in rows if chapter is None or row.version.chapter == chapter])
    if not drafts:
        raise Refused("There is no such question. Nothing was written.")
    pictures = next(form.pictures for form in formats.FORMATS if form.name == name)
    with progress_bar() as progress:
        task = progress.add_task("Writing", total=len(drafts))
        file.write_bytes(formats.write(name, queries.whole(drafts, pictures=pictures)))
        progress.advance(task, len(drafts))
    questions = list(queries.whole(drafts, pictures=()))
    for index, lost in formats.losses(name, questions):
        for loss in lost:
            click.echo(f"{questions[index].code}: {loss.message}", err=True)
    click.echo(f"{len(questions)} questions written to {file}.")


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="As one JSON list.")
@click.option("--errors", "errors_only", is_flag=True, help="Errors alone, no warnings.")
def check_command(as_json: bool, errors_only: bool) -> None:
    """Look through the questions in use: keys, choices, duplicates and near duplicates, sources. Status 1 when there are errors."""
    drafts = queries.drafts(queries.questions(contests.the_contest().id))
    questions = [draft.compared() for draft in drafts]
    codes = [question.code for question in questions]
    found = checks.check(questions, multiple=True, names=codes)
    errors = sum(finding.severity == "error" for finding in found)
    shown = [finding for finding in found if finding.severity == "error" or not errors_only]
    if as_json:
        rows = [_finding(finding, codes) for finding in shown]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for finding in shown:
            click.echo(f"{codes[finding.index]}: {finding.message}")
        kinds = Counter(finding.kind for finding in found)
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        click.echo(
            f"{len(questions)} questions, {errors} errors, {len(found) - errors} warnings{f': {told}' if told else ''}."
        )
    if errors:
        raise SystemExit(1)


def _content(file: Path) -> bytes:
    """The file's bytes, one more than is read at most, so that a larger file is refused and never held whole."""
    with file.open("rb") as opened:
        return opened.read(formats.MAX_BYTES + 1)


def _preview_json(parsed: Parsed, questions: Sequence[Question], findings: Sequence[Finding]) -> str:
    told = _by_question(findings)
    body: dict[str, Any] = {
        "questions": [
            {
                "stem": question.stem,
                "choices": [{"text": choice.text, "correct": choice.correct} for choice in question.choices],
                "pinned": question.pinned,
                **({"picture": question.picture.alt} if question.picture else {}),
                "problems": [finding.message for finding in told[index]],
            }
            for index, question in enumerate(questions)
        ],
        "problems": [{"line": problem.line, "message": problem.message} for problem in parsed.problems],
        "unsupported": [{"line": item.line, "kind": item.kind, "message": item.message} for item in parsed.unsupported],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def _preview(parsed: Parsed, questions: Sequence[Question], findings: Sequence[Finding]) -> str:
    told = _by_question(findings)
    lines = []
    for index, question in enumerate(questions):
        lines.append(f"Câu {index + 1}. {question.stem}")
        if question.picture:
            lines.append(f"  [Hình: {question.picture.alt or 'chưa có mô tả bằng lời'}]")
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            lines.append(f"  {'*' if choice.correct else ' '} {letter}. {choice.text}")
        lines += [f"  ! {finding.message}" for finding in told[index]]
    lines += [f"Dòng {problem.line or '-'}: {problem.message}" for problem in parsed.problems]
    lines += [f"Dòng {item.line or '-'}: {item.message}" for item in parsed.unsupported]
    lines.append(
        f"{len(questions)} questions, {len(parsed.problems)} problems, {len(parsed.unsupported)} of other kinds. "
        "Nothing was written."
    )
    return "\n".join(lines)


def _by_question(findings: Sequence[Finding]) -> dict[int, list[Finding]]:
    told: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        told[finding.index].append(finding)
    return told


def _finding(finding: Finding, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "code": codes[finding.index],
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "others": [codes[other] for other in finding.others],
    }


def _format_of(file: Path) -> str:
    """The format whose own ending the file has: others, such as .xlsm or .doc, name what is read but never written."""
    ending = file.suffix.removeprefix(".").lower()
    for form in formats.FORMATS:
        if form.write and ending == form.endings[0]:
            return form.name
    known = sorted({f".{form.endings[0]}" for form in formats.FORMATS if form.write})
    raise click.UsageError(f"The ending of {file.name} names no format; known are {', '.join(known)}.")
