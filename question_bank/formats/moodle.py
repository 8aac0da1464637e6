"""What Moodle's two formats share: categories as chapters, difficulties by name, which questions are its true/false; `gift` and `moodle_xml` call it."""

import re

from question_bank.schema import TRUE_FALSE, Difficulty, Question

_CONTEXT = re.compile(r"\$(?:course|system|module|coursecat|cat\d+)\$(?:/|$)")


def chapter_of(path: str) -> str:
    """The chapter that a Moodle category path names, its context and the top category taken off."""
    rest = _CONTEXT.sub("", path.strip(), count=1)
    if rest == "top":
        return ""
    return rest.removeprefix("top/").replace("//", "/")


def category_of(chapter: str) -> str:
    """The category path that stands for a chapter."""
    return "$course$/top/" + chapter.replace("/", "//")


def difficulty_of(value: str | None, notes: list[str], *, where: str) -> Difficulty:
    """A difficulty by its English name; one that is none is medium, and a note says where it stood."""
    found = {difficulty.name.lower(): difficulty for difficulty in Difficulty}.get((value or "medium").strip().lower())
    if found is None:
        notes.append(f"Độ khó ghi trong {where} không phải easy, medium hoặc hard nên được coi là trung bình.")
    return found or Difficulty.MEDIUM


def is_true_false(question: Question) -> bool:
    """Whether a question is what Moodle asks as true or false: our two words in their order, one of them right."""
    return question.pinned and not question.multiple and tuple(choice.text for choice in question.choices) == TRUE_FALSE
