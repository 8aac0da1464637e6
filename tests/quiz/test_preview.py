"""What a changed key would do, looked at first: the preview tells what the change does, and writes nothing."""

import pytest

from contest.core.db import db, unit_of_work
from contest.quiz.queries import previews
from contest.quiz.queries.previews import Ground, Wanted
from tests.quiz.conftest import QUESTIONS
from tests.quiz.places import close, whole_ranking
from tests.quiz.previewing import Make, changes, over, seen, still_open, wanted_of
from tests.quiz.test_regrade import change, correct, run, sit_all, versions_of

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("ranked", [True, False], ids=["places are kept", "places must be counted"])
def test_preview_tells_what_the_change_does_and_writes_nothing(make_quiz: Make, ranked: bool) -> None:
    quiz, attempts, wanted = over(make_quiz)
    if not ranked:
        with quiz.app.app_context(), unit_of_work():
            db.session.execute(db.text("UPDATE round_ledger SET standing_due = true"))
    drew = [wanted.version_id in versions_of(quiz, attempt_id) for attempt_id in attempts]
    with quiz.app.app_context():
        before = {row.entrant_id: (row.place, row.points) for row in whole_ranking(quiz.round_id)}

    said = seen(quiz, wanted)
    assert (said.holders, said.up, said.down, said.ranked) == (sum(drew), 0, sum(drew), 6)
    assert correct(quiz, attempts) == [QUESTIONS] * 6
    assert changes(quiz) == []

    change(quiz, wanted.version_id)
    run(quiz)

    with quiz.app.app_context():
        now = whole_ranking(quiz.round_id)
    assert [(line.entrant_id, line.place_after, line.points_after, line.full_name) for line in said.lines] == [
        (row.entrant_id, row.place, row.points, row.full_name) for row in now
    ]
    assert {line.entrant_id: (line.place_before, line.points_before) for line in said.lines} == before
    assert said.rising == sum(row.place < before[row.entrant_id][0] for row in now)
    assert said.falling == sum(row.place > before[row.entrant_id][0] for row in now)


def test_preview_of_an_open_round_ranks_as_its_board_does(make_quiz: Make) -> None:
    quiz = still_open(make_quiz)
    attempts = sit_all(quiz, 3)
    wanted = wanted_of(quiz, versions_of(quiz, attempts[0])[0])

    said = seen(quiz, wanted)

    assert (said.ranked, said.answer_before, said.answer_after) == (3, None, None)
    assert [line.points_before for line in said.lines] == [5 * QUESTIONS] * 3


def test_preview_names_who_comes_into_the_prizes_and_who_drops_out(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1, eligible="all_correct_only")
    first, second = sit_all(quiz, 2)
    apart = set(versions_of(quiz, first)) - set(versions_of(quiz, second))
    close(quiz)

    into, out = seen(quiz, wanted_of(quiz, min(apart))).winners(1)

    assert [line.entrant_id for line in out] == [quiz.attempt(first).entrant_id]
    assert [line.entrant_id for line in into] == [quiz.attempt(second).entrant_id]


def test_preview_follows_the_answer_of_the_prediction(make_quiz: Make) -> None:
    quiz, attempts, wanted = over(make_quiz, prediction="all_correct", tie_breaks=["score", "prediction", "submitted"])
    drew = sum(wanted.version_id in versions_of(quiz, attempt_id) for attempt_id in attempts)

    said = seen(quiz, wanted)

    assert (said.answer_before, said.answer_after) == (6, 6 - drew)


def test_preview_written_and_read_is_the_same(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    said = seen(quiz, wanted)
    with quiz.app.app_context():
        again = previews.named(previews.unpacked(previews.packed(said)))

    assert again.lines == said.lines
    assert Ground.read(said.ground.token) == again.ground
    assert again.ground.token == said.ground.token
    assert Wanted.read(wanted.word) == wanted
