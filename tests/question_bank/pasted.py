"""What the tests of Word paste share: one question in plain words, and short ways to what a text gave."""

from dataclasses import replace

from question_bank.formats import word_paste
from question_bank.formats.word_paste_lines import tidy
from question_bank.schema import Choice, Parsed, Question, Source


def carried(question: Question) -> Question:
    """The question as this format carries it: spaces made single, signs without width dropped."""
    source = question.source and Source(tidy(question.source.document), tidy(question.source.locator))
    return replace(
        question,
        stem=tidy(question.stem),
        choices=tuple(Choice(tidy(c.text), c.correct, tidy(c.feedback)) for c in question.choices),
        chapter=tidy(question.chapter),
        source=source,
        tags=tuple(tag for tag in map(tidy, question.tags) if tag),
        code=tidy(question.code),
        feedback=tidy(question.feedback),
    )


def one(text: str) -> Question:
    parsed = word_paste.read(text)
    assert len(parsed.questions) == 1, parsed
    return parsed.questions[0]


def said(parsed: Parsed) -> list[str]:
    return [problem.message for problem in parsed.problems]


PLAIN = Question(
    "Tỉnh lỵ ở đâu?",
    (Choice("Bắc Giang", False), Choice("Chũ", True), Choice("Kế", False), Choice("Bố Hạ", False)),
)


BODY = "Câu {0}: Gì {0}?\nA. x\nB. y\nC. z\nD. t\n"
