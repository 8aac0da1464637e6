"""Aiken as Moodle reads it, kind to what people type, and its losses told."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import aiken
from question_bank.schema import Choice, Difficulty, Question
from tests.question_bank.strategies import questions

GOOD = "Thủ phủ ở đâu?\nA. Phủ Lạng Thương\nB) Kế\nANSWER: A\n"


@given(questions())
def test_what_the_report_does_not_name_survives(written: Question) -> None:
    lost = {loss.field for loss in aiken.losses(written)}
    back = aiken.read(aiken.write([written]))
    assert not back.problems
    if "question" in lost:
        assert not back.questions
        return
    (read,) = back.questions
    if "lines" in lost:
        assert read.stem.split() == written.stem.split()
        assert [choice.text.split() for choice in read.choices] == [choice.text.split() for choice in written.choices]
    else:
        assert read.stem == written.stem
        assert [choice.text for choice in read.choices] == [choice.text for choice in written.choices]
    assert read.key == written.key
    for name in ("chapter", "difficulty", "source", "tags", "pinned", "code", "feedback"):
        assert name in lost or getattr(read, name) == getattr(written, name)
    assert "feedback" in lost or not any(choice.feedback for choice in written.choices)


def test_a_plain_question_loses_nothing_and_a_rich_one_is_told() -> None:
    plain = Question("Đâu?", (Choice("Kế", True), Choice("Chũ", False)))
    assert aiken.losses(plain) == ()
    rich = replace(plain, chapter="Một", difficulty=Difficulty.HARD, tags=("a",), pinned=True, code="1", feedback="Vì.")
    assert [loss.field for loss in aiken.losses(rich)] == [
        "chapter",
        "difficulty",
        "tags",
        "pinned",
        "code",
        "feedback",
    ]
    two = replace(plain, choices=(Choice("Kế", True), Choice("Chũ", True)))
    assert "đúng một đáp án" in aiken.losses(two)[0].message
    assert aiken.read(aiken.write([two, plain])).questions == (plain,)


def test_several_lines_and_letters_are_read() -> None:
    (question,) = aiken.read("Dòng một\ndòng hai\n\n A)một\nhai\n B)\tba\n\nC. bốn\nĐáp án: a, C\n").questions
    assert question.stem == "Dòng một\ndòng hai"
    assert [choice.text for choice in question.choices] == ["một hai", "ba", "bốn"]
    assert question.key == {0, 2}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("Thiếu đáp án?\nA. một\nB. hai", "thiếu dòng đáp án"),
        ("Sai chữ?\nA. một\nB. hai\nANSWER: C", "Đáp án C không có"),
        ("Không chữ?\nA. một\nB. hai\nANSWER: 1", "phải là chữ cái"),
        ("Trùng chữ?\nA. một\nA. hai\nANSWER: A", "cùng một chữ cái"),
        ("A. một\nB. hai\nANSWER: A", "chưa có nội dung"),
        ("Một phương án?\nA. một\nANSWER: A", "có 1 phương án"),
        ("Trống?\nA. một\nB.\nANSWER: A", "Phương án B để trống"),
        ("Chỉ đáp án?\nANSWER: A", "không có phương án"),
        ("ANSWER: A", "chưa có nội dung"),
    ],
)
def test_one_bad_question_never_spoils_the_file(bad: str, words: str) -> None:
    parsed = aiken.read(f"{GOOD}\n{bad}\n\n{GOOD}")
    assert len(parsed.questions) == 2
    assert [problem.line for problem in parsed.problems] == [6]
    assert words in parsed.problems[0].message


def test_a_question_without_answer_or_gap_does_not_swallow_the_next() -> None:
    parsed = aiken.read(f"Thiếu?\nA. một\nB. hai\n{GOOD}")
    assert [question.stem for question in parsed.questions] == ["Thủ phủ ở đâu?"]
    assert [problem.line for problem in parsed.problems] == [1]


def test_the_registry_knows_aiken_by_its_answers() -> None:
    assert len(formats.read("de-thi.txt", GOOD.encode("utf-16")).questions) == 1


@pytest.mark.parametrize(
    "monster",
    ["Gì?\n" * 10_000 + "A. a\n" * 40_000 + "ANSWER: A\n", "Gì?\nA. a\nB. b\nANSWER: " + "A " * 1_000_000 + "\n"],
    ids=["lines", "answer"],
)
def test_a_monstrous_question_is_refused_and_the_next_one_read(monster: str) -> None:
    parsed = aiken.read(f"{monster}\n{GOOD}")
    assert len(parsed.questions) == 1
    assert [(problem.line, "dài quá" in problem.message) for problem in parsed.problems] == [(1, True)]


@given(st.text(st.sampled_from("AB.) \tANSWER:\nx"), max_size=80))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    aiken.read(text)


def test_reads_moodles_own_file(shared_data: Path) -> None:
    parsed = formats.read("a.txt", (shared_data / "qbank" / "moodle" / "questions.aiken.txt").read_bytes())
    assert [question.stem for question in parsed.questions] == [
        "The Moodle project was started by:",
        'Moodle\'s abilities include handling user input that includes <html class="cool"> & images:',
    ]
    assert [question.key for question in parsed.questions] == [{1}, {0}]
    assert not parsed.problems


def test_numbers_of_pages_are_in_no_question_and_are_told() -> None:
    text = "Gì?\nA. x\nB. y\nTrang 1/4\nANSWER: B\n\nTrang 2/4\nSau?\nA. x\nB. y\nANSWER: A\n"
    parsed = aiken.read(text)
    assert [(question.stem, question.choices[1].text) for question in parsed.questions] == [("Gì?", "y"), ("Sau?", "y")]
    (problem,) = parsed.problems
    assert problem.kept
    assert "dòng 4 “Trang 1/4”; dòng 7 “Trang 2/4”" in problem.message
