"""What is found in a text that will be judged blind: the author's own data, and what looks like anybody's."""

from unicodedata import normalize

import pytest

from contest.essay.leaks import Author, find
from tests.essay.conftest import shared_data

NOBODY = Author(full_name="")


def kinds(text: str, author: Author = NOBODY) -> list[tuple[str, str]]:
    return [(leak.kind, leak.words) for leak in find(title="", body=text, author=author)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Gọi 0912 345 678 nhé", "any-phone", "0912 345 678"),
        ("0912.345.678", "any-phone", "0912.345.678"),
        ("+84 912-345-678.", "any-phone", "+84 912-345-678"),
        ("Máy bàn 0204 3854 321", "any-phone", "0204 3854 321"),
        ("Thư: ten.thu@vi-du.example, xin cảm ơn", "any-email", "ten.thu@vi-du.example"),
        ("học ở trường THPT Vườn Xanh số 1", "school", "trường THPT Vườn Xanh"),
        ("Trường Tiểu học Suối Trong của em", "school", "Trường Tiểu học Suối Trong"),
        ("TRƯỜNG TIỂU HỌC ĐỒI CHÈ", "school", "TRƯỜNG TIỂU HỌC ĐỒI CHÈ"),
        ("trường trung học cơ sở Ánh Dương", "school", "trường trung học cơ sở Ánh Dương"),
        ("trường PTDT nội trú Đỉnh Mây", "school", "trường PTDT nội trú Đỉnh Mây"),
        ("Em tên là Đỗ Thị Hoa Cúc.", "i-am", "Em tên là Đỗ Thị Hoa Cúc"),
        ("tôi tên là hoa", "i-am", "tôi tên là hoa"),
        ("Tôi là Trần Văn Mẫu, cán bộ", "i-am", "Tôi là Trần Văn Mẫu"),
        ("Họ và tên: Phạm Văn Mẫu", "i-am", "Họ và tên: Phạm Văn Mẫu"),
    ],
)
def test_what_looks_like_a_person_is_found(text: str, kind: str, words: str) -> None:
    assert kinds(text) == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Tôi là người Bắc Giang, tôi là đảng viên.",
        "Trường tiểu học ở miền núi, các trường THPT trong tỉnh, hệ thống trường mầm non",
        "Nghị quyết số 147-NQ/TU ngày 16/7/2021, giai đoạn 2020-2025",
        "Quy mô 1.234.567.890 đồng, tỷ lệ 0,987654321, mã 0123456789012345",
        "Chúng em là\nHọc sinh Vùng Cao",
        "giá vé @ 50.000 đồng",
    ],
)
def test_ordinary_prose_raises_no_alarm(text: str) -> None:
    assert kinds(text) == []


def test_a_place_that_speaks_is_no_introduction() -> None:
    author = Author(full_name="", places=frozenset({"bac giang"}))

    assert kinds("Tôi là Bắc Giang, mảnh đất của vải thiều.", author) == []
    assert kinds("Tôi là Bắc Giang Mẫu.", author) == [("i-am", "Tôi là Bắc Giang Mẫu")]
    assert kinds("Em tên là Bắc Giang.", author) == [("i-am", "Em tên là Bắc Giang")]


def test_what_belongs_to_the_author_is_said_once_and_by_its_owner() -> None:
    author = Author(full_name="Đỗ Văn Mẫu", phone="+84912345678", email="mau@vi-du.example")

    assert kinds("Tôi là Đỗ Văn Mẫu, 0912 345 678, mau@vi-du.example", author) == [
        ("name", "Đỗ Văn Mẫu"),
        ("phone", "0912 345 678"),
        ("email", "mau@vi-du.example"),
    ]


def test_anybodys_data_warns_and_never_holds_up_the_hand_in() -> None:
    found = find(title="", body="0912 345 678, trường THPT Vườn Xanh, em tên là Hoa, a@vi-du.example", author=NOBODY)

    assert len(found) == 4
    assert not any(leak.must_settle for leak in found)


def test_a_long_text_without_gaps_is_read_at_once() -> None:
    assert kinds("a." * 50_000 + "@" + "tôi " * 20_000) == []


def test_fourteen_thousand_words_of_administrative_prose_raise_no_alarm() -> None:
    folder = shared_data()
    if folder is None:
        pytest.skip("the documents of the contest are not on this machine")
    texts = [
        normalize("NFC", file.read_text(encoding="utf-8"))
        for file in sorted((folder / "essays" / "seeds").glob("*.txt"))
    ]

    assert sum(len(text.split()) for text in texts) > 14_000
    assert [leak for text in texts for leak in kinds(text)] == []
