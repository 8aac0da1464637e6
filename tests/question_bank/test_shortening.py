"""Names longer than the bank keeps: told with the line or cell by every format that carries them, and still told apart."""

from dataclasses import replace

import pytest

from question_bank import formats, shortening
from question_bank.schema import Choice, Question

LONG = Question(
    "Gì?",
    (Choice("x", True), Choice("y", False)),
    chapter="Lịch sử Đảng bộ huyện " * 10,
    code="Câu hỏi của Ban Tuyên giáo " * 3,
)
CARRYING = [form.name for form in formats.FORMATS if form.write and form.name != "aiken"]


@pytest.mark.parametrize("name", CARRYING)
def test_a_long_chapter_and_a_long_code_are_told_and_the_question_is_read(name: str) -> None:
    form = next(form for form in formats.FORMATS if form.name == name)
    second = replace(LONG, stem="Sau?")
    parsed = form.read(formats.write(name, [LONG, second]))
    assert parsed.questions == (LONG, second)
    chapters = [problem for problem in parsed.problems if "Tên chương dài 219 ký tự" in problem.message]
    codes = [problem for problem in parsed.problems if "Mã câu hỏi dài 80 ký tự" in problem.message]
    assert (len(chapters), len(codes)) == (1, 2)
    assert all(problem.kept and problem.line for problem in (*chapters, *codes))
    assert f"“{shortening.code(LONG.code)}”" in codes[0].message
    if name in ("xlsx", "csv"):
        assert (chapters[0].message[:6], codes[1].message[:6]) == ("Ô B2: ", "Ô A3: ")


def test_short_names_are_kept_and_nothing_is_told() -> None:
    fits = replace(LONG, chapter="x" * shortening.KEPT_CHAPTER, code="y" * shortening.KEPT_CODE)
    assert (shortening.chapter(fits.chapter), shortening.code(fits.code)) == (fits.chapter, fits.code)
    assert not shortening.told(fits, set())


def test_two_long_codes_that_begin_alike_are_kept_apart() -> None:
    first, second = (shortening.code("Chỉ tiêu " * 9 + end) for end in "12")
    assert first != second
    assert max(len(first), len(second)) <= shortening.KEPT_CODE
