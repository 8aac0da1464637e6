"""The spreadsheet of attempts: a prediction is a number as its entrant wrote it, whatever decimals the round keeps."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from tests.quiz.conftest import Quiz, make_quiz  # noqa: F401
from tests.quiz.places import attempt

Make = Callable[..., Quiz]


@pytest.mark.both_databases
@pytest.mark.parametrize(("decimals", "kept", "written"), [(0, 4, 4), (2, 4212, 42.12), (5, 4212345, 42.12345)])
def test_prediction_is_exported_as_it_was_written(
    make_quiz: Make,  # noqa: F811
    decimals: int,
    kept: int,
    written: float,
) -> None:
    quiz = make_quiz(prediction="all_correct_percent", prediction_decimals=decimals)
    attempt(quiz, "An", guess=kept)
    attempt(quiz, "Bình")

    file = quiz.client(quiz.organizer_id).get("/ban-dieu-hanh/luot-thi/tai-xlsx").data
    heads, *rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True)

    assert [row[heads.index("Dự đoán")] for row in rows] == [written, None]
