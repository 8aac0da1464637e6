"""Which names are taken, and in whose letters."""

import pytest

from contest.accounts import names
from contest.core.vietnamese import person_name, tidy_name


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Lan",
        "Y Blŏ Êban",
        "H’Hen Niê",
        "Y Wơ̆n Ƀuôn Krông",
        "Ðinh Văn Đức",
        "Lê-Na Đặng",
        "J.P. Møller",
        "Nguyễn Thị Tường Vi".encode().decode(),
    ],
)
def test_names_of_the_country_and_its_neighbours_are_taken(name):
    assert names.fault(tidy_name(name)) == ""


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Nguyễn Thị Lаn", "а"),  # a Cyrillic letter
        ("Νguyễn Văn An", "Ν"),  # a Greek one
        ("Анна Иванова", "А"),
        ("王小明", "王"),
        ("Ｎguyễn Văn An", "Ｎ"),
        ("Nguyễn Vǀn An", "ǀ"),  # a click, like an l
        ("Nguyễn Vɑn An", "ɑ"),
        ("𝐍guyễn", "𝐍"),
    ],
)
def test_letters_that_look_like_ours_are_named_and_refused(name, letter):
    assert names.fault(tidy_name(name)) == names.OTHER_ALPHABET.format(letter=letter)


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u00ad", "\u3164", "\u115f", "\u034f", "\ufe0f", "\x07"]
)
def test_signs_that_nobody_sees_are_refused_with_their_sentence(sign):
    assert names.fault(tidy_name(f"Nguyễn {sign}Lan")) == names.UNSEEN


@pytest.mark.parametrize("name", ["", "...", "Lan 2", "Lan@nhà", "🙂 Lan", "A\u0335n", "\u0301An", "An" * 51])
def test_what_is_no_name_is_refused(name):
    assert names.fault(tidy_name(name)) == names.NO_NAME


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nguyễn THỊ lan", "Nguyễn Thị Lan"),
        ("Nguyễn Thị lan", "Nguyễn Thị Lan"),
        ("Y Nuê H'Đơk", "Y Nuê H'Đơk"),
        ("y moan ÊNUÔL", "Y Moan Ênuôl"),
        ("J.P. morgan", "J.P. Morgan"),
        ("McDonald Lan", "McDonald Lan"),
    ],
)
def test_a_name_typed_in_a_hurry_gets_its_capitals_word_by_word(typed, kept):
    assert person_name(typed) == kept
    assert person_name(kept) == kept == tidy_name(kept)
