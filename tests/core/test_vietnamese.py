"""Folding, ordering, tidying and counting of Vietnamese text."""

import itertools
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contest.core import vietnamese as vi

COLLATION = Path(__file__).parents[3] / "shared/data/people/collation/input_shuffled.txt"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "Hòa"),
        ("Thuỷ", "THỦY"),
        ("Đỗ  Thị\u00a0Ánh ", "do thi anh"),
        ("Ðức", "Đức"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Thưởng"), "nguyen thi thuong"),
        ("Xã Đại Lâm", "xa dai lam"),
        ("Nguyễn\u200b An", "nguyen an"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one, other):
    assert vi.fold(one) == vi.fold(other)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert vi.fold(vi.fold(text)) == vi.fold(text)


@given(st.text())
def test_folding_does_not_depend_on_the_unicode_form(text):
    assert vi.fold(unicodedata.normalize("NFD", text)) == vi.fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_folded_text_has_neither_marks_nor_double_spaces(text):
    folded = vi.fold(text)
    assert not any(unicodedata.category(sign) == "Mn" for sign in folded)
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    "ordered",
    [
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "man"],
        ["Dân", "Đan", "Đàn", "Đăng", "Đặng", "Đen"],
        ["An", "An Châu", "Anh", "Ánh", "Ân", "Bắc Giang", "Bắc Lý"],
        ["Xã 2", "Xã An Hà", "Xã Tân An", "Xã Tấn An", "Xã Tân Dĩnh"],
        ["Hoà", "Hóa", "Hòa Bình", "Hoá Bình"],
        ["U Minh", "Ung", "Ưng"],
    ],
)
def test_known_orders_come_out_of_any_shuffle(ordered):
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert sorted(shuffled, key=vi.sort_key) == ordered


def test_tone_placement_and_capitals_do_not_change_the_key():
    assert vi.sort_key("Hoà") == vi.sort_key("HÒA")
    assert vi.sort_key("Quý Thuỷ") == vi.sort_key("Qúy Thủy")


def test_people_are_ordered_by_given_name_then_family_and_middle():
    ordered = ["Trần Thị An", "Lê Anh", "Nguyễn Văn Ánh", "Đỗ Thị Bình", "Nguyễn Thị Bình", "Nguyễn Văn Bình", "Vi Đức"]
    shuffled = random.Random(3).sample(ordered, len(ordered))
    assert sorted(shuffled, key=vi.name_sort_key) == ordered


def test_someone_with_one_name_comes_before_namesakes_with_a_family():
    assert vi.name_sort_key("An") < vi.name_sort_key("Bùi An") < vi.name_sort_key("Ánh")


@given(st.text())
def test_keys_are_digits_so_that_every_collation_agrees(text):
    for key in (vi.sort_key(text), vi.name_sort_key(text)):
        assert key.isascii()
        assert key.isdigit()


@given(
    st.text(alphabet="aăâbdđeêoôơuưáàảãạấộữ -", max_size=12), st.text(alphabet="aăâbdđeêoôơuưáàảãạấộữ -", max_size=12)
)
def test_equal_keys_mean_equal_letters(one, other):
    if vi.sort_key(one) == vi.sort_key(other):
        assert vi.fold(one) == vi.fold(other)


def test_a_beginning_sorts_before_what_continues_it():
    assert vi.sort_key("Thạnh") < vi.sort_key("Thanh An")


@pytest.mark.skipif(not COLLATION.exists(), reason="the shared list of names is not here")
def test_real_names_keep_the_invariants_of_the_order():
    names = COLLATION.read_text(encoding="utf-8").split("\n")
    ordered = sorted((name for name in names if name.strip()), key=vi.sort_key)
    spelt = [name for name in ordered if max(_letters(name)) < 1000]
    assert len(spelt) > 3000
    for earlier, later in itertools.pairwise(spelt):
        assert _letters(earlier) <= _letters(later), (earlier, later)


def _letters(text):
    """Letters without tones, by place in the alphabet: a second, slower way to the first level of the order."""
    alphabet = " " + "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    toneless = "".join(
        sign
        for sign in unicodedata.normalize("NFD", text.replace("Ð", "Đ").replace("ð", "đ").lower())
        if sign not in "\u0300\u0301\u0303\u0309\u0323"
    )
    composed = unicodedata.normalize("NFC", " ".join(toneless.split()))
    return [alphabet.find(sign) if sign in alphabet else 1000 + ord(sign) for sign in composed]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("nguyễn  thị\u00a0ánh", "Nguyễn Thị Ánh"),
        ("ĐỖ ĐỨC", "Đỗ Đức"),
        ("Y Nuê H'Đơk", "Y Nuê H'Đơk"),
        ("LÊ-NA ĐẶNG", "Lê-Na Đặng"),
        ("Ðinh Văn Ðức", "Đinh Văn Đức"),
        ("", ""),
    ],
)
def test_names_are_shown_with_their_capitals(typed, shown):
    assert vi.tidy_name(typed) == shown


@given(st.text())
@example("ß")
@example("ŉ")
@example("ﬁ")
@example("ǆ")
def test_tidying_twice_is_tidying_once(text):
    assert vi.tidy_name(vi.tidy_name(text)) == vi.tidy_name(text)


def test_a_name_falls_into_its_parts():
    assert vi.name_parts(" Nguyễn Thị  Thu Hà ") == ("Nguyễn", "Thị Thu", "Hà")
    assert vi.name_parts("Giáp An") == ("Giáp", "", "An")
    assert vi.given_name("Hà") == "Hà"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Bắc Giang: Niềm tin và khát vọng", 7),
        ("Một – hai… ba", 3),
        ("Năm 2025,\u00a0tầm nhìn 2045", 5),
        ("* * *", 0),
    ],
)
def test_words_are_syllables_and_numbers(text, words):
    assert vi.count_words(text) == words
