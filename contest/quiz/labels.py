"""A quiz round's parameters as a word and its value: the desk's round page, forms of change, and the public notice of a change read them."""

from collections.abc import Callable, Mapping
from typing import Any

from contest.contests.rules import Counted, Eligible, Predicted, QuizParams, Reveal
from contest.core.display import vn_duration
from contest.quiz.sentences import DECIDED, GUESSED

COUNTED = {Counted.BEST: "lượt tốt nhất", Counted.FIRST: "lượt đầu tiên", Counted.LAST: "lượt cuối cùng"}
PREDICTED = {Predicted.NONE: "không có", **{word: f"đoán {text}" for word, text in GUESSED.items()}}
ELIGIBLE = {
    Eligible.EVERYONE: "mọi người dự thi",
    Eligible.ALL_CORRECT_ONLY: "chỉ người trả lời đúng tất cả các câu",
}
REVEALED = {Reveal.NOW: "ngay sau khi nộp", Reveal.AFTER_CLOSE: "sau khi đợt đóng", Reveal.NEVER: "không công bố"}

LABELS: dict[str, str] = {
    "questions": "Số câu một đề",
    "choices": "Số phương án mỗi câu",
    "several_right": "Câu được rút",
    "minutes": "Thời gian làm bài",
    "attempts": "Số lượt mỗi người",
    "counted": "Lượt được tính",
    "all_answered": "Trả lời hết các câu",
    "points": "Điểm mỗi câu",
    "prediction": "Câu hỏi dự đoán",
    "prediction_decimals": "Số lẻ dự đoán",
    "tie_breaks": "Thứ tự xét hạng",
    "eligible": "Ai được xét giải",
    "best_prize_only": "Một người, nhiều đợt",
    "min_seconds": "Làm quá nhanh",
    "reveal_score": "Hiện điểm",
    "reveal_key": "Hiện đáp án",
    "close_cuts_short": "Khi đợt đóng",
    "shuffle": "Xáo trộn",
    "hide_counters": "Số người, lượt",
}
_VALUES: dict[str, Callable[[QuizParams], str]] = {
    "questions": lambda p: f"{p.questions} câu",
    "choices": lambda p: f"{p.choices} phương án" if p.choices else "bao nhiêu cũng được",
    "several_right": lambda p: "cả câu có nhiều phương án đúng" if p.several_right else "chỉ câu có một phương án đúng",
    "minutes": lambda p: f"{p.minutes} phút" if p.minutes else "không giới hạn",
    "attempts": lambda p: f"{p.attempts} lượt" if p.attempts else "không giới hạn",
    "counted": lambda p: COUNTED[p.counted],
    "all_answered": lambda p: "có, mới được xét hạng" if p.all_answered else "không",
    "points": lambda p: f"{p.points} điểm",
    "prediction": lambda p: PREDICTED[p.prediction],
    "prediction_decimals": lambda p: f"{p.prediction_decimals} chữ số thập phân",
    "tie_breaks": lambda p: ", rồi ".join(DECIDED[word] for word in p.tie_breaks),
    "eligible": lambda p: ELIGIBLE[p.eligible],
    "best_prize_only": lambda p: "chỉ nhận giải cao nhất" if p.best_prize_only else "được nhận giải ở mọi đợt",
    "min_seconds": lambda p: f"đánh dấu dưới {vn_duration(p.min_seconds)}" if p.min_seconds else "không đánh dấu",
    "reveal_score": lambda p: REVEALED[p.reveal_score],
    "reveal_key": lambda p: REVEALED[p.reveal_key],
    "close_cuts_short": lambda p: "lượt đang làm dừng lại" if p.close_cuts_short else "lượt đang làm được làm hết giờ",
    "shuffle": lambda p: "thứ tự câu và phương án" if p.shuffle else "không",
    "hide_counters": lambda p: "giấu đến khi đợt đóng" if p.hide_counters else "hiện công khai",
}


def value(name: str, params: QuizParams) -> str:
    """One parameter's value in words, which depends on no other parameter."""
    return _VALUES[name](params)


def in_words(params: QuizParams) -> list[tuple[str, str]]:
    """Every parameter as (word, value), in the order of the regulations; what cannot matter is left out."""
    silent = set() if params.prediction_decimals else {"prediction_decimals"}
    if params.prediction is Predicted.NONE:
        silent.add("hide_counters")  # There is nothing to hide: nobody is asked to guess.
    return [(label, value(name, params)) for name, label in LABELS.items() if name not in silent]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What changed, as (word, old value, new value), from the parameters that a change of rules kept."""
    old, new = QuizParams.read(before), QuizParams.read(after)
    return [(label, value(name, old), value(name, new)) for name, label in LABELS.items() if name in after]
