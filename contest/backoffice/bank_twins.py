"""The desk's page of questions of the bank that repeat each other, or nearly, for a person to decide which stays."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice.bank_differences import Difference, differences
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.quiz import queries as quiz
from contest.quiz.queries import QuestionRow
from question_bank import duplicates
from question_bank.findings import Kind

SHOWN = 100
_ORDER = ("contradiction", "duplicate", "same_stem", "near_duplicate")
_LABELS = {
    "contradiction": "Trùng nhau, khác đáp án",
    "duplicate": "Trùng nhau",
    "same_stem": "Cùng câu hỏi, khác phương án",
    "near_duplicate": "Gần giống nhau",
}


@dataclass(frozen=True)
class Pair:
    """Two questions, what they have to do with each other, and what differs from the earlier to the later."""

    label: str
    grave: bool
    earlier: QuestionRow
    later: QuestionRow
    between: list[Difference]


@bp.get("/cau-hoi/trung-nhau")
@organizer
def bank_twins() -> ResponseReturnValue:
    """Pairs of questions in use that say the same, the gravest first."""
    contest_id = contests.the_contest().id
    held = quiz.compared(contest_id)
    found = duplicates.pairs([question for _, question in held])
    found.sort(key=lambda pair: (_ORDER.index(pair.kind), pair.index))
    asked = {held[place][0] for pair in found[:SHOWN] for place in (pair.index, pair.other)}
    rows = {row.question.id: row for row in quiz.questions(contest_id, asked)}
    return render_template(
        "backoffice/bank_twins.html",
        pairs=[_pair(pair.kind, rows[held[pair.other][0]], rows[held[pair.index][0]]) for pair in found[:SHOWN]],
        total=len(found),
        shown=SHOWN,
        looked_at=len(held),
    )


def _pair(kind: Kind, earlier: QuestionRow, later: QuestionRow) -> Pair:
    before, after = quiz.drafts([earlier, later])
    content = {"Nội dung", "Đáp án", "Hình", *(f"Phương án {letter}" for letter in "ABCDEF")}
    return Pair(
        label=_LABELS[kind],
        grave=kind == "contradiction",
        earlier=earlier,
        later=later,
        between=[one for one in differences(before, after) if one.field in content],
    )
