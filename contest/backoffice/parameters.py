"""A round's rule parameters as an organiser reads them: a word and its value, in the order of the regulations."""

from contest.contests.models import Round
from contest.contests.rules import EssayParams, PhotoParams, QuizParams
from contest.core.display import vn_number
from contest.quiz import labels


def in_words(round_: Round) -> list[tuple[str, str]]:
    """The parameters of the round's own kind as (word, value)."""
    rules = round_.rules
    if isinstance(rules, QuizParams):
        return labels.in_words(rules)
    if isinstance(rules, EssayParams):
        return _essay(rules)
    return _photo(rules)


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
