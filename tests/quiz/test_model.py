"""Any sequence of what may happen to sittings leaves what a simple model says: answers, states, marks; nothing is lost, nothing marked twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import DomainError
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import KeyRule
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState, Packet
from question_bank import answers as codes
from tests.quiz.conftest import QUESTIONS, Quiz

pytestmark = pytest.mark.slow
PEOPLE, ATTEMPTS, LIMIT = 3, 3, timedelta(minutes=15)
WHY = "Thử"
ACTS = (
    "start",
    "start",
    "save",
    "save",
    "save",
    "hand_in",
    "sweep",
    "pause",
    "resume",
    "grant",
    "grade",
    "regrade",
    "wait",
)

step = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, PEOPLE - 1),
    st.integers(0, QUESTIONS - 1),
    st.sampled_from("01248"),
    st.sampled_from([1, 1, 1, 5, 0, -1]),
    st.integers(1, 600),
)


@dataclass
class Sat:
    """One attempt as the model knows it."""

    who: int
    deadline: datetime
    versions: list[int]
    state: AttemptState = AttemptState.OPEN
    answers: list[str] = field(default_factory=lambda: ["0"] * QUESTIONS)
    sequence: int = 0
    correct: int | None = None


@dataclass
class Model:
    """The simplest thing that knows what every attempt must be."""

    now: datetime
    keys: dict[int, str]
    paused: datetime | None = None
    sat: dict[int, Sat] = field(default_factory=dict)

    @property
    def clock(self) -> datetime:
        return self.paused or self.now

    def of(self, who: int) -> list[int]:
        return [number for number, one in self.sat.items() if one.who == who]

    def end(self, one: Sat) -> bool:
        """Hand in what is open; True when its time had run out."""
        late = one.deadline <= self.clock
        if one.state is AttemptState.OPEN:
            one.state = AttemptState.EXPIRED if late else AttemptState.HANDED_IN
        return late

    def mark(self) -> None:
        for one in self.sat.values():
            if one.state is not AttemptState.OPEN:
                pairs = zip(one.answers, one.versions, strict=True)
                one.correct = sum(char == self.keys[version] for char, version in pairs)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(step, min_size=10, max_size=60))
def test_any_sequence_of_acts_leaves_what_the_model_says(make_quiz: Callable[..., Quiz], steps: list[Any]) -> None:
    quiz = make_quiz(attempts=ATTEMPTS)
    people = quiz.entrants(PEOPLE)
    with quiz.app.app_context(), unit_of_work():
        contests.round_by_id(quiz.round_id).closes_at = datetime.now(UTC) + timedelta(days=9)
    with quiz.app.app_context():
        bank = queries.frozen_bank(quiz.round_id)
        keys = {version: question.key for version, question in bank.questions.items()}
    model = Model(datetime.now(UTC).replace(microsecond=0), keys)

    for act, person, position, char, ahead, seconds in steps:
        model.now += timedelta(seconds=seconds if act == "wait" else 1)
        with quiz.app.app_context(), clock.frozen(model.now):
            _do(quiz, model, act, people[person], position, char, ahead, seconds)
            _compare(quiz, model)
        _compare_marks(quiz, model)


def _do(quiz: Quiz, model: Model, act: str, who: int, position: int, char: str, ahead: int, seconds: int) -> None:
    """One act in the house and in the model; what the house refuses, the model does not do."""
    mine = model.of(who)
    latest = model.sat[mine[-1]] if mine else None
    if act == "start":
        _start(quiz, model, who)
    elif act == "save" and latest:
        packet = Packet(sequence=latest.sequence + ahead, changes={position: char})
        with unit_of_work():
            saved = service.save(attempt_id=mine[-1], who=who, packet=packet)
        taken = latest.state is AttemptState.OPEN and model.clock < latest.deadline and ahead > 0
        assert (saved is not None) == taken
        if taken:
            latest.answers[position] = char
            latest.sequence += ahead
    elif act == "hand_in" and latest:
        with unit_of_work():
            done = service.hand_in(attempt_id=mine[-1], who=who, packet=Packet(changes={position: char}))
        assert done.fresh == (latest.state is AttemptState.OPEN)
        if done.fresh and not model.end(latest):
            latest.answers[position] = char
    elif act == "sweep":
        with unit_of_work():
            service.expire_due()
        for one in model.sat.values():
            if one.deadline <= model.clock:
                model.end(one)
    elif act in ("pause", "resume"):
        _pause(quiz, model, act)
    elif act == "grant" and latest:
        minutes = 1 + seconds % 20
        with Refusal() as refused, unit_of_work():
            service.grant_time(attempt_id=mine[-1], minutes=minutes, actor_id=quiz.organizer_id, reason=WHY)
        assert refused.value == (latest.state is not AttemptState.OPEN)
        if not refused.value:
            latest.deadline = max(latest.deadline, model.clock) + timedelta(minutes=minutes)
    elif act == "grade":
        jobs.grade()
        model.mark()
    elif act == "regrade" and latest:
        _regrade(quiz, model, latest.versions[position], char)


def _start(quiz: Quiz, model: Model, who: int) -> None:
    mine = [model.sat[number] for number in model.of(who)]
    running = next((one for one in mine if one.state is AttemptState.OPEN and one.deadline > model.clock), None)
    for one in mine:
        if one is not running and one.state is AttemptState.OPEN and (not model.paused and len(mine) < ATTEMPTS):
            model.end(one)
    with Refusal() as refused, unit_of_work():
        begun = service.begin(round_id=quiz.round_id, who=who)
    if refused.value:
        assert running is None
        assert model.paused or len(mine) >= ATTEMPTS
    elif running:
        assert model.sat[begun.attempt_id] is running
    else:
        assert begun.attempt_id not in model.sat
        row = queries.attempt_by_id(begun.attempt_id).attempt
        versions = [item.key for item in queries.frozen_bank(quiz.round_id).paper(row.seed).items]
        model.sat[begun.attempt_id] = Sat(who, model.now + LIMIT, versions)


def _pause(quiz: Quiz, model: Model, act: str) -> None:
    use_case: Any = rounds.pause if act == "pause" else service.resume
    with Refusal() as refused, unit_of_work():
        use_case(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY)
    assert refused.value == (bool(model.paused) == (act == "pause"))
    if refused.value:
        return
    if act == "pause":
        model.paused = model.now
        return
    assert model.paused
    for one in model.sat.values():
        if one.state is AttemptState.OPEN and one.deadline > model.paused:
            one.deadline += model.now - model.paused
    model.paused = None


def _regrade(quiz: Quiz, model: Model, version_id: int, char: str) -> None:
    mask = codes.mask_of(char)
    with Refusal() as refused, unit_of_work():
        service.change_key(
            round_id=quiz.round_id,
            version_id=version_id,
            rule=KeyRule.KEY,
            key=mask,
            actor_id=quiz.organizer_id,
            reason=WHY,
        )
    assert refused.value == (not mask or model.keys[version_id] == char)
    if refused.value:
        return
    model.keys[version_id] = char
    jobs.grade()
    jobs.regrade()
    model.mark()


def _compare(quiz: Quiz, model: Model) -> None:
    db.session.rollback()
    columns = (Attempt.id, Attempt.state, Attempt.answers, Attempt.sequence, Attempt.deadline)
    rows = db.session.execute(select(*columns).where(Attempt.round_id == quiz.round_id)).all()
    assert {row[0]: row[1:4] for row in rows} == {
        number: (one.state, "".join(one.answers), one.sequence) for number, one in model.sat.items()
    }
    running = {row.id: row.deadline for row in rows if row.state is AttemptState.OPEN}
    assert running == {number: model.sat[number].deadline for number in running}


def _compare_marks(quiz: Quiz, model: Model) -> None:
    with quiz.app.app_context():
        rows = db.session.execute(select(Attempt.id, Attempt.correct).where(Attempt.round_id == quiz.round_id)).all()
    found = {row.id: row.correct for row in rows}
    assert found == {number: one.correct for number, one in model.sat.items()}


class Refusal:
    """Notes whether the house refused with its words; anything else goes on."""

    value = False

    def __enter__(self) -> "Refusal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        self.value = isinstance(error, DomainError)
        return self.value
