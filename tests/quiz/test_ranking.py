"""The rank orders of real contests, configured and not coded, with ties at every level; lots, shared places, and what is told of each place."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from contest.contests import queries as contests
from contest.core import audit, clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, ranks, service
from contest.quiz.ledger import RoundLedger
from contest.units.rules import UnitKind
from tests.factories import make_unit
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import attempt, close, whole_ranking

pytestmark = pytest.mark.both_databases
Make = Callable[..., Quiz]

VCNET = {
    "attempts": 0,
    "prediction": "all_correct",
    "eligible": "all_correct_only",
    "tie_breaks": ["score", "prediction", "submitted"],
}
QUANG_NAM = {
    "attempts": 0,
    "prediction": "participants",
    "tie_breaks": ["score", "prediction", "duration", "started", "perfect"],
}
MYALOHA = {"attempts": 1, "prediction": "none", "tie_breaks": ["score", "duration", "started"]}
LANG_SON = {"attempts": 0, "prediction": "attempts", "tie_breaks": ["score", "prediction", "duration", "submitted"]}
PERCENT = {
    "attempts": 1,
    "prediction": "all_correct_percent",
    "prediction_decimals": 5,
    "tie_breaks": ["score", "prediction", "submitted"],
}
PHONG_NHA = {"attempts": 1, "prediction": "all_correct", "tie_breaks": ["prediction", "submitted"]}


def order(quiz: Quiz) -> list[str]:
    close(quiz)
    with quiz.app.app_context():
        return [row.full_name for row in whole_ranking(quiz.round_id)]


def ranking(quiz: Quiz) -> Sequence[queries.RankedAttempt]:
    with quiz.app.app_context():
        return whole_ranking(quiz.round_id)


def kept(quiz: Quiz, **wanted: Any) -> queries.BoardPage:
    with quiz.app.app_context():
        return queries.board_page(contests.round_by_id(quiz.round_id), clock.now(), **wanted)


def deciding(quiz: Quiz, name: str) -> str | None:
    """The criterion that decided the place of that person."""
    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id)
        mine = next(row for row in whole_ranking(quiz.round_id) if row.full_name == name)
        shown = queries.at_position(round_, mine.position)
        assert shown == mine
        return next((step.criterion for step in queries.trace_of(round_, shown) if step.decides), None)


def test_vcnet_all_correct_then_closest_guess_then_earliest_hand_in(make_quiz: Make) -> None:
    quiz = make_quiz(**VCNET)
    attempt(quiz, "Sai một câu", correct=QUESTIONS - 1, guess=4, seconds=10)
    attempt(quiz, "Đoán xa", guess=9, seconds=10)
    attempt(quiz, "Đoán trúng, nộp muộn", guess=4, began=100)
    attempt(quiz, "Đoán trúng, nộp sớm", guess=4, began=50)
    attempt(quiz, "Không đoán", guess=None, seconds=5)

    assert order(quiz) == ["Đoán trúng, nộp sớm", "Đoán trúng, nộp muộn", "Đoán xa", "Không đoán", "Sai một câu"]
    assert [row.eligible for row in ranking(quiz)] == [True] * 4 + [False]
    assert deciding(quiz, "Đoán trúng, nộp sớm") == "submitted"
    assert deciding(quiz, "Đoán xa") == "prediction"
    assert deciding(quiz, "Sai một câu") == "eligible"


def test_quang_nam_score_guess_time_earlier_login_then_more_perfect_attempts(make_quiz: Make) -> None:
    quiz = make_quiz(**QUANG_NAM)
    same = {"guess": 6, "seconds": 200, "began": 60}
    attempt(quiz, "Điểm thấp", correct=8, guess=6, seconds=1)
    attempt(quiz, "Đoán lệch", guess=5, seconds=1)
    attempt(quiz, "Làm chậm", guess=6, seconds=201)
    attempt(quiz, "Vào muộn", guess=6, seconds=200, began=61)
    attempt(quiz, "Một lượt đúng hết", **same)
    attempt(quiz, "Hai lượt đúng hết", **same)
    attempt(quiz, "Hai lượt đúng hết", guess=0, seconds=900)

    assert order(quiz) == [
        "Hai lượt đúng hết",
        "Một lượt đúng hết",
        "Vào muộn",
        "Làm chậm",
        "Đoán lệch",
        "Điểm thấp",
    ]
    assert [deciding(quiz, row.full_name) for row in ranking(quiz)] == [
        "perfect",
        "perfect",
        "started",
        "duration",
        "prediction",
        "score",
    ]


def test_myaloha_correct_answers_and_time_then_the_moment_of_taking_part(make_quiz: Make) -> None:
    quiz = make_quiz(**MYALOHA)
    attempt(quiz, "Chín câu", correct=9, seconds=1)
    attempt(quiz, "Vào sau", seconds=100, began=30)
    attempt(quiz, "Vào trước", seconds=100, began=20)
    attempt(quiz, "Nhanh nhất", seconds=99.5, began=500)
    attempt(quiz, "Vào trước, cùng lúc", seconds=100, began=20)

    assert order(quiz)[:1] + order(quiz)[3:] == ["Nhanh nhất", "Vào sau", "Chín câu"]
    assert [row.place for row in ranking(quiz)] == [1, 2, 2, 4, 5]
    assert [row.equal for row in kept(quiz).rows] == [0, 1, 1, 0, 0]
    assert deciding(quiz, "Vào trước") is None


def test_lang_son_guesses_attempts_and_the_best_attempt_counts(make_quiz: Make) -> None:
    quiz = make_quiz(**LANG_SON)
    attempt(quiz, "Thi hai lượt", correct=3, guess=5)
    attempt(quiz, "Thi hai lượt", guess=5, seconds=50)
    attempt(quiz, "Đoán lệch", guess=4, seconds=10)
    attempt(quiz, "Nộp sau", guess=5, seconds=50, began=9)
    attempt(quiz, "Làm lâu", guess=5, seconds=51)

    assert order(quiz) == ["Thi hai lượt", "Nộp sau", "Làm lâu", "Đoán lệch"]
    assert kept(quiz).actual == 5


def test_percentage_is_guessed_with_five_decimals(make_quiz: Make) -> None:
    quiz = make_quiz(**PERCENT)
    attempt(quiz, "Sai", correct=1, guess=6666667)
    attempt(quiz, "Sát nhất", guess=6666666, began=100)
    attempt(quiz, "Lệch hơn", guess=6666660)

    assert order(quiz) == ["Sát nhất", "Lệch hơn", "Sai"]
    assert kept(quiz).actual == 6666667
    assert [row.prediction_error for row in ranking(quiz)] == [1, 7, 0]


def test_phong_nha_closest_then_sooner_sent(make_quiz: Make) -> None:
    quiz = make_quiz(**PHONG_NHA)
    attempt(quiz, "Gửi sau", guess=2, began=10)
    attempt(quiz, "Gửi trước", guess=2, correct=1)
    attempt(quiz, "Đoán xa", guess=5)

    assert order(quiz) == ["Gửi trước", "Gửi sau", "Đoán xa"]


@pytest.mark.parametrize(
    ("counted", "expected"),
    [("best", ["Một", "Hai"]), ("first", ["Hai", "Một"]), ("last", ["Hai", "Một"])],
)
def test_best_first_or_last_attempt_counts(make_quiz: Make, counted: str, expected: list[str]) -> None:
    quiz = make_quiz(attempts=0, counted=counted, prediction="none", tie_breaks=["score", "submitted"])
    for correct in (5, 9, 6):
        attempt(quiz, "Một", correct=correct)
    attempt(quiz, "Hai", correct=7, began=60)

    assert order(quiz) == expected


def test_attempt_with_a_blank_does_not_count_where_all_must_be_answered(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=0, all_answered=True, prediction="participants", tie_breaks=["score", "prediction"])
    attempt(quiz, "Có câu trống", correct=9, blanks=1)
    attempt(quiz, "Trả lời hết", correct=3)
    attempt(quiz, "Lượt hai trả lời hết", correct=9, blanks=1)
    attempt(quiz, "Lượt hai trả lời hết", correct=2)

    assert order(quiz) == ["Trả lời hết", "Lượt hai trả lời hết"]
    assert kept(quiz).actual == 2


def test_lot_parts_equals_by_a_recorded_seed_that_anybody_can_check(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=["score", "lot"])
    for name in ("Một", "Hai", "Ba", "Bốn", "Năm"):
        attempt(quiz, name)
    close(quiz)

    found = ranking(quiz)
    with quiz.app.app_context():
        seed = db.session.get_one(RoundLedger, quiz.round_id).lot_seed
        drawn = [row.detail for row in db.session.scalars(db.select(audit.AuditRow)) if row.action == "quiz.lot"]
    assert seed
    assert drawn == [{"seed": seed}]
    assert [row.lot for row in found] == sorted(ranks.lot(seed, row.entrant_id) for row in found)
    assert [row.place for row in found] == [1, 2, 3, 4, 5]


def test_lot_is_drawn_once_however_often_places_are_counted(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=["score", "lot"])
    for name in ("Một", "Hai", "Ba"):
        attempt(quiz, name)
    before = order(quiz)
    with quiz.app.app_context():
        for _ in range(3):
            with unit_of_work():
                service.rank_round(quiz.round_id)

    assert order(quiz) == before


def test_entrants_from_outside_the_province_have_places_of_their_own(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=["score"])
    with quiz.app.app_context(), unit_of_work():
        away = make_unit(name="Ngoài tỉnh", kind=UnitKind.OUTSIDE).id
        near = make_unit(name="Huyện Thử", kind=UnitKind.DISTRICT).id
    attempt(quiz, "Trong tỉnh", correct=10, unit_id=near)
    attempt(quiz, "Ngoài tỉnh nhì", correct=5, unit_id=away)
    attempt(quiz, "Ngoài tỉnh nhất", correct=9, unit_id=away)
    close(quiz)

    assert [(row.full_name, row.place, row.bloc_place) for row in kept(quiz, bloc=1).rows] == [
        ("Ngoài tỉnh nhất", 2, 1),
        ("Ngoài tỉnh nhì", 3, 2),
    ]
    ledger = kept(quiz).ledger
    assert ledger is not None
    assert [(line["id"], line["people"], line["perfect"]) for line in ledger.tables["units"]] == [
        ("Ngoài tỉnh", 2, 0),
        ("Huyện Thử", 1, 1),
    ]


def test_places_over_rounds_tell_who_stands_where_in_each(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=["score"])
    attempt(quiz, "Một", correct=9)
    attempt(quiz, "Hai", correct=8)
    close(quiz)

    with quiz.app.app_context():
        ids = {row.full_name: row.entrant_id for row in whole_ranking(quiz.round_id)}
        assert queries.places_over_rounds() == {ids["Một"]: {quiz.round_id: 1}, ids["Hai"]: {quiz.round_id: 2}}
        assert queries.places_over_rounds([ids["Hai"]]) == {ids["Hai"]: {quiz.round_id: 2}}


def test_kept_places_equal_the_ranking_and_follow_an_annulment(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="participants", tie_breaks=["score", "prediction", "submitted"])
    first = attempt(quiz, "Một", correct=9, guess=3)
    attempt(quiz, "Hai", correct=9, guess=2)
    attempt(quiz, "Ba", correct=9, guess=1)
    close(quiz)
    assert [row.full_name for row in kept(quiz).rows] == ["Một", "Hai", "Ba"]

    with quiz.app.app_context():
        with unit_of_work():
            service.annul(attempt_id=first, actor_id=quiz.organizer_id, reason="Thi hộ")
        jobs.rank()

    assert [(row.full_name, row.place) for row in kept(quiz).rows] == [("Hai", 1), ("Ba", 2)]
    assert kept(quiz).actual == 2


def test_who_did_not_guess_is_said_not_to_have_guessed(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", tie_breaks=["score", "prediction", "duration"])
    attempt(quiz, "Có đoán", guess=5)
    attempt(quiz, "Không đoán")
    close(quiz)

    board = quiz.client().get("/thi-trac-nghiem/bang-xep-hang").text
    listed = quiz.client(quiz.organizer_id).get(f"/ban-dieu-hanh/cong-bo/dot/{quiz.round_id}").text
    desk = re.sub(r"<[^>]+>", "", listed)

    assert 'data-word="lệch">3</td>' in board
    assert 'data-label="Chênh lệch dự đoán">không đoán</td>' in board
    assert "Chênh lệch dự đoán 3, " in desk
    assert "Điểm 50, Không dự đoán, " in desk
