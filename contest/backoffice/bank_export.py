"""The desk's way of questions out of the bank: all, those of a search, or those that were ticked, in any format, with what it loses told first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.bank import wanted_of
from contest.backoffice.bank_look import places_of
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.core import audit
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import NotFound
from contest.quiz import queries as quiz
from contest.quiz.drafts import Draft
from question_bank import formats
from question_bank.formats import Format

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Offer:
    """A format with what it would lose, in sentences."""

    format: Format
    losses: Sequence[str]


@bp.get("/cau-hoi/xuat")
@organizer
def bank_export() -> ResponseReturnValue:
    """How many questions go out, and what each format keeps of them."""
    drafts = _drafts()
    offers = (
        [Offer(form, _losses(form, drafts)) for form in formats.FORMATS if form.write is not None] if drafts else []
    )
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in ("dang", "page")]
    return render_template(
        "backoffice/bank_export.html",
        count=len(drafts),
        offers=offers,
        pairs=pairs,
        narrowed=wanted_of() != quiz.Wanted(),
        back=f"{url_for('backoffice.bank')}?{urlencode([pair for pair in pairs if pair[0] != 'cau'])}".rstrip("?"),
    )


@bp.get("/cau-hoi/xuat/tep")
@organizer
def bank_export_file() -> Response:
    """The questions as a file; that it was taken is on the record."""
    name = asking.words("dang") or formats.FORMATS[0].name
    form = next((f for f in formats.FORMATS if f.name == name and f.write is not None), None)
    drafts = _drafts()
    if form is None or not drafts:
        raise NotFound("Không có câu hỏi nào để xuất ở dạng này.")
    content = formats.write(form.name, quiz.whole(drafts, pictures=form.pictures))
    with unit_of_work():
        audit.record(
            "export.questions",
            actor_id=access.actor_id(),
            subject=f"contest:{contests.the_contest().id}",
            detail={"format": form.name, "questions": len(drafts)},
        )
    ending = form.endings[0]
    reply = Response(content, mimetype=MEDIA_TYPES.get(ending, "application/octet-stream"))
    reply.headers["Content-Disposition"] = f'attachment; filename="cau-hoi.{ending}"'
    return reply


def _drafts() -> list[Draft]:
    contest_id = contests.the_contest().id
    chosen = request.args.get("cau")
    ids = quiz.question_ids(contest_id, wanted_of()) if chosen is None else places_of(chosen)
    return quiz.drafts(quiz.questions(contest_id, ids))


def _losses(form: Format, drafts: Sequence[Draft]) -> list[str]:
    """What the format does not carry, with how many questions that concerns, and what no file carries."""
    questions = quiz.whole(drafts, pictures=())
    counts = Counter(loss.message for question in questions for loss in form.losses(question))
    found = [f"{vn_number(count)} câu: {message}" for message, count in counts.items()]
    if notes := sum(bool(draft.note) for draft in drafts):
        found.append(f"{vn_number(notes)} câu có ghi chú nội bộ: tệp không mang theo ghi chú.")
    return found
