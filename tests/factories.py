"""Rows for tests: people, units and a contest whose rounds stand in chosen states; each factory adds inside the caller's unit of work.

`with unit_of_work(): account = make_account(role=Role.JUDGE)` — every factory flushes, so that ids are there at once.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from argon2 import PasswordHasher

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.models import Contest, Round, Track
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import db
from contest.core.vietnamese import fold, name_sort_key
from contest.units.models import Unit
from contest.units.rules import UnitKind

PASSWORD = "mật khẩu thử 123"
_HASHED = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash(PASSWORD)
_number = count(1)
Row = TypeVar("Row")
_GIVEN = ("An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hạnh", "Khoa", "Lan", "Minh")
_TITLES = {TrackKind.ESSAY: "Thi viết", TrackKind.QUIZ: "Thi trắc nghiệm", TrackKind.PHOTO: "Thi ảnh"}
_USUAL: dict[TrackKind, dict[str, Any]] = {
    TrackKind.ESSAY: {"words_min": 100, "words_max": 2000},
    TrackKind.QUIZ: {"questions": 20, "minutes": 15, "attempts": 2},
    TrackKind.PHOTO: {},
}


def make_account(role: Role = Role.ENTRANT, **kw: Any) -> Account:
    """One account whose password is PASSWORD; its phone, e-mail and name are invented unless given."""
    n = next(_number)
    name = kw.pop("full_name", f"Nguyễn Thử {_GIVEN[n % len(_GIVEN)]}")
    values: dict[str, Any] = {
        "phone": f"+849{n:08d}",
        "email": f"nguoi{n}@example.vn",
        "password_hash": _HASHED,
        "created_at": clock.now(),
    }
    return _added(
        Account(role=role, full_name=name, name_folded=fold(name), name_key=name_sort_key(name), **(values | kw))
    )


def make_unit(**kw: Any) -> Unit:
    """One unit that stands alone unless `parent_id` is given."""
    n = next(_number)
    name = kw.pop("name", f"Đơn vị thử {n}")
    values: dict[str, Any] = {"code": f"THU{n}", "kind": UnitKind.PARTY_COMMITTEE, "position": n}
    return _added(Unit(name=name, folded=fold(name), **(values | kw)))


def make_contest(
    *,
    essay: RoundState = RoundState.OPEN,
    quiz: RoundState = RoundState.OPEN,
    photo: RoundState = RoundState.OPEN,
    params: dict[TrackKind, dict[str, Any]] | None = None,
    **kw: Any,
) -> Contest:
    """A contest with three tracks of one round each; `params` overrides rule parameters by track."""
    n = next(_number)
    values: dict[str, Any] = {
        "slug": f"cuoc-thi-thu-{n}",
        "title": "Cuộc thi thử",
        "organizer_name": "Ban Tổ chức thử",
        "phone": "0204 3 000 000",
        "email": "bantochuc@example.vn",
        "created_at": clock.now(),
    }
    contest = _added(Contest(**(values | kw)))
    states = {TrackKind.ESSAY: essay, TrackKind.QUIZ: quiz, TrackKind.PHOTO: photo}
    for position, (kind, state) in enumerate(states.items(), 1):
        track = _added(Track(contest=contest, kind=kind, title=_TITLES[kind], position=position))
        make_round(track, state=state, params=(params or {}).get(kind))
    return contest


def make_round(
    track: Track, *, state: RoundState = RoundState.OPEN, params: dict[str, Any] | None = None, **kw: Any
) -> Round:
    """The next round of `track`, an hour or a week around the present as its state asks."""
    opens_at, closes_at = _times(state, clock.now())
    number = len(track.rounds) + 1
    values: dict[str, Any] = {
        "number": number,
        "title": f"Đợt {number}",
        "opens_at": opens_at,
        "closes_at": closes_at,
        "paused_at": clock.now() if state is RoundState.PAUSED else None,
        "params": {**_USUAL[track.kind], **(params or {})},
    }
    return _added(Round(track=track, **(values | kw)))


def round_of(contest: Contest, kind: TrackKind) -> Round:
    """The first round of the track of that kind, of a contest that `make_contest` has just made."""
    return next(track.rounds[0] for track in contest.tracks if track.kind is kind)


def _times(state: RoundState, now: datetime) -> tuple[datetime, datetime]:
    week = timedelta(days=7)
    if state is RoundState.SOON:
        return now + timedelta(hours=1), now + week
    if state is RoundState.CLOSED:
        return now - week, now - timedelta(hours=1)
    return now - timedelta(hours=1), now + week


def _added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
