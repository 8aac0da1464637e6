"""Keys changed after the fact: marks that follow, races with graders and hand-ins, interruption at any point."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contest.contests import queries as contests
from contest.core import audit, clock
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import KeyChange, KeyRule, PaperBlock
from contest.quiz.models import Attempt
from contest.quiz.queries.keys import corrected
from contest.quiz.service import paper_index, regrading
from tests.quiz.at_once import at_once
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import close

pytestmark = pytest.mark.both_databases
Make = Callable[..., Quiz]


@pytest.fixture
def quiz(make_quiz: Make) -> Quiz:
    """Everybody draws ten of twenty-four questions; nothing is guessed."""
    return make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=5)


def sit_all(quiz: Quiz, count: int = 6, *, right: int = QUESTIONS) -> list[int]:
    """So many people hand in, with so many right answers; graded."""
    attempts = [handed_in(quiz, who, right=right) for who in quiz.entrants(count)]
    with quiz.app.app_context():
        jobs.grade()
    return attempts


def handed_in(quiz: Quiz, who: int, *, right: int = QUESTIONS) -> int:
    attempt_id = quiz.begin(who)
    quiz.hand_in(attempt_id, sequence=1, answers=quiz.key(attempt_id)[:right].ljust(QUESTIONS, "0"))
    return attempt_id


def versions_of(quiz: Quiz, attempt_id: int) -> list[int]:
    with quiz.app.app_context():
        bank = queries.frozen_bank(quiz.round_id)
        return [item.key for item in bank.paper(queries.attempt_by_id(attempt_id).attempt.seed).items]


def other_key(quiz: Quiz, version_id: int) -> int:
    """A mask that is wrong by the present key."""
    with quiz.app.app_context():
        key = queries.frozen_bank(quiz.round_id).questions[version_id].key
    return 2 if key == "1" else 1


def change(quiz: Quiz, version_id: int, rule: KeyRule = KeyRule.KEY, key: int | None = None) -> int:
    mask = other_key(quiz, version_id) if key is None and rule is KeyRule.KEY else key or 0
    return quiz.change_key(version_id, rule, mask)


def run(quiz: Quiz, job: Callable[[], Any] = jobs.regrade) -> None:
    with quiz.app.app_context():
        job()


def correct(quiz: Quiz, attempts: list[int]) -> list[int]:
    return [quiz.attempt(attempt_id).correct for attempt_id in attempts]


def test_corrected_key_moves_exactly_who_drew_the_question(quiz: Quiz) -> None:
    attempts = sit_all(quiz)
    version_id = versions_of(quiz, attempts[0])[3]
    drew = [version_id in versions_of(quiz, attempt_id) for attempt_id in attempts]

    change_id = change(quiz, version_id)
    run(quiz)

    assert correct(quiz, attempts) == [QUESTIONS - 1 if held else QUESTIONS for held in drew]
    with quiz.app.app_context():
        done = db.session.get_one(KeyChange, change_id)
        acts = [(row.action, row.reason) for row in db.session.scalars(db.select(audit.AuditRow))]
        assert (done.changed, done.done_at is not None) == (sum(drew), True)
        assert ("quiz.change_key", "Đáp án in nhầm") in acts
        assert "quiz.regrade" in [action for action, _ in acts]
        assert audit.verify() is None


def test_any_choice_counts_for_who_ticked_one_and_a_dropped_question_for_everybody(quiz: Quiz) -> None:
    attempts = sit_all(quiz, right=0)
    answered = handed_in(quiz, quiz.entrants(1)[0])
    wrong = quiz.begin(quiz.entrants(1)[0])
    codes = "".join("8" if char != "8" else "4" for char in quiz.key(wrong))
    quiz.hand_in(wrong, sequence=1, answers=codes)
    run(quiz, jobs.grade)
    version_id = versions_of(quiz, wrong)[0]
    drew = [version_id in versions_of(quiz, attempt_id) for attempt_id in attempts]

    change(quiz, version_id, KeyRule.ANY)
    run(quiz)
    assert correct(quiz, [*attempts, answered, wrong]) == [*[0] * len(attempts), QUESTIONS, 1]

    change(quiz, version_id, KeyRule.DROPPED)
    run(quiz)
    assert correct(quiz, [*attempts, wrong]) == [*(int(held) for held in drew), 1]


def test_attempt_graded_after_the_change_gets_the_new_key(quiz: Quiz) -> None:
    waiting = handed_in(quiz, quiz.entrant_id)
    change(quiz, versions_of(quiz, waiting)[0])
    run(quiz, jobs.grade)
    run(quiz)

    assert correct(quiz, [waiting]) == [QUESTIONS - 1]


def test_marking_anew_twice_or_again_after_a_stop_changes_nothing_more(quiz: Quiz, monkeypatch: Any) -> None:
    monkeypatch.setattr(regrading, "CHUNK", 2)
    monkeypatch.setattr(regrading, "_CHUNKS_EACH", 1)
    attempts = sit_all(quiz, 7)
    version_id = versions_of(quiz, attempts[0])[0]
    change_id = change(quiz, version_id)
    with quiz.app.app_context(), unit_of_work():
        assert service.apply_change(change_id)

    run(quiz)
    first = correct(quiz, attempts)
    run(quiz)

    assert correct(quiz, attempts) == first
    assert first == [QUESTIONS - (version_id in versions_of(quiz, attempt_id)) for attempt_id in attempts]
    with quiz.app.app_context(), unit_of_work():
        assert service.regrade(round_id=quiz.round_id)[:2] == (2, 0)


def test_regrade_sets_right_what_was_wrong(quiz: Quiz) -> None:
    attempts = sit_all(quiz)
    with quiz.app.app_context(), unit_of_work():
        db.session.execute(db.text("UPDATE attempt SET correct = 0, points = 1"))
    with quiz.app.app_context(), unit_of_work():
        assert service.regrade(round_id=quiz.round_id)[:2] == (6, 6)

    assert correct(quiz, attempts) == [QUESTIONS] * 6
    assert quiz.attempt(attempts[0]).points == 5 * QUESTIONS


def test_index_of_papers_finds_the_same_attempts(quiz: Quiz, monkeypatch: Any) -> None:
    monkeypatch.setattr(paper_index, "WORTH_IT", 1)
    attempts = sit_all(quiz, 5)
    close(quiz)
    with quiz.app.app_context():
        with unit_of_work():
            contests.round_by_id(quiz.round_id).closes_at = clock.now() - paper_index._QUIET * 2
        jobs.rank()
        assert db.session.scalar(db.select(db.func.count()).select_from(PaperBlock))
    version_id = versions_of(quiz, attempts[2])[5]
    drew = [version_id in versions_of(quiz, attempt_id) for attempt_id in attempts]
    with quiz.app.app_context():
        found, upto = paper_index.attempts_with(quiz.round_id, version_id)
        assert found.tolist() == [which for which, held in zip(attempts, drew, strict=True) if held]
        assert upto == attempts[-1]

    change(quiz, version_id)
    run(quiz)

    assert correct(quiz, attempts) == [QUESTIONS - held for held in drew]


def test_places_and_answer_of_the_prediction_follow(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="all_correct", tie_breaks=["score", "prediction", "submitted"], attempts=1)
    attempts = sit_all(quiz)
    close(quiz)
    version_id = versions_of(quiz, attempts[0])[0]
    drew = [version_id in versions_of(quiz, attempt_id) for attempt_id in attempts]

    change(quiz, version_id)
    run(quiz)

    with quiz.app.app_context():
        page = queries.board_page(contests.round_by_id(quiz.round_id), clock.now())
        assert page.actual == drew.count(False)
        assert [row.points for row in page.rows] == sorted((5 * (QUESTIONS - held) for held in drew), reverse=True)


def test_impossible_changes_are_refused(quiz: Quiz) -> None:
    attempts = sit_all(quiz, 1)
    version_id = versions_of(quiz, attempts[0])[0]
    with quiz.app.app_context():
        asked = partial(service.change_key, round_id=quiz.round_id, actor_id=quiz.organizer_id)
        held = queries.frozen_bank(quiz.round_id).questions[version_id].key
        for error, values in (
            (NotFound, {"version_id": 10**6, "rule": KeyRule.ANY, "key": 0, "reason": "x"}),
            (BadInput, {"version_id": version_id, "rule": KeyRule.KEY, "key": 0, "reason": "x"}),
            (BadInput, {"version_id": version_id, "rule": KeyRule.KEY, "key": 16, "reason": "x"}),
            (BadInput, {"version_id": version_id, "rule": KeyRule.ANY, "key": 1, "reason": "x"}),
            (BadInput, {"version_id": version_id, "rule": KeyRule.ANY, "key": 0, "reason": " "}),
            (Refused, {"version_id": version_id, "rule": KeyRule.KEY, "key": int(held), "reason": "x"}),
        ):
            with pytest.raises(error), unit_of_work():
                asked(**values)
        assert db.session.scalars(db.select(KeyChange)).all() == []


def test_paper_shown_afterwards_follows_the_changed_key(quiz: Quiz) -> None:
    attempt_id = sit_all(quiz, 1)[0]
    version_ids = versions_of(quiz, attempt_id)
    change(quiz, version_ids[0])
    change(quiz, version_ids[1], KeyRule.DROPPED)
    with quiz.app.app_context():
        kept = queries.attempt_by_id(attempt_id).attempt
        sheet = queries.frozen_bank(quiz.round_id).sheet(kept.seed, answers=kept.answers, marked="")
        shown = corrected(quiz.round_id, sheet, version_ids)

    assert [question.correct for question in shown] == [False] + [True] * (QUESTIONS - 1)
    assert all(choice.right for choice in shown[1].choices)


def test_hand_in_grading_and_change_at_once_leave_marks_by_the_new_key(quiz: Quiz) -> None:
    graded = sit_all(quiz, 4)
    version_id = versions_of(quiz, graded[0])[0]
    waiting = [handed_in(quiz, who) for who in quiz.entrants(4)]
    sitters = quiz.entrants(2)
    running = [quiz.begin(who) for who in sitters]

    at_once(
        quiz,
        partial(
            service.change_key,
            round_id=quiz.round_id,
            version_id=version_id,
            rule=KeyRule.DROPPED,
            key=0,
            actor_id=quiz.organizer_id,
            reason="Câu hỏi sai",
        ),
        service.grade_batch,
        service.grade_batch,
        partial(service.regrade, round_id=quiz.round_id),
        *(
            partial(
                service.hand_in,
                attempt_id=attempt_id,
                who=who,
                packet=service.Packet(sequence=1, answers="0" * QUESTIONS),
            )
            for attempt_id, who in zip(running, sitters, strict=True)
        ),
    )
    run(quiz, jobs.grade)
    run(quiz)

    assert correct(quiz, graded + waiting) == [QUESTIONS] * 8
    assert correct(quiz, running) == [int(version_id in versions_of(quiz, which)) for which in running]


def test_two_workers_marking_anew_at_once_agree(quiz: Quiz) -> None:
    attempts = sit_all(quiz, 8)
    first, second = versions_of(quiz, attempts[0])[:2]
    change_ids = [change(quiz, first), change(quiz, second)]

    at_once(quiz, *(partial(service.apply_change, change_id) for change_id in change_ids * 2))
    run(quiz)

    assert correct(quiz, attempts) == [
        QUESTIONS - sum(version_id in versions_of(quiz, attempt_id) for version_id in (first, second))
        for attempt_id in attempts
    ]


def test_operator_who_sets_marks_right_leaves_one_line_and_none_where_all_were(quiz: Quiz) -> None:
    (attempt_id,) = sit_all(quiz, 1)
    with quiz.app.app_context():
        with unit_of_work():
            db.session.get_one(Attempt, attempt_id).points = 0
        for _ in range(2):
            with unit_of_work():
                service.regrade(round_id=quiz.round_id)
        lines = db.session.scalars(db.select(audit.AuditRow).where(audit.AuditRow.action == "quiz.regrade")).all()
        assert [(line.subject, line.detail["seen"], line.detail["changed"]) for line in lines] == [
            (f"round:{quiz.round_id}", 1, 1)
        ]
