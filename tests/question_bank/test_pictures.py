"""Pictures inside question files: the first of a stem is taken with its words, of every other a sentence is left, and nothing is fetched."""

import base64
import io
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx as python_docx
import pytest
from PIL import Image

from question_bank import checks, formats
from question_bank.formats import docx, images, moodle_xml, picture_size, qti
from question_bank.formats.office import Package, Unreadable
from question_bank.schema import MAX_PICTURE, Choice, Parsed, Picture, Question
from tests.question_bank.test_docx import from_xml, paragraph, saved
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


def test_moodle_takes_the_picture_of_the_stem_with_its_words() -> None:
    parsed = moodle(
        '<p>Đâu?<img src="@@PLUGINFILE@@/c%E1%BB%9D%20%C4%91%E1%BB%8F.png?time=1" alt="Cờ đỏ"></p>', file(RED)
    )
    assert parsed.questions[0].stem == "Đâu?"
    assert parsed.questions[0].picture == Picture(RED, "Cờ đỏ")
    assert not parsed.problems


def test_qti_package_takes_the_picture_beside_its_item() -> None:
    parsed = of_qti('<p>Đâu?</p><p><img src="../hinh/co.png" alt="Cờ đỏ"/></p>', hinh__co_png=RED)
    assert (parsed.questions[0].stem, parsed.questions[0].picture) == ("Đâu?", Picture(RED, "Cờ đỏ"))
    assert "hình" not in said(parsed)


@pytest.mark.parametrize("alone", [False, True], ids=["in the stem's line", "on a line of its own"])
def test_word_takes_the_picture_of_the_stem_with_its_words(alone: bool) -> None:
    document = asked().write("", RED, alt="Cờ đỏ") if alone else asked(RED, alt="Cờ đỏ")
    parsed = answered(document)
    assert (parsed.questions[0].stem, parsed.questions[0].picture) == ("Đây là đâu?", Picture(RED, "Cờ đỏ"))
    assert not parsed.problems


def test_word_takes_the_picture_beside_its_question_in_a_table() -> None:
    parsed = Document().row(("Câu 1: Đây là đâu?\nA. Kế\nB. Chũ\nĐáp án: A", None), ("", RED)).read()
    assert parsed.questions[0].picture == Picture(RED)


def test_one_picture_shown_by_two_questions_is_read_for_both() -> None:
    document = asked(RED).write("A. Kế").write("B. Chũ").write("Đáp án: A").write("Câu 2: Còn đây?", RED)
    parsed = document.write("A. Kế").write("B. Chũ").write("Đáp án: B").read()
    assert [question.picture for question in parsed.questions] == [Picture(RED), Picture(RED)]


SECOND = [
    lambda: moodle(
        'Đâu?<img src="@@PLUGINFILE@@/a.png"><img src="@@PLUGINFILE@@/b.jpg">', file(RED, "a.png"), file(BLUE, "b.jpg")
    ),
    lambda: of_qti('<p>Đâu?<img src="a.png"/><img src="b.jpg"/></p>', items__a_png=RED, items__b_jpg=BLUE),
    lambda: answered(asked(RED).write("", BLUE)),
]


@pytest.mark.parametrize("read", SECOND, ids=["moodle", "qti", "word"])
def test_a_second_picture_is_told_and_the_first_stays(read: Callable[[], Parsed]) -> None:
    parsed = read()
    assert parsed.questions[0].picture == Picture(RED)
    assert "có nhiều hình; chỉ hình đầu tiên được nhập." in said(parsed)
    assert all(problem.kept for problem in parsed.problems if "hình" in problem.message)


ELSEWHERE = [
    (["A. Kế", "B. Chũ", "Đáp án: A", "Giải thích: Xem bản đồ."], "hình trong lời giải thích không nhập được"),
    (["A. Kế", "B. Chũ", "Đáp án: A"], "hình nằm sau đáp án nên không nhập được"),
]


@pytest.mark.parametrize(("texts", "words"), ELSEWHERE, ids=["explanation", "key"])
@pytest.mark.parametrize("alone", [False, True], ids=["in the line", "on a line of its own"])
def test_a_picture_behind_the_choices_is_told_where_it_stands(texts: list[str], words: str, alone: bool) -> None:
    document = asked()
    for text in texts[:-1]:
        document.write(text)
    document.write(texts[-1], *([] if alone else [RED]))
    parsed = (document.write("", RED) if alone else document).read()
    assert parsed.questions[0].picture is None
    assert [words in problem.message for problem in parsed.problems] == [True]


def test_a_picture_below_a_field_that_stands_before_the_choices_is_the_picture_of_the_stem() -> None:
    parsed = answered(asked().write("Mức độ: Dễ").write("", RED))
    assert parsed.questions[0].picture == Picture(RED)


def test_a_picture_in_the_explanation_beside_a_question_is_told_as_such() -> None:
    cells = [("1", None), ("Đây là đâu?\nA. Kế\nB. Chũ", None), ("A", None), ("Xem bản đồ.", RED)]
    parsed = Document().row(*cells).read()
    assert [(question.feedback, question.picture) for question in parsed.questions] == [("Xem bản đồ.", None)]
    assert "Câu 1: có hình trong lời giải thích không nhập được" in said(parsed)
    assert "phương án" not in said(parsed)


IN_CHOICE = [
    lambda: moodle(
        "Đâu?",
        answers=f'<answer fraction="100"><text><![CDATA[Kế <img src="@@PLUGINFILE@@/a.png">]]></text>{file(RED, "a.png")}</answer>'
        '<answer fraction="0"><text>Chũ</text></answer>',
    ),
    lambda: of_qti("<p>Đâu?</p>", choice='Chũ <img src="a.png" alt=""/>', items__a_png=RED),
    lambda: asked().write("A. Kế").write("B. Chũ", RED).write("Đáp án: A").read(),
]


@pytest.mark.parametrize("read", IN_CHOICE, ids=["moodle", "qti", "word"])
def test_a_picture_in_a_choice_is_told_and_the_words_stay(read: Callable[[], Parsed]) -> None:
    parsed = read()
    assert [choice.text for choice in parsed.questions[0].choices] == ["Kế", "Chũ"]
    assert parsed.questions[0].picture is None
    assert "hình trong phương án không nhập được" in said(parsed)


def test_word_choice_that_is_nothing_but_a_picture_is_refused_with_what_to_do() -> None:
    parsed = asked().write("A. ", RED).write("B. ", BLUE).write("Đáp án: A").read()
    assert not parsed.questions
    assert "phương án chỉ có hình, không có chữ" in said(parsed)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.png", "//cdn.example/a.png", "file:///etc/passwd", "\\\\may\\a.png"]
)
def test_outside_addresses_are_never_fetched(address: str) -> None:
    for parsed in (moodle(f'Đâu?<img src="{address}">'), of_qti(f'<p>Đâu?</p><img src="{address}"/>')):
        assert parsed.questions[0].picture is None
        assert "địa chỉ bên ngoài nên không được tải về" in said(parsed)


@pytest.mark.parametrize("address", ["../../etc/passwd", "/etc/passwd", "", "khong-co.png", "../imsmanifest.xml"])
def test_addresses_that_lead_to_nothing_are_told(address: str) -> None:
    for parsed in (moodle(f'Đâu?<img src="{address}">'), of_qti(f'<p>Đâu?</p><img src="{address}"/>', a_png=RED)):
        assert parsed.questions[0].picture is None
        assert "không có trong tệp" in said(parsed)


def test_a_picture_that_the_words_hold_themselves_is_taken() -> None:
    parsed = moodle(f'Đâu?<img alt="Cờ" src="data:image/png;base64,{base64.b64encode(RED).decode()}">')
    assert parsed.questions[0].picture == Picture(RED, "Cờ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không phải JPEG, PNG, WebP hoặc GIF"),
        (b"\x01\0\0\0EMF", "không phải JPEG, PNG, WebP hoặc GIF"),
        (RED + random.Random(1).randbytes(MAX_PICTURE), "lớn hơn 5 MB"),
        (b"", "bị hỏng"),
    ],
    ids=["svg", "emf", "large", "empty"],
)
def test_what_is_no_sound_picture_is_told_and_the_question_stays(content: bytes, words: str) -> None:
    word = from_xml(
        paragraph("Câu 1: Đâu?")
        + '<w:p><w:r><w:drawing><a:blip xmlns:r="urn:r" r:embed="i"/></w:drawing></w:r></w:p>'
        + paragraph("A. Kế")
        + paragraph("B. Chũ")
        + paragraph("Đáp án: A"),
        others={"word/media/a.png": content},
        links='<Relationship Id="i" Type="x/image" Target="media/a.png"/>',
    )
    held = (moodle('Đâu?<img src="@@PLUGINFILE@@/a.png">', file(content, "a.png")), docx.read(word))
    for parsed in (*held, of_qti('<p>Đâu?</p><img src="a.png"/>', items__a_png=content)):
        assert len(parsed.questions) == 1
        assert parsed.questions[0].picture is None
        assert words in said(parsed)


def test_word_pictures_that_are_only_linked_are_never_fetched() -> None:
    body = (
        paragraph("Câu 1: Đâu?") + '<w:p><w:r><w:drawing><a:blip xmlns:r="urn:r" r:link="i"/></w:drawing></w:r></w:p>'
    )
    link = '<Relationship Id="i" Type="x/image" TargetMode="External" Target="http://127.0.0.1:9/a.png"/>'
    parsed = docx.read(from_xml(body + paragraph("A. Kế") + paragraph("B. Chũ") + paragraph("Đáp án: A"), links=link))
    assert parsed.questions[0].picture is None
    assert "Câu 1: có hình nằm ở địa chỉ bên ngoài" in said(parsed)


def test_word_keeps_one_of_the_two_copies_that_it_holds_of_a_drawing() -> None:
    copies = (
        '<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><a:blip xmlns:r="urn:r" r:embed="i"/></w:drawing></mc:Choice>'
        '<mc:Fallback><w:pict><w:imagedata xmlns:r="urn:r" r:id="i"/></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>'
    )
    body = paragraph("Câu 1: Đâu?") + copies + paragraph("A. Kế") + paragraph("B. Chũ") + paragraph("Đáp án: A")
    link = '<Relationship Id="i" Type="x/image" Target="media/a.png"/>'
    parsed = docx.read(from_xml(body, others={"word/media/a.png": RED}, links=link))
    assert parsed.questions[0].picture == Picture(RED)
    assert not parsed.problems


def test_word_picture_outside_every_question_is_told() -> None:
    parsed = answered(Document().write("", RED).write("Câu 1: Đâu?"))
    assert parsed.questions[0].picture is None
    assert "nằm ngoài câu hỏi" in said(parsed)


def test_pictures_packed_to_fill_memory_are_left_after_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b"\x89PNG\r\n\x1a\n" + b"\0" * (MAX_PICTURE - 8)
    count = images.MAX_TOGETHER // MAX_PICTURE + 2
    lines, links, others = [], "", {}
    for number in range(count):
        picture = f'<w:r><w:drawing><a:blip xmlns:r="urn:r" r:embed="i{number}"/></w:drawing></w:r>'
        lines += [paragraph(f"Câu {number + 1}: Đâu?").replace("</w:p>", picture + "</w:p>")]
        lines += [paragraph("A. Kế"), paragraph("B. Chũ"), paragraph("Đáp án: A")]
        links += f'<Relationship Id="i{number}" Type="x/image" Target="media/a{number}.png"/>'
        others[f"word/media/a{number}.png"] = bomb
    parsed = docx.read(from_xml("".join(lines), others=others, links=links))
    assert sum(question.picture is not None for question in parsed.questions) == count - 2
    assert said(parsed).count("chứa quá nhiều hình") == 2


def test_a_stem_of_nothing_but_a_picture_says_what_the_picture_shows() -> None:
    assert moodle('<img src="@@PLUGINFILE@@/a.png" alt="Cờ đỏ">', file(RED, "a.png")).questions[0].stem == "Cờ đỏ"
    assert "Câu dẫn chỉ có hình" in said(moodle('<img src="@@PLUGINFILE@@/a.png">', file(RED, "a.png")))


def test_a_broken_moodle_file_still_yields_the_pictures_of_its_whole_questions() -> None:
    text = quiz(moodle_item("<![CDATA[Đâu?<img src='@@PLUGINFILE@@/a.png'>]]>")).replace(
        "</questiontext>", file(RED, "a.png") + "</questiontext>"
    )
    parsed = moodle_xml.read(text.replace("</quiz>", '<question type="multichoice"><questiontext>'))
    assert parsed.questions[0].picture == Picture(RED)


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


def test_a_picture_without_words_is_for_a_person_to_see() -> None:
    question = Question("Đâu?", (Choice("Kế", True), Choice("Chũ", False)), picture=Picture(RED))
    assert "no_alt" in [finding.kind for finding in checks.check([question])]
    assert "no_alt" not in [f.kind for f in checks.check([replace(question, picture=Picture(RED, "Cờ"))])]


def understated(size: int, stated: int) -> bytes:
    """A Word package whose picture unpacks to `size` zeros, and says `stated`."""
    box = bytearray(from_xml("", others={"word/media/a.png": bytes(size)}))
    for place in range(len(box) - 4):
        if box[place : place + 4] == struct.pack("<I", size):
            box[place : place + 4] = struct.pack("<I", stated)
    return bytes(box)


def test_a_picture_that_understates_its_size_is_not_unpacked_beyond_it() -> None:
    package = Package(understated(50_000_000, 100))
    assert package.size("word/media/a.png") == 100
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            package.content("word/media/a.png")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_word_files_packed_in_odd_ways_are_refused_like_packages() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as box:
        box.writestr("word/document.xml", b"<a/>")
    assert "cách nén không đọc được" in said(docx.read(out.getvalue()))
    assert "cách nén không đọc được" in said(qti.read(out.getvalue()))


def test_a_bad_picture_is_read_once_however_often_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()

    def damaged(name: str) -> bytes:
        read.append(name)
        raise Unreadable("hỏng")

    members = images.Members(damaged, Unreadable)
    for _ in range(3):
        with pytest.raises(images.Lost, match="bị hỏng"):
            members.get("a.png", 100)
    assert read == ["a.png"]

    decoded = list[str]()
    plain = base64.b64decode

    def counted(packed: str, *, validate: bool) -> bytes:
        decoded.append(packed)
        return plain(packed, validate=validate)

    monkeypatch.setattr(images.base64, "b64decode", counted)
    shown = '<img src="@@PLUGINFILE@@/a.png">' * 5
    assert "không phải JPEG" in said(moodle(f"Đâu?{shown}", file(b"<svg/>", "a.png")))
    assert len(decoded) == 1


ASKED = "Đây là đâu?\nA. Kế\nB. Chũ"
BESIDE = [
    [("1", None), (ASKED, None), ("A", None), ("", RED)],
    [("1", RED), (ASKED, None), ("A", None)],
    [("H-01", RED), (f"Câu 1: {ASKED}", None), ("A", None)],
    [("1", None), (ASKED, None), ("A", RED)],
]


@pytest.mark.parametrize("cells", BESIDE, ids=["own cell", "number", "code", "key"])
def test_word_takes_the_picture_from_any_cell_beside_its_question(cells: list[tuple[str, bytes | None]]) -> None:
    parsed = Document().row(*cells).read()
    assert [(question.stem, question.picture) for question in parsed.questions] == [("Đây là đâu?", Picture(RED))]
    assert not parsed.problems


def test_formula_in_a_table_of_questions_is_told_as_a_formula() -> None:
    rows = [("Câu hỏi", "A", "B", "Đáp án"), ("Bằng mấy?<m:oMath><m:r><m:t>1+1</m:t></m:r></m:oMath>", "2", "3", "A")]
    table = "".join(
        "<w:tr>" + "".join(f"<w:tc>{with_formula(text)}</w:tc>" for text in row) + "</w:tr>" for row in rows
    )
    parsed = docx.read(from_xml(f"<w:tbl>{table}</w:tbl>"))
    assert [question.stem for question in parsed.questions] == ["Bằng mấy?1+1"]
    assert [(problem.line, problem.message, problem.kept) for problem in parsed.problems] == [
        (5, "Ô trong bảng có công thức Word; chỉ phần chữ được giữ, hãy xem lại.", True)
    ]


def with_formula(text: str) -> str:
    words, sign, formula = text.partition("<m:oMath>")
    return paragraph(words).replace("</w:p>", f"{sign}{formula}</w:p>")
