"""Signals are found after the close, with evidence, and judged by people alone: points, places and attempts stay as they are."""

from collections.abc import Callable
from datetime import date

import pytest
from markupsafe import escape

from contest.core import audit
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import Signal, SignalKind, SignalState
from contest.quiz.models import Attempt
from contest.quiz.queries.signals import MOST_COMPARED, attempts_of, shared_errors
from tests.factories import make_unit
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import attempt, close
from tests.signed_in import csrf_token
from tests.statements import sent

pytestmark = pytest.mark.both_databases
Make = Callable[..., Quiz]


@pytest.fixture
def quiz(make_quiz: Make) -> Quiz:
    """A round that finds less than thirty seconds implausible."""
    return make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1, min_seconds=30)


def search(quiz: Quiz) -> list[Signal]:
    close(quiz)
    with quiz.app.app_context():
        jobs.look_for_signals()
        return list(db.session.scalars(db.select(Signal).order_by(Signal.id)))


def copied(quiz: Quiz, *, seconds: tuple[int, ...], unit_id: int | None, wrong: int = 5) -> list[int]:
    """Attempts with the same paper and the same wrong choices, handed in at these seconds."""
    made = [attempt(quiz, f"Thí Sinh {n}", began=began, unit_id=unit_id) for n, began in enumerate(seconds)]
    with quiz.app.app_context(), unit_of_work():
        key = queries.frozen_bank(quiz.round_id).key(4)
        other = "".join("2" if char == "1" else "1" for char in key[:wrong]) + key[wrong:]
        db.session.execute(db.update(Attempt).where(Attempt.id.in_(made)).values(seed=4, answers=other))
    return made


def test_implausibly_short_attempt_is_shown_with_its_time(quiz: Quiz) -> None:
    fast = attempt(quiz, "Nhanh", seconds=12)
    attempt(quiz, "Bỏ dở", seconds=3, correct=1)
    attempt(quiz, "Vừa phải", seconds=31)

    (found,) = search(quiz)

    assert (found.kind, found.attempt_ids, found.state) == (SignalKind.FAST, [fast], SignalState.NEW)
    assert found.evidence == {"seconds": 12, "correct": QUESTIONS, "questions": QUESTIONS, "least": 30}


def test_same_errors_in_the_same_minutes_from_one_unit_are_one_signal(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit().id
    made = copied(quiz, seconds=(0, 60, 120), unit_id=unit_id)

    (found,) = search(quiz)

    assert (found.kind, found.attempt_ids) == (SignalKind.ALIKE, made)
    assert found.evidence == {"unit_id": unit_id, "attempts": 3, "least": 5, "most": 5}


@pytest.mark.parametrize(("seconds", "wrong"), [((0, 3600), 5), ((0, 60), 3)])
def test_hours_apart_or_few_errors_are_no_signal(quiz: Quiz, seconds: tuple[int, ...], wrong: int) -> None:
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit().id
    copied(quiz, seconds=seconds, unit_id=unit_id, wrong=wrong)

    assert search(quiz) == []


def test_person_who_repeats_their_own_errors_is_no_signal(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=2)
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit().id
    made = copied(quiz, seconds=(0, 60), unit_id=unit_id)
    with quiz.app.app_context(), unit_of_work():
        one = db.session.get_one(Attempt, made[0]).entrant_id
        db.session.execute(db.update(Attempt).where(Attempt.id == made[1]).values(entrant_id=one, number=2))

    assert search(quiz) == []


def test_different_errors_or_no_unit_are_no_signal(quiz: Quiz) -> None:
    copied(quiz, seconds=(0, 60), unit_id=None)

    assert search(quiz) == []


def test_accounts_of_one_person_are_one_signal_with_every_reason(quiz: Quiz) -> None:
    born = date(2001, 2, 3)
    one = attempt(quiz, "Nguyễn Thử Hoà", birth_date=born, email="hoa.thu@gmail.com", phone="+84900000901")
    two = attempt(quiz, "Nguyen Thu Hoa", birth_date=born, email="hoathu+2@gmail.com", phone="+84900000902")
    attempt(quiz, "Nguyễn Thử Hòa Bình", birth_date=born)

    (found,) = search(quiz)

    assert (found.kind, found.attempt_ids) == (SignalKind.SAME_PERSON, [one, two])
    assert found.evidence == {"by": ["email", "name_and_birth"], "accounts": 2}


def test_searching_again_keeps_what_people_noted_and_nothing_follows_from_a_signal(quiz: Quiz) -> None:
    fast = attempt(quiz, "Nhanh", seconds=12)
    (found,) = search(quiz)
    with quiz.app.app_context():
        with unit_of_work():
            service.judge_signal(
                signal_id=found.id, state=SignalState.CLEARED, note="Đã gọi điện", actor_id=quiz.organizer_id
            )
        with unit_of_work():
            service.rank_round(quiz.round_id)
        assert service.rounds_to_search() == [quiz.round_id]
        jobs.look_for_signals()
        assert service.rounds_to_search() == []
        (again,) = db.session.scalars(db.select(Signal))
        acts = [row.action for row in db.session.scalars(db.select(audit.AuditRow))]

        assert (again.id, again.state, again.note) == (found.id, SignalState.CLEARED, "Đã gọi điện")
        assert "signal.judge" in acts
    kept = quiz.attempt(fast)
    assert (kept.state.value, kept.correct) == ("handed_in", QUESTIONS)


def test_judging_needs_a_note(quiz: Quiz) -> None:
    attempt(quiz, "Nhanh", seconds=12)
    (found,) = search(quiz)
    for note in (" ", "x" * (service.LONGEST_NOTE + 1)):
        with quiz.app.app_context(), pytest.raises(BadInput), unit_of_work():
            service.judge_signal(signal_id=found.id, state=SignalState.SEEN, note=note, actor_id=quiz.organizer_id)


def test_desk_shows_signals_and_keeps_the_note(quiz: Quiz) -> None:
    attempt(quiz, "Nhanh", seconds=12)
    (found,) = search(quiz)
    desk = quiz.client(quiz.organizer_id)

    listed = desk.get(f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/tin-hieu").text
    shown = desk.get(f"/ban-dieu-hanh/tin-hieu/{found.id}").text
    form = {"csrf_token": csrf_token(desk), "state": "seen", "note": "Chờ đơn vị trả lời"}
    answer = desk.post(f"/ban-dieu-hanh/tin-hieu/{found.id}", data=form)

    assert "Làm quá nhanh" in listed
    assert "trong 12 giây" in shown
    assert answer.status_code == 302
    assert "Chờ đơn vị trả lời" in desk.get(f"/ban-dieu-hanh/tin-hieu/{found.id}").text


def test_page_shows_which_errors_are_shared_and_who_made_them(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit().id
    made = copied(quiz, seconds=(0, 60, 120), unit_id=unit_id)
    with quiz.app.app_context(), unit_of_work():
        last = db.session.get_one(Attempt, made[2])
        last.answers = queries.frozen_bank(quiz.round_id).key(4)[:1] + last.answers[1:]
    (found,) = search(quiz)
    with quiz.app.app_context():
        bank = queries.frozen_bank(quiz.round_id)
        first, second = (bank.questions[item.key] for item in bank.paper(4).items[:2])
        wrong = {question: question.choices[1 if question.key == "1" else 0] for question in (first, second)}

    shown = quiz.client(quiz.organizer_id).get(f"/ban-dieu-hanh/tin-hieu/{found.id}").text

    section = shown.partition("Câu sai giống nhau")[2]
    assert section.count("cả 3 lượt") == 4
    assert "2 trên 3 lượt" in section
    assert "Thí Sinh 0, Thí Sinh 1<" in section
    for question, choice in wrong.items():
        assert str(escape(question.stem)) in section
        assert str(escape(choice)) in section


def test_page_says_so_when_a_changed_key_leaves_no_shared_error(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit().id
    copied(quiz, seconds=(0, 60), unit_id=unit_id, wrong=4)
    (found,) = search(quiz)
    with quiz.app.app_context(), unit_of_work():
        right = queries.frozen_bank(quiz.round_id).key(4)
        db.session.execute(db.update(Attempt).where(Attempt.id.in_(found.attempt_ids)).values(answers=right))

    shown = quiz.client(quiz.organizer_id).get(f"/ban-dieu-hanh/tin-hieu/{found.id}").text

    assert "Không còn câu sai giống nhau" in shown


def test_comparing_fifty_attempts_reads_as_often_as_comparing_two(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit().id
    made = copied(quiz, seconds=tuple(range(MOST_COMPARED + 3)), unit_id=unit_id)
    close(quiz)
    with quiz.app.app_context():
        signals = [Signal(round_id=quiz.round_id, attempt_ids=ids) for ids in (made[:2], made)]
        queries.frozen_bank(quiz.round_id)
        counts = []
        for signal in signals:
            with sent(quiz.app) as statements:
                rows = [attempt for attempt, _ in attempts_of(signal)]
                shared = shared_errors(quiz.round_id, rows)
            counts.append((len(rows), len(shared), len(statements)))
    few, many = counts

    assert few[:2] == (2, 5)
    assert many[:2] == (MOST_COMPARED, 5)
    assert few[2] == many[2]


def test_signal_is_not_judged_as_unseen(quiz: Quiz) -> None:
    attempt(quiz, "Nhanh", seconds=5)
    (found,) = search(quiz)
    with quiz.app.app_context():
        with pytest.raises(BadInput), unit_of_work():
            service.judge_signal(
                signal_id=found.id, state=SignalState.NEW, note="Đã xem kỹ", actor_id=quiz.organizer_id
            )
        quiz.app.config["WTF_CSRF_ENABLED"] = False
        desk = quiz.client(quiz.organizer_id)
        assert '<option value="new"' not in desk.get(f"/ban-dieu-hanh/tin-hieu/{found.id}").text
        reply = desk.post(f"/ban-dieu-hanh/tin-hieu/{found.id}", data={"state": "new", "note": "Đã xem kỹ"})
        assert reply.status_code == 400
        assert db.session.get_one(Signal, found.id).judged_at is None
