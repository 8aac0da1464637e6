"""A round that stands still: nobody begins, nothing is lost, and every clock moves by the same stretch; deadlines equal a simple model."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import RoundPause
from contest.contests.needs import Needs
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import DomainError, Refused
from contest.quiz import service
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState, Packet
from tests.addresses import of_attempt
from tests.quiz.at_once import at_once, beside, signed
from tests.quiz.conftest import Quiz

WHY = "Mất điện toàn thành phố"


def act(quiz: Quiz, use_case: Callable[..., Any], at: datetime, **values: Any) -> Any:
    with quiz.app.app_context(), clock.frozen(at), unit_of_work():
        return use_case(actor_id=quiz.organizer_id, reason=WHY, **values)


def pause(quiz: Quiz, at: datetime) -> None:
    act(quiz, rounds.pause, at, round_id=quiz.round_id)


def resume(quiz: Quiz, at: datetime) -> int:
    moved: int = act(quiz, service.resume, at, round_id=quiz.round_id)
    return moved


def closes_at(quiz: Quiz) -> datetime:
    with quiz.app.app_context():
        return contests.round_by_id(quiz.round_id).closes_at


@pytest.mark.both_databases
def test_running_attempt_and_close_move_by_the_length_of_the_pause(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before, close = quiz.attempt(attempt_id), closes_at(quiz)
    began = clock.now() + timedelta(minutes=1)

    pause(quiz, began)
    assert resume(quiz, began + timedelta(minutes=30)) == 1

    after = quiz.attempt(attempt_id)
    assert after.deadline == before.deadline + timedelta(minutes=30)
    assert after.paused_ms == 30 * 60_000
    assert closes_at(quiz) == close + timedelta(minutes=30)


@pytest.mark.both_databases
def test_save_beside_the_end_of_a_pause_is_told_the_time_that_is_left(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    began = clock.now()
    pause(quiz, began)
    packet = Packet(sequence=1, changes={0: "4"})

    with clock.shifted(timedelta(hours=1)):
        saved = beside(
            quiz,
            partial(service.resume, round_id=quiz.round_id, **signed(quiz)),
            partial(service.save, attempt_id=attempt_id, who=quiz.entrant_id, packet=packet),
        )

    assert saved.paused_at is None
    assert 14 * 60_000 < saved.remaining_ms <= 15 * 60_000


def test_pause_past_the_close_leaves_the_round_paused_until_it_goes_on(quiz: Quiz) -> None:
    close = closes_at(quiz)
    pause(quiz, close - timedelta(minutes=1))

    with quiz.app.app_context():
        assert contests.round_by_id(quiz.round_id).state(close + timedelta(hours=1)) is RoundState.PAUSED
    resume(quiz, close + timedelta(hours=1))

    with quiz.app.app_context():
        found = contests.round_by_id(quiz.round_id)
        assert found.state(close + timedelta(hours=1)) is RoundState.OPEN
        assert found.closes_at == close + timedelta(hours=1, minutes=1)


def test_attempt_that_had_run_out_before_the_pause_is_not_revived(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    due = quiz.attempt(attempt_id).deadline

    pause(quiz, due + timedelta(seconds=1))
    resume(quiz, due + timedelta(minutes=5))

    assert quiz.attempt(attempt_id).deadline == due


def test_start_while_paused_is_refused_with_words(quiz: Quiz) -> None:
    pause(quiz, clock.now())

    with pytest.raises(Refused, match="đang tạm dừng"):
        quiz.begin()


def test_save_while_paused_is_kept(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    pause(quiz, clock.now())

    with quiz.app.app_context(), unit_of_work():
        saved = service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=Packet(sequence=1, changes={0: "2"}))

    assert saved is not None
    assert quiz.attempt(attempt_id).answers[0] == "2"


@pytest.mark.both_databases
def test_clock_that_stands_still_takes_answers_past_the_deadline_and_the_sweep_leaves_it(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    due = quiz.attempt(attempt_id).deadline
    pause(quiz, due - timedelta(minutes=1))

    with quiz.app.app_context(), clock.frozen(due + timedelta(hours=1)), unit_of_work():
        assert service.expire_due() == 0
        saved = service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=Packet(sequence=1, changes={0: "2"}))
        assert saved is not None
        assert not service.held(attempt_id=attempt_id, who=quiz.entrant_id).over(clock.now())
    resume(quiz, due + timedelta(hours=2))

    found = quiz.attempt(attempt_id)
    assert (found.state, found.answers[0]) == (AttemptState.OPEN, "2")
    assert found.deadline == due + timedelta(hours=2, minutes=1)


@pytest.mark.both_databases
def test_attempt_that_had_run_out_before_the_pause_takes_nothing_and_is_swept(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    due = quiz.attempt(attempt_id).deadline
    pause(quiz, due + timedelta(seconds=1))

    with quiz.app.app_context(), clock.frozen(due + timedelta(minutes=1)), unit_of_work():
        assert service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=Packet(sequence=1)) is None
        assert service.expire_due() == 1


@pytest.mark.parametrize("while_paused", [True, False])
def test_time_of_a_pause_is_no_time_of_working(quiz: Quiz, while_paused: bool) -> None:
    attempt_id = quiz.begin()
    began = quiz.attempt(attempt_id).started_at
    pause(quiz, began + timedelta(minutes=2))
    if not while_paused:
        resume(quiz, began + timedelta(minutes=42))

    with quiz.app.app_context(), clock.frozen(began + timedelta(minutes=43)), unit_of_work():
        done = service.hand_in(attempt_id=attempt_id, who=quiz.entrant_id)

    assert done.state is AttemptState.HANDED_IN
    assert quiz.attempt(attempt_id).duration_ms == (2 if while_paused else 3) * 60_000


def test_granted_attempt_is_begun_beyond_the_rules_and_no_further(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(attempts=1)
    quiz.hand_in(quiz.begin())
    with pytest.raises(Refused, match="hết 1 lượt"):
        quiz.begin()

    act(
        quiz,
        rounds.allow_attempts,
        clock.now(),
        round_id=quiz.round_id,
        account_id=quiz.entrant_id,
        attempts=1,
    )

    quiz.hand_in(quiz.begin())
    with pytest.raises(Refused, match="hết 2 lượt"):
        quiz.begin()


def test_person_who_needs_more_time_has_it_from_the_start(quiz: Quiz) -> None:
    act(quiz, service.accommodate, clock.now(), account_id=quiz.entrant_id, needs=Needs(50))

    found = quiz.attempt(quiz.begin())

    assert found.deadline == found.started_at + timedelta(minutes=22, seconds=30)


@pytest.mark.parametrize("twice", [pause, resume])
def test_second_press_of_pause_or_resume_is_refused(quiz: Quiz, twice: Callable[..., Any]) -> None:
    pause(quiz, clock.now())
    if twice is resume:
        resume(quiz, clock.now() + timedelta(minutes=1))

    with pytest.raises(Refused):
        twice(quiz, clock.now() + timedelta(minutes=2))


def test_paused_round_is_not_closed_by_hand(quiz: Quiz) -> None:
    pause(quiz, clock.now())

    with pytest.raises(Refused, match="đang tạm dừng"):
        act(quiz, rounds.close_now, clock.now(), round_id=quiz.round_id)


def test_pause_and_resume_are_on_the_record(quiz: Quiz) -> None:
    pause(quiz, clock.now())
    resume(quiz, clock.now() + timedelta(minutes=3))

    with quiz.app.app_context():
        acts = db.session.scalars(select(AuditRow.action).where(AuditRow.subject == f"round:{quiz.round_id}")).all()
        stretches = contests.pauses([quiz.round_id])[quiz.round_id]
    assert {"round.pause", "round.resume"} <= set(acts)
    assert len(stretches) == 1
    assert stretches[0].reason == WHY


@pytest.mark.both_databases
def test_presses_of_resume_at_once_move_the_deadlines_once(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before = quiz.attempt(attempt_id).deadline
    began = clock.now()
    pause(quiz, began)

    def press() -> bool:
        with clock.frozen(began + timedelta(minutes=10)):
            try:
                service.resume(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY)
            except Refused:
                return False
            return True

    assert at_once(quiz, *[press] * 6).count(True) == 1
    assert quiz.attempt(attempt_id).deadline == before + timedelta(minutes=10)
    with quiz.app.app_context():
        assert [p.ended_at is not None for p in db.session.scalars(select(RoundPause))] == [True]


@pytest.mark.both_databases
def test_no_acknowledged_save_is_lost_to_a_pause_and_a_resume_at_the_same_moment(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before = quiz.attempt(attempt_id).deadline

    def save(number: int) -> Callable[[], bool]:
        packet = Packet(changes={number: "4"})
        return lambda: service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=packet) is not None

    def stop() -> bool:
        rounds.pause(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY)
        return True

    def go_on() -> bool:
        service.resume(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY)
        return True

    assert all(at_once(quiz, *(save(number) for number in range(5)), stop))
    assert all(at_once(quiz, *(save(number) for number in range(5, 10)), go_on))

    found = quiz.attempt(attempt_id)
    assert found.answers == "4" * 10
    assert found.deadline == before + timedelta(milliseconds=found.paused_ms)


@dataclass
class Sat:
    """The model's attempt: when its own limit ends, what was granted, and by how much its person's limit is longer."""

    own_end: datetime
    extra: timedelta
    percent: int


@dataclass
class Model:
    """The simplest thing that knows every deadline: it moves ends about and never looks at rules."""

    close: datetime
    limit: timedelta
    cuts: bool
    paused: datetime | None
    sat: dict[int, Sat]

    def due(self, attempt_id: int) -> datetime:
        one = self.sat[attempt_id]
        return (min(one.own_end, self.close) if self.cuts else one.own_end) + one.extra


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(6))
def test_deadlines_after_any_sequence_equal_a_simple_model(make_quiz: Callable[..., Quiz], seed: int) -> None:
    chance = random.Random(seed)
    quiz = make_quiz(attempts=0, close_cuts_short=bool(seed % 2))
    people = quiz.entrants(4)
    now = datetime.now(UTC).replace(microsecond=0)
    close = now + timedelta(hours=2)
    with quiz.app.app_context(), unit_of_work():
        contests.round_by_id(quiz.round_id).closes_at = close
    model = Model(close, timedelta(minutes=15), bool(seed % 2), None, {})
    percents = dict.fromkeys(people, 0)

    for _ in range(40):
        now += timedelta(seconds=chance.randrange(1, 400))
        _step(quiz, model, percents, chance, now)
        with quiz.app.app_context():
            rows = db.session.execute(select(Attempt.id, Attempt.deadline, Attempt.state)).all()
        running = {row.id: row.deadline for row in rows if row.state is AttemptState.OPEN}
        assert running == {attempt_id: model.due(attempt_id) for attempt_id in running}
        assert closes_at(quiz) == model.close


def _step(quiz: Quiz, model: Model, percents: dict[int, int], chance: random.Random, now: datetime) -> None:
    """One act of anybody, in the house and in the model; what the house refuses, the model does not do."""
    person = chance.choice(list(percents))
    ticking = model.paused or now
    word = chance.choice(["start", "start", "start", "pause", "resume", "extend", "grant", "need", "hand_in"])
    try:
        if word == "start":
            with quiz.app.app_context(), clock.frozen(now), unit_of_work():
                made = service.start(round_id=quiz.round_id, entrant=_account(person)).id
            if made not in model.sat:
                own = now + model.limit * (100 + percents[person]) / 100
                model.sat[made] = Sat(own, timedelta(), percents[person])
        elif word == "pause":
            pause(quiz, now)
            model.paused = now
        elif word == "resume":
            resume(quiz, now)
            assert model.paused is not None
            running = [one for attempt_id, one in model.sat.items() if model.due(attempt_id) > model.paused]
            for one in running:
                one.own_end += now - model.paused
            model.close += now - model.paused
            model.paused = None
        elif word == "extend":
            until = model.close + timedelta(minutes=chance.randrange(1, 30))
            with quiz.app.app_context(), clock.frozen(now), unit_of_work():
                rounds.extend(round_id=quiz.round_id, until=until, actor_id=quiz.organizer_id, reason=WHY)
                service.reset_deadlines(round_id=quiz.round_id)
            model.close = until
        elif word == "grant" and model.sat:
            attempt_id, minutes = chance.choice(list(model.sat)), chance.randrange(1, 20)
            act(quiz, service.grant_time, now, attempt_id=attempt_id, minutes=minutes)
            late = max(timedelta(), ticking - model.due(attempt_id))
            model.sat[attempt_id].extra += timedelta(minutes=minutes) + late
        elif word == "need":
            percent = chance.choice([0, 25, 50, 100])
            act(quiz, service.accommodate, now, account_id=person, needs=Needs(percent, large_print=True))
            with quiz.app.app_context():
                theirs = db.session.scalars(select(Attempt.id).where(Attempt.entrant_id == person)).all()
            for attempt_id in theirs:
                one = model.sat[attempt_id]
                one.own_end += model.limit * (percent - one.percent) / 100
                one.percent = percent
            percents[person] = percent
        elif word == "hand_in" and model.sat:
            with quiz.app.app_context(), clock.frozen(now), unit_of_work():
                service.hand_in(attempt_id=chance.choice(list(model.sat)), who=person)
    except DomainError:
        return


def _account(account_id: int) -> Any:
    return db.session.get_one(Account, account_id)


def test_page_of_a_paused_sitting_says_that_its_clock_stands(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()
    pause(quiz, clock.now())
    address = of_attempt(quiz.app, attempt_id)

    page, state = client.get(address).text, client.get(address + "/trang-thai").json

    assert "data-paused" in page
    assert "đồng hồ đứng yên" in page
    assert state is not None
    assert (state["paused"], state["over"]) == (True, False)
    assert 0 < state["remaining_ms"] <= 15 * 60_000
