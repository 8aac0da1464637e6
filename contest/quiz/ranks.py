"""Pure decisions about places: what is compared and in which order, what a live board may show, how a lot falls. Pages, boards and results ask here."""

import hashlib
import json
from functools import cache

from contest.contests.rules import Eligible, Predicted, QuizParams, TieBreak

ELIGIBLE = "eligible"
HEAD = 10
VEIL = 100
_LIVE = (TieBreak.SCORE, TieBreak.DURATION, TieBreak.SUBMITTED, TieBreak.STARTED)


def criteria(params: QuizParams) -> tuple[str, ...]:
    """What decides places in a closed round, first to last; where only the all-correct may win, they stand before all others."""
    first = (ELIGIBLE,) if params.eligible is Eligible.ALL_CORRECT_ONLY else ()
    return (*first, *(word.value for word in params.order))


def live_criteria(params: QuizParams) -> tuple[str, ...]:
    """What orders the board of a running round: all of it that is known by then."""
    return _known_live(params.tie_breaks)


@cache
def _known_live(order: tuple[TieBreak, ...]) -> tuple[str, ...]:
    return tuple(word.value for word in order if word in _LIVE)


def live_in_redis(params: QuizParams) -> bool:
    """Whether the sorted set can hold the order of a running round's board: points come first. Any other is read from the database."""
    return live_criteria(params)[:1] == (TieBreak.SCORE,)


def veils(params: QuizParams) -> bool:
    """Whether figures stay hidden until the round is over, for people are asked to guess them."""
    return params.hide_counters and params.prediction is not Predicted.NONE


def veiled(params: QuizParams, *, over: bool) -> bool:
    """Whether figures must stay hidden now: some who sit may still be asked to guess them."""
    return veils(params) and not over


def asks_for_all_correct(params: QuizParams) -> bool:
    """Whether the guess is about how many have everything right."""
    return params.prediction in (Predicted.ALL_CORRECT, Predicted.ALL_CORRECT_PERCENT)


def percent(part: int, whole: int, scale: int) -> int:
    """100 × part / whole in steps of 1 / scale, rounded half up; 0 of nothing."""
    return (2 * 100 * scale * part + whole) // (2 * whole) if whole else 0


def lot(seed: str, entrant_id: int) -> str:
    """The lot of one entrant: SHA-256 in hex of "seed:number"; the smaller text stands higher."""
    return hashlib.sha256(f"{seed}:{entrant_id}".encode()).hexdigest()


def rules_digest(params: QuizParams, *, actual: int | None, lot_seed: str | None) -> str:
    """Changes whenever places would have to be counted anew though no attempt changed."""
    body = [
        criteria(params),
        params.counted,
        params.all_answered,
        params.questions,
        params.prediction,
        params.prediction_decimals,
        actual,
        lot_seed,
    ]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()
