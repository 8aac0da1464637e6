"""The demo bank: sound, spread evenly, and true to the documents that it cites."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

from question_bank import checks, formats
from question_bank.draw import BankItem, Blueprint, Quota, feasibility
from question_bank.schema import Question

FILE = Path(__file__).resolve().parents[2] / "contest" / "demo" / "questions.jsonl"


def bank() -> tuple[Question, ...]:
    parsed = formats.read(FILE.name, FILE.read_bytes())
    assert not parsed.problems
    return parsed.questions


def test_at_least_sixty_four_sound_questions_with_four_choices_one_key_and_a_source() -> None:
    questions = bank()
    assert len(questions) >= 64
    assert [found for found in checks.check(questions) if found.kind != "near_duplicate"] == []
    assert {len(question.choices) for question in questions} == {4}
    assert {len(question.key) for question in questions} == {1}
    assert all(question.source and question.source.locator and question.chapter for question in questions)
    assert len({question.code for question in questions}) == len(questions)


def test_keys_are_spread_over_the_letters() -> None:
    counts = Counter(next(iter(question.key)) for question in bank())
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_longest_choice_is_no_hint() -> None:
    questions = bank()
    longest = sum(
        max(range(4), key=lambda place: len(question.choices[place].text)) in question.key for question in questions
    )
    assert longest / len(questions) < 0.4


def test_a_paper_of_four_from_each_chapter_can_be_drawn() -> None:
    questions = bank()
    chapters = sorted({question.chapter for question in questions})
    assert 4 <= len(chapters) <= 5
    items = [BankItem(place, asked.chapter, asked.difficulty, 4) for place, asked in enumerate(questions)]
    assert feasibility(Blueprint(tuple(Quota(4, chapter) for chapter in chapters)), items) == []


def test_every_explanation_quotes_a_seed_document_word_for_word(shared_data: Path) -> None:
    documents = [words(path.read_text()) for path in sorted((shared_data / "essays" / "seeds").glob("*.txt"))]
    for question in bank():
        quoted = words(question.feedback.removeprefix("Văn bản ghi: ")).removesuffix(".")
        assert any(quoted in document for document in documents), question.code


def words(text: str) -> str:
    """The text without Markdown stars, every run of white space one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).replace("*", "")).strip()
