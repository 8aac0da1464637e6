"""The desk's page of questions of the bank that repeat each other, or nearly, for a person to decide which stays."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice.bank_differences import Difference, differences
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.quiz import queries as quiz
from contest.quiz.drafts import Draft
from contest.quiz.queries import QuestionRow
from question_bank import duplicates
from question_bank.findings import Finding

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
    rows = quiz.questions(contests.the_contest().id)
    drafts = quiz.drafts(rows)
    found = [f for f in duplicates.find([draft.compared() for draft in drafts]) if f.others and f.kind in _ORDER]
    found.sort(key=lambda finding: (_ORDER.index(finding.kind), finding.index))
    return render_template(
        "backoffice/bank_twins.html",
        pairs=[_pair(finding, rows, drafts) for finding in found[:SHOWN]],
        total=len(found),
        shown=SHOWN,
        looked_at=len(rows),
    )


def _pair(finding: Finding, rows: list[QuestionRow], drafts: list[Draft]) -> Pair:
    earlier, later = finding.others[0], finding.index
    content = {"Nội dung", "Đáp án", "Hình", *(f"Phương án {letter}" for letter in "ABCDEF")}
    return Pair(
        label=_LABELS[finding.kind],
        grave=finding.severity == "error",
        earlier=rows[earlier],
        later=rows[later],
        between=[one for one in differences(drafts[earlier], drafts[later]) if one.field in content],
    )
