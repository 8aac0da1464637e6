"""What people type as a prediction, with and without decimals."""

import pytest
from werkzeug.datastructures import MultiDict

from contest.core.errors import BadInput
from contest.quiz.forms import packet_of_form, prediction_of


@pytest.mark.parametrize(
    ("typed", "decimals", "kept"),
    [
        ("1250", 0, 1250),
        ("1.250", 0, 1250),
        ("1 250 000", 0, 1250000),
        ("1,250", 0, 1250),
        ("30.000.000", 0, 30000000),
        ("", 0, None),
        ("12,5", 5, 1250000),
        ("12.5", 5, 1250000),
        ("12,34567 %", 5, 1234567),
        ("100", 2, 10000),
        (",5", 2, None),
    ],
)
def test_number_is_kept_scaled(typed: str, decimals: int, kept: int | None) -> None:
    if typed.startswith(","):
        with pytest.raises(BadInput):
            prediction_of(typed, decimals=decimals)
        return
    assert prediction_of(typed, decimals=decimals) == kept


@pytest.mark.parametrize(
    ("typed", "decimals"),
    [
        ("mười", 0),
        ("-1", 0),
        ("3,5", 0),
        ("12.50", 0),
        ("1e9", 0),
        ("12,345", 2),
        ("1,2,3", 2),
        ("٣", 0),
        ("9" * 30, 2),
    ],
)
def test_anything_else_is_refused_with_an_example(typed: str, decimals: int) -> None:
    with pytest.raises(BadInput) as refused:
        prediction_of(typed, decimals=decimals)

    assert "ví dụ" in refused.value.todo


def test_form_that_lies_about_its_decimals_is_read_within_the_bounds() -> None:
    packet = packet_of_form(MultiDict({"prediction": "1", "decimals": "99"}))

    assert packet.prediction == 100000
