"""Staff, jobs and citizens who press at the same moment, on both databases: nobody waits in a ring, nothing is done twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.needs import Needs
from contest.contests.rules import QuizParams, RoundState
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import DomainError
from contest.quiz import queries, service
from contest.quiz.drafts import Draft, draft_of
from contest.quiz.ledger import KeyRule, Signal, SignalKind, SignalState
from contest.quiz.models import Question, QuestionVersion, QuizRound
from contest.quiz.rules import NoteKind
from tests.quiz.at_once import THREADS, Act, Make, acts_of, beside, delete_unused, signed, tried_at_once
from tests.quiz.conftest import Quiz, bank_of

pytestmark = pytest.mark.both_databases


def _of_round(service_act: Callable[..., Any], state: RoundState = RoundState.OPEN) -> Any:
    return state, lambda quiz, _: partial(service_act, round_id=quiz.round_id, **signed(quiz))


def _of_attempt(service_act: Callable[..., Any]) -> Any:
    return RoundState.OPEN, lambda quiz, attempt_id: partial(service_act, attempt_id=attempt_id, **signed(quiz))


def _of_questions(service_act: Callable[..., Any]) -> Any:
    def act(quiz: Quiz, _: int) -> Act:
        with quiz.app.app_context():
            ids = [queries.codes(quiz.contest_id)[code] for code in ("T000", "T001", "T002")]
        return partial(service_act, question_ids=ids, **signed(quiz))

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
        **signed(quiz),
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


ONCE = {
    "round.pause": _of_round(rounds.pause),
    "round.close": _of_round(rounds.close_now),
    "round.open": _of_round(rounds.open_now, RoundState.SOON),
    "round.delete": _of_round(delete_unused, RoundState.SOON),
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

    tried_at_once(quiz, *[act] * THREADS)

    assert acts_of(quiz, action) == (3 if action.startswith("question") else 1)


def test_freezes_at_once_leave_one_paper(make_quiz: Make) -> None:
    quiz = make_quiz(RoundState.SOON)
    with quiz.app.app_context(), unit_of_work():
        service.forget_paper(round_id=quiz.round_id)
    freeze = partial(service.prepare_round, round_id=quiz.round_id, **signed(quiz))

    done = tried_at_once(quiz, *[freeze] * THREADS)

    assert [one for one in done if isinstance(one, DomainError)] == []
    with quiz.app.app_context():
        assert len(db.session.get_one(QuizRound, quiz.round_id).version_ids) == 24


def test_staff_who_act_on_the_same_people_in_any_order_never_wait_in_a_ring(quiz: Quiz) -> None:
    attempts = {quiz.begin(who): who for who in quiz.entrants(8)}
    forwards, by = list(attempts), signed(quiz)

    def grant(*which: int) -> None:
        service.hold(attempt_ids=which)
        for attempt_id in which:
            service.grant_time(attempt_id=attempt_id, minutes=1, **by)

    def later() -> None:
        until = clock.now() + timedelta(days=60)
        rounds.extend(round_id=quiz.round_id, until=until, **by)
        service.reset_deadlines(round_id=quiz.round_id)

    done = tried_at_once(
        quiz,
        partial(grant, *forwards),
        partial(grant, *reversed(forwards)),
        *(partial(grant, attempt_id) for attempt_id in reversed(forwards)),
        *(
            partial(service.accommodate, account_id=who, needs=Needs(50, large_print=True), **by)
            for who in list(attempts.values())[::2]
        ),
        later,
    )

    assert [one for one in done if isinstance(one, DomainError)] == []
    assert {quiz.attempt(attempt_id).extra_seconds for attempt_id in forwards} == {180}
    assert acts_of(quiz, "attempt.grant_time") == 24


def test_import_of_a_version_beside_an_edit_keeps_both(quiz: Quiz) -> None:
    with quiz.app.app_context():
        question_id = queries.codes(quiz.contest_id)["T000"]
        draft = draft_of(queries.questions(quiz.contest_id, [question_id])[0].version, "T000")
    edited, imported = (
        replace(draft, question=replace(draft.question, stem=f"{who} sửa câu này?")) for who in ("Người", "Tệp")
    )

    done = beside(
        quiz,
        partial(service.edit_question, question_id=question_id, base=1, draft=edited, **signed(quiz)),
        partial(service.import_questions, contest_id=quiz.contest_id, questions=[imported.question], actor_id=None),
    )

    assert (done.added, done.versions) == (1, 1)
    with quiz.app.app_context():
        kept = queries.question_by_id(question_id).versions
        assert [(one.number, one.newest) for one in kept] == [(1, False), (2, False), (3, True)]
        assert [one.stem for one in kept[1:]] == ["Người sửa câu này?", "Tệp sửa câu này?"]


def test_one_new_question_sent_by_many_is_one_question(quiz: Quiz) -> None:
    draft = Draft(replace(bank_of(1)[0], stem="Câu mới tinh?", code=""))
    add = partial(service.add_question, contest_id=quiz.contest_id, draft=draft, **signed(quiz))

    done = tried_at_once(quiz, *[add] * THREADS)

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

    tried_at_once(quiz, *[keep] * THREADS)

    with quiz.app.app_context():
        assert [signal.mark for signal in db.session.scalars(select(Signal))] == [f"fast:{attempt_id}"]


def test_judging_beside_the_search_that_drops_the_signal_is_told_so(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    tried_at_once(quiz, partial(service.keep_signals, quiz.round_id, [found_fast(attempt_id)]))
    with quiz.app.app_context():
        signal_id = db.session.scalars(select(Signal.id)).one()
    judge = partial(
        service.judge_signal, signal_id=signal_id, state=SignalState.SEEN, note="Đã xem", actor_id=quiz.organizer_id
    )

    done = beside(quiz, partial(service.keep_signals, quiz.round_id, []), judge)

    assert isinstance(done, DomainError)
