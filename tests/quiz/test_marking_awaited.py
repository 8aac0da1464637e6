"""The result page learns that marking is done: with its script by asking, without one by coming anew; where nothing is awaited it stands."""

from collections.abc import Callable

from contest.core.db import db, unit_of_work
from contest.quiz import jobs
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from tests import pages
from tests.addresses import of_attempt
from tests.quiz.conftest import Quiz
from tests.quiz.test_regrade import run

Make = Callable[..., Quiz]
COMES_ANEW = '<noscript><meta http-equiv="refresh" content="5"></noscript>'


def handed_in(quiz: Quiz) -> int:
    attempt_id = quiz.begin()
    quiz.hand_in(attempt_id, sequence=1, changes={0: "2"})
    return attempt_id


def asked(quiz: Quiz, attempt_id: int) -> dict[str, bool]:
    found: dict[str, bool] = quiz.client().get(of_attempt(quiz.app, attempt_id, "/cham")).get_json()
    return found


def test_page_that_waits_asks_and_comes_anew_until_it_is_marked(quiz: Quiz) -> None:
    attempt_id = handed_in(quiz)
    address = of_attempt(quiz.app, attempt_id, "/ket-qua")

    waiting = quiz.client().get(address).text
    assert f'data-job-progress="{of_attempt(quiz.app, attempt_id, "/cham")}"' in waiting
    assert COMES_ANEW in waiting
    assert asked(quiz, attempt_id) == {"running": True}

    run(quiz, jobs.grade)
    marked = pages.get(quiz.client(), address)
    assert asked(quiz, attempt_id) == {"running": False}
    assert "Bạn đúng" in marked.h1
    assert "data-job-progress" not in marked.reply.text
    assert COMES_ANEW not in marked.reply.text


def test_page_whose_points_come_after_the_close_asks_for_nothing(make_quiz: Make) -> None:
    quiz = make_quiz(reveal_score="after_close")
    page = quiz.client().get(of_attempt(quiz.app, handed_in(quiz), "/ket-qua")).text

    assert "data-job-progress" not in page
    assert COMES_ANEW not in page


def test_annulled_attempt_waits_for_no_marks(quiz: Quiz) -> None:
    attempt_id = handed_in(quiz)
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Attempt, attempt_id).state = AttemptState.ANNULLED

    assert asked(quiz, attempt_id) == {"running": False}
    assert COMES_ANEW not in quiz.client().get(of_attempt(quiz.app, attempt_id, "/ket-qua")).text


def test_strangers_learn_nothing_of_anothers_marking(quiz: Quiz) -> None:
    attempt_id = handed_in(quiz)
    address = of_attempt(quiz.app, attempt_id, "/cham")

    assert quiz.app.test_client().get(address).status_code in (302, 303, 401)
