"""One person, one best prize over the rounds of a track: who is passed over, who takes it, what the pages say, how it is undone."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.contests import service as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.results import queries
from tests import pages
from tests.core.threads import race
from tests.quiz.places import attempt, close
from tests.results.conftest import Rounds


@pytest.fixture
def sat(rounds: Rounds) -> Rounds:
    """An wins the first round, Bình and Cúc follow in both; An is first again in the second."""
    for quiz in (rounds.first, rounds.second):
        for name, correct in (("An", 10), ("Bình", 9), ("Cúc", 8), ("Dung", 7)):
            attempt(quiz, name, correct=correct)
        close(quiz)
    return rounds


def test_winner_of_the_first_round_is_passed_over_in_the_second(sat: Rounds) -> None:
    first = sat.publish(sat.first)
    page = sat.desk(sat.second)
    assert "An, hạng 1, nhường Giải Nhất cho người kế tiếp. Đã nhận giải ngang bằng ở đợt 1" in page.text

    second = sat.publish(sat.second)

    assert sat.listed(first) == [("An", "Giải Nhất"), ("Bình", "Giải Nhì")]
    assert sat.listed(second) == [("Bình", "Giải Nhất"), ("Cúc", "Giải Nhì")]
    with sat.app.app_context():
        row = db.session.scalars(
            select(AuditRow).where(AuditRow.action == "publication.publish").order_by(AuditRow.id.desc())
        ).first()
        assert row is not None
        assert [ground for _, ground in row.detail["passed"]] == [
            "Đã nhận giải ngang bằng ở đợt 1: Giải Nhất, Công bố số 01."
        ]


def test_public_list_its_grounds_and_its_file_say_who_was_passed_over(sat: Rounds, client: FlaskClient) -> None:
    sat.publish(sat.first)
    sat.publish(sat.second)

    assert "Hạng 1, An, không xét Giải Nhất. Đã nhận giải ngang bằng ở đợt 1" in pages.get(client, "/ket-qua/2").text
    assert "Người không nhận thêm giải" not in pages.get(client, "/ket-qua/1").text
    assert "(An: 50)" in pages.get(client, "/ket-qua/2/hang-1").text
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/ket-qua/2.xlsx").data)).active
    assert sheet is not None
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(line.startswith("Hạng 1, An, không xét Giải Nhất.") for line in words)


def test_lesser_prize_is_given_up_and_its_round_published_anew(sat: Rounds) -> None:
    first = sat.publish(sat.first)
    page = sat.desk(sat.second)
    assert "Bình đạt Giải Nhất, cao hơn Giải Nhì đã nhận ở đợt 1" in page.text
    sat.publish(sat.second)
    assert "Bình: Giải Nhất ở đợt 2, Công bố số 02." in sat.desk(sat.first).text

    sat.revoke(first)
    again = sat.publish(sat.first)

    assert sat.listed(again) == [("An", "Giải Nhất"), ("Dung", "Giải Nhì")]


def test_revoking_the_other_round_undoes_the_passing_over(sat: Rounds) -> None:
    first = sat.publish(sat.first)
    second = sat.publish(sat.second)
    sat.revoke(second)
    sat.revoke(first)

    assert sat.listed(sat.publish(sat.second)) == [("An", "Giải Nhất"), ("Bình", "Giải Nhì")]


def test_desk_shows_what_is_published_and_whom_todays_list_treats_differently(sat: Rounds) -> None:
    first = sat.publish(sat.first)
    sat.publish(sat.second)
    before = sat.desk(sat.second).text
    assert "Danh sách tính lúc này khác" not in before
    assert "An, hạng 1, nhường Giải Nhất cho người kế tiếp." in before

    sat.revoke(first)
    page = sat.desk(sat.second).text

    assert "Danh sách tính lúc này khác Công bố số 02" in page
    assert "Khác ở 3 chỗ: 1 vào danh sách, 1 ra khỏi danh sách, 1 đổi mức giải." in page
    told = page.partition("Giải khác với Công bố số 02")[2].partition("Xếp hạng")[0]
    for line in (r"Bình\s*Giải Nhất\s*Giải Nhì", r"Cúc\s*Giải Nhì\s*không có giải", r"An\s*không có giải\s*Giải Nhất"):
        assert re.search(line, told)
    assert "Dung" not in told
    assert page.index("Cột Giải theo Công bố số 02") > page.index("Danh sách tính lúc này khác")
    assert "An, hạng 1, nhường Giải Nhất cho người kế tiếp." in page


def test_rule_that_is_off_or_turned_off_lets_a_person_win_twice(sat: Rounds) -> None:
    sat.publish(sat.first)
    with sat.app.app_context(), unit_of_work():
        params = db.session.get_one(Round, sat.second.round_id).rules
        assert isinstance(params, QuizParams)
        contests.change_rules(
            round_id=sat.second.round_id,
            params=replace(params, best_prize_only=False),
            actor_id=sat.first.organizer_id,
            reason="Ban chỉ đạo quyết định",
            begun=True,
        )

    assert "nhường" not in sat.desk(sat.second).text
    assert sat.listed(sat.publish(sat.second)) == [("An", "Giải Nhất"), ("Bình", "Giải Nhì")]


def test_equals_at_the_last_place_need_nobody_to_decide_when_one_has_a_better_prize(rounds: Rounds) -> None:
    for quiz, people in (
        (rounds.first, (("An", 10), ("Dung", 9))),
        (rounds.second, (("Bình", 10), ("An", 9), ("Cúc", 9))),
    ):
        for name, correct in people:
            attempt(quiz, name, correct=correct)
        close(quiz)
    assert "bằng nhau ở mọi tiêu chí" in rounds.desk(rounds.second).text
    rounds.publish(rounds.first)

    assert rounds.listed(rounds.publish(rounds.second)) == [("Bình", "Giải Nhất"), ("Cúc", "Giải Nhì")]


def test_desk_says_who_stands_in_a_round_that_is_not_published_yet(sat: Rounds) -> None:
    page = sat.desk(sat.second)

    assert "An đang ở hạng 1 của đợt 1, đợt đã đóng mà chưa công bố." in page.text
    assert "Cúc đang ở hạng" not in page.text


def test_place_in_a_round_that_was_extended_is_not_told(sat: Rounds) -> None:
    with sat.app.app_context(), unit_of_work():
        db.session.get_one(Round, sat.first.round_id).closes_at = clock.now() + timedelta(hours=1)

    assert "đang ở hạng" not in sat.desk(sat.second).text


@pytest.mark.both_databases
def test_two_rounds_published_at_once_give_nobody_two_prizes(app: Flask, sat: Rounds) -> None:
    quizzes = [sat.first, sat.second]

    race(app, lambda number: sat.publish(quizzes[number]), threads=2)
    with app.app_context():
        for quiz in quizzes:
            if queries.standing_publication(quiz.round_id) is None:
                sat.publish(quiz)
        names = [row["name"] for found in queries.publications() for row in found.body["rows"]]

    assert names.count("An") == 1
