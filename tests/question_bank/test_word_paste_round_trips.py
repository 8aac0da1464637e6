"""Word paste written and read again: what looks like a sign stays a text, and what is lost is told."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import jsonl, word_paste
from question_bank.formats.word_paste_lines import tidy
from question_bank.schema import Choice, Question, QuestionError, Source
from tests.question_bank.pasted import carried
from tests.question_bank.strategies import questions


def stands(question: Question) -> bool:
    try:
        carried(question)
    except QuestionError:
        return False
    # A locator without its document is no source.
    return question.source is None or bool(tidy(question.source.document))


CARRIED = questions().filter(stands)


@settings(max_examples=200)
@given(st.lists(CARRIED, max_size=4))
def test_what_is_written_reads_back_as_it_is_carried(written: list[Question]) -> None:
    parsed = word_paste.read(word_paste.write(written))
    assert parsed.questions == tuple(carried(question) for question in written)
    assert not [problem for problem in parsed.problems if not problem.kept]


@pytest.mark.parametrize(
    "text",
    [
        "A. một B. hai",
        "Câu 2: gì?",
        "Đáp án: C",
        "1-A 2-B",
        "Chương I",
        "* (đúng)",
        "• B. hai",
        "2. x\nB. y\n\nC. z",
        "(Đáp án: D)",
        "B",
        "Nguồn: x",
    ],
)
def test_a_text_that_looks_like_a_sign_survives_writing(text: str) -> None:
    written = Question(text, (Choice(text, False), Choice("hai", True)), feedback=text, code=text.replace("\n", " "))
    twice = [written, replace(written, chapter="(không có)", source=Source(text)), Question("Sau?", written.choices)]
    assert word_paste.read(word_paste.write(twice)).questions == tuple(map(carried, twice))


@given(CARRIED)
def test_losses_are_told_when_a_question_changes_and_only_then(question: Question) -> None:
    assert bool(word_paste.losses(question)) == (carried(question) != question)


def test_the_shared_collections_survive_pasting(shared_data: Path) -> None:
    for path in sorted((shared_data / "mcq").glob("*.jsonl")):
        written = jsonl.read(path.read_bytes()).questions
        assert word_paste.read(word_paste.write(written)).questions == tuple(map(carried, written))
