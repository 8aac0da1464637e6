"""What is found in a text that will be judged blind: the author's own data, and what looks like anybody's."""

from unicodedata import normalize

import pytest

from contest.entries.leaks import Author, find
from tests.essay.conftest import shared_data
from tests.fixtures.requirements import lacking

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
        ("Tác giả – Phạm V. Mẫu. Hết.", "i-am", "Tác giả – Phạm V. Mẫu"),
        ("tôi là phó chủ tịch UBND xã Vườn Xanh, huyện", "i-am", "tôi là phó chủ tịch UBND xã Vườn Xanh"),
        ("số 024 085 001 234 nhé", "identity", "024 085 001 234"),
        ("CMND: 121234567", "identity", "121234567"),
        ("trường thpt ngô văn mẫu ạ", "school", "trường thpt ngô văn mẫu ạ"),
        ("em học lớp 11A3", "class", "em học lớp 11A3"),
        ("facebook.com/hoa.cuc", "link", "facebook.com/hoa.cuc"),
        ("hoa chấm cuc a còng vidu chấm example", "any-email", "hoa chấm cuc a còng vidu chấm example"),
        ("gọi không chín một hai ba bốn năm sáu bảy tám", "any-phone", "không chín một hai ba bốn năm sáu bảy tám"),
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
        "Giữ nguyên văn hóa dân tộc; GIỮ NGUYÊN VĂN HÓA; nhà văn hóa xã, hệ thống trường thpt trong tỉnh",
        "Học sinh lớp lớp vào đời; em tôi là một cán bộ của nhân dân, năm 2025",
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
    assert not any(leak.own for leak in found)


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


AUTHOR = Author(full_name="Nguyễn Văn Hòa", phone="+84912345678", email="hoa.ng.1985@thu.example")


def wordings() -> list[tuple[str, str]]:
    """The thirty ways of naming oneself that are kept beside the project."""
    folder = shared_data()
    if folder is None:
        return []
    lines = (folder / "made" / "leak_wordings.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if "\t" in line]
    return [(case, words.replace("\\n", "\n")) for case, words in rows]


def test_every_wording_is_found_alone_and_within_a_sentence() -> None:
    rows = wordings()
    if not rows:
        lacking("data", "the wordings are not on this machine")
    assert len(rows) == 30
    missed = [
        case
        for case, words in rows
        for text in (words, f"Quê tôi đẹp.\n{words}\nHết.", normalize("NFD", words))
        if not find(title="", body=text, author=AUTHOR)
    ]
    assert missed == []


@pytest.mark.parametrize(
    "words",
    [
        "____Nguyễn Văn Hòa____",
        "Nguyễn_Văn_Hòa",
        "NGUYỄN VĂN HÒA",
        "nguyen van hoa",
        "Nguyễn Văn Hoà",
        "Hòa, Nguyễn Văn",
        "Hòa Văn Nguyễn",
        "N g u y ễ n  V ă n  H ò a",
        "n-g-u-y-e-n-v-a-n-h-o-a",
        "nguyenvanhoa1985",
        "Nguуễn Văn Hоà",
        "Ｎguyễn Văn Hòa",
        "Nguyễn\u200b Văn\u200b Hòa",
        "\u202eaòH năV nễyugN\u202c",
    ],
)
def test_the_full_name_in_any_dress_is_the_authors_own(words: str) -> None:
    text = f"Quê tôi. {words} Cảm ơn."
    (leak,) = find(title="", body=text, author=AUTHOR)
    assert (leak.kind, leak.own) == ("name", True)
    assert leak.words.strip("\u200b") in words
    assert text[leak.start : leak.start + len(leak.words)] == leak.words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        *(("phone", words) for words in ("0912.345.678", "0 9 1 2 3 4 5 6 7 8", "(0912) 345-678", "0912–345–678")),
        *(
            ("phone", words)
            for words in ("0912_345_678", "0912/345/678", "84912345678", "+84 (912) 345 678", "O912 345 678")
        ),
        *(
            ("email", words)
            for words in ("HOA.NG.1985@THU.EXAMPLE", "hoa.ng.1985 @ thu.example", "hoa.ng.1985[at]thu.example")
        ),
    ],
)
def test_own_numbers_and_addresses_are_own_whatever_parts_them(kind: str, words: str) -> None:
    (leak,) = find(title="", body=f"Gọi {words} nhé", author=AUTHOR)
    assert (leak.kind, leak.own) == (kind, True)


def test_an_identity_number_is_own_whoever_it_belongs_to() -> None:
    (leak,) = find(title="", body="CCCD 024085001234", author=AUTHOR)
    assert leak.own


@pytest.mark.parametrize(
    "words", ["N.V. Hòa", "Ng. V. Hòa", "Nguyễn V. Hòa", "Văn Hòa", "NVH", "N.V.H", "Người viết\n(đã ký)\nHòa"]
)
def test_a_part_of_the_name_warns(words: str) -> None:
    (leak,) = find(title="", body=f"{words}", author=AUTHOR)
    assert (leak.kind, leak.own) == ("part-of-name", False)


def test_no_author_is_found_in_administrative_prose() -> None:
    folder = shared_data()
    if folder is None:
        lacking("data", "the documents of the contest are not on this machine")
    for file in sorted((folder / "essays" / "seeds").glob("*.txt")):
        text = normalize("NFC", file.read_text(encoding="utf-8"))
        assert find(title="", body=text, author=AUTHOR) == [], file.name
