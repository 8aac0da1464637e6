"""Staff, jobs and citizens at the same moment, on both databases: who comes second is told so, nobody waits in a ring, nothing is done twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState
from contest.core import audit, clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import DomainError, Refused
from contest.quiz import jobs, queries, service
from contest.quiz.drafts import Draft, draft_of
from contest.quiz.ledger import KeyRule, Signal, SignalKind, SignalState, Standing
from contest.quiz.models import Question, QuestionVersion, QuizRound
from contest.quiz.rules import AttemptState, NoteKind
from tests.quiz.conftest import Quiz, bank_of
from tests.quiz.places import close

pytestmark = pytest.mark.both_databases
WHY = "Theo Công văn số 12-CV/BTC"
THREADS = 6
Act = Callable[[], Any]
Make = Callable[..., Quiz]


def at_once(quiz: Quiz, *acts: Act) -> list[Any]:
    """Run every act in a thread and a unit of work of its own, all let go together; what was refused is given back."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> Any:
        with quiz.app.app_context():
            barrier.wait(20)
            try:
                with unit_of_work():
                    return act()
            except DomainError as refused:
                return refused
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def beside(quiz: Quiz, first: Act, second: Act) -> Any:
    """Begin `second` while `first` has written and not yet committed; what `second` returns, or how it was refused."""
    found: list[Any] = []

    def run() -> None:
        found.extend(at_once(quiz, second))

    with quiz.app.app_context():
        with unit_of_work():
            first()
            runner = threading.Thread(target=run)
            runner.start()
            while runner.is_alive() and not _waits():
                runner.join(0.02)
        runner.join(20)
    return found[0]


def _waits() -> bool:
    """Whether somebody waits for a lock; on SQLite the second writer waits before it has read anything."""
    if db.session.get_bind().dialect.name != "postgresql":
        return True
    waiting = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database OR database IS NULL OR database = 0"
    waiting += " WHERE NOT granted AND datname = current_database()"
    return bool(db.session.scalar(text(waiting)))


def acts_of(quiz: Quiz, action: str) -> int:
    with quiz.app.app_context():
        assert audit.verify() is None
        return len(db.session.scalars(select(AuditRow.id).where(AuditRow.action == action)).all())


def _signed(quiz: Quiz) -> dict[str, Any]:
    return {"actor_id": quiz.organizer_id, "reason": WHY}


def _of_round(service_act: Callable[..., Any], state: RoundState = RoundState.OPEN) -> Any:
    return state, lambda quiz, _: partial(service_act, round_id=quiz.round_id, **_signed(quiz))


def _of_attempt(service_act: Callable[..., Any]) -> Any:
    return RoundState.OPEN, lambda quiz, attempt_id: partial(service_act, attempt_id=attempt_id, **_signed(quiz))


def _of_questions(service_act: Callable[..., Any]) -> Any:
    def act(quiz: Quiz, _: int) -> Act:
        with quiz.app.app_context():
            ids = [queries.codes(quiz.contest_id)[code] for code in ("T000", "T001", "T002")]
        return partial(service_act, question_ids=ids, **_signed(quiz))

    return RoundState.OPEN, act


def _complaint(quiz: Quiz, attempt_id: int) -> Act:
    return partial(
        service.note, attempt_id=attempt_id, kind=NoteKind.COMPLAINT, body="Mạng ngắt", actor_id=quiz.organizer_id
    )


def _dropped(quiz: Quiz, _: int) -> Act:
    with quiz.app.app_context():
        version_id = next(iter(queries.frozen_bank(quiz.round_id).questions))
    return partial(
        service.change_key,
        round_id=quiz.round_id,
        version_id=version_id,
        rule=KeyRule.DROPPED,
        key=0,
        **_signed(quiz),
    )


def _made(quiz: Quiz, _: int) -> Act:
    with quiz.app.app_context():
        track_id = contests.round_by_id(quiz.round_id).track_id
    opens_at = clock.now() + timedelta(days=2)
    return partial(
        rounds.create,
        track_id=track_id,
        title="",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=1),
        params=QuizParams(),
        actor_id=quiz.organizer_id,
    )


def _unused(*, round_id: int, actor_id: int, reason: str) -> None:
    service.forget_paper(round_id=round_id)
    rounds.delete(round_id=round_id, actor_id=actor_id, reason=reason)


ONCE = {
    "round.pause": _of_round(rounds.pause),
    "round.close": _of_round(rounds.close_now),
    "round.open": _of_round(rounds.open_now, RoundState.SOON),
    "round.delete": _of_round(_unused, RoundState.SOON),
    "round.create": (RoundState.OPEN, _made),
    "attempt.annul": _of_attempt(service.annul),
    "attempt.note": (RoundState.OPEN, _complaint),
    "question.retire": _of_questions(service.retire),
    "question.edit": _of_questions(partial(service.add_tag, tag="ôn tập")),
    "quiz.change_key": (RoundState.OPEN, _dropped),
}


@pytest.mark.parametrize("action", ONCE)
def test_act_pressed_by_many_is_done_and_recorded_once(make_quiz: Make, action: str) -> None:
    state, act_of = ONCE[action]
    quiz = make_quiz(state)
    attempt_id = quiz.begin() if state is RoundState.OPEN else 0
    act = act_of(quiz, attempt_id)

    at_once(quiz, *[act] * THREADS)

    assert acts_of(quiz, action) == (3 if action.startswith("question") else 1)


def test_freezes_at_once_leave_one_paper(make_quiz: Make) -> None:
    quiz = make_quiz(RoundState.SOON)
    with quiz.app.app_context(), unit_of_work():
        service.forget_paper(round_id=quiz.round_id)
    freeze = partial(service.prepare_round, round_id=quiz.round_id, **_signed(quiz))

    done = at_once(quiz, *[freeze] * THREADS)

    assert [one for one in done if isinstance(one, DomainError)] == []
    with quiz.app.app_context():
        assert len(db.session.get_one(QuizRound, quiz.round_id).version_ids) == 24


def test_staff_who_act_on_the_same_people_in_any_order_never_wait_in_a_ring(quiz: Quiz) -> None:
    attempts = {quiz.begin(who): who for who in quiz.entrants(8)}
    forwards, signed = list(attempts), _signed(quiz)

    def grant(*which: int) -> None:
        service.hold(attempt_ids=which)
        for attempt_id in which:
            service.grant_time(attempt_id=attempt_id, minutes=1, **signed)

    def later() -> None:
        until = clock.now() + timedelta(days=60)
        rounds.extend(round_id=quiz.round_id, until=until, **signed)
        service.reset_deadlines(round_id=quiz.round_id)

    done = at_once(
        quiz,
        partial(grant, *forwards),
        partial(grant, *reversed(forwards)),
        *(partial(grant, attempt_id) for attempt_id in reversed(forwards)),
        *(
            partial(service.accommodate, account_id=who, extra_percent=50, large_print=True, **signed)
            for who in list(attempts.values())[::2]
        ),
        later,
    )

    assert [one for one in done if isinstance(one, DomainError)] == []
    assert {quiz.attempt(attempt_id).extra_seconds for attempt_id in forwards} == {180}
    assert acts_of(quiz, "attempt.grant_time") == 24


def test_annulments_at_once_after_the_close_never_wait_in_a_ring(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", attempts=1)
    attempts = [quiz.begin(who) for who in quiz.entrants(8)]
    for attempt_id in attempts:
        quiz.hand_in(attempt_id)
    close(quiz)

    def annul(*which: int) -> None:
        service.hold(attempt_ids=which)
        for attempt_id in which:
            service.annul(attempt_id=attempt_id, **_signed(quiz))

    at_once(quiz, partial(annul, *attempts), *(partial(annul, attempt_id) for attempt_id in reversed(attempts)))

    with quiz.app.app_context():
        assert db.session.get_one(QuizRound, quiz.round_id).actual == 0
    assert acts_of(quiz, "attempt.annul") == 8


def test_start_beside_a_close_gets_no_time_beyond_it(quiz: Quiz) -> None:
    def shut() -> None:
        rounds.close_now(round_id=quiz.round_id, **_signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)

    done = beside(quiz, shut, partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id))

    assert isinstance(done, Refused)
    assert quiz.numbers() == []


def test_start_beside_a_new_freeze_sits_the_paper_that_is_marked(quiz: Quiz) -> None:
    done = beside(
        quiz,
        partial(service.prepare_round, round_id=quiz.round_id, **_signed(quiz)),
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
    )

    assert isinstance(done, Refused) or done.sitting.frozen_at == frozen_at(quiz)
    quiz.begin()


def test_start_beside_needs_being_noted_is_asked_for_again_and_has_their_time(quiz: Quiz) -> None:
    needs = partial(service.accommodate, account_id=quiz.entrant_id, extra_percent=100, large_print=False)
    start = partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id)

    found = beside(quiz, partial(needs, **_signed(quiz)), start)

    assert isinstance(found, Refused) or found.sitting is not None  # SQLite's start comes after, and reads what holds
    begun = quiz.attempt(quiz.begin())
    assert begun.number == 1
    assert begun.deadline == begun.started_at + timedelta(minutes=30)


def test_freeze_beside_a_start_is_refused(quiz: Quiz) -> None:
    before = frozen_at(quiz)

    done = beside(
        quiz,
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
        partial(service.prepare_round, round_id=quiz.round_id, **_signed(quiz)),
    )

    assert isinstance(done, Refused)
    assert frozen_at(quiz) == before


def test_start_beside_the_deletion_of_its_round_finds_no_round(quiz: Quiz) -> None:
    done = beside(
        quiz,
        partial(_unused, round_id=quiz.round_id, **_signed(quiz)),
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
    )

    assert isinstance(done, DomainError)


def test_fewer_questions_beside_a_start_are_refused_or_the_start_is(make_quiz: Make) -> None:
    quiz = make_quiz(hide_counters=True)

    done = beside(
        quiz,
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
        partial(shorter, quiz),
    )

    assert isinstance(done, Refused)
    with quiz.app.app_context():
        assert contests.round_by_id(quiz.round_id).params["questions"] == 10


def test_round_of_fewer_questions_gives_no_paper_of_the_old_length(make_quiz: Make) -> None:
    quiz = make_quiz(hide_counters=True)

    at_once(quiz, partial(shorter, quiz))

    with pytest.raises(DomainError):
        quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        service.prepare_round(round_id=quiz.round_id, **_signed(quiz))
    assert len(quiz.attempt(quiz.begin()).answers) == 9


def shorter(quiz: Quiz) -> None:
    """What the desk does for an open round that nobody has begun."""
    params = replace(QuizParams.read(contests.round_by_id(quiz.round_id).params), questions=9)
    rounds.locked(quiz.round_id)
    begun = queries.is_sat(quiz.round_id)
    change = rounds.change_rules(round_id=quiz.round_id, params=params, begun=begun, **_signed(quiz))
    service.follow_rules(round_id=quiz.round_id, changed=change.after)


def test_needs_noted_beside_an_extension_reach_as_far_as_both_say(quiz: Quiz) -> None:
    with quiz.app.app_context():
        close_at = contests.round_by_id(quiz.round_id).closes_at
    with clock.frozen(close_at - timedelta(minutes=5)):
        attempt_id = quiz.begin()

    def later() -> None:
        rounds.extend(round_id=quiz.round_id, until=close_at + timedelta(days=1), **_signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)

    needs = partial(service.accommodate, account_id=quiz.entrant_id, extra_percent=100, large_print=False)
    beside(quiz, later, partial(needs, **_signed(quiz)))

    found = quiz.attempt(attempt_id)
    assert found.deadline == found.started_at + timedelta(minutes=30)


@pytest.mark.parametrize("counted_first", [False, True])
def test_count_for_the_prediction_beside_an_extension_leaves_no_answer_to_an_open_round(
    make_quiz: Make, counted_first: bool
) -> None:
    quiz = make_quiz(prediction="participants")
    quiz.hand_in(quiz.begin())
    with quiz.app.app_context():
        with unit_of_work():
            service.grade_batch()
        with unit_of_work():
            contests.round_by_id(quiz.round_id).closes_at = clock.now()

    def later() -> None:
        rounds.extend(round_id=quiz.round_id, until=clock.now() + timedelta(days=1), **_signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)

    acts = [service.settle_predictions, later]
    beside(quiz, *(acts if counted_first else reversed(acts)))

    with quiz.app.app_context():
        assert db.session.get_one(QuizRound, quiz.round_id).actual is None


def test_import_of_a_version_beside_an_edit_keeps_both(quiz: Quiz) -> None:
    with quiz.app.app_context():
        question_id = queries.codes(quiz.contest_id)["T000"]
        draft = draft_of(queries.questions(quiz.contest_id, [question_id])[0].version, "T000")
    edited, imported = (
        replace(draft, question=replace(draft.question, stem=f"{who} sửa câu này?")) for who in ("Người", "Tệp")
    )

    done = beside(
        quiz,
        partial(service.edit_question, question_id=question_id, base=1, draft=edited, **_signed(quiz)),
        partial(service.import_questions, contest_id=quiz.contest_id, questions=[imported.question], actor_id=None),
    )

    assert (done.added, done.versions) == (1, 1)
    with quiz.app.app_context():
        kept = queries.question_by_id(question_id).versions
        assert [(one.number, one.newest) for one in kept] == [(1, False), (2, False), (3, True)]
        assert [one.stem for one in kept[1:]] == ["Người sửa câu này?", "Tệp sửa câu này?"]


def test_one_new_question_sent_by_many_is_one_question(quiz: Quiz) -> None:
    draft = Draft(replace(bank_of(1)[0], stem="Câu mới tinh?", code=""))
    add = partial(service.add_question, contest_id=quiz.contest_id, draft=draft, **_signed(quiz))

    done = at_once(quiz, *[add] * THREADS)

    assert sum(isinstance(one, service.Kept) for one in done) == 1
    with quiz.app.app_context():
        found = db.session.scalars(
            select(Question.id).join(QuestionVersion).where(QuestionVersion.stem == "Câu mới tinh?")
        )
        assert len(found.all()) == 1


def found_fast(attempt_id: int) -> tuple[str, SignalKind, list[int], dict[str, Any]]:
    return f"fast:{attempt_id}", SignalKind.FAST, [attempt_id], {"seconds": 3}


def test_searches_at_once_keep_each_signal_once(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    keep = partial(service.keep_signals, quiz.round_id, [found_fast(attempt_id)])

    at_once(quiz, *[keep] * THREADS)

    with quiz.app.app_context():
        assert [signal.mark for signal in db.session.scalars(select(Signal))] == [f"fast:{attempt_id}"]


def test_judging_beside_the_search_that_drops_the_signal_is_told_so(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    at_once(quiz, partial(service.keep_signals, quiz.round_id, [found_fast(attempt_id)]))
    with quiz.app.app_context():
        signal_id = db.session.scalars(select(Signal.id)).one()
    judge = partial(
        service.judge_signal, signal_id=signal_id, state=SignalState.SEEN, note="Đã xem", actor_id=quiz.organizer_id
    )

    done = beside(quiz, partial(service.keep_signals, quiz.round_id, []), judge)

    assert isinstance(done, DomainError)


def test_places_counted_by_many_at_once_are_counted_once_with_one_lot(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "lot"], attempts=1)
    for who in quiz.entrants(5):
        quiz.hand_in(quiz.begin(who))
    with quiz.app.app_context():
        with unit_of_work():
            service.grade_batch()
        with unit_of_work():
            db.session.get_one(Round, quiz.round_id).closes_at = clock.now()

    assert at_once(quiz, *[partial(service.rank_round, quiz.round_id)] * THREADS) == [5] * THREADS

    assert acts_of(quiz, "quiz.lot") == 1
    with quiz.app.app_context():
        assert len(queries.final_ranking(quiz.round_id)) == 5


@pytest.mark.parametrize("counted_first", [False, True])
@pytest.mark.parametrize("ranked_before", [False, True])
def test_annulment_beside_a_count_of_places_is_counted_after_all(
    make_quiz: Make, ranked_before: bool, counted_first: bool
) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1)
    attempts = [quiz.begin(who) for who in quiz.entrants(3)]
    for attempt_id in attempts:
        quiz.hand_in(attempt_id)
    with quiz.app.app_context():
        with unit_of_work():
            service.grade_batch()
        with unit_of_work():
            contests.round_by_id(quiz.round_id).closes_at = clock.now()
    annul = [partial(service.annul, attempt_id=attempt_id, **_signed(quiz)) for attempt_id in attempts]
    if ranked_before:
        at_once(quiz, partial(service.rank_round, quiz.round_id))
        at_once(quiz, annul[1])

    both = [partial(service.rank_round, quiz.round_id), annul[0]]
    beside(quiz, *(both if counted_first else reversed(both)))

    with quiz.app.app_context():
        jobs.rank()
        ranked = set(db.session.scalars(select(Standing.attempt_id)))
    assert ranked == set(attempts[2:] if ranked_before else attempts[1:])


def test_hand_in_beside_an_annulment_ends_the_attempt_once_and_annulled(quiz: Quiz) -> None:
    attempt_id = quiz.begin()

    done = at_once(
        quiz,
        partial(service.annul, attempt_id=attempt_id, **_signed(quiz)),
        *[partial(service.hand_in, attempt_id=attempt_id, who=quiz.entrant_id)] * 3,
    )

    found = quiz.attempt(attempt_id)
    assert found.state is AttemptState.ANNULLED
    assert {one.receipt for one in done[1:]} == {found.receipt}


def frozen_at(quiz: Quiz) -> Any:
    with quiz.app.app_context():
        return db.session.scalar(select(QuizRound.frozen_at).where(QuizRound.round_id == quiz.round_id))
