"""The prediction is asked on the paper itself, told as unanswered in the summary and at the end, and lost with no press."""

from collections.abc import Callable
from typing import Any

from tests import pages
from tests.addresses import of_attempt
from tests.quiz.conftest import Quiz
from tests.signed_in import csrf_token

Make = Callable[..., Quiz]


def pressed(quiz: Quiz, attempt_id: int, **fields: Any) -> str:
    """The page to which a press on the form of the paper leads, without its script."""
    client = quiz.client()
    form = {"csrf_token": csrf_token(client), "questions": "20", "shown": "", "shown_marks": "", **fields}
    return client.post(of_attempt(quiz.app, attempt_id, "/luu"), data=form, follow_redirects=True).text


def test_paper_asks_and_the_number_is_kept_and_shown_again(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants")
    attempt_id = quiz.begin()
    paper = pages.get(quiz.client(), of_attempt(quiz.app, attempt_id))
    assert "Có bao nhiêu người dự thi" in paper.text

    again = pressed(quiz, attempt_id, q0="2", prediction="1.250", shown_prediction="", then="save")

    assert quiz.attempt(attempt_id).prediction == 1250
    assert 'value="1.250"' in again


def test_summary_says_that_it_is_unanswered_until_it_is(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants")
    attempt_id = quiz.begin()

    blank = pressed(quiz, attempt_id, q0="2", prediction="", shown_prediction="", then="review")
    guessed = pressed(quiz, attempt_id, prediction="7", shown_prediction="", then="review")

    assert "Chưa trả lời câu hỏi dự đoán" in blank
    assert "Chưa trả lời câu hỏi dự đoán" not in guessed


def test_number_that_cannot_be_read_takes_no_answers_along(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants")
    attempt_id = quiz.begin()

    page = pressed(quiz, attempt_id, q0="2", prediction="nhiều", shown_prediction="", then="review")

    kept = quiz.attempt(attempt_id)
    assert (kept.answers[0], kept.prediction) == ("2", None)
    assert "Câu trả lời đã lưu, số dự đoán thì chưa." in page
    assert "Xem lại trước khi nộp" in page


def test_result_says_what_becomes_of_who_did_not_guess(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants")
    blank, guessed = quiz.begin(), None
    quiz.hand_in(blank, sequence=1, changes={0: "2"})
    guessed = quiz.begin()
    quiz.hand_in(guessed, sequence=1, changes={0: "2"}, prediction=5)
    words = "Bạn không trả lời câu hỏi dự đoán"

    assert words in pages.get(quiz.client(), of_attempt(quiz.app, blank, "/ket-qua")).text
    assert words not in pages.get(quiz.client(), of_attempt(quiz.app, guessed, "/ket-qua")).text


def test_round_without_a_prediction_asks_for_none(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none")
    attempt_id = quiz.begin()

    assert "dự đoán" not in pages.get(quiz.client(), of_attempt(quiz.app, attempt_id)).text.lower()
    assert "Chưa trả lời câu hỏi dự đoán" not in pressed(quiz, attempt_id, then="review")
