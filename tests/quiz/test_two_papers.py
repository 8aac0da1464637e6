"""One attempt in two tabs without script: what one tab saved stays when the other, opened before, sends its whole page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from contest.core import clock
from contest.core.db import unit_of_work
from contest.quiz import service
from contest.quiz.rules import AttemptState
from tests import pages
from tests.addresses import attempt_at, of_attempt
from tests.pages import Page
from tests.quiz.conftest import QUESTIONS, Quiz, bank_of
from tests.signed_in import csrf_token

pytestmark = pytest.mark.both_databases
HOME = "/thi-trac-nghiem"
SAVE = "Lưu bài"


@pytest.fixture(params=["boxes"])
def sat(make_quiz: Callable[..., Quiz], request: pytest.FixtureRequest) -> tuple[Quiz, FlaskClient, str]:
    """An attempt whose first question is answered, its second marked; the entrant's browser, the paper's address. Boxes send a nought when untouched."""
    quiz = make_quiz()
    if request.param == "boxes":
        bank = [
            replace(one, choices=tuple(replace(c, correct=c != one.choices[3]) for c in one.choices))
            for one in bank_of(24)
        ]
        with quiz.app.app_context(), unit_of_work():
            service.import_questions(contest_id=quiz.contest_id, questions=bank, actor_id=quiz.organizer_id)
            service.prepare_round(round_id=quiz.round_id, actor_id=quiz.organizer_id)
    attempt_id = quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=service.Packet(changes={0: "1"}, marked="01"))
    return quiz, quiz.client(), of_attempt(quiz.app, attempt_id)


def held(sat: tuple[Quiz, FlaskClient, str]) -> str:
    quiz, _, address = sat
    return str(quiz.attempt(attempt_at(quiz.app, address)).answers)


def two_tabs(sat: tuple[Quiz, FlaskClient, str]) -> tuple[Page, Page]:
    _, client, address = sat
    return pages.get(client, address), pages.get(client, address)


def test_answers_of_both_tabs_are_kept_and_both_pages_show_them(sat: tuple[Quiz, FlaskClient, str]) -> None:
    first, second = two_tabs(sat)

    first.submit(SAVE, q1="2", q2="4")
    after = second.submit(SAVE, q3="8")

    assert held(sat) == "1248" + "0" * 6
    assert "Đã lưu" in after.text
    assert f"4 trên {QUESTIONS} đã trả lời" in after.text


@pytest.mark.parametrize("sat", ["boxes", "circles"], indirect=True)
def test_answer_changed_in_one_tab_is_not_changed_back_by_the_other(sat: tuple[Quiz, FlaskClient, str]) -> None:
    first, second = two_tabs(sat)

    first.submit(SAVE, q0="2")
    second.submit(SAVE, q1="4")

    assert held(sat)[:2] == "24"


def test_answer_changed_in_both_tabs_is_the_one_sent_last(sat: tuple[Quiz, FlaskClient, str]) -> None:
    first, second = two_tabs(sat)

    first.submit(SAVE, q0="2")
    after = second.submit(SAVE, q0="4")

    assert held(sat)[0] == "4"
    assert after.reply.text.count('value="4" checked') == 1


def test_mark_set_in_one_tab_is_not_taken_away_by_the_other(sat: tuple[Quiz, FlaskClient, str]) -> None:
    quiz, _, address = sat
    first, second = two_tabs(sat)

    first.submit(SAVE, m4="1")
    second.submit(SAVE, m5="1")

    assert quiz.attempt(attempt_at(quiz.app, address)).marked == "0100110000"


def test_tab_that_comes_after_the_hand_in_of_the_other_is_told_that_its_answers_were_not_taken(
    sat: tuple[Quiz, FlaskClient, str],
) -> None:
    quiz, _, address = sat
    first, second = two_tabs(sat)
    first.submit("Xem lại và nộp bài", q1="2").submit("Nộp bài", prediction="7")

    late, again = second.submit(SAVE, q2="4"), second.submit(SAVE)

    kept = quiz.attempt(attempt_at(quiz.app, address))
    assert (kept.state, kept.answers[:3], kept.prediction) == (AttemptState.HANDED_IN, "120", 7)
    assert "đến sau khi lượt thi kết thúc nên không được nhận" in late.text
    assert "Máy chủ giữ 2 câu đã trả lời" in late.text
    assert kept.receipt in late.text
    assert "không được nhận" not in again.text


def test_second_guess_handed_in_from_another_tab_is_told_that_it_was_not_taken(
    sat: tuple[Quiz, FlaskClient, str],
) -> None:
    quiz, client, address = sat
    first, second = (pages.get(client, f"{address}/xem-lai") for _ in range(2))

    first.submit("Nộp bài", prediction="7")
    late = second.submit("Nộp bài", prediction="8")
    same = second.submit("Nộp bài", prediction="7")

    assert quiz.attempt(attempt_at(quiz.app, address)).prediction == 7
    assert "Số dự đoán vừa gửi đến sau khi lượt thi kết thúc" in late.text
    assert "không được nhận" not in same.text


def test_guess_handed_in_after_the_time_is_told_that_it_was_not_taken(sat: tuple[Quiz, FlaskClient, str]) -> None:
    quiz, client, address = sat
    review = pages.get(client, f"{address}/xem-lai")

    with clock.shifted(timedelta(minutes=16)):
        late = review.submit("Nộp bài", prediction="8")

    kept = quiz.attempt(attempt_at(quiz.app, address))
    assert (kept.state, kept.prediction) == (AttemptState.EXPIRED, None)
    assert "Số dự đoán vừa gửi đến sau khi lượt thi kết thúc" in late.text


@pytest.mark.parametrize("page", ["/luu", "/nop"])
def test_guess_that_was_emptied_is_taken_back_and_one_left_as_shown_is_not(quiz: Quiz, page: str) -> None:
    client, attempt_id = quiz.client(), quiz.begin()
    heads, address = {"X-CSRFToken": csrf_token(client)}, of_attempt(quiz.app, attempt_id)

    def sent(to: str, *, typed: str, shown: str) -> int | None:
        client.post(address + to, data={"prediction": typed, "shown_prediction": shown}, headers=heads)
        found: int | None = quiz.attempt(attempt_id).prediction
        return found

    assert sent("/luu", typed="37", shown="") == 37
    assert sent("/luu", typed="", shown="") == 37
    assert sent(page, typed="", shown="37") is None
