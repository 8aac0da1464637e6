"""The desk's way of questions into the bank: send files or paste text, look at every question, choose, confirm, import with a reason."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, bank_look, bank_pictures
from contest.backoffice.bank_forms import ImportForm
from contest.backoffice.bank_look import Item, Looked
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import BadInput
from contest.core.forms import clean_line
from contest.quiz import service
from question_bank import formats
from question_bank.formats import MAX_BYTES, spreadsheet
from question_bank.schema import LETTERS, MAX_ALT

SHOWN = 200
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
    """What the files hold: questions as they will look, what could not be read and why; nothing is written yet."""
    looked = bank_look.look(token)
    parts = max(1, -(-len(looked.items) // SHOWN))
    part = min(asking.number("phan") or 1, parts)
    return render_template(
        "backoffice/bank_preview.html",
        looked=looked,
        items=looked.items[(part - 1) * SHOWN : part * SHOWN],
        part=part,
        parts=parts,
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
    looked = bank_look.look(token)
    chosen = _ticked(looked)
    if not chosen:
        raise BadInput("Bạn chưa chọn câu nào.", kept="Chưa có gì được ghi.", todo="Bạn quay lại và đánh dấu câu cần.")
    versions = request.form.get("same_code") == "version"
    return render_template(
        "backoffice/bank_confirm.html",
        token=token,
        chosen=chosen,
        places=bank_look.ranges(item.place for item in chosen),
        versions=versions,
        replacing=[item for item in chosen if item.taken] if versions else [],
        left=len(looked.items) - len(chosen),
        pictured=[item for item in chosen if item.picture],
    )


@bp.post("/cau-hoi/nhap/<token>")
@organizer
def bank_import(token: str) -> ResponseReturnValue:
    """Add the chosen questions of the files that were looked at; without a choice, those that are ticked at first."""
    reason = asking.reason()
    looked = bank_look.look(token)
    text = request.form.get("places")
    places = looked.defaults if text is None else bank_look.places_of(text)
    chosen = looked.chosen(places, request.form)
    if not chosen:
        raise BadInput(
            "Không có câu nào nhập được.", kept="Ngân hàng câu hỏi giữ nguyên.", todo="Bạn sửa tệp rồi gửi lại."
        )
    with unit_of_work():
        done = service.import_questions(
            contest_id=contests.the_contest().id,
            questions=[item.question for item in chosen],
            actor_id=access.actor_id(),
            source=reason,
            versions=request.form.get("same_code") != "new",
            pictures={place: item.picture for place, item in enumerate(chosen) if item.picture},
        )
    words = f"Đã thêm {vn_number(done.added)} câu hỏi"
    words += f", trong đó {vn_number(done.versions)} câu thành bản mới của câu cùng mã" if done.versions else ""
    flash(words + (f", bỏ qua {vn_number(done.known)} câu đã có." if done.known else "."), "success")
    return redirect(url_for("backoffice.bank"))


def _ticked(looked: Looked) -> list[Item]:
    """The boxes that were ticked on one part of the preview and, where asked for, what is ticked at first on the other parts."""
    places = [number for value in request.form.getlist("chosen") if (number := _place(value)) is not None]
    if request.form.get("rest") == "yes":
        part = asking.whole(request.form.get("part", "")) or 1
        places += [place for place in looked.defaults if place // SHOWN != part - 1]
    return looked.chosen(places, request.form)


def _place(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else None
