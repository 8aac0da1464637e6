"""What every reply and request passes through: headers, CSRF that never eats a text, size limits, rate limits; create_app wires it."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, Request, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError
from werkzeug.wrappers import Response

from contest.config import Config
from contest.core.errors import error_reply, wants_json
from contest.core.veiled import converter

csrf = CSRFProtect()
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
DOCUMENTS = (
    "text/html",
    "image/svg+xml",
)  # Of the fixed files, what a browser may open as a page; on each of the others they are half a kilobyte for nothing.
SECRET_FIELDS = ("password", "secret", "token", "code")


def account_and_address() -> str:
    """The key of a rate limit: the account where there is one, else the address; a school behind one address is many accounts."""
    user = current_user
    return f"account:{user.get_id()}" if user.is_authenticated else f"address:{address()}"


def address() -> str:
    """The client's network address, as told by the trusted proxies."""
    return request.remote_addr or "unknown"


class RouteLimiter(Limiter):
    """Limits that stand on single routes, whose decorators ask by themselves; the hook that would look for some before every request is left out."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        hooks = app.before_request_funcs[None]
        hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not self]


limiter = RouteLimiter(
    key_func=account_and_address,
    headers_enabled=False,
    in_memory_fallback_enabled=True,
    swallow_errors=True,
    key_prefix="kv:limit",
)


class LimitedRequest(Request):
    """A request whose body is refused before it is read: files up to one limit, everything else up to a smaller one."""

    @property
    def max_content_length(self) -> int | None:
        """The most bytes that this request may carry."""
        if self._max_content_length is not None:
            return self._max_content_length
        config: Config = current_app.config["KV"]
        upload = (self.content_type or "").startswith("multipart/form-data")
        return config.upload_limit if upload else config.form_limit

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """As everywhere; what is nested deeper than can be read is unreadable like any other broken JSON."""
        try:
            return super().get_json(force=force, silent=silent, cache=cache)
        except RecursionError as error:
            return None if silent else self.on_json_loading_failed(ValueError(str(error)))


class RowNumber(IntegerConverter):
    """A number in an address; one that no table can hold is not found instead of breaking the query."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2**63 - 1, **options})


class Word(UnicodeConverter):
    """A text in an address; one with a NUL, which PostgreSQL refuses, is not found instead of breaking the query."""

    def to_python(self, value: str) -> str:
        if "\x00" in value:
            raise ValidationError()
        return super().to_python(value)


def init_app(app: Flask, *, config: Config) -> None:
    """Wire headers, CSRF, limits and cookies for `config`."""
    app.url_map.converters |= {
        "int": RowNumber,
        "default": Word,
        "string": Word,
        "veiled": converter(config.secret_key),
    }
    app.request_class = LimitedRequest
    redis_url = (
        config.redis_url.replace("unix://", "redis+unix://", 1)
        if config.redis_url.startswith("unix://")
        else config.redis_url
    )
    app.config |= {
        "SECRET_KEY": config.secret_key,
        "TRUSTED_HOSTS": config.trusted_hosts,
        "MAX_FORM_MEMORY_SIZE": config.form_limit,
        "MAX_FORM_PARTS": 1000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": config.https,
        "SESSION_COOKIE_NAME": "__Host-kv" if config.https else "kv",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.https,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": config.session_days * 86400,
        "RATELIMIT_STORAGE_URI": redis_url,
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        "RATELIMIT_ENABLED": config.mode != "test",
    }
    if config.mode == "production" and not config.public_url:
        structlog.get_logger("contest.web").warning(
            "no_public_url", todo="set KV_PUBLIC_URL, or let the proxy in front answer for its own names only"
        )
    csrf.init_app(app)
    limiter.init_app(app)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_host=config.trusted_proxies
        )

    @app.after_request
    def headers(reply: Response) -> Response:
        reply.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.endpoint != "static" or reply.mimetype in DOCUMENTS:
            for name, value in HEADS.items():
                reply.headers.setdefault(name, value)
        if config.https:
            reply.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in reply.headers and request.endpoint != "static":
            reply.headers["Cache-Control"] = "no-store" if getattr(g, "private", False) else "no-cache"
        return reply

    @app.errorhandler(SecurityError)
    def on_foreign_host(error: SecurityError) -> ResponseReturnValue:
        # No page: every link on it would lead to the host that is not ours.
        return Response("Máy chủ này không phục vụ tên miền đó.\n", 400, mimetype="text/plain")

    @app.errorhandler(CSRFError)
    def on_csrf(error: CSRFError) -> ResponseReturnValue:
        answer = getattr(app.view_functions.get(request.endpoint or ""), "when_stale", None)
        own: ResponseReturnValue | None = answer() if answer and not (caused_elsewhere() or wants_json()) else None
        return stale_form() if own is None else own


def public_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page for paper and QR codes: under the contest's own address where that is set."""
    config: Config = current_app.config["KV"]
    if config.public_url:
        return config.public_url + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def when_stale(answer: Callable[[], ResponseReturnValue | None]) -> Callable[[View], View]:
    """Let a view answer a POST of ours whose token is stale in its own way, where `answer` gives one: what was asked for may be so already.

    `answer` must change nothing: nobody has proved that the person meant it.
    """

    def mark(view: View) -> View:
        view.when_stale = answer  # type: ignore[attr-defined]
        return view

    return mark


def stale_form() -> ResponseReturnValue:
    """A POST without a valid token: show what was sent, kept, with a fresh token and one button to send it again.

    A POST that another site caused is refused plainly. Secrets are never shown back; files cannot be kept by a page.
    """
    if caused_elsewhere() or wants_json():
        return error_reply(
            status=400,
            title="Phiên làm việc đã đổi",
            happened="Trang đang mở thuộc về một phiên làm việc cũ.",
            kept="Những gì đã báo “Đã lưu” vẫn còn nguyên.",
            todo="Bạn tải lại trang rồi gửi lại.",
        )
    return render_template(
        "errors/csrf.html", fields=kept_fields(), action=request.full_path.rstrip("?"), lost_files=bool(request.files)
    ), 400


def caused_elsewhere() -> bool:
    """True when the browser says that another site made this request; old browsers say it by Origin alone."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:
        return site not in ("same-origin", "none")
    return bool(origin) and urlsplit(origin or "").netloc != request.host


def kept_fields() -> list[tuple[str, str]]:
    """What the refused form held, without its token and without secrets."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and not any(word in name.lower() for word in SECRET_FIELDS)
    ]
