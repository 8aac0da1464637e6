"""What a manifest's LOM metadata says of an item, in and out; `qti` reads it and `qti_writing` writes it.

Read from IEEE LOM and from IMS MD 1.2 alike. Source: IEEE 1484.12.1, "Learning Object Metadata".
"""

from dataclasses import replace
from typing import Any

from lxml import etree

from question_bank.formats.qti_item import below
from question_bank.schema import Difficulty, Question, Source, one_line

LOM = "http://ltsc.ieee.org/xsd/LOM"
_WORDS = {
    Difficulty.EASY: "easy",
    Difficulty.MEDIUM: "medium",
    Difficulty.HARD: "difficult",
}
_DIFFICULTIES = {
    **{word: difficulty for difficulty, word in _WORDS.items()},
    "very easy": Difficulty.EASY,
    "very difficult": Difficulty.HARD,
    "hard": Difficulty.HARD,
}


def described(question: Question, resource: Any, notes: list[str]) -> Question:
    """The question with what the resource's metadata adds to it. Raises QuestionError where that cannot stand."""
    tags = tuple(_text(keyword) for keyword in below(resource, "keyword"))
    word = next((_value(element) for element in below(resource, "difficulty")), "")
    if word and word.lower() not in _DIFFICULTIES:
        notes.append("Độ khó ghi trong mục lục không đọc được nên được coi là trung bình.")
    chapters = [_text(entry) for entry in below(resource, "entry") if _within(entry, "taxon")]
    return replace(
        question,
        tags=tags,
        difficulty=_DIFFICULTIES.get(word.lower(), Difficulty.MEDIUM),
        chapter=chapters[-1] if chapters else "",
        source=_source(resource),
    )


def write(parent: Any, question: Question) -> None:
    """Add the <metadata> of one question to its resource."""
    told = (question.tags, question.chapter, question.source, question.difficulty is not Difficulty.MEDIUM)
    if not any(told):
        return
    lom = _add(etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}metadata"), "lom")
    if question.tags:
        general = _add(lom, "general")
        for tag in question.tags:
            _string(_add(general, "keyword"), tag)
    if question.difficulty is not Difficulty.MEDIUM:
        _vocabulary(_add(_add(lom, "educational"), "difficulty"), _WORDS[question.difficulty])
    if question.source is not None:
        relation = _add(lom, "relation")
        _vocabulary(_add(relation, "kind"), "isbasedon")
        resource = _add(relation, "resource")
        for text in (question.source.document, question.source.locator):
            if text:
                _string(_add(resource, "description"), text)
    if question.chapter:
        classification = _add(lom, "classification")
        _vocabulary(_add(classification, "purpose"), "discipline")
        _string(_add(_add(_add(classification, "taxonPath"), "taxon"), "entry"), question.chapter)


def _source(resource: Any) -> Source | None:
    for relation in below(resource, "relation"):
        kind = next((_value(element) for element in below(relation, "kind")), "")
        if kind.lower().replace(" ", "") == "isbasedon":
            texts = [_text(element) for element in below(relation, "description")]
            return Source(*texts[:2]) if texts else None
    return None


def _value(element: Any) -> str:
    value = next(below(element, "value"), element)
    return _text(value)


def _text(element: Any) -> str:
    return one_line("".join(element.itertext()))


def _within(element: Any, name: str) -> bool:
    return any(str(parent.tag).rpartition("}")[2].lower() == name for parent in element.iterancestors())


def _add(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{LOM}}}{name}", nsmap={None: LOM})


def _string(parent: Any, text: str) -> None:
    node = _add(parent, "string")
    node.set("language", "vi")
    node.text = text


def _vocabulary(parent: Any, value: str) -> None:
    _add(parent, "source").text = "LOMv1.0"
    _add(parent, "value").text = value
