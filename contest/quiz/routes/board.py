"""The leaderboard, live and final, and how its pages are kept for all strangers; HTTP only."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from contest.accounts import access
from contest.accounts.access import public
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TrackKind
from contest.core import clock
from contest.core.errors import NotFound
from contest.quiz import named, queries, ranks
from contest.quiz.board_html import rows_html
from contest.quiz.queries import standings
from contest.quiz.queries.kept import kept_for_all
from contest.quiz.routes.blueprint import bp

_ROWS = Markup("<!-- rows -->")


@bp.get("/bang-xep-hang")
@public
def leaderboard() -> ResponseReturnValue:
    """The board of a round: live while it runs, by all the rules once it is over. Strangers all get the same page, made anew every few seconds."""
    if session:
        return _leaderboard()
    asked = tuple(request.args.get(name, "")[:20] for name in ("dot", "page", "khoi", "xem"))
    page: str = kept_for_all((request.script_root, *asked), _shared_leaderboard)
    return page


def _shared_leaderboard() -> str:
    """What strangers get. All pages of a closed round but the first have one frame, so that a page costs one query and its rows."""
    page = _asked_page()
    if page == 1:
        return _leaderboard()
    asked = tuple(request.args.get(name, "")[:20] for name in ("dot", "khoi", "xem"))
    frame: _Frame | None = kept_for_all((request.script_root, "frame", *asked), _frame)
    if frame is None:
        return _leaderboard()
    given = frame.given
    old: queries.BoardPage = given["board"]
    assert old.ledger is not None
    board = queries.final_page(old.ledger, old.actual, page=page, bloc=given["bloc"])
    return frame.before + _rows(given | {"board": board}) + frame.after


def _rows(given: dict[str, Any]) -> Markup:
    return Markup(render_template("quiz/_board.html", place_rows=rows_html, **given))  # nosec B704


@dataclass(frozen=True)
class _Frame:
    """A page of a closed board without its rows, and what the rows are rendered with."""

    before: Markup
    after: Markup
    given: dict[str, Any]


def _frame() -> _Frame | None:
    given: dict[str, Any] = {}
    whole = _leaderboard(given)
    if not given or not given["board"].final:
        return None
    before, _, after = whole.partition(_ROWS)
    names = ("board", "params", "bloc", "criteria", "names")
    round_ = {"number": given["round"].number, "title": given["round"].title}
    given = {name: given[name] for name in names} | {"round": round_, "mine": None}
    # Both are the page's own HTML; text beside the rows' Markup would be escaped.
    start, end = Markup(before), Markup(after)  # nosec B704
    return _Frame(start, end, given)


def _asked_page() -> int:
    return min(max(1, request.args.get("page", default=1, type=int)), 10**6)


def _leaderboard(framed: dict[str, Any] | None = None) -> str:
    """The whole page; with `framed`, a mark instead of the rows, and there what they are rendered with."""
    found, now, visit = contests.track_of(TrackKind.QUIZ), clock.now(), access.visit()
    begun = [r for r in found.rounds if r.state(now) is not RoundState.SOON]
    wanted = request.args.get("dot", type=int)
    round_ = next((r for r in begun if r.number == wanted), None)
    if wanted is not None and round_ is None:
        raise NotFound("Không có bảng xếp hạng của đợt này.", todo="Bạn chọn đợt khác ở trang Bảng xếp hạng.")
    round_ = round_ or max(begun, key=lambda r: r.opens_at, default=None)
    if round_ is None:
        return render_template("quiz/leaderboard.html", track=found, round=None, rounds=[], board=None)
    bloc = standings.OUTSIDE if request.args.get("khoi") == "ngoai-tinh" else None
    mine = queries.my_place(round_, visit.account_id, now) if visit and visit.role is Role.ENTRANT else None
    board = queries.board_page(round_, now, page=_asked_page(), bloc=bloc)
    params = round_.rules
    assert isinstance(params, QuizParams)
    looked_at = _place_looked_at(round_) if board.final else None
    explained = looked_at or (mine if isinstance(mine, queries.RankedAttempt) else None)
    names = named.names_of(round_.id, params)
    given = {
        "track": found,
        "round": round_,
        "rounds": begun,
        "state": round_.state(now),
        "params": params,
        "board": board,
        "sat_until": None if board.final else queries.sat_until(round_, now),
        "bloc": bloc,
        "mine": mine,
        "looked_at": looked_at,
        "trace": queries.trace_of(round_, explained) if explained else [],
        "regraded": [change for change in queries.key_changes(round_.id) if change.done_at],
        "visit": visit,
        "criteria": ranks.criteria(params),
        "names": names,
        "called": _called(names, explained, mine.entrant_id if mine else None) if explained else "",
    }
    if framed is not None:
        framed.update(given)
    rows = _ROWS if framed is not None else _rows(given)
    return render_template("quiz/leaderboard.html", rows=rows, **given)


def _called(names: named.Names, shown: queries.RankedAttempt, me: int | None) -> str:
    """What the place whose grounds are shown is called: its person's name only where the board names them."""
    return names.of(
        entrant_id=shown.entrant_id, full_name=shown.full_name, place=shown.place, points=shown.points, me=me
    )


def _place_looked_at(round_: Round) -> queries.RankedAttempt | None:
    """The place whose grounds the address asks for."""
    position = request.args.get("xem", default=0, type=int)
    return queries.at_position(round_, position) if 0 < position < 2**31 else None
