"""What a quiz round's parameters may be together, and that they survive their JSON."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.contests import checks
from contest.contests.rules import Counted, Eligible, Predicted, QuizParams, Reveal, TieBreak

VCNET = QuizParams(
    questions=10,
    minutes=0,
    attempts=0,
    prediction=Predicted.ALL_CORRECT,
    tie_breaks=(TieBreak.PREDICTION, TieBreak.SUBMITTED),
    eligible=Eligible.ALL_CORRECT_ONLY,
)
QUANG_NAM = QuizParams(
    attempts=3,
    prediction=Predicted.PARTICIPANTS,
    tie_breaks=(TieBreak.SCORE, TieBreak.PREDICTION, TieBreak.DURATION, TieBreak.STARTED, TieBreak.PERFECT),
)
MYALOHA = QuizParams(
    minutes=10,
    prediction=Predicted.NONE,
    tie_breaks=(TieBreak.SCORE, TieBreak.DURATION, TieBreak.STARTED),
)
LANG_SON = QuizParams(
    attempts=0,
    prediction=Predicted.ATTEMPTS,
    tie_breaks=(TieBreak.SCORE, TieBreak.PREDICTION, TieBreak.SUBMITTED),
)
PERCENT = QuizParams(prediction=Predicted.ALL_CORRECT_PERCENT, prediction_decimals=5)


@pytest.mark.parametrize("params", [QuizParams(), VCNET, QUANG_NAM, MYALOHA, LANG_SON, PERCENT])
def test_rules_of_real_contests_are_possible(params: QuizParams) -> None:
    assert checks.problems(params) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"questions": 0}, "Số câu một đề"),
        ({"questions": 65}, "Số câu một đề"),
        ({"minutes": -1}, "Số phút làm bài"),
        ({"points": True}, "Điểm mỗi câu"),
        ({"points": "5"}, "Điểm mỗi câu"),
        ({"attempts": 1.5}, "Số lượt mỗi người"),
        ({"prediction_decimals": 6}, "Số chữ số thập phân"),
        ({"minutes": 0, "close_cuts_short": False}, "không bao giờ kết thúc"),
        ({"minutes": 10, "min_seconds": 600}, "Thời gian ngắn nhất đáng tin"),
        ({"tie_breaks": (TieBreak.SCORE, TieBreak.DURATION)}, "dự đoán không nằm trong thứ tự"),
        ({"prediction": Predicted.NONE}, "không có câu hỏi dự đoán"),
        ({"prediction_decimals": 2}, "Chữ số thập phân chỉ dùng khi đoán tỷ lệ"),
        ({"hide_counters": False}, "mách đáp số"),
        ({"tie_breaks": (), "prediction": Predicted.NONE}, "ít nhất một tiêu chí"),
        ({"tie_breaks": (TieBreak.SCORE, TieBreak.PREDICTION, TieBreak.SCORE)}, "chỉ đứng một lần"),
        ({"tie_breaks": (TieBreak.PREDICTION, TieBreak.SCORE)}, "điểm phải đứng đầu"),
        ({"tie_breaks": (TieBreak.SCORE, TieBreak.LOT, TieBreak.PREDICTION)}, "Bốc thăm phải đứng cuối"),
        ({"tie_breaks": (TieBreak.SCORE, TieBreak.PREDICTION, TieBreak.PERFECT)}, "số lượt đúng tất cả"),
        ({"reveal_score": Reveal.NEVER}, "quyền biết điểm"),
        ({"reveal_key": Reveal.NOW}, "Đáp án chỉ hiện sau khi đợt đóng"),
    ],
)
def test_impossible_rules_are_explained(changed: dict[str, Any], words: str) -> None:
    assert any(words in sentence for sentence in checks.problems(replace(QuizParams(), **changed)))


def test_paper_longer_than_its_round_is_explained() -> None:
    assert checks.problems(QuizParams(minutes=15), round_seconds=900) == []
    assert "dài hơn cả đợt thi" in checks.problems(QuizParams(minutes=15), round_seconds=899)[0]


@given(
    st.builds(
        QuizParams,
        questions=st.integers(-1, 70),
        minutes=st.integers(-1, 700),
        attempts=st.integers(0, 5),
        counted=st.sampled_from(Counted),
        all_answered=st.booleans(),
        prediction=st.sampled_from(Predicted),
        prediction_decimals=st.integers(0, 6),
        tie_breaks=st.lists(st.sampled_from(TieBreak), max_size=8).map(tuple),
        eligible=st.sampled_from(Eligible),
        min_seconds=st.integers(0, 2000),
        reveal_score=st.sampled_from(Reveal),
        reveal_key=st.sampled_from(Reveal),
        close_cuts_short=st.booleans(),
        hide_counters=st.booleans(),
    )
)
def test_any_parameters_survive_their_json_and_are_judged_in_sentences(params: QuizParams) -> None:
    assert QuizParams.read(params.as_json()) == params
    assert all(sentence.endswith(".") for sentence in checks.problems(params))


@pytest.mark.parametrize(
    "values", [{"minuets": 3}, {"counted": "median"}, {"tie_breaks": ["luck"]}, {"prediction": "weather"}]
)
def test_names_and_words_that_do_not_exist_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        QuizParams.read(values)
