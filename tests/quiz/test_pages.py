"""The quiz in a browser without script: start, save, review, hand in, result; and every page as the wrong person or at the wrong time."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.rules import Role
from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs
from contest.quiz.rules import AttemptState
from tests import statements
from tests.addresses import attempt_at, of_attempt
from tests.factories import make_account
from tests.quiz.conftest import QUESTIONS, Quiz

HOME = "/thi-trac-nghiem"


def token_in(html: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found
    return found[1]


def start(quiz: Quiz, client: FlaskClient) -> int:
    """Press start on the track's page; the attempt's id."""
    page = client.get(HOME).text
    reply = client.post(f"{HOME}/dot/{quiz.round_id}/bat-dau", data={"csrf_token": token_in(page)})
    assert reply.status_code == 200
    assert " data-quiz " in reply.text
    return attempt_at(quiz.app, reply.headers["Content-Location"])


@pytest.mark.both_databases
def test_journey_without_script_ends_with_receipt_points_and_place(quiz: Quiz) -> None:
    client = quiz.client()
    attempt_id = start(quiz, client)
    paper = client.get(of_attempt(quiz.app, attempt_id)).text
    key = quiz.key(attempt_id)
    form = {f"q{n}": key[n] for n in range(QUESTIONS - 2)}
    form |= {"csrf_token": token_in(paper), "questions": str(QUESTIONS), "m3": "1", "then": "review"}

    saved = client.post(of_attempt(quiz.app, attempt_id, "/luu"), data=form)
    review = client.get(saved.location).text
    handed = client.post(
        of_attempt(quiz.app, attempt_id, "/nop"), data={"csrf_token": token_in(review), "prediction": "1.250"}
    )
    waiting = client.get(handed.location).text
    with quiz.app.app_context():
        jobs.grade()
    result = client.get(handed.location).text
    board = client.get(f"{HOME}/bang-xep-hang").text

    kept = quiz.attempt(attempt_id)
    assert paper.count('type="radio"') == 4 * QUESTIONS
    assert f"{QUESTIONS - 2} trên {QUESTIONS} câu" in review
    assert "Còn 2 câu chưa trả lời" in review
    assert (kept.state, kept.prediction, kept.marked[3]) == (AttemptState.HANDED_IN, 1250, "1")
    assert kept.receipt in waiting
    assert "Máy đang chấm" in waiting
    assert f"Bạn đúng {QUESTIONS - 2} trên {QUESTIONS} câu" in result
    assert "Nguyễn Thử Hạnh" in board
    assert "Hạng của bạn" in board


def test_save_button_keeps_the_form_and_says_so(quiz: Quiz) -> None:
    client = quiz.client()
    attempt_id = start(quiz, client)
    address = of_attempt(quiz.app, attempt_id)
    form = {"csrf_token": token_in(client.get(address).text), "questions": "10", "q0": "4", "then": "save"}

    reply = client.post(address + "/luu", data=form, follow_redirects=True)

    assert "Đã lưu" in reply.text
    assert 'value="4" checked' in reply.text


def test_second_start_finds_the_first_attempt(quiz: Quiz) -> None:
    client = quiz.client()

    assert start(quiz, client) == quiz.begin() == quiz.begin()
    assert "Làm tiếp" in client.get(HOME).text


def test_second_hand_in_shows_the_same_receipt(quiz: Quiz) -> None:
    client = quiz.client()
    attempt_id = start(quiz, client)
    token = token_in(client.get(of_attempt(quiz.app, attempt_id, "/xem-lai")).text)

    pages = [
        client.post(of_attempt(quiz.app, attempt_id, "/nop"), data={"csrf_token": token}, follow_redirects=True)
        for _ in range(2)
    ]

    assert quiz.attempt(attempt_id).receipt in pages[0].text
    assert quiz.attempt(attempt_id).receipt in pages[1].text


def test_wrong_prediction_keeps_what_was_typed_and_says_why(quiz: Quiz) -> None:
    client = quiz.client()
    attempt_id = start(quiz, client)
    token = token_in(client.get(of_attempt(quiz.app, attempt_id, "/xem-lai")).text)

    reply = client.post(of_attempt(quiz.app, attempt_id, "/nop"), data={"csrf_token": token, "prediction": "mười <b>"})

    assert reply.status_code == 422
    assert "mười &lt;b&gt;" in reply.text
    assert "Số dự đoán phải là số nguyên" in reply.text
    assert quiz.attempt(attempt_id).state is AttemptState.OPEN


def test_all_attempts_used_is_said_with_words(quiz: Quiz) -> None:
    client = quiz.client()
    page = client.get(HOME).text
    for _ in range(2):
        quiz.hand_in(quiz.begin())

    reply = client.post(f"{HOME}/dot/{quiz.round_id}/bat-dau", data={"csrf_token": token_in(page)})

    assert reply.status_code == 409
    assert "Bạn đã dùng hết 2 lượt thi" in reply.text
    assert "Bạn đã làm hết 2 lượt" in client.get(HOME).text


@pytest.mark.parametrize(
    ("state", "words"),
    [(RoundState.SOON, "chưa mở"), (RoundState.PAUSED, "đang tạm dừng"), (RoundState.CLOSED, "đã đóng")],
)
def test_round_that_takes_no_attempts_says_so(make_quiz: Callable[..., Quiz], state: RoundState, words: str) -> None:
    quiz = make_quiz(state)
    quiz.app.config["WTF_CSRF_ENABLED"] = False
    client = quiz.client()

    reply = client.post(f"{HOME}/dot/{quiz.round_id}/bat-dau")

    assert reply.status_code == 409
    assert words in reply.text
    assert client.get(HOME).status_code == 200


def test_paused_round_lets_a_running_attempt_save_and_hand_in(quiz: Quiz) -> None:
    quiz.app.config["WTF_CSRF_ENABLED"] = False
    client, attempt_id = quiz.client(), quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Round, quiz.round_id).paused_at = clock.now()

    assert (
        client.post(of_attempt(quiz.app, attempt_id, "/luu"), json={"sequence": 1, "changes": {"0": "1"}}).status_code
        == 200
    )
    assert client.post(of_attempt(quiz.app, attempt_id, "/nop"), json={}).json["fresh"] is True


def test_attempt_out_of_time_is_handed_in_when_its_page_is_opened(quiz: Quiz) -> None:
    client, attempt_id = quiz.client(), quiz.begin()

    with clock.shifted(timedelta(minutes=16)):
        reply = client.get(of_attempt(quiz.app, attempt_id), follow_redirects=True)

    assert "Hết giờ, tự nộp" in reply.text
    assert quiz.attempt(attempt_id).state is AttemptState.EXPIRED


@pytest.mark.parametrize("page", ["", "/xem-lai", "/ket-qua"])
def test_pages_of_an_attempt_are_for_its_entrant_only(quiz: Quiz, page: str) -> None:
    attempt_id = quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        judge = make_account(role=Role.JUDGE).id
    address = of_attempt(quiz.app, attempt_id, page)

    assert quiz.app.test_client().get(address).status_code == 302
    assert quiz.client(quiz.entrants(1)[0]).get(address).status_code == 404
    assert quiz.client(judge).get(address).status_code == 403
    assert quiz.client().get(f"{HOME}/luot/{10**30}{page}").status_code == 404


@pytest.mark.parametrize("act", ["luu", "nop"])
def test_stale_token_keeps_the_form(quiz: Quiz, act: str) -> None:
    client, attempt_id = quiz.client(), quiz.begin()

    reply = client.post(
        of_attempt(quiz.app, attempt_id, f"/{act}"), data={"csrf_token": "cũ", "q0": "4", "prediction": "77"}
    )

    assert reply.status_code == 400
    assert 'name="q0" value="4"' in reply.text
    assert quiz.attempt(attempt_id).state is AttemptState.OPEN


def test_save_without_token_is_refused(quiz: Quiz) -> None:
    client, attempt_id = quiz.client(), quiz.begin()

    reply = client.post(of_attempt(quiz.app, attempt_id, "/luu"), json={"sequence": 1, "changes": {"0": "1"}})

    assert reply.status_code == 400
    assert quiz.attempt(attempt_id).sequence == 0


def test_key_is_shown_only_after_the_round_is_over(quiz: Quiz) -> None:
    client, attempt_id = quiz.client(), quiz.begin()
    quiz.hand_in(attempt_id)
    with quiz.app.app_context():
        jobs.grade()
    before = client.get(of_attempt(quiz.app, attempt_id, "/ket-qua")).text
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Round, quiz.round_id).closes_at = clock.now()

    after = client.get(of_attempt(quiz.app, attempt_id, "/ket-qua")).text

    assert "đáp án đúng" not in before
    assert after.count("đáp án đúng") == QUESTIONS


def test_pages_hold_without_a_round_bank_or_attempts(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(RoundState.SOON)

    assert "Chưa có bảng xếp hạng" in quiz.client().get(f"{HOME}/bang-xep-hang").text
    assert quiz.client().get(f"{HOME}/bang-xep-hang?dot=99").status_code == 404
    assert quiz.app.test_client().get(HOME).status_code == 200


@pytest.mark.parametrize("page", ["x", "0", "-5", "99999999999999999999", "١"])
def test_strange_page_numbers_of_the_board_are_a_page(quiz: Quiz, page: str) -> None:
    assert quiz.client().get(f"{HOME}/bang-xep-hang", query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("closed", [False, True])
def test_queries_of_the_board_do_not_grow_with_its_rows(quiz: Quiz, closed: bool) -> None:
    counts = []
    for more in (1, 3):
        for entrant_id in quiz.entrants(more):
            quiz.hand_in(quiz.begin(entrant_id))
        with quiz.app.app_context():
            jobs.sweep()
            jobs.rebuild_boards()
        moment = timedelta(days=30) if closed else timedelta(0)
        with clock.shifted(moment):
            with quiz.app.app_context():
                jobs.sweep()
                jobs.rank()
            counts.append(cost(quiz.app, lambda: quiz.app.test_client().get(f"{HOME}/bang-xep-hang")))

    assert counts[0] == counts[1]


def cost(app: Flask, act: Callable[[], Any]) -> int:
    """How many statements an act sends."""
    act()
    with statements.sent(app) as seen:
        act()
    return len(seen)


def test_reload_of_a_press_whose_attempt_has_ended_leads_to_it_and_spends_no_other(quiz: Quiz) -> None:
    client = quiz.client()
    form = {"csrf_token": token_in(client.get(HOME).text), "number": "1"}
    first = client.post(f"{HOME}/dot/{quiz.round_id}/bat-dau", data=form)
    attempt_id = attempt_at(quiz.app, first.headers["Content-Location"])
    quiz.hand_in(attempt_id)

    again = client.post(f"{HOME}/dot/{quiz.round_id}/bat-dau", data=form)

    assert (again.status_code, again.location) == (303, of_attempt(quiz.app, attempt_id))
    assert quiz.numbers() == [1]


def test_address_of_the_button_leads_back_to_the_track(quiz: Quiz) -> None:
    assert quiz.client().get(f"{HOME}/dot/{quiz.round_id}/bat-dau").location == HOME


def test_paper_in_the_reply_to_start_is_the_paper_of_the_attempt(quiz: Quiz) -> None:
    client = quiz.client()
    form = {"csrf_token": token_in(client.get(HOME).text), "number": "1"}

    shown = client.post(f"{HOME}/dot/{quiz.round_id}/bat-dau", data=form)
    later = client.get(shown.headers["Content-Location"])

    papers = [re.findall(r"<legend>.*?</fieldset>", reply.text, re.DOTALL) for reply in (shown, later)]
    assert len(papers[0]) == QUESTIONS
    assert papers[0] == papers[1]


def test_list_of_ones_own_leads_on_to_the_attempt_that_is_open(quiz: Quiz) -> None:
    attempt_id = quiz.begin()

    page = quiz.client().get("/bai-cua-toi").text

    assert f'href="{of_attempt(quiz.app, attempt_id)}"' in page
    assert "Làm tiếp" in page
