"""Every format that the bank writes reads back what it wrote, apart from what its own report of losses names."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import FORMATS
from question_bank.schema import Choice, Question
from tests.question_bank.strategies import questions

WRITTEN = [form.name for form in FORMATS if form.write]
FIELDS = ("chapter", "difficulty", "source", "tags", "pinned", "code", "feedback", "picture")


def without(question: Question, lost: set[str]) -> Question:
    """The question as it looks once these fields are gone."""
    empty = Question(question.stem, question.choices)
    fields = {name: getattr(empty if name in lost else question, name) for name in FIELDS}

    def spaced(text: str) -> str:
        return " ".join(text.split()) if "lines" in lost else text

    fields["feedback"] = spaced(fields["feedback"])
    choices = tuple(
        Choice(spaced(choice.text), choice.correct, "" if "feedback" in lost else spaced(choice.feedback))
        for choice in question.choices
    )
    return Question(spaced(question.stem), choices, **fields)


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(written=st.lists(questions(pictured=True), min_size=1, max_size=3))
def test_what_the_report_does_not_name_survives(name: str, written: list[Question]) -> None:
    reported = dict(formats.losses(name, written))
    lost = [{loss.field for loss in reported.get(index, ())} for index in range(len(written))]
    # What becomes of spaces that a format tidies is for its own tests to say.
    assume(not any("spaces" in fields for fields in lost))
    form = next(form for form in FORMATS if form.name == name)
    back = form.read(formats.write(name, written)).questions
    expected = [(question, fields) for question, fields in zip(written, lost, strict=True) if "question" not in fields]
    assert len(back) == len(expected)
    for read, (question, fields) in zip(back, expected, strict=True):
        assert without(read, fields) == without(question, fields)
        assert fields or read == question


@pytest.mark.parametrize("name", WRITTEN)
def test_a_plain_question_comes_back_by_its_file_name_alone(name: str) -> None:
    form = next(form for form in FORMATS if form.name == name)
    question = Question(
        "Sông nào chảy qua Phủ Lạng Thương?",
        (Choice("Sông Thương", True), Choice("Sông Cầu", False), Choice("Sông Lục Nam", False)),
    )
    assert formats.losses(name, [question]) == []
    content = formats.write(name, [question])
    for ending in (*form.endings, "tệp-tải-về"):
        assert formats.read(f"cau-hoi.{ending}", content).questions == (question,)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_question_without_a_key_is_named_before_it_is_written(name: str) -> None:
    question = Question("Đâu?", (Choice("Kế", False), Choice("Chũ", False)))
    ((place, (loss, *_)),) = formats.losses(
        name, [replace(question, choices=(Choice("a", True), Choice("b", False))), question]
    )
    assert (place, loss.field) == (1, "question")
    assert loss.message.endswith(".")
