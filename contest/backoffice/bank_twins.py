"""The desk's page of questions of the bank that repeat each other, or nearly, for a person to decide which stays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.bank_differences import Difference, differences
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.core.display import vn_number
from contest.core.paging import Page, page_of
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.queries import QuestionRow
from contest.quiz.queries import twins as queries
from contest.quiz.queries.twins import Twin
from question_bank.findings import Kind
from question_bank.schema import LETTERS

SHOWN = 50
_LABELS: dict[Kind, str] = {
    "contradiction": "Trùng nhau, khác đáp án",
    "duplicate": "Trùng nhau",
    "same_stem": "Cùng câu hỏi, khác phương án",
    "near_duplicate": "Gần giống nhau",
}
_WORDS: dict[Kind, str] = {
    "contradiction": "khac-dap-an",
    "duplicate": "trung",
    "same_stem": "cung-cau-hoi",
    "near_duplicate": "gan-giong",
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
    """Pairs of questions in use that say the same, the gravest first; a large bank is compared by a job, whose progress is shown."""
    contest_id = contests.the_contest().id
    known = service.twins_of(contest_id)
    found = known.found
    kind = next((kind for kind, word in _WORDS.items() if word == asking.words("loai")), None)
    pairs = [pair for pair in found.pairs if kind in (None, pair.kind)] if found else []
    counts = Counter(pair.kind for pair in found.pairs) if found else Counter[Kind]()
    return render_template(
        "backoffice/bank_twins.html",
        found=found,
        fresh=known.fresh,
        failed=known.failed,
        progress=None if known.fresh else queries.twins_progress(contest_id),
        page=_page(pairs, asking.page()),
        kinds=[(_WORDS[each], label, counts[each]) for each, label in _LABELS.items() if counts[each]],
        kind=_WORDS[kind] if kind else "",
    )


@bp.post("/cau-hoi/trung-nhau")
@organizer
def bank_twins_ask() -> ResponseReturnValue:
    """Have the bank compared once more after that failed."""
    service.ask_for_twins(contests.the_contest().id)
    return redirect(url_for("backoffice.bank_twins"))


@bp.get("/cau-hoi/trung-nhau/tien-do")
@organizer
def bank_twins_progress() -> ResponseReturnValue:
    """How many questions the running comparison has come past; `running` is false once it is there, or nobody asked for it."""
    progress = queries.twins_progress(contests.the_contest().id)
    done, total = (progress.done, progress.total) if progress else (0, 0)
    return jsonify(running=progress is not None, done=done, total=total, shown=f"{vn_number(done)}/{vn_number(total)}")


def _page(pairs: Sequence[Twin], number: int) -> Page[Pair]:
    def read(offset: int, most: int) -> list[Pair]:
        shown = pairs[offset : offset + most]
        rows = queries.rows_of(place for pair in shown for place in (pair.earlier, pair.later))
        return [_pair(pair, rows[pair.earlier], rows[pair.later]) for pair in shown]

    return page_of(read, total=len(pairs), page=number, per_page=SHOWN)


def _pair(pair: Twin, earlier: QuestionRow, later: QuestionRow) -> Pair:
    before, after = quiz.drafts([earlier, later])
    content = {"Nội dung", "Đáp án", "Hình", *(f"Phương án {letter}" for letter in LETTERS)}
    return Pair(
        label=_LABELS[pair.kind],
        grave=pair.kind == "contradiction",
        earlier=earlier,
        later=later,
        between=[one for one in differences(before, after) if one.field in content],
    )
