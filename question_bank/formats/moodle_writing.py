"""The writing of Moodle XML: every question as an element that `moodle_xml` reads again; `moodle_xml` hands it on."""

import base64
from collections.abc import Iterable
from html import escape
from typing import Any

from lxml import etree

from question_bank.formats.moodle import category_of, is_true_false
from question_bank.schema import Difficulty, Picture, Question, one_line

IN_FILE = "@@PLUGINFILE@@"
_NAME_LENGTH = 60


def write(questions: Iterable[Question]) -> str:
    """The questions as Moodle XML; reading it gives equal questions, as long as each has a key."""
    quiz = etree.Element("quiz")
    chapter = ""
    for question in questions:
        if question.chapter != chapter:
            chapter = question.chapter
            category = etree.SubElement(etree.SubElement(quiz, "question", type="category"), "category")
            _child(category, "text", category_of(chapter))
        _written(quiz, question)
    etree.indent(quiz)
    return etree.tostring(quiz, encoding="utf-8", xml_declaration=True).decode() + "\n"


def _written(quiz: Any, question: Question) -> None:
    truth = is_true_false(question)
    node = etree.SubElement(quiz, "question", type="truefalse" if truth else "multichoice")
    name = question.code or one_line(question.stem)[:_NAME_LENGTH].rstrip()
    _child(_child(node, "name"), "text", name)
    if question.picture is None:
        _plain(node, "questiontext", question.stem)
    else:
        _pictured(node, question.stem, question.picture)
    _plain(node, "generalfeedback", question.feedback)
    _child(node, "defaultgrade", "1")
    _child(node, "penalty", "0")
    _child(node, "hidden", "0")
    _child(node, "idnumber", question.code)
    share = f"{100 / len(question.key):.5f}".rstrip("0").rstrip(".") if question.key else "0"
    if not truth:
        _child(node, "single", "false" if question.multiple else "true")
        _child(node, "shuffleanswers", "false" if question.pinned else "true")
        _child(node, "answernumbering", "ABCD")
    for choice, key in zip(
        question.choices, ("true", "false") if truth else ("",) * len(question.choices), strict=True
    ):
        answer = _child(node, "answer")
        answer.set("fraction", share if choice.correct else "0")
        answer.set("format", "moodle_auto_format" if truth else "plain_text")
        _child(answer, "text", key or choice.text)
        _plain(answer, "feedback", choice.feedback)
    if question.difficulty is not Difficulty.MEDIUM:
        _child(node, "difficulty", question.difficulty.name.lower())
    if question.source is not None:
        source = _child(node, "source")
        _child(source, "document", question.source.document)
        _child(source, "locator", question.source.locator)
    if question.tags:
        tags = _child(node, "tags")
        for tag in question.tags:
            _child(_child(tags, "tag"), "text", tag)


def _pictured(parent: Any, stem: str, picture: Picture) -> None:
    """The stem as HTML with its picture below, and the picture as a file beside it."""
    name = f"hinh.{picture.kind or 'bin'}"
    lines = stem.split("\n")
    even = all(line and line == " ".join(line.split()) for line in lines)
    body = "<p>" + "<br>".join(map(escape, lines)) + "</p>" if even else f"<pre>{escape(stem)}</pre>"
    node = _child(parent, "questiontext")
    node.set("format", "html")
    _child(node, "text", f'{body}<p><img src="{IN_FILE}/{name}" alt="{escape(picture.alt)}"></p>')
    file = _child(node, "file", base64.b64encode(picture.content).decode())
    for key, value in (("name", name), ("path", "/"), ("encoding", "base64")):
        file.set(key, value)


def _plain(parent: Any, name: str, text: str) -> None:
    node = _child(parent, name)
    node.set("format", "plain_text")
    _child(node, "text", text)


def _child(parent: Any, name: str, text: str | None = None) -> Any:
    node = etree.SubElement(parent, name)
    node.text = text
    return node
