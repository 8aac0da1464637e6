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
from contest.quiz.queries.analysis import WAITING
from contest.quiz.queries.papers import frozen_bank
from contest.quiz.queries.ranking import params_of
from contest.quiz.service.analysis_count import Count
from question_bank.figures import NO_ATTEMPTS

log = structlog.get_logger(__name__)
_KEPT = 30 * 24 * 3600  # seconds


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
    try:
        queue.connection().set(WAITING.key(queries.word_of(scope)), packed(found), ex=_KEPT)
    except redis.RedisError as error:
        log.warning("analysis_not_kept", error=type(error).__name__)
    return found


def ask_for_analysis(scope: Scope) -> None:
    """Put a scope before the job that works out large analyses, and let pages see at once that it was. Raises NotFound, Refused without Redis."""
    contests.round_by_id(scope.round_id, TrackKind.QUIZ)
    total = queries.counted(scope).attempts
    word = queries.word_of(scope)
    try:
        with queue.connection().pipeline(transaction=True) as both:
            both.zadd(WAITING.asked, {word: clock.now().timestamp()})
            both.set(WAITING.progress_key(word), f"0/{total}", ex=WAITING.believed, nx=True)
            both.delete(WAITING.failure(word))
            both.execute()
    except redis.RedisError as error:
        log.warning("analysis_not_asked", error=type(error).__name__)
        raise Refused(
            "Hàng đợi đang gián đoạn nên chưa tính được.", kept="Số liệu giữ nguyên.", todo="Bạn thử lại sau ít phút."
        ) from None


def analyse_next() -> bool:
    """Work out one analysis that was asked for and that no living worker has, with its progress where pages find it; False when there is none.

    What a killed worker held is taken up again.
    """
    mine = WAITING.take()
    if mine is None:
        return False
    round_id, _, word = mine.partition(":")
    with WAITING.at_work(mine):
        try:
            analyse(Scope(int(round_id), word == "first"), lambda done, total: WAITING.tell(mine, f"{done}/{total}"))
        except NotFound:
            log.info("analysis_refused", wanted=mine)
    return True
