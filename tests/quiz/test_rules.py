"""The quiz's pure rules: what is said of each parameter, what a deadline is."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contest.contests.rules import Counted, Eligible, Predicted, QuizParams, Reveal, TieBreak
from contest.quiz import labels
from contest.quiz.rules import deadline, prediction_question
from contest.quiz.sentences import sentences

NINE = datetime(2026, 3, 1, 2, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
OTHERS: dict[str, Any] = {
    "questions": 30,
    "choices": 4,
    "several_right": False,
    "minutes": 45,
    "attempts": 3,
    "counted": Counted.LAST,
    "all_answered": True,
    "points": 4,
    "prediction": Predicted.ATTEMPTS,
    "prediction_decimals": 2,
    "tie_breaks": (TieBreak.SCORE, TieBreak.STARTED),
    "eligible": Eligible.ALL_CORRECT_ONLY,
    "min_seconds": 90,
    "reveal_score": Reveal.AFTER_CLOSE,
    "reveal_key": Reveal.NEVER,
    "close_cuts_short": False,
    "shuffle": False,
    "hide_counters": False,
    "best_prize_only": True,
}


@pytest.mark.parametrize("name", [f.name for f in fields(QuizParams)])
def test_another_value_of_any_parameter_is_said_to_citizens(name: str) -> None:
    usual = QuizParams(attempts=2)
    other = replace(usual, **{name: OTHERS[name]})

    assert sentences(other) != sentences(usual)
    assert labels.value(name, other) != labels.value(name, usual)
    assert all(line[0].isupper() and line.endswith(".") for line in sentences(other))


@pytest.mark.parametrize("shuffle", [True, False])
def test_citizens_are_told_how_questions_are_drawn_and_when_one_counts(shuffle: bool) -> None:
    said = " ".join(sentences(QuizParams(shuffle=shuffle)))

    assert "rút ngẫu nhiên từ ngân hàng câu hỏi, theo số câu đã định cho từng chương, từng độ khó" in said
    assert "chọn đủ các phương án đúng và không chọn phương án nào khác" in said
    assert ("không xáo trộn; mỗi lượt thi vẫn rút câu hỏi riêng" in said) is not shuffle


@pytest.mark.parametrize("word", TieBreak)
def test_every_tie_break_has_words(word: TieBreak) -> None:
    assert labels.value("tie_breaks", QuizParams(tie_breaks=(word,)))


@pytest.mark.parametrize(("target", "asked"), [(p, p is not Predicted.NONE) for p in Predicted])
def test_prediction_is_asked_for_as_a_question(target: Predicted, asked: bool) -> None:
    words = prediction_question(QuizParams(prediction=target), "Đợt 2")

    assert words.endswith("?") is asked
    assert ("đợt 2" in words) is asked


@pytest.mark.parametrize("target", [p for p in Predicted if p is not Predicted.NONE])
def test_guess_says_which_attempts_it_is_about(target: Predicted) -> None:
    every, whole = (QuizParams(prediction=target, all_answered=wanted) for wanted in (False, True))

    assert prediction_question(whole, "Đợt 2").endswith(", chỉ tính lượt thi trả lời hết các câu?")
    assert "; chỉ tính lượt thi trả lời hết các câu; đáp số" in " ".join(sentences(whole))
    assert "chỉ tính lượt" not in prediction_question(every, "Đợt 2") + " ".join(sentences(every))


def test_order_of_a_round_without_prediction_leaves_it_out() -> None:
    assert "dự đoán sát hơn" not in " ".join(sentences(QuizParams(prediction=Predicted.NONE)))


def test_differences_name_only_what_changed() -> None:
    found = labels.differences({"minutes": 15, "tie_breaks": ["score"]}, {"minutes": 20, "tie_breaks": ["lot"]})

    assert found == [
        ("Thời gian làm bài", "15 phút", "20 phút"),
        ("Thứ tự xét hạng", "điểm cao hơn", "bốc thăm"),
    ]


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        ({}, NINE + timedelta(minutes=15)),
        ({"started_at": TEN - timedelta(minutes=5)}, TEN),
        ({"started_at": TEN - timedelta(minutes=5), "close_cuts_short": False}, TEN + timedelta(minutes=10)),
        ({"started_at": TEN - timedelta(minutes=5), "extra_seconds": 120}, TEN + timedelta(minutes=2)),
        ({"extra_percent": 50}, NINE + timedelta(minutes=22, seconds=30)),
        ({"paused_ms": 90_000}, NINE + timedelta(minutes=16, seconds=30)),
        ({"minutes": 0}, TEN),
        ({"minutes": 0, "extra_seconds": 60, "extra_percent": 50}, TEN + timedelta(minutes=1)),
    ],
)
def test_deadline_is_what_the_rules_say(changed: dict[str, Any], due: datetime) -> None:
    usual: dict[str, Any] = {
        "started_at": NINE,
        "minutes": 15,
        "extra_seconds": 0,
        "closes_at": TEN,
        "close_cuts_short": True,
    }

    assert deadline(**usual | changed) == due
