"""The rounds of a contest along its months, as numbers for the dashboard's drawing: 960 wide, a row for each track."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contest.contests.models import Round, Track
from contest.contests.rules import RoundState
from contest.core.display import VIETNAM, lower_first, vietnam_time

LEFT, RIGHT, TOP, ROW = 150, 950, 36, 46
X = Callable[[datetime], float]
_NARROWEST = 26  # so that a short round can still be seen and bears its number
_LETTER = 8.5  # about as wide as a letter of the drawing
_CLASS = {RoundState.CLOSED: "past", RoundState.SOON: "coming", RoundState.OPEN: "open", RoundState.PAUSED: "open"}


@dataclass(frozen=True)
class Bar:
    """One round: where it lies, how it looks, the words that fit into it, and its whole title for who asks."""

    x: float
    y: int
    width: float
    look: str
    words: str
    title: str


@dataclass(frozen=True)
class Month:
    """The beginning of a month; the first and every January bear their year."""

    x: float
    words: str


@dataclass(frozen=True)
class Timeline:
    """All that is drawn; `today` is None while today lies outside."""

    months: Sequence[Month]
    names: Sequence[tuple[int, str]]
    bars: Sequence[Bar]
    today: float | None
    height: int


def drawn(tracks: Sequence[Track], now: datetime) -> Timeline | None:
    """The rounds of these tracks; None while there is no round."""
    rounds = [round_ for track in tracks for round_ in track.rounds]
    if not rounds:
        return None
    first = _month(min(round_.opens_at for round_ in rounds))
    last = _month(max(round_.closes_at for round_ in rounds))
    end = _month(last + timedelta(days=32))
    span = (end - first).total_seconds()

    def x(moment: datetime) -> float:
        return round(LEFT + (RIGHT - LEFT) * (moment - first).total_seconds() / span, 1)

    bars = [_bar(round_, x, TOP + ROW * row, now) for row, track in enumerate(tracks) for round_ in track.rounds]
    return Timeline(
        months=_months(first, end, x),
        names=[(TOP + ROW * row + 20, track.title) for row, track in enumerate(tracks)],
        bars=bars,
        today=x(now) if first <= now < end else None,
        height=TOP + ROW * len(tracks),
    )


def _bar(round_: Round, x: X, y: int, now: datetime) -> Bar:
    left = x(round_.opens_at)
    width = max(_NARROWEST, x(round_.closes_at) - left)
    fits = len(round_.title) * _LETTER <= width - 12
    return Bar(
        x=left,
        y=y,
        width=round(width, 1),
        look=_CLASS[round_.state(now)],
        words=round_.title if fits else str(round_.number),
        title=f"{round_.track.title}, {lower_first(round_.title)}",
    )


def _months(first: datetime, end: datetime, x: X) -> list[Month]:
    """Every month, or every second, third … so that the words never touch."""
    found: list[datetime] = []
    month = first
    while month < end:
        found.append(month)
        month = _month(month + timedelta(days=32))
    every = -(-len(found) // 14)
    shown = found[::every]
    return [
        Month(x(month), f"{local.month}/{local.year}" if place == 0 or local.month == 1 else str(local.month))
        for place, month in enumerate(shown)
        for local in (vietnam_time(month),)
    ]


def _month(moment: datetime) -> datetime:
    """The beginning of its month on a Vietnamese clock."""
    local = vietnam_time(moment)
    return datetime(local.year, local.month, 1, tzinfo=VIETNAM).astimezone(UTC)
