"""Item analysis of a round: worked out in batches, kept in Redis until the round's attempts or keys change; a small one at once, a large one in a job."""

from collections.abc import Callable

import redis
import structlog

from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock, queue
from contest.core.errors import NotFound, Refused
from contest.quiz import rules
from contest.quiz.analysis import RoundAnalysis, Scope, packed
from contest.quiz.queries import analysis as queries
from contest.quiz.queries.papers import frozen_bank
from contest.quiz.queries.ranking import params_of
from contest.quiz.service.analysis_count import Count
from question_bank.figures import NO_ATTEMPTS

log = structlog.get_logger(__name__)
_KEPT = 30 * 24 * 3600  # seconds
_RUNNING = 600  # seconds for which a progress is believed
_ASKED = "kv:analysis:asked"


def analysis_of(scope: Scope) -> RoundAnalysis | None:
    """The analysis of what the scope holds now; None while it is too large to wait for and no job has brought it.

    Raises NotFound for a round that is not a quiz round.
    """
    contests.round_by_id(scope.round_id, TrackKind.QUIZ)
    now = queries.counted(scope)
    kept = queries.kept_analysis(scope)
    if kept is not None and kept.stamp == now.stamp:
        return kept
    return analyse(scope) if now.attempts < rules.LARGE else None


def analyse(scope: Scope, progress: Callable[[int, int], None] | None = None) -> RoundAnalysis:
    """Work out the analysis and keep it; `progress` is told how many attempts of how many are counted. Raises NotFound."""
    points = params_of(contests.round_by_id(scope.round_id, TrackKind.QUIZ)).points
    now = queries.counted(scope)
    try:
        bank = frozen_bank(scope.round_id)
    except NotFound:
        return RoundAnalysis(scope, now.stamp, clock.now(), 0, 0, NO_ATTEMPTS, (), ())
    count = Count(scope.round_id, bank, points)
    for rows in queries.analysed_attempts(scope):
        count.add(rows)
        if progress:
            progress(count.attempts, now.attempts)
    quiz, items, units = count.lines()
    questions = bank.blueprint.count
    found = RoundAnalysis(scope, now.stamp, clock.now(), questions, questions * points, quiz, items, units)
    _set(queries.key_of(scope), packed(found), _KEPT)
    return found


def ask_for_analysis(scope: Scope) -> None:
    """Put a scope before the job that works out large analyses, and let pages see at once that it was. Raises NotFound, Refused without Redis."""
    contests.round_by_id(scope.round_id, TrackKind.QUIZ)
    total = queries.counted(scope).attempts
    try:
        queue.connection().sadd(_ASKED, f"{scope.round_id}:{scope.word}")
    except redis.RedisError as error:
        log.warning("analysis_not_asked", error=type(error).__name__)
        raise Refused(
            "Hàng đợi đang gián đoạn nên chưa tính được.", kept="Số liệu giữ nguyên.", todo="Bạn thử lại sau ít phút."
        ) from None
    _set(queries.progress_key(scope), f"0/{total}".encode(), _RUNNING)


def analyse_next() -> bool:
    """Work out one analysis that was asked for, with its progress where pages find it; False when none was."""
    try:
        asked = queue.connection().spop(_ASKED)
    except redis.RedisError as error:
        log.warning("analysis_not_asked", error=type(error).__name__)
        return False
    if not isinstance(asked, bytes):
        return False
    round_id, _, word = asked.decode().partition(":")
    scope = Scope(int(round_id), word == "first")

    def told(done: int, total: int) -> None:
        _set(queries.progress_key(scope), f"{done}/{total}".encode(), _RUNNING)

    try:
        analyse(scope, told)
    finally:
        _drop(queries.progress_key(scope))
    return True


def _set(key: str, value: bytes, seconds: int) -> None:
    try:
        queue.connection().set(key, value, ex=seconds)
    except redis.RedisError as error:
        log.warning("analysis_not_kept", error=type(error).__name__)


def _drop(key: str) -> None:
    try:
        queue.connection().delete(key)
    except redis.RedisError as error:
        log.warning("analysis_not_kept", error=type(error).__name__)
