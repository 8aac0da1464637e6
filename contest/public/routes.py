"""Pages of the public room: home, regulations, help, privacy, receipts, one's own entries, and the operator's probes; HTTP only."""

import json
from datetime import datetime
from typing import cast

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request, session
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts import queries as accounts
from contest.accounts.access import entrant, public
from contest.contests import queries as contests
from contest.core import clock
from contest.core.errors import Forbidden
from contest.core.forms import clean_line
from contest.core.security import address, csrf, limiter
from contest.entries import queries as entries
from contest.public import health, home, links, markdown, metrics, queries, rules
from contest.quiz import labels
from contest.results import queries as results

bp = Blueprint("public", __name__)
UNITS_SHOWN = 6
PUBLICATIONS_SHOWN = 2


@bp.record_once
def wire(state: BlueprintSetupState) -> None:
    """Give the application its kept home page and its figures."""
    app = cast(Flask, state.app)
    home.init_app(app)
    metrics.init_app(app)


@bp.get("/", endpoint="home")
@public
def home_page() -> ResponseReturnValue:
    """What is open, the three tracks, who takes part, what was published."""
    now = clock.now()
    if "_flashes" in session or access.visit():
        return _home(now)
    return Response(home.page(now, lambda: _home_to_keep(now)), mimetype="text/html")


def _home_to_keep(now: datetime) -> tuple[bytes, datetime | None]:
    return _home(now).encode(), queries.next_change(contests.current_contest(), now)


def _home(now: datetime) -> str:
    contest = contests.current_contest()
    if contest is None:
        return render_template("public/no_contest.html")
    cards = queries.track_cards(contest, now)
    people = queries.participation(contest)
    return render_template(
        "public/home.html",
        cards=cards,
        hero=queries.what_matters(cards),
        people=people,
        units=people.units[:UNITS_SHOWN],
        publications=results.newest(PUBLICATIONS_SHOWN),
        facts=rules.short_facts,
        allowance=rules.allowance,
        link_of=links.of_track,
    )


@bp.get("/the-le")
@public
def regulations() -> ResponseReturnValue:
    """The regulations as published, and what each round's parameters say; `?dot=` opens the rules of the round with this id."""
    contest = contests.the_contest()
    now = clock.now()
    rounds = [found for track in contest.tracks for found in track.rounds]
    return render_template(
        "public/regulations.html",
        text=markdown.to_html(contest.regulations),
        tracks=contest.tracks,
        opened=request.args.get("dot", type=int),
        sentences=rules.sentences,
        states={found.id: found.state(now) for found in rounds},
        changes=contests.rule_changes(found.id for found in rounds),
        pauses=contests.pauses(found.id for found in rounds),
        differences=labels.differences,
    )


@bp.get("/don-vi-du-thi")
@public
def participation() -> ResponseReturnValue:
    """Every unit with its number of people."""
    return render_template("public/participation.html", people=queries.participation(contests.the_contest()))


@bp.get("/hoi-dap")
@public
def help() -> ResponseReturnValue:  # noqa: A001 (the endpoint's name)
    """Questions that citizens ask, answered."""
    return render_template("public/help.html")


@bp.get("/bao-ve-du-lieu")
@public
def privacy() -> ResponseReturnValue:
    """Which personal data are kept, what for, how long, and a person's rights."""
    return render_template("public/privacy.html")


@bp.get("/kiem-tra-bien-nhan")
@public
@limiter.limit("300 per minute", key_func=address)
def check() -> ResponseReturnValue:
    """What a receipt number stands for."""
    number = clean_line(request.args.get("ma", ""))[:60]
    found = queries.checked(number) if number else None
    return render_template("public/check.html", number=number, found=found, seal=rules.seal)


@bp.get("/bai-cua-toi")
@entrant
def mine() -> ResponseReturnValue:
    """One's own attempts and entries with their receipts."""
    return render_template(
        "public/mine.html",
        attempts=queries.my_attempts(access.actor_id()),
        entries=entries.my_entries(access.actor_id()),
        to_quiz=links.of_quiz(),
        attempt_link=links.of_attempt,
        entry_link=links.of_entry,
    )


@bp.get("/tai-khoan/du-lieu.json")
@entrant
def my_data() -> ResponseReturnValue:
    """Everything that the contest keeps of a person, as a file."""
    person = access.actor_id()
    held = {
        "Tài khoản": accounts.personal_data(access.me()),
        "Lượt thi": [queries.attempt_data(attempt, found) for attempt, found in queries.my_attempts(person)],
        "Bài dự thi": [queries.entry_data(entry) for entry in entries.my_entries(person)],
        "Biên nhận đã rút": [queries.withdrawn_data(found) for found in entries.withdrawn_receipts(person)],
    }
    # Letters as they are, one datum a line: people open this file to read it.
    text = json.dumps(held, ensure_ascii=False, indent=2) + "\n"
    reply = Response(text, content_type="application/json; charset=utf-8")
    reply.headers["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.json"'
    return reply


@bp.post("/o-lai")
@public
@csrf.exempt  # type: ignore[untyped-decorator]
def stay() -> ResponseReturnValue:
    """Nothing to show: the browser stays on its page with all that was typed. What Enter in a field presses where a press of its own is asked."""
    return Response(status=204, mimetype="text/plain")


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """This process answers; nothing else is touched."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Every part with "ok" or what is wrong; 503 when one is."""
    found = health.checks()
    return jsonify(found), 200 if set(found.values()) == {"ok"} else 503


@bp.get("/metrics", endpoint="metrics")
@public
def metrics_page() -> ResponseReturnValue:
    """Figures for monitoring; for the operator's own machines only."""
    config = current_app.config["KV"]
    known = bool(config.metrics_token) or config.development
    if not known or not metrics.may_read(request, token=config.metrics_token, trusted_proxies=config.trusted_proxies):
        raise Forbidden("Trang này dành cho máy giám sát của người vận hành.")
    return Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Where search engines need not look."""
    closed = ("/ban-cham", "/ban-dieu-hanh", "/tai-khoan", "/bai-cua-toi", "/dang-nhap", "/metrics", "/readyz")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """For browsers that ask before they read the page."""
    return current_app.send_static_file("img/favicon.svg")
