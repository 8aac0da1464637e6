"""The desk's pages that wait for a job: large question files that are read, and many questions that are imported; asking again when that failed."""

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import bank_look
from contest.backoffice.blueprint import bp
from contest.core.display import vn_number
from contest.quiz.queries import looks as queries
from contest.quiz.queries.looks import IMPORTING, READING, Imported
from contest.quiz.service import imports, looks
from contest.quiz.service.looks import Sent


def reading_page(token: str, sent: Sent) -> str:
    """How far the job is that reads the files, or that it failed."""
    return render_template(
        "backoffice/bank_reading.html",
        token=token,
        names=[name for _, name in sent.files],
        progress=queries.reading_progress(sent.word),
        failed=READING.failed(sent.word),
    )


@bp.get("/cau-hoi/nhap/<token>/tien-do")
@organizer
def bank_reading_progress(token: str) -> ResponseReturnValue:
    """How far reading has come, in parts of a hundred; `running` is false once it is there, or failed."""
    progress = queries.reading_progress(bank_look.sent(token).word)
    done = progress.done if progress else 0
    return jsonify(running=progress is not None, done=done, total=100, shown=f"{done}%")


@bp.post("/cau-hoi/nhap/<token>/doc-lai")
@organizer
def bank_read_again(token: str) -> ResponseReturnValue:
    """Have large files read once more after that failed."""
    sent = bank_look.sent(token)
    if sent.word:
        looks.ask_for_look(sent)
    return redirect(url_for("backoffice.bank_preview", token=token))


@bp.get("/cau-hoi/dang-nhap/<token>")
@organizer
def bank_importing(token: str) -> ResponseReturnValue:
    """What became of an import that a job does: how far it is, what came of it, or that it must be asked for again."""
    word = bank_look.ordered(token)
    order = imports.order_of(word)
    done = queries.imported(word)
    return render_template(
        "backoffice/bank_importing.html",
        token=token,
        total=len(order.places),
        reason=order.reason,
        told=told(done) if done else "",
        progress=None if done else queries.importing_progress(word, len(order.places)),
        failed=IMPORTING.failed(word),
    )


@bp.get("/cau-hoi/dang-nhap/<token>/tien-do")
@organizer
def bank_importing_progress(token: str) -> ResponseReturnValue:
    """How many questions of the import were seen to; `running` is false once all were, or it failed."""
    word = bank_look.ordered(token)
    progress = queries.importing_progress(word, len(imports.order_of(word).places))
    done, total = (progress.done, progress.total) if progress else (0, 0)
    return jsonify(running=progress is not None, done=done, total=total, shown=f"{vn_number(done)}/{vn_number(total)}")


@bp.post("/cau-hoi/dang-nhap/<token>")
@organizer
def bank_import_again(token: str) -> ResponseReturnValue:
    """Go on with an import that broke off or that Redis forgot; what is in the bank already is passed over."""
    imports.ask_for_import(imports.order_of(bank_look.ordered(token)))
    return redirect(url_for("backoffice.bank_importing", token=token))


def told(done: Imported) -> str:
    """What an import brought, in a sentence."""
    words = f"Đã thêm {vn_number(done.added)} câu hỏi"
    words += f", trong đó {vn_number(done.versions)} câu thành bản mới của câu cùng mã" if done.versions else ""
    return words + (f", bỏ qua {vn_number(done.known)} câu đã có." if done.known else ".")
