"""The figures of one round as a province reports them; the desk's report and the operator's read them, in so many statements however many attempts there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from contest.contests import queries as contests
from contest.contests.models import Allowance, Round, RoundPause, RuleChange
from contest.contests.rules import Predicted, RoundState
from contest.core.audit import AuditRow
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.quiz.ledger import KeyChange, RoundLedger
from contest.quiz.models import Attempt, Question, QuestionVersion, QuizRound
from contest.quiz.queries import standings
from contest.quiz.queries.head import unsettled
from contest.quiz.queries.places import RankedAttempt, TraceStep, ranking_slice, trace_of
from contest.quiz.queries.ranking import actual_now, params_of
from contest.quiz.queries.taking_part import TABLES, tables_of
from contest.quiz.rules import FINISHED, AttemptState

TOP = 10
ANNULLED_SHOWN = 50


@dataclass(frozen=True)
class Totals:
    """Counts of a round's attempts and people. Annulled attempts stand in `annulled` alone; a mean is None of nothing."""

    people: int
    attempts: int
    open: int
    expired: int
    annulled: int
    ungraded: int
    all_correct_people: int
    all_correct_attempts: int
    mean_points: float | None
    mean_correct: float | None
    mean_ms: float | None
    most_points: int | None
    longer: int
    longer_seconds: int
    granted_people: int
    granted_attempts: int


@dataclass(frozen=True)
class Annulled:
    """One annulled attempt, and why; without a receipt where it was never handed in."""

    attempt_id: int
    receipt: str | None
    at: datetime
    reason: str


@dataclass(frozen=True)
class Day:
    """One day of Vietnam: attempts begun and handed in."""

    day: date
    started: int
    handed_in: int


@dataclass(frozen=True)
class Report:
    """A round as reported. While `provisional`, attempts run, wait to be graded or to be marked anew, or places are not counted yet, and every figure may still change.

    `hours` counts attempts begun by hour of the day; `tables` are the lines of units, occupations and blocs; `actual` answers the prediction in its steps.
    """

    round: Round
    state: RoundState
    at: datetime
    provisional: bool
    totals: Totals
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    days: Sequence[Day]
    hours: Sequence[int]
    top: Sequence[tuple[RankedAttempt, Sequence[TraceStep]]]
    actual: int | None
    annulled: Sequence[Annulled]
    pauses: Sequence[RoundPause]
    rule_changes: Sequence[RuleChange]
    key_changes: Sequence[tuple[KeyChange, str]]
    lot_seed: str | None


def report_of(round_: Round, now: datetime) -> Report:
    """The report of a quiz round as it stands now."""
    params = params_of(round_)
    state = round_.state(now)
    kept = standings.ledger_of(round_, now)
    ledger, actual = kept or (None, None)
    kept_tables = ledger.tables if ledger is not None and not ledger.standing_due else None
    totals = _totals(round_)
    if ledger is None and params.prediction is not Predicted.NONE:
        answered = select(QuizRound.actual).where(QuizRound.round_id == round_.id)
        actual = db.session.scalar(answered)
        actual = actual_now(round_) if actual is None else actual
    days, hours = _when(round_.id)
    return Report(
        round=round_,
        state=state,
        at=now,
        provisional=_is_provisional(round_, ledger, totals),
        totals=totals,
        tables=tables_of(round_) if kept_tables is None else {kind: kept_tables[kind] for kind in TABLES},
        days=days,
        hours=hours,
        top=[(row, trace_of(round_, row)) for row in _top(round_, ledger)],
        actual=actual,
        annulled=_annulled(round_.id),
        pauses=contests.pauses([round_.id]).get(round_.id, []),
        rule_changes=contests.rule_changes([round_.id]).get(round_.id, []),
        key_changes=_key_changes(round_.id),
        lot_seed=ledger.lot_seed if ledger else None,
    )


def _is_provisional(round_: Round, ledger: RoundLedger | None, totals: Totals) -> bool:
    return ledger is None or ledger.standing_due or bool(totals.open or totals.ungraded or unsettled(round_))


def _totals(round_: Round) -> Totals:
    questions = params_of(round_).questions
    finished = Attempt.state.in_(FINISHED)
    graded = finished & Attempt.graded_at.is_not(None)
    right = graded & (Attempt.correct == questions)
    row = db.session.execute(
        select(
            func.count(Attempt.entrant_id.distinct()).filter(finished).label("people"),
            func.count().filter(finished).label("attempts"),
            func.count().filter(Attempt.state == AttemptState.OPEN).label("open"),
            func.count().filter(Attempt.state == AttemptState.EXPIRED).label("expired"),
            func.count().filter(Attempt.state == AttemptState.ANNULLED).label("annulled"),
            func.count().filter(finished & Attempt.graded_at.is_(None)).label("ungraded"),
            func.count(Attempt.entrant_id.distinct()).filter(right).label("right_people"),
            func.count().filter(right).label("right"),
            func.avg(Attempt.points).filter(graded).label("points"),
            func.avg(Attempt.correct).filter(graded).label("correct"),
            func.avg(Attempt.duration_ms).filter(finished).label("ms"),
            func.max(Attempt.points).filter(graded).label("most"),
            func.count().filter(Attempt.extra_seconds > 0).label("longer"),
            func.sum(Attempt.extra_seconds).filter(Attempt.extra_seconds > 0).label("longer_seconds"),
        ).where(Attempt.round_id == round_.id)
    ).one()
    granted = select(func.count(), func.sum(Allowance.extra_attempts)).where(Allowance.round_id == round_.id)
    people, attempts = db.session.execute(granted).one()
    return Totals(
        people=row.people,
        attempts=row.attempts,
        open=row.open,
        expired=row.expired,
        annulled=row.annulled,
        ungraded=row.ungraded,
        all_correct_people=row.right_people,
        all_correct_attempts=row.right,
        mean_points=_mean(row.points),
        mean_correct=_mean(row.correct),
        mean_ms=_mean(row.ms),
        most_points=row.most,
        longer=row.longer,
        longer_seconds=int(row.longer_seconds or 0),
        granted_people=people,
        granted_attempts=int(attempts or 0),
    )


def _mean(value: Any) -> float | None:
    return None if value is None else float(value)


def _when(round_id: int) -> tuple[list[Day], list[int]]:
    """Attempts by day and by hour of the day in Vietnam; the database sums whole hours, whose number is that of the round's."""
    started = _by_hour(round_id, Attempt.started_at, Attempt.state != AttemptState.ANNULLED)
    handed_in = _by_hour(round_id, Attempt.handed_in_at, Attempt.state.in_(FINISHED))
    hours = [0] * 24
    begun: Counter[date] = Counter()
    ended: Counter[date] = Counter()
    for moment, count in started.items():
        hours[moment.hour] += count
        begun[moment.date()] += count
    for moment, count in handed_in.items():
        ended[moment.date()] += count
    return [Day(day, begun[day], ended[day]) for day in sorted(begun | ended)], hours


def _by_hour(round_id: int, column: Any, wanted: ColumnElement[bool]) -> dict[datetime, int]:
    hour: ColumnElement[str]
    if db.session.get_bind().dialect.name == "postgresql":
        hour = func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24")
    else:
        hour = func.strftime("%Y-%m-%d %H", column)
    query = select(hour.label("hour"), func.count()).where(Attempt.round_id == round_id, wanted).group_by("hour")
    return {
        vietnam_time(datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC)): count
        for text, count in db.session.execute(query)
    }


def _top(round_: Round, ledger: RoundLedger | None) -> list[RankedAttempt]:
    if ledger is not None:
        return standings.page_of(round_.id, params_of(round_), offset=0, limit=TOP)
    return ranking_slice(round_, final=True, offset=0, limit=TOP)


def _annulled(round_id: int) -> list[Annulled]:
    """The attempts annulled last, each with the newest reason."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.receipt)
        .where(Attempt.round_id == round_id, Attempt.state == AttemptState.ANNULLED)
        .order_by(Attempt.id.desc())
        .limit(ANNULLED_SHOWN)
    ).all()
    receipts = {f"attempt:{which}": (which, receipt) for which, receipt in rows}
    acts = select(AuditRow).where(AuditRow.action == "attempt.annul", AuditRow.subject.in_(receipts))
    newest = {act.subject: act for act in db.session.scalars(acts.order_by(AuditRow.id))}
    return [Annulled(*receipts[subject], act.at, act.reason) for subject, act in newest.items()]


def _key_changes(round_id: int) -> list[tuple[KeyChange, str]]:
    """Every change of a key, oldest first, with the code of its question."""
    query = (
        select(KeyChange, Question.code)
        .join(QuestionVersion, QuestionVersion.id == KeyChange.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(KeyChange.round_id == round_id)
        .order_by(KeyChange.id)
    )
    return [(change, code) for change, code in db.session.execute(query)]
