"""The demo's regulations say nothing that the rules of its rounds contradict."""

from importlib import resources

from contest.contests.rules import QuizParams
from contest.demo import timetable

TEXT = (resources.files("contest.demo") / "regulations.md").read_text(encoding="utf-8")
ROUNDS = [QuizParams.read(timetable._QUIZ), QuizParams.read(timetable._QUIZ_GUESSING_PEOPLE)]


def test_quiz_table_says_what_every_round_asks() -> None:
    for params in ROUNDS:
        assert f"| Số câu | {params.questions} câu" in TEXT
        assert f"| Thời gian | {params.minutes} phút" in TEXT
        assert f"Tối đa {params.attempts} lượt" in TEXT
        assert f"được {params.points} điểm" in TEXT


def test_prediction_is_left_to_the_round_where_rounds_differ() -> None:
    (line,) = [line for line in TEXT.splitlines() if line.startswith("| Câu dự đoán")]

    assert len({params.prediction for params in ROUNDS}) > 1
    assert "quy định riêng của từng đợt" in line
    assert "trả lời đúng" not in line


def test_regulations_say_whom_the_board_names() -> None:
    assert "Bảng xếp hạng ghi họ tên, đơn vị của người ở hạng có giải" in TEXT
