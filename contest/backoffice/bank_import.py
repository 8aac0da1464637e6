"""The desk's way of questions into the bank: send files or paste text, look at every question, choose, confirm, import with a reason.

Large files are read by a job and many questions are imported by one; `bank_waiting` has the pages that wait for them.
"""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, bank_look, bank_pictures, bank_waiting
from contest.backoffice.bank_forms import ImportForm
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.core.db import unit_of_work
from contest.core.errors import BadInput
from contest.core.forms import clean_line
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.looks import Looked
from contest.quiz.service import imports, looks
from question_bank import formats
from question_bank.formats import MAX_BYTES, spreadsheet
from question_bank.schema import LETTERS, MAX_ALT

SHOWN = 200
MOST_NAMED = 2_000  # questions listed before an import
_NEAR = 3  # parts on either side of the one shown that are a press away
_LONGEST_NAME = 100
_PASTED = "noi-dung-dan.txt"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/cau-hoi/nhap", methods=["GET", "POST"])
@organizer
def bank_upload() -> ResponseReturnValue:
    """Send files or paste text; they are kept in storage and looked at on the next page."""
    form = ImportForm()
    if form.validate_on_submit():
        files = [
            (clean_line(file.filename or "")[-_LONGEST_NAME:], file.read(MAX_BYTES + 1)) for file in form.file.data
        ]
        if form.pasted.data:
            files.append((_PASTED, form.pasted.data.encode()))
        large = [name for name, content in files if len(content) > MAX_BYTES]
        if large:
            form.file.errors = [f"Tệp quá lớn, nhiều nhất {MAX_BYTES // 1_000_000} MB: {', '.join(large)}."]
        else:
            return redirect(url_for("backoffice.bank_preview", token=bank_look.keep(files)))
    endings = sorted({f".{ending}" for form_ in formats.FORMATS for ending in form_.endings} | {".txt"})
    return render_template(
        "backoffice/bank_upload.html",
        form=form,
        endings=endings,
        labels=[form_.label for form_ in formats.FORMATS],
    ), 422 if form.is_submitted() else 200


@bp.get("/cau-hoi/mau-bang-tinh")
@organizer
def bank_template_file() -> Response:
    """The spreadsheet to fill in, with its headings and examples."""
    reply = Response(spreadsheet.template(), mimetype=_SHEET)
    reply.headers["Content-Disposition"] = 'attachment; filename="mau-cau-hoi.xlsx"'
    return reply


@bp.get("/cau-hoi/nhap/<token>")
@organizer
def bank_preview(token: str) -> ResponseReturnValue:
    """What the files hold: questions as they will look, what could not be read and why; nothing is written yet. Large files are waited for."""
    sent = bank_look.sent(token)
    looked = looks.look_at(sent)
    if looked is None:
        return bank_waiting.reading_page(token, sent)
    parts = max(1, -(-len(looked.marks) // SHOWN))
    part = min(asking.number("phan") or 1, parts)
    items = looked.items(range((part - 1) * SHOWN, part * SHOWN))
    repeated = {remark.code for item in items for remark in item.remarks if remark.code}
    return render_template(
        "backoffice/bank_preview.html",
        looked=looked,
        total=len(looked.marks),
        items=items,
        repeated=quiz.coded(contests.the_contest().id, repeated),
        part=part,
        parts=parts,
        near=sorted({1, parts, *range(max(1, part - _NEAR), min(parts, part + _NEAR) + 1)}),
        elsewhere=sum(1 for place in looked.defaults if place // SHOWN != part - 1),
        token=token,
        shown=SHOWN,
        letters=LETTERS,
        shown_at=bank_pictures.shown_at,
        longest_alt=MAX_ALT,
    )


@bp.post("/cau-hoi/nhap/<token>/xac-nhan")
@organizer
def bank_confirm(token: str) -> ResponseReturnValue:
    """What will happen to each question that was chosen; still nothing is written."""
    looked = looks.look_at(bank_look.sent(token), older=True)
    if looked is None:
        return _read_again(token)
    chosen = looked.chosen(_ticked(looked))
    if not chosen:
        raise BadInput("Bạn chưa chọn câu nào.", kept="Chưa có gì được ghi.", todo="Bạn quay lại và đánh dấu câu cần.")
    versions = request.form.get("same_code") == "version"
    said = bank_look.alts(request.form, chosen)
    changed = looked.items(map(int, said))
    return render_template(
        "backoffice/bank_confirm.html",
        token=token,
        count=len(chosen),
        named=looked.items(chosen[:MOST_NAMED]),
        places=bank_look.ranges(chosen),
        versions=versions,
        replacing=[code for place in chosen if (code := looked.marks[place].taken)] if versions else [],
        left=len(looked.marks) - len(chosen),
        pictured=sum(looked.marks[place].pictured for place in chosen),
        alts=[
            (item.place, said[str(item.place)])
            for item in changed
            if item.picture and item.question.picture and said[str(item.place)] != item.question.picture.alt
        ],
    )


@bp.post("/cau-hoi/nhap/<token>")
@organizer
def bank_import(token: str) -> ResponseReturnValue:
    """Add the chosen questions of the files that were looked at; without a choice, those that are ticked at first. Many are left to a job."""
    reason = asking.reason()
    looked = looks.look_at(bank_look.sent(token), older=True)
    if looked is None:
        return _read_again(token)
    text = request.form.get("places")
    chosen = looked.chosen(looked.defaults if text is None else bank_look.places_of(text))
    if not chosen:
        raise BadInput(
            "Không có câu nào nhập được.", kept="Ngân hàng câu hỏi giữ nguyên.", todo="Bạn sửa tệp rồi gửi lại."
        )
    contest_id, versions = contests.the_contest().id, request.form.get("same_code") != "new"
    said = bank_look.alts(request.form, chosen)
    if looked.index and len(chosen) > imports.AT_ONCE:
        order = imports.Order(
            contest_id, looked.index, tuple(chosen), versions, said, reason=reason, actor_id=access.actor_id()
        )
        word = imports.ask_for_import(order)
        return redirect(url_for("backoffice.bank_importing", token=bank_look.order_token(word)))
    items = imports.worded(looked.items(chosen), said)
    with unit_of_work():
        done = service.import_questions(
            contest_id=contest_id,
            questions=[item.question for item in items],
            actor_id=access.actor_id(),
            source=reason,
            versions=versions,
            pictures={place: item.picture for place, item in enumerate(items) if item.picture},
        )
    flash(bank_waiting.told(done), "success")
    return redirect(url_for("backoffice.bank"))


def _read_again(token: str) -> ResponseReturnValue:
    """What a job read is forgotten: back to the preview, which has it read anew."""
    flash("Các tệp phải được đọc lại. Chưa có gì được ghi; bạn chọn lại câu cần nhập khi đọc xong.", "warning")
    return redirect(url_for("backoffice.bank_preview", token=token))


def _ticked(looked: Looked) -> list[int]:
    """The boxes that were ticked on one part of the preview and, where asked for, what is ticked at first on the other parts."""
    places = [number for value in request.form.getlist("chosen") if (number := _place(value)) is not None]
    if request.form.get("rest") == "yes":
        part = asking.whole(request.form.get("part", "")) or 1
        places += [place for place in looked.defaults if place // SHOWN != part - 1]
    return places


def _place(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else None
