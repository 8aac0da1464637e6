"""Pictures in written question files: which formats hold them, where they stand and how large, and which name them as lost."""

import io
import zipfile

import docx as python_docx
import pytest
from PIL import Image

from question_bank import formats
from question_bank.formats import docx, picture_size
from question_bank.schema import Choice, Parsed, Picture, Question
from tests.question_bank.pictured import RED, drawn


@pytest.mark.parametrize("name", [form.name for form in formats.FORMATS if form.write])
def test_a_format_holds_pictures_or_names_them_as_lost(name: str) -> None:
    question = Question("Đâu?", (Choice("Kế", True), Choice("Chũ", False)), picture=Picture(RED, 'Cờ "đỏ" <b> & sao'))
    form = next(form for form in formats.FORMATS if form.name == name)
    (back,) = form.read(formats.write(name, [question])).questions
    lost = [loss.field for _, losses in formats.losses(name, [question]) for loss in losses]
    assert ("picture" in lost) is not bool(form.pictures)
    assert back.picture == (question.picture if form.pictures else None)


def test_written_word_document_shows_the_picture_below_its_stem_as_large_as_the_page_bears() -> None:
    out = io.BytesIO()
    Image.new("RGB", (1600, 800), "red").save(out, "JPEG")
    choices = (Choice("Kế", True), Choice("Chũ", False))
    asked_twice = [
        Question("Đâu?", choices, picture=Picture(out.getvalue(), 'Cờ "đỏ" <b> & sao')),
        Question("Còn đây?", choices, picture=Picture(RED)),
        Question("Và đây?", choices, picture=Picture(RED, "Cờ")),
    ]
    content = docx.write(asked_twice)
    document = python_docx.Document(io.BytesIO(content))
    wide, small, _ = document.inline_shapes
    assert (wide.width, wide.height) == (5_400_000, 2_700_000)
    assert (small.width, small.height) == (12 * 9525, 8 * 9525)
    assert [paragraph.text for paragraph in document.paragraphs[:3]] == ["Câu 1: Đâu?", "", "A. Kế"]
    assert len([part for part in document.part.package.parts if "/media/" in part.partname]) == 2
    assert docx.read(content) == Parsed(tuple(asked_twice))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_size_of_a_picture_is_told_without_decoding_it(kind: str) -> None:
    assert picture_size.size(Picture(drawn("red", kind))) == (12, 8)
    for sign in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b""):
        assert picture_size.size(Picture(sign)) is None


def test_written_package_lists_the_picture_beside_its_item() -> None:
    question = Question("Đâu?", (Choice("Kế", True), Choice("Chũ", False)), picture=Picture(RED, "Cờ"))
    with zipfile.ZipFile(io.BytesIO(formats.write("qti22", [question]))) as box:
        assert box.read("items/images/q00001.png") == RED
        assert b'href="items/images/q00001.png"' in box.read("imsmanifest.xml")
