"""Pictures, and question files that hold them in the making; tests of pictures in the bank read and write them."""

import base64
import io
from typing import Any

import docx as python_docx
from PIL import Image

from question_bank.formats import docx, moodle_xml, qti
from question_bank.schema import Parsed
from tests.question_bank.test_docx import saved
from tests.question_bank.test_moodle_xml import item as moodle_item
from tests.question_bank.test_moodle_xml import quiz
from tests.question_bank.test_qti import item as qti_item
from tests.question_bank.test_qti import package


def drawn(colour: str = "red", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (12, 8), colour).save(out, kind)
    return out.getvalue()


RED, BLUE = drawn("red"), drawn("blue", "JPEG")
CHOICES = '<simpleChoice identifier="A">Kế</simpleChoice><simpleChoice identifier="B">{}</simpleChoice>'


def said(parsed: Parsed) -> str:
    return "\n".join(problem.message for problem in parsed.problems)


def file(content: bytes | str, name: str = "cờ đỏ.png", more: str = "") -> str:
    text = content if isinstance(content, str) else base64.encodebytes(content).decode()
    return f'<file name="{name}" path="/" encoding="base64"{more}>{text}</file>'


def moodle(stem: str, *files: str, answers: str = "") -> Parsed:
    held = moodle_item(f"<![CDATA[{stem}]]>", answers=answers).replace(
        "</questiontext>", "".join(files) + "</questiontext>"
    )
    return moodle_xml.read(quiz(held))


def of_qti(stem: str, *, choice: str = "Chũ", **files: bytes) -> Parsed:
    held: dict[str, str | bytes] = {"items/i1.xml": qti_item(stem=stem, choices=CHOICES.format(choice))}
    return qti.read(package(held | {name.replace("__", "/").replace("_", "."): data for name, data in files.items()}))


class Document:
    """A Word document in the making, pictures with their words."""

    def __init__(self) -> None:
        self._held = python_docx.Document()

    def write(self, text: str, *pictures: bytes, alt: str = "") -> "Document":
        self._put(self._held.add_paragraph(text), pictures, alt)
        return self

    def row(self, *cells: tuple[str, bytes | None]) -> "Document":
        table = self._held.add_table(1, len(cells))
        for cell, (text, picture) in zip(table.rows[0].cells, cells, strict=True):
            cell.text = text
            self._put(cell.paragraphs[0], (picture,) if picture else (), "")
        return self

    def read(self) -> Parsed:
        return docx.read(saved(self._held))

    @staticmethod
    def _put(paragraph: Any, pictures: tuple[bytes, ...], alt: str) -> None:
        for picture in pictures:
            shape = paragraph.add_run().add_picture(io.BytesIO(picture))
            shape._inline.docPr.set("descr", alt)


def asked(*pictures: bytes, alt: str = "") -> Document:
    return Document().write("Câu 1: Đây là đâu?", *pictures, alt=alt)


def answered(document: Document) -> Parsed:
    return document.write("A. Kế").write("B. Chũ").write("Đáp án: A").read()
