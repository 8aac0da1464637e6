"""The desk's editor of one question: a form with a preview that works without script, and a save that tells when somebody else was faster."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import bank_pictures
from contest.backoffice.bank_differences import Difference, differences
from contest.backoffice.bank_forms import USUAL_CHOICES, QuestionForm, Row
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.core import storage
from contest.core.db import unit_of_work
from contest.core.errors import Refused
from contest.quiz import pictures, service
from contest.quiz import queries as quiz
from contest.quiz.drafts import Draft, Picture, draft_of, picture_of
from contest.quiz.models import Question
from question_bank import checks
from question_bank.schema import LETTERS, MAX_CHOICES, MIN_CHOICES, QuestionError

_UNWRITTEN = ["Câu hỏi chưa có nội dung và phương án."]


@dataclass(frozen=True)
class Rough:
    """What is written so far of a question that cannot stand yet, as its card shows it."""

    stem: str
    choices: list[Row]

    @property
    def multiple(self) -> bool:
        """Whether more than one choice is marked correct."""
        return sum(row.correct for row in self.choices) > 1


@dataclass(frozen=True)
class Seen:
    """The question as it will look, or why it cannot stand yet; `begun` is False until anything of it is written, `rough` what is there."""

    draft: Draft | None
    faults: list[str]
    remarks: list[str]
    begun: bool = True
    rough: Rough | None = None

    @property
    def whole(self) -> bool:
        """Whether it can be saved."""
        return self.draft is not None and not self.faults


@bp.route("/cau-hoi/moi", methods=["GET", "POST"])
@organizer
def bank_new() -> ResponseReturnValue:
    """Write a new question."""
    form = QuestionForm()
    if not form.is_submitted():
        form.show_rows([Row()] * USUAL_CHOICES)
        form.chapter.data = request.args.get("chuong", "")[:200]
        return _page(form, None)
    return _act(form, None)


@bp.route(f"/cau-hoi/<{ID}:question_id>/sua", methods=["GET", "POST"])
@organizer
def bank_edit(question_id: int) -> ResponseReturnValue:
    """Write the next version of a question."""
    question = quiz.question_by_id(question_id)
    form = QuestionForm()
    if not form.is_submitted():
        newest = question.versions[-1]
        form.show(draft_of(newest, question.code))
        form.base.data, form.reason.data = newest.number, ""
        picture = picture_of(newest)
        form.held_picture.data = bank_pictures.hold(picture) if picture else ""
        return _page(form, question)
    return _act(form, question)


@bp.post("/cau-hoi/xem-truoc")
@organizer
def bank_edit_preview() -> ResponseReturnValue:
    """The preview alone, for the script of the editor; nothing is written but a picture that was sent."""
    form = QuestionForm()
    _take_picture(form)
    seen = _seen(form)
    return render_template("backoffice/_question_preview.html", seen=seen, held=form.held_picture.data, **_words(seen))


def _act(form: QuestionForm, question: Question | None) -> ResponseReturnValue:
    """What the pressed button asks for: reshape the choices, look, or save."""
    act = request.form.get("act", "save")
    _take_picture(form)
    if _reshaped(form, act):
        return _page(form, question, focus=True)
    seen = _seen(form)
    if act == "preview":
        return _page(form, question, seen)
    if not form.validate_on_submit() or not seen.whole:
        return _page(form, question, seen, told=True), 422
    assert seen.draft is not None
    try:
        with unit_of_work():
            done = _save(form, question, seen.draft)
    except service.EditConflict as conflict:
        theirs = draft_of(conflict.newest, question.code if question else "")
        form.base.data = conflict.newest.number
        return _page(form, question, seen, conflict=conflict, between=differences(theirs, seen.draft)), 409
    except Refused as refused:
        return _page(form, question, Seen(seen.draft, [refused.happened, refused.todo], seen.remarks), told=True), 409
    flash(f"Đã lưu bản {done.number} của câu hỏi." if done.changed else "Không có gì khác bản đang dùng.", "success")
    return redirect(url_for("backoffice.bank_question", question_id=done.question_id))


def _save(form: QuestionForm, question: Question | None, draft: Draft) -> service.Kept:
    actor_id, reason = access.actor_id(), form.reason.data or ""
    if question is None:
        contest_id = contests.the_contest().id
        return service.add_question(contest_id=contest_id, draft=draft, actor_id=actor_id, reason=reason)
    return service.edit_question(
        question_id=question.id, base=form.base.data or 0, draft=draft, actor_id=actor_id, reason=reason
    )


def _page(
    form: QuestionForm,
    question: Question | None,
    seen: Seen | None = None,
    *,
    told: bool = False,
    focus: bool = False,
    conflict: service.EditConflict | None = None,
    between: list[Difference] | None = None,
) -> str:
    """The editor; `told` shows what must be mended at its head, `focus` brings the choices into view."""
    contest_id = contests.the_contest().id
    seen = seen or _seen(form)
    if question is not None:
        form.code.data = question.code
    return render_template(
        "backoffice/question_edit.html",
        form=form,
        question=question,
        seen=seen,
        faults=seen.faults if told else [],
        focus=focus,
        conflict=conflict,
        between=between or [],
        held=form.held_picture.data,
        chapters=[name for name, _ in quiz.chapters(contest_id) if name],
        tags=quiz.tags(contest_id),
        most=MAX_CHOICES,
        fewest=MIN_CHOICES,
        **_words(seen),
    )


def _words(seen: Seen) -> dict[str, object]:
    picture = seen.draft.picture if seen.draft else None
    return {"letters": LETTERS, "picture": picture, "picture_url": bank_pictures.shown_at(picture)}


def _seen(form: QuestionForm) -> Seen:
    """The question in the form with what is found about it."""
    faults = [str(error) for error in form.picture.errors]
    if not faults and form.is_blank():
        return Seen(None, _UNWRITTEN, [], begun=False)
    try:
        draft = form.draft(_picture(form)).pinned()
    except QuestionError as error:
        rows = form.rows()
        while rows and not rows[-1].text:
            rows.pop()
        return Seen(None, [*faults, *error.messages], [], rough=Rough((form.stem.data or "").strip(), rows))
    found = checks.check([draft.question], multiple=True)
    faults += [finding.message for finding in found if finding.severity == "error"]
    return Seen(draft, faults, [finding.message for finding in found if finding.severity != "error"])


def _picture(form: QuestionForm) -> Picture | None:
    """The picture that the form holds; raises QuestionError when it is gone, as after days in an open page."""
    if not form.held_picture.data:
        return None
    found = bank_pictures.held(form.held_picture.data, (form.picture_alt.data or "").strip())
    if found is None or not storage.exists(found.address):
        form.held_picture.data = ""
        raise QuestionError(["Hình đã gửi không còn trên máy chủ. Bạn gửi lại hình hoặc lưu câu hỏi không có hình."])
    return found


def _take_picture(form: QuestionForm) -> None:
    """Keep a picture that was sent, or forget the one that is to go; the form holds its token from here on."""
    file = form.picture.data
    form.picture.errors = []
    if form.drop_picture.data:
        form.held_picture.data, form.picture_alt.data, form.drop_picture.data = "", "", False
    if not file or not getattr(file, "filename", ""):
        return
    try:
        form.held_picture.data = bank_pictures.take_in(file.read(pictures.LARGEST_FILE + 1))
    except pictures.Unreadable as error:
        form.picture.errors = [str(error)]


def _reshaped(form: QuestionForm, act: str) -> bool:
    """Add, take out or move a choice when the button says so."""
    rows = form.rows()
    name, _, number = act.partition("-")
    place = int(number) if number.isascii() and number.isdecimal() and len(number) == 1 else -1
    if name == "add" and len(rows) < MAX_CHOICES:
        rows.append(Row())
    elif name == "remove" and 0 <= place < len(rows) > MIN_CHOICES:
        rows.pop(place)
    elif name == "up" and 0 < place < len(rows):
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    elif name == "down" and 0 <= place < len(rows) - 1:
        rows[place + 1], rows[place] = rows[place], rows[place + 1]
    else:
        return name in ("add", "remove", "up", "down")
    form.show_rows(rows)
    return True
