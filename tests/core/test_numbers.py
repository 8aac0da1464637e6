"""What people type where a number is asked for, read as they mean it, or refused in a sentence."""

from decimal import Decimal

import pytest

from contest.core.numbers import Unclear, dong, number, whole


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", 0),
        ("007", 7),
        (" 35 ", 35),
        ("+5", 5),
        ("-1", -1),
        ("−1", -1),
        ("1.500", 1500),
        ("1,500", 1500),
        ("1 500", 1500),
        ("1\u00a0500", 1500),
        ("30.000.000", 30_000_000),
        ("30,000,000", 30_000_000),
        ("30.000.000,00", 30_000_000),
        ("3,0", 3),
        ("3.00", 3),
        ("9" * 18, 10**18 - 1),
    ],
)
def test_whole_number_is_read_as_it_is_meant(typed: str, meant: int) -> None:
    assert whole(typed) == meant


@pytest.mark.parametrize("typed", ["3,5", "3.5", "0,500", "1.500,5", "12,34"])
def test_part_of_one_is_refused_where_whole_numbers_are_asked_for(typed: str) -> None:
    with pytest.raises(Unclear, match=f"chỉ ghi số nguyên.*“{typed}” có phần lẻ"):
        whole(typed)


UNCLEAR = [
    "",
    "mười",
    "3 5",
    "3..5",
    "1.50.000",
    "1,2,3",
    "1.500,000,0",
    "3,",
    ",5",
    "1e3",
    "٣",
    "²",
    "1-2",
    "--1",
    "9" * 5000,
]


@pytest.mark.parametrize("typed", UNCLEAR)
def test_what_is_no_number_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(Unclear, match=r"Chưa rõ “.*” là số nào. Bạn ghi bằng chữ số, ví dụ 20"):
        whole(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("12,345", "12.345"), ("1.234,5", "1234.5"), ("100", "100")],
)
def test_one_separator_stands_before_parts_where_parts_are_asked_for(typed: str, meant: str) -> None:
    assert number(typed, places=3) == Decimal(meant)


def test_more_parts_than_asked_for_are_refused() -> None:
    with pytest.raises(Unclear, match="nhiều hơn 2 chữ số sau dấu phẩy"):
        number("12,345", places=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("30000000", 30_000_000),
        ("30.000.000", 30_000_000),
        ("30,000,000 đồng", 30_000_000),
        ("500,000đ", 500_000),
        ("500.000 VNĐ", 500_000),
        ("30 triệu", 30_000_000),
        ("30 Triệu đồng", 30_000_000),
        ("4tr", 4_000_000),
        ("4 TR", 4_000_000),
        ("1,5 triệu", 1_500_000),
        ("1.5tr", 1_500_000),
        ("4tr5", 4_500_000),
        ("4tr25", 4_250_000),
        ("4tr500", 4_500_000),
        ("2 triệu rưỡi", 2_500_000),
        ("1 triệu 500 nghìn", 1_500_000),
        ("1 triệu 500.000", 1_500_000),
        ("500k", 500_000),
        ("500 ngàn", 500_000),
        ("1 tỷ", 10**9),
        ("1tỉ2", 1_200_000_000),
        ("0", 0),
        ("-5", -5),
    ],
)
def test_sum_of_money_is_read_as_it_is_meant(typed: str, meant: int) -> None:
    assert dong(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "triệu",
        "ba mươi triệu",
        "1.500 triệu",
        "1,500tr",
        "4tr 2 tỷ",
        "4trăm",
        "1,5tr5",
        "3,5",
        "4 tr tr",
        "30 usd",
        "1 nghìn tỷ",
    ],
)
def test_unclear_sum_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Unclear, match=r"là bao nhiêu tiền. Bạn ghi ví dụ 30.000.000 hoặc 30 triệu"):
        dong(typed)
