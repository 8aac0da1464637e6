"""A round's rule parameters as an organiser reads them: a word and its value, in the order of the regulations."""

from contest.contests.models import Round
from contest.contests.rules import EssayParams, PhotoParams, QuizParams, TieBreak
from contest.core.display import vn_number

_COUNTED = {"best": "lượt cao nhất", "last": "lượt cuối", "first": "lượt đầu"}
_PREDICTION = {
    "none": "không có câu dự đoán",
    "all_correct": "đoán số người trả lời đúng tất cả",
    "participants": "đoán số người tham gia",
}
_TIES = {
    TieBreak.SCORE: "điểm cao hơn",
    TieBreak.PREDICTION: "dự đoán sát hơn",
    TieBreak.DURATION: "làm bài nhanh hơn",
    TieBreak.SUBMITTED: "nộp sớm hơn",
    TieBreak.STARTED: "bắt đầu sớm hơn",
}
_REVEALED = {
    "now": "ngay sau khi nộp",
    "after_close": "sau khi đợt đóng",
    "after_publication": "sau khi công bố",
    "never": "không hiện",
}


def in_words(round_: Round) -> list[tuple[str, str]]:
    """The parameters of the round's own kind as (word, value)."""
    rules = round_.rules
    if isinstance(rules, QuizParams):
        return _quiz(rules)
    if isinstance(rules, EssayParams):
        return _essay(rules)
    return _photo(rules)


def _quiz(rules: QuizParams) -> list[tuple[str, str]]:
    ties = ", rồi ".join(_TIES[TieBreak(word)] for word in rules.tie_breaks)
    return [
        ("Số câu một đề", f"{rules.questions} câu"),
        ("Thời gian làm bài", f"{rules.minutes} phút" if rules.minutes else "không giới hạn"),
        ("Số lượt mỗi người", f"{rules.attempts} lượt" if rules.attempts else "không giới hạn"),
        ("Điểm mỗi câu", f"{rules.points} điểm"),
        ("Lượt được tính", _COUNTED.get(rules.counted, rules.counted)),
        ("Câu hỏi dự đoán", _PREDICTION.get(rules.prediction, rules.prediction)),
        ("Xếp hạng theo", ties),
        ("Khi đợt đóng", "lượt đang làm dừng lại" if rules.close_cuts_short else "lượt đang làm được làm hết giờ"),
        ("Hiện điểm", _REVEALED.get(rules.reveal_score, rules.reveal_score)),
        ("Hiện đáp án", _REVEALED.get(rules.reveal_key, rules.reveal_key)),
        ("Xáo trộn", "thứ tự câu và phương án" if rules.shuffle else "không"),
    ]


def _essay(rules: EssayParams) -> list[tuple[str, str]]:
    return [
        ("Chủ đề", "; ".join(rules.themes)),
        ("Độ dài", f"{vn_number(rules.words_min)} đến {vn_number(rules.words_max)} từ"),
        ("Số bài mỗi người", f"nhiều nhất {rules.entries} bài" if rules.entries else "không giới hạn"),
        ("Tệp gửi lên", f"nhiều nhất {rules.megabytes} MB"),
        ("Số giám khảo mỗi bài", f"{rules.judges} người"),
    ]


def _photo(rules: PhotoParams) -> list[tuple[str, str]]:
    return [
        ("Chủ đề", "; ".join(rules.themes)),
        ("Số ảnh mỗi người", f"nhiều nhất {rules.entries} ảnh" if rules.entries else "không giới hạn"),
        ("Cạnh dài ít nhất", f"{vn_number(rules.long_edge)} điểm ảnh"),
        ("Dung lượng một ảnh", f"nhiều nhất {rules.megabytes} MB"),
        ("Lời chú thích", f"nhiều nhất {rules.caption_words} từ"),
        ("Số giám khảo mỗi ảnh", f"{rules.judges} người"),
    ]
