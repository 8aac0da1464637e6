"""Domain errors and how the edge shows them; services raise them, pages and JSON replies carry their Vietnamese words."""

import errno
from dataclasses import dataclass
from time import monotonic

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from obstore.exceptions import BaseError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadHost, HTTPException

from contest.core.db import db

RELOAD = "Bạn tải lại trang để xem trạng thái mới nhất."
"""What to do about a page that somebody else has overtaken."""


class DomainError(Exception):
    """Something a person asked for cannot be done. `happened`, `kept` and `todo` are Vietnamese sentences; `status` is a 4xx."""

    status = 409
    title = "Chưa làm được việc này"
    happened = "Yêu cầu của bạn chưa thực hiện được."
    kept = ""
    todo = "Bạn quay lại trang trước và thử lại."
    retry_after: int | None = None  # seconds

    def __init__(self, happened: str = "", *, kept: str = "", todo: str = "", title: str = "") -> None:
        self.happened = happened or self.happened
        self.kept = kept or self.kept
        self.todo = todo or self.todo
        self.title = title or self.title
        super().__init__(self.happened)


class NotFound(DomainError):
    """The thing does not exist, or not for this person: the two are told apart to nobody."""

    status = 404
    title = "Không tìm thấy trang này"
    happened = "Địa chỉ không đúng, hoặc nội dung không dành cho tài khoản đang dùng."
    todo = "Bạn kiểm tra lại đường dẫn hoặc về trang đầu."


class Forbidden(DomainError):
    """The person is known and may not do this."""

    status = 403
    title = "Bạn không có quyền vào trang này"
    happened = "Trang này dành cho người khác."
    todo = "Nếu bạn cần quyền này, hãy liên hệ Ban Tổ chức."


class Refused(DomainError):
    """A rule says no."""


class BadInput(DomainError):
    """What was sent cannot be understood."""

    status = 400
    title = "Dữ liệu gửi lên chưa đúng"
    happened = "Máy chủ không hiểu được dữ liệu vừa gửi."


class TooMany(DomainError):
    """The same act too often."""

    status = 429
    title = "Bạn thao tác quá nhanh"
    happened = "Máy chủ nhận quá nhiều yêu cầu từ tài khoản hoặc địa chỉ của bạn."
    kept = "Những gì đã lưu vẫn còn nguyên."
    todo = "Bạn chờ một phút rồi thử lại."
    retry_after = 60


@dataclass(frozen=True)
class _Words:
    title: str
    happened: str
    kept: str
    todo: str


_HTTP = {
    400: _Words(
        "Dữ liệu gửi lên chưa đúng",
        "Máy chủ không hiểu được dữ liệu vừa gửi.",
        "",
        "Bạn quay lại trang trước và thử lại.",
    ),
    401: _Words("Bạn cần đăng nhập", "Trang này cần đăng nhập.", "", "Bạn đăng nhập rồi mở lại trang."),
    403: _Words(
        "Bạn không có quyền vào trang này",
        "Trang này dành cho người khác.",
        "",
        "Nếu bạn cần quyền này, hãy liên hệ Ban Tổ chức.",
    ),
    404: _Words(
        "Không tìm thấy trang này",
        "Địa chỉ không đúng hoặc trang đã được chuyển đi.",
        "",
        "Bạn kiểm tra lại đường dẫn hoặc về trang đầu.",
    ),
    405: _Words(
        "Cách gửi không đúng", "Trang này không nhận kiểu yêu cầu vừa gửi.", "", "Bạn mở lại trang từ trang đầu."
    ),
    413: _Words(
        "Tệp hoặc nội dung quá lớn",
        "Máy chủ không nhận nội dung lớn hơn giới hạn.",
        "Những gì đã lưu trước đó vẫn còn nguyên.",
        "Bạn chọn tệp nhỏ hơn hoặc rút gọn nội dung.",
    ),
    429: _Words("Bạn thao tác quá nhanh", TooMany.happened, TooMany.kept, TooMany.todo),
    500: _Words(
        "Máy chủ gặp lỗi",
        "Đã có lỗi ngoài dự tính. Ban kỹ thuật đã nhận được báo lỗi.",
        "Những gì đã báo “Đã lưu” vẫn còn nguyên.",
        "Bạn thử lại sau ít phút.",
    ),
    503: _Words(
        "Hệ thống đang bảo trì",
        "Trang tạm dừng trong ít phút.",
        "Những gì đã báo “Đã lưu” vẫn còn nguyên.",
        "Bạn mở lại trang sau ít phút.",
    ),
}


_HEARD, _HEARD_FOR = 128 * 1024 * 1024, 20.0  # bytes, seconds
_AWAY = _Words(
    "Máy chủ đang khởi động lại",
    "Kho dữ liệu tạm thời không trả lời nên lần gửi này chưa được nhận.",
    "Những gì đã báo “Đã lưu” vẫn còn nguyên.",
    "Bạn chờ vài giây rồi thử lại. Đang làm bài thì cứ để trang mở: câu vừa chọn nằm trong máy của bạn và tự gửi lại.",
)


_FULL = _Words(
    "Máy chủ đang hết chỗ lưu",
    "Nơi cất dữ liệu của máy chủ đã đầy hoặc chưa ghi được nên lần gửi này chưa được nhận. Trang để đọc vẫn mở được.",
    "Những gì đã báo “Đã lưu” vẫn còn nguyên, không có gì bị ghi dở dang.",
    "Bạn chờ vài phút rồi gửi lại. Đang làm bài thì cứ để trang mở: câu vừa chọn nằm trong máy của bạn và tự gửi lại.",
)
_NO_ROOM = ("disk is full", "disk i/o error", "readonly database", "unable to open database file")
_NO_ROOM_CODES = ("53100", "25006")  # PostgreSQL: disk full, may only be read
_NO_ROOM_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def _is_full(error: BaseException) -> bool:
    """True when what was to be kept could not be, for want of room, in the database or in storage."""
    if isinstance(error, DBAPIError):
        words = str(error.orig).lower()
        return getattr(error.orig, "sqlstate", "") in _NO_ROOM_CODES or any(found in words for found in _NO_ROOM)
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM_NUMBERS
    return isinstance(error, BaseError) and any(f"os error {number}" in str(error) for number in _NO_ROOM_NUMBERS)


def _is_away(error: DBAPIError | PoolTimeout) -> bool:
    """True when the database did not answer, as opposed to answering that a statement is wrong."""
    if isinstance(error, PoolTimeout) or error.connection_invalidated:
        return True
    kind = type(error.orig)
    return isinstance(error, OperationalError) and (
        kind.__module__.startswith("psycopg") or "locked" in str(error.orig)
    )


def wants_json() -> bool:
    """True for a request made by a script of ours rather than by a person's browser."""
    return (
        request.is_json or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def _hear_out() -> None:
    """Read on and forget what the browser is still sending: one that is cut off shows a broken connection instead of the reply."""
    left, until = request.content_length or 0, monotonic() + _HEARD_FOR
    if left > _HEARD:
        return
    stream = request.environ["wsgi.input"]
    while left > 0 and monotonic() < until:
        part = stream.read(min(left, 65536))
        if not part:
            return
        left -= len(part)


def _came_from() -> str | None:
    """The page of ours whose form was sent, where the browser says so: what was turned down is put right there."""
    sent = request.referrer if request.method == "POST" else None
    return sent if sent and sent.startswith(request.host_url) else None


def error_reply(*, status: int, title: str, happened: str, kept: str = "", todo: str = "") -> ResponseReturnValue:
    """The page, or JSON for a script, that says what happened, what was kept and what to do."""
    if wants_json():
        return jsonify(error={"title": title, "happened": happened, "kept": kept, "todo": todo}), status
    return render_template(
        "errors/error.html",
        code=status,
        title=title,
        happened=happened,
        kept=kept,
        todo=todo,
        back=_came_from() if status < 500 else None,
    ), status


def init_app(app: Flask) -> None:
    """Turn domain errors, HTTP errors and the unforeseen into pages."""

    @app.errorhandler(DomainError)
    def on_domain_error(error: DomainError) -> ResponseReturnValue:
        reply = app.make_response(
            error_reply(
                status=error.status, title=error.title, happened=error.happened, kept=error.kept, todo=error.todo
            )
        )
        if error.retry_after is not None:
            reply.headers["Retry-After"] = str(error.retry_after)
        return reply

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        if status == 413:
            _hear_out()
        words = _HTTP.get(status, _HTTP[500] if status >= 500 else _HTTP[400])
        reply = app.make_response(
            error_reply(status=status, title=words.title, happened=words.happened, kept=words.kept, todo=words.todo)
        )
        for name, value in error.get_headers(request.environ):
            if name.lower() in ("allow", "retry-after"):
                reply.headers[name] = value
        return reply

    @app.errorhandler(BadHost)
    def on_bad_host(error: BadHost) -> ResponseReturnValue:
        return Response("Bad Request\n", 400, mimetype="text/plain")  # Without a host no page can name its addresses.

    @app.errorhandler(DBAPIError)
    @app.errorhandler(PoolTimeout)
    def on_database(error: DBAPIError | PoolTimeout) -> ResponseReturnValue:
        if _is_full(error):
            return unavailable(_FULL, error, retry_after=60)
        return unavailable(_AWAY, error, retry_after=5) if _is_away(error) else on_unforeseen(error)

    @app.errorhandler(OSError)
    @app.errorhandler(BaseError)
    def on_storage(error: OSError | BaseError) -> ResponseReturnValue:
        return unavailable(_FULL, error, retry_after=60) if _is_full(error) else on_unforeseen(error)

    def unavailable(words: _Words, error: Exception, *, retry_after: int) -> ResponseReturnValue:
        app.logger.error("%s: %s", "no_room" if words is _FULL else "database_away", type(error).__name__)
        if wants_json():
            reply = app.make_response(
                error_reply(status=503, title=words.title, happened=words.happened, kept=words.kept, todo=words.todo)
            )
        else:  # A page with the house's furniture would ask the database for the contest.
            reply = app.make_response((render_template("errors/maintenance.html", away=words), 503))
        reply.headers["Retry-After"] = str(retry_after)
        return reply

    @app.errorhandler(Exception)
    def on_unforeseen(error: Exception) -> ResponseReturnValue:
        app.logger.exception("unforeseen", exc_info=error)
        db.session.rollback()  # PostgreSQL reads nothing more in a failed transaction, and the error page reads the contest.
        words = _HTTP[500]
        return error_reply(status=500, title=words.title, happened=words.happened, kept=words.kept, todo=words.todo)
