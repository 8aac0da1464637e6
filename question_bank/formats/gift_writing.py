"""The writing of GIFT: every question as text that `gift` reads again; `gift` hands it on."""

import re
from collections.abc import Iterable

from question_bank.formats import light_markup
from question_bank.formats.moodle import category_of, is_true_false
from question_bank.schema import Difficulty, Question

_SPECIAL = re.compile(r"[\\~=#{}:]")
_META_SPECIAL = re.compile(r"[\\\[\]]")


def write(questions: Iterable[Question]) -> str:
    """The questions as GIFT; reading it gives equal questions, as long as each has a key."""
    parts: list[str] = []
    chapter = ""
    for question in questions:
        if question.chapter != chapter:
            chapter = question.chapter
            parts.append(f"$CATEGORY: {category_of(chapter)}")
        parts.append(_written(question))
    return "\n\n".join(parts) + "\n"


def _written(question: Question) -> str:
    meta = [("tag", tag) for tag in question.tags]
    if question.difficulty is not Difficulty.MEDIUM:
        meta.append(("difficulty", question.difficulty.name.lower()))
    if question.source is not None:
        meta += [("source", question.source.document), ("locator", question.source.locator)]
    marks = [f"[{name}:{_META_SPECIAL.sub(_backslashed, value)}]" for name, value in meta if value]
    truth = is_true_false(question)
    if question.pinned and not truth:
        marks.append("[pinned]")
    lines = ["// " + " ".join(marks)] if marks else []
    title = f"::{_escaped(question.code)}::" if question.code else ""
    lines.append(f"{title}{_guarded(question.stem)} {{")
    if truth:
        right, wrong = sorted(question.choices, key=lambda choice: not choice.correct)
        lines[-1] += f"{'TRUE' if question.choices[0].correct else 'FALSE'}"
        lines[-1] += (
            f"#{_guarded(wrong.feedback)}#{_guarded(right.feedback)}" if wrong.feedback or right.feedback else ""
        )
    else:
        share = f"%{100 / len(question.key):.5f}%" if question.multiple else ""
        for choice in question.choices:
            mark = f"~{share}" if share and choice.correct else "=" if choice.correct else "~"
            feedback = f"#{_guarded(choice.feedback)}" if choice.feedback else ""
            lines.append(f"\t{mark}{_guarded(choice.text)}{feedback}")
    if question.feedback:
        lines.append(f"\t####{_guarded(question.feedback)}")
    return "\n".join([*lines, "}"])


def _guarded(text: str) -> str:
    """The text escaped; what the reader would take for a format, weight, comment, category or HTML is shielded."""
    return ("[plain]" if text[:1] in tuple("[/$%") or light_markup.marked(text) else "") + _escaped(text)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_backslashed, text).replace("\n", "\\n")


def _backslashed(match: re.Match[str]) -> str:
    return "\\" + match[0]
