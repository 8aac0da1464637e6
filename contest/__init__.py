"""The application: configuration, extensions, rooms, error pages. Wiring only."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from flask import Flask, request
from flask_babel import Babel
from werkzeug.local import LocalProxy

from contest.config import Config
from contest.core import clock, compression, db, display, errors, fixed, forms, logging, queue, security, storage

ROOT = Path(__file__).resolve().parent.parent
TABLES = (
    "core.audit",
    *(
        f"{room}.models"
        for room in ("units", "accounts", "contests", "entries", "essay", "photo", "quiz", "judging", "results")
    ),
)
ROOMS = ("units", "accounts", "essay", "photo", "quiz", "judging", "results", "backoffice", "public")


def create_app(config: Config | None = None) -> Flask:
    """The application for `config`, or for the environment; raises UnsafeConfig when it must not be started."""
    config = config or Config.from_env()
    config.refuse_unsafe()
    app = Flask(
        "contest",
        root_path=str(ROOT / "contest"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path=fixed.prefix(ROOT / "static"),
    )
    app.config["KV"] = config
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.debug = config.debug
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    logging.configure(config.log_level)
    logging.init_app(app)
    compression.init_app(app)
    fixed.init_app(app, changing=config.debug)
    db.init_app(app, url=config.database_url)
    queue.init_app(app, url=config.redis_url)
    storage.init_app(app, url=config.storage_url)
    security.init_app(app, config=config)
    errors.init_app(app)
    display.init_app(app)
    forms.init_app(app)
    Babel(app)

    from contest.accounts import access

    access.init_app(app)
    _identity_asked(app)
    _prizes_counted(app)
    for module in TABLES:
        import_module(f"contest.{module}")
    for room in ROOMS:
        app.register_blueprint(import_module(f"contest.{room}.routes").bp)
    app.register_blueprint(import_module("contest.public.kieu_dang").bp)
    _templates(app, config)
    _maintenance(app, config)
    return app


def _identity_asked(app: Flask) -> None:
    """Hand the accounts room what the running contest asks of people: it stands below contests and cannot look."""
    from contest.accounts import queries as accounts
    from contest.accounts.rules import IDENTITY_FIELDS, Asked
    from contest.contests import queries as contests

    def asked() -> Asked:
        contest = contests.the_contest()
        return Asked(
            organizer=contest.organizer_name,
            contest=contest.title,
            fields=tuple(name for name in IDENTITY_FIELDS if name in contest.identity_fields),
            min_age=contest.min_age,
            guardian_age=contest.guardian_age,
        )

    accounts.asked_by(app, asked)


def _prizes_counted(app: Flask) -> None:
    """Hand the quiz how many prizes a round has: boards name who stands where one is, and results stand above them."""
    from contest.quiz import named
    from contest.results import queries as results

    named.prizes_by(app, results.places_of_prizes)


def _templates(app: Flask, config: Config) -> None:
    """What every template may use besides the filters; the contest is read only where a page names it."""
    from contest.contests import queries as contests

    endpoints = app.view_functions

    @app.template_test("endpoint")
    def has_endpoint(name: str) -> bool:
        return name in endpoints

    app.jinja_env.globals |= {
        "has_endpoint": has_endpoint,
        "development": config.development,
        "contest": LocalProxy(contests.current_contest),
    }
    app.jinja_env.globals["url_for"] = _address_of(app)
    app.jinja_env.auto_reload = config.debug

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {"now": clock.now()}


def _address_of(app: Flask) -> Callable[..., str]:
    """Templates' `url_for`, which builds the address of a static file once: a page names a dozen, the same for everybody."""

    @cache
    def static(root: str, values: tuple[tuple[str, str], ...]) -> str:
        return app.url_for("static", **cast("dict[str, Any]", dict(values)))

    def url_for(endpoint: str, **values: Any) -> str:
        if endpoint == "static" and request:
            return static(request.root_path, tuple(values.items()))
        return app.url_for(endpoint, **values)

    return url_for


def _maintenance(app: Flask, config: Config) -> None:
    """With KV_MAINTENANCE=1 every page but health says that the house is closed for a moment."""
    if not config.maintenance:
        return
    from flask import render_template, request
    from flask.typing import ResponseReturnValue

    @app.before_request
    def closed() -> ResponseReturnValue | None:
        if request.endpoint in ("static", "public.healthz", "public.readyz"):
            return None
        return render_template("errors/maintenance.html"), 503, {"Retry-After": "300"}
