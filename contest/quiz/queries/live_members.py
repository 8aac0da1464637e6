"""How an entrant stands in the sorted set of a running round: the keys, what a member and its score say; who writes the live board and who reads it ask here.

A score is −points × 2³², plus milliseconds where the time taken is compared next, exact in a double. Members, which Redis compares as text among
equals, are "what is compared after that:entrant id:milliseconds taken".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from contest.contests.rules import QuizParams, TieBreak
from contest.quiz import ranks

SPAN = 2**32
_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class LiveRank:
    """An entrant on the live board: rank counts from 1 and is 0 for who is not on a whole board; a duration in milliseconds."""

    rank: int
    entrant_id: int = 0
    points: int = 0
    duration_ms: int = 0

    @classmethod
    def read(cls, rank: int, member: bytes, score: float) -> "LiveRank":
        """What a member and its score say."""
        points = -int(score // SPAN)
        _, entrant_id, *taken = member.split(b":")  # An earlier version's members end with the entrant.
        return cls(rank, int(entrant_id), points, int(taken[0]) if taken else int(score + points * SPAN))


def board_keys(round_id: int) -> tuple[str, str, str]:
    """The names of a round's sorted set, of its members by entrant, and of the sign that it is whole. What is not whole has no sorted set either."""
    name = f"kv:board:{{{round_id}}}"
    return f"{name}:z", f"{name}:m", f"{name}:built"


def member_of(params: QuizParams) -> Callable[[Any], str]:
    """How a counted attempt of a round with these rules is named in the sorted set: of anything with entrant_id, duration_ms, handed_in_at, started_at."""
    return _naming(ranks.live_criteria(params))


def score_of(params: QuizParams) -> Callable[[Any], int]:
    """How a counted attempt of a round with these rules is scored there."""
    if _timed(ranks.live_criteria(params)):
        return lambda row: -row.points * SPAN + min(row.duration_ms, SPAN - 1)
    return lambda row: -row.points * SPAN


def _timed(order: tuple[str, ...]) -> bool:
    return order[1:2] == (TieBreak.DURATION,)


@cache
def _naming(order: tuple[str, ...]) -> Callable[[Any], str]:
    rest = [word for word in order[2 if _timed(order) else 1 :] if word != TieBreak.SCORE]
    written: dict[str, Callable[[Any], str]] = {
        TieBreak.DURATION: lambda row: f"{row.duration_ms:012d}",
        TieBreak.SUBMITTED: lambda row: _moment(row.handed_in_at),
        TieBreak.STARTED: lambda row: _moment(row.started_at),
    }
    after = [written[word] for word in rest]

    def named(row: Any) -> str:
        return f"{'-'.join([write(row) for write in after])}:{row.entrant_id:012d}:{row.duration_ms}"

    return named


def _moment(at: datetime) -> str:
    return f"{(at - _EPOCH) // _MICROSECOND:016d}"
