"""What question files of other programs hold and the bank does not, in the words in which people are told; `gift`, `moodle_xml` and `qti_item` call it."""

from collections.abc import Iterable

SHARES = "Điểm từng phần và điểm trừ của phương án không được giữ: bài được chấm theo quy định của đợt thi."
SEVERAL = "Câu có nhiều phương án đánh dấu đúng, được nhập thành câu chọn nhiều phương án."


def kind_left_out(name: str) -> str:
    """The sentence about a question of a kind that the quiz does not have; `name` is what people call it."""
    return f"{name} không dùng được trong phần thi trắc nghiệm nên không được nhập."


def shares_lost(choices: Iterable[tuple[float, bool]]) -> bool:
    """Whether points of choices are lost, each given with its points and whether it counts as right: points taken off, or given for what is wrong."""
    return any(points < 0 or (points > 0 and not right) for points, right in choices)
