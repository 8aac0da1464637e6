"""Texts that are one word without end cost no more than others."""

from question_bank.formats import old_fonts


def test_endless_word_without_letters_is_no_old_font() -> None:
    assert not old_fonts.written_for("1" * 10_000_000)


def test_words_of_an_old_font_are_known_between_figures() -> None:
    assert old_fonts.written_for("12 Khoaù 34 hoïp 56 loaïi 78")
