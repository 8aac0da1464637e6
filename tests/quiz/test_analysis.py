"""Item analysis of a round: what is counted, by which keys, what is kept, and who waits for a job."""

from collections.abc import Callable

import pytest

from contest.contests.rules import TrackKind
from contest.core import queue
from contest.core.db import db, unit_of_work
from contest.core.errors import NotFound
from contest.quiz import jobs, rules
from contest.quiz.analysis import Scope, packed, unpacked
from contest.quiz.ledger import KeyRule
from contest.quiz.models import Attempt
from contest.quiz.queries import analysis as queries
from contest.quiz.queries import frozen_bank
from contest.quiz.rules import AttemptState
from contest.quiz.service import analysis, oversight
from question_bank import answers as codes
from tests.factories import make_contest, make_unit, round_of
from tests.quiz.conftest import QUESTIONS, Quiz

pytestmark = pytest.mark.both_databases


def sat(quiz: Quiz, people: int, wrong: Callable[[int], int], unit_ids: list[int | None] | None = None) -> list[int]:
    """Finished attempts of new people, `wrong` of whose first answers are left blank; returns the ids."""
    found = []
    for number, who in enumerate(quiz.entrants(people)):
        attempt_id = quiz.begin(who)
        key = quiz.key(attempt_id)
        blanks = wrong(number)
        quiz.hand_in(attempt_id, answers=codes.BLANK * blanks + key[blanks:])
        found.append(attempt_id)
    with quiz.app.app_context():
        if unit_ids:
            with unit_of_work():
                for number, attempt_id in enumerate(found):
                    attempt = db.session.get(Attempt, attempt_id)
                    assert attempt
                    attempt.unit_id = unit_ids[number % len(unit_ids)]
        jobs.grade()
    return found


def test_totals_questions_and_choices_follow_from_what_was_handed_in(quiz: Quiz) -> None:
    sat(quiz, 6, lambda number: number)

    with quiz.app.app_context():
        found = analysis.analysis_of(Scope(quiz.round_id))
        bank = frozen_bank(quiz.round_id)

    assert found
    assert (found.quiz.attempts, found.questions, found.most_points) == (6, QUESTIONS, QUESTIONS * 5)
    assert found.quiz.mean == pytest.approx(5 * (QUESTIONS - 2.5))
    assert sum(item.attempts for item in found.items) == 6 * QUESTIONS
    assert sum(item.blank for item in found.items) == 15
    for item in found.items:
        right = [choice for choice in item.choices if choice.right]
        assert len(item.choices) == len(bank.questions[item.version_id].choices)
        assert [choice.count for choice in right] == [item.attempts - item.blank]
        assert item.facility == pytest.approx((item.attempts - item.blank) / item.attempts)
        assert item.flags == ()


def test_only_first_attempts_count_unless_all_are_asked_for(quiz: Quiz) -> None:
    for blanks in (0, 4):
        attempt_id = quiz.begin()
        quiz.hand_in(attempt_id, answers=codes.BLANK * blanks + quiz.key(attempt_id)[blanks:])

    with quiz.app.app_context():
        jobs.grade()
        first, both = (analysis.analysis_of(Scope(quiz.round_id, word)) for word in (True, False))

    assert first
    assert both
    assert (first.quiz.attempts, first.quiz.mean) == (1, 50)
    assert (both.quiz.attempts, both.quiz.mean) == (2, 40)


def test_annulled_and_running_attempts_do_not_count(quiz: Quiz) -> None:
    annulled, *_ = sat(quiz, 3, lambda number: 0)
    quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        attempt = db.session.get(Attempt, annulled)
        assert attempt
        attempt.state = AttemptState.ANNULLED

    with quiz.app.app_context():
        found = analysis.analysis_of(Scope(quiz.round_id))

    assert found
    assert found.quiz.attempts == 2


def test_units_have_their_own_lines(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        unit_id = make_unit(name="Huyện thử Lục Nam").id
    sat(quiz, 4, lambda number: 0 if number % 2 else 5, [None, unit_id])

    with quiz.app.app_context():
        found = analysis.analysis_of(Scope(quiz.round_id))

    assert found
    lines = {line.name: line for line in found.units}
    assert set(lines) == {"Huyện thử Lục Nam", "Chưa ghi đơn vị"}
    assert lines["Huyện thử Lục Nam"].quiz.mean == 50
    assert lines["Chưa ghi đơn vị"].quiz.mean == 25
    assert all(facility == 1 for _, facility in lines["Huyện thử Lục Nam"].items.values())


def test_a_changed_key_changes_the_analysis_and_is_named(quiz: Quiz) -> None:
    sat(quiz, 3, lambda number: QUESTIONS)
    with quiz.app.app_context():
        before = analysis.analysis_of(Scope(quiz.round_id))
        assert before
    version_id = before.items[0].version_id
    quiz.change_key(version_id, KeyRule.DROPPED)
    with quiz.app.app_context():
        after = analysis.analysis_of(Scope(quiz.round_id))

    assert after
    line = after.item(version_id)
    assert line
    assert (before.items[0].facility, line.facility, line.changed) == (0, 1, "dropped")


def test_what_is_kept_is_read_back_whole_and_only_while_it_holds(quiz: Quiz) -> None:
    sat(quiz, 3, lambda number: number)
    scope = Scope(quiz.round_id)
    with quiz.app.app_context():
        found = analysis.analysis_of(scope)
        again = analysis.analysis_of(scope)
    sat(quiz, 1, lambda number: 0)
    with quiz.app.app_context():
        newer = analysis.analysis_of(scope)
        queue.connection().flushall()
        afresh = analysis.analysis_of(scope)

    assert found
    assert newer
    assert afresh
    assert unpacked(packed(found)) == found == again
    assert (newer.quiz.attempts, afresh.quiz.attempts) == (4, 4)


def test_a_large_round_waits_for_its_job(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    sat(quiz, 3, lambda number: 0)
    scope = Scope(quiz.round_id)
    monkeypatch.setattr(rules, "LARGE", 3)
    with quiz.app.app_context():
        assert analysis.analysis_of(scope) is None
        analysis.ask_for_analysis(scope)
        asked = queries.analysis_progress(scope)
        jobs.analyse()
        found = analysis.analysis_of(scope)
        over = queries.analysis_progress(scope)

    assert asked == queries.Progress(0, 3)
    assert found
    assert found.quiz.attempts == 3
    assert over is None


def test_a_round_without_a_paper_has_an_empty_analysis(quiz: Quiz) -> None:
    with quiz.app.app_context():
        with unit_of_work():
            round_id = round_of(make_contest(slug="khac"), TrackKind.QUIZ).id
        found = analysis.analysis_of(Scope(round_id))
        with pytest.raises(NotFound):
            analysis.analysis_of(Scope(round_id + 99))

    assert found
    assert (found.quiz.attempts, found.items, found.units) == (0, (), ())


def annul(quiz: Quiz, attempt_id: int) -> None:
    with unit_of_work():
        oversight.annul(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason="Thi hộ")


def test_person_whose_first_attempt_was_annulled_is_counted_by_the_next(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(prediction="none", attempts=3, tie_breaks=["score"])
    ids = []
    for blanks in (0, 4, 6):
        ids.append(quiz.begin())
        quiz.hand_in(ids[-1], answers=codes.BLANK * blanks + quiz.key(ids[-1])[blanks:])
    with quiz.app.app_context():
        jobs.grade()
        annul(quiz, ids[0])
        found = analysis.analyse(Scope(quiz.round_id))

    assert (found.quiz.attempts, found.quiz.mean) == (1, 5 * (QUESTIONS - 4))


def test_analysis_is_counted_anew_when_other_attempts_are_counted(quiz: Quiz) -> None:
    ids = sat(quiz, 4, lambda number: number)
    with quiz.app.app_context():
        annul(quiz, ids[0])
        assert analysis.analysis_of(Scope(quiz.round_id))
        with unit_of_work():
            oversight.restore(attempt_id=ids[0], actor_id=quiz.organizer_id, reason="Nhầm")
        annul(quiz, ids[1])
        found = analysis.analysis_of(Scope(quiz.round_id))

    assert found
    assert found.quiz.mean == pytest.approx(5 * (QUESTIONS - (0 + 2 + 3) / 3))
