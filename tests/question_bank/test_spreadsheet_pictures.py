"""Pictures that stand on the rows of a workbook or of a Word table under headings: whose they are, and what is told of those that stay behind."""

import io
import zipfile

import docx as python_docx
import pytest
import xlsxwriter

from question_bank import formats
from question_bank.formats import images
from question_bank.schema import MAX_PICTURE, Parsed, Picture
from tests.question_bank.pictured import BLUE, RED, drawn

HEADINGS = ("Mã", "Câu hỏi", "A", "B", "Đáp án", "Giải thích")
ROWS = [("M-1", "Đây là đâu?", "Kế", "Chũ", "A", "Xem bản đồ."), ("M-2", "Còn đây?", "Neo", "Thắng", "B", "")]


def workbook(*pictures: tuple[str, bytes, str]) -> bytes:
    """Two questions under headings, with pictures at cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Câu hỏi")
    for line, values in enumerate((HEADINGS, *ROWS)):
        sheet.write_row(line, 0, values)
    for cell, content, alt in pictures:
        sheet.insert_image(cell, "a.png", {"image_data": io.BytesIO(content), "description": alt})
    book.close()
    return out.getvalue()


def changed(data: bytes, **parts: bytes) -> bytes:
    """The workbook with other bytes in parts, told by the end of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].replace(".", "_"), old.read(name)))
    return out.getvalue()


def read(data: bytes) -> Parsed:
    parsed = formats.read("de.xlsx", data)
    assert [question.code for question in parsed.questions] == ["M-1", "M-2"]
    assert all(problem.kept for problem in parsed.problems)
    return parsed


def said(parsed: Parsed) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in parsed.problems]


@pytest.mark.parametrize("cell", ["A2", "B2", "E2", "K2"])
def test_picture_on_a_row_is_the_picture_of_its_question(cell: str) -> None:
    parsed = read(workbook((cell, RED, "Cờ đỏ"), ("B3", BLUE, "")))
    assert [question.picture for question in parsed.questions] == [Picture(RED, "Cờ đỏ"), Picture(BLUE)]
    assert not parsed.problems


@pytest.mark.parametrize(
    ("pictures", "line", "words"),
    [
        ([("D2", RED, "")], 2, "Ô D2: có hình trong phương án không nhập được; chỉ phần chữ được giữ."),
        ([("F2", RED, "")], 2, "Ô F2: có hình trong lời giải thích không nhập được; chỉ phần chữ được giữ."),
        ([("B1", RED, "")], 1, "Hình ở dòng 1 nằm ngoài câu hỏi nên không được nhập."),
        ([("B9", RED, ""), ("B7", RED, "")], 7, "Hình ở dòng 7 và 1 dòng khác nằm ngoài câu hỏi"),
    ],
    ids=["choice", "explanation", "heading", "below"],
)
def test_picture_elsewhere_is_told_with_its_cell(pictures: list[tuple[str, bytes, str]], line: int, words: str) -> None:
    parsed = read(workbook(*pictures))
    assert [question.picture for question in parsed.questions] == [None, None]
    ((told, message),) = said(parsed)
    assert (told, words in message) == (line, True), message


def test_second_picture_on_a_row_is_told_and_the_leftmost_stays() -> None:
    parsed = read(workbook(("G2", BLUE, ""), ("B2", RED, "")))
    assert parsed.questions[0].picture == Picture(RED)
    assert said(parsed) == [(2, "Ô G2: có nhiều hình; chỉ hình đầu tiên được nhập.")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không phải JPEG, PNG, WebP hoặc GIF"),
        (RED + bytes(MAX_PICTURE), "lớn hơn 5 MB"),
        (b"", "bị hỏng"),
    ],
    ids=["svg", "large", "empty"],
)
def test_what_is_no_sound_picture_is_told_with_its_cell(content: bytes, words: str) -> None:
    parsed = read(changed(workbook(("B2", RED, "")), image1_png=content))
    assert parsed.questions[0].picture is None
    assert "Ô B2: có hình" in said(parsed)[0][1]
    assert words in said(parsed)[0][1]


@pytest.mark.parametrize("drawing", [b"<xdr:wsDr", b"", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_damaged_drawing_leaves_the_words_of_the_sheet(drawing: bytes) -> None:
    parsed = read(changed(workbook(("B2", RED, "")), drawing1_xml=drawing))
    assert said(parsed) == [
        (None, "Hình của trang tính “Câu hỏi” bị hỏng nên không được nhập; chữ trong ô vẫn được đọc.")
    ]


def test_linked_picture_is_never_fetched_and_one_without_a_row_is_told() -> None:
    links = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="x/image" TargetMode="External" Target="http://127.0.0.1:9/a.png"/></Relationships>'
    )
    linked = changed(workbook(("B2", RED, "")), drawing1_xml_rels=links)
    assert "Ô B2: có hình" in said(read(linked))[0][1]
    loose = changed(workbook(("B2", RED, "")), drawing1_xml=b"<wsDr><absoluteAnchor><blip/></absoluteAnchor></wsDr>")
    assert "hình đặt trong ô hoặc ở đầu trang nên không được nhập" in said(read(loose))[0][1]


def test_pictures_of_a_workbook_are_held_within_the_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_TOGETHER", len(RED) + 1)
    parsed = read(workbook(("B2", RED, ""), ("B3", drawn("green"), "")))
    assert [question.picture for question in parsed.questions] == [Picture(RED), None]
    assert "Ô B3: có hình nhưng tệp chứa quá nhiều hình" in said(parsed)[0][1]


def test_picture_in_a_word_table_under_headings_is_the_picture_of_its_row() -> None:
    document = python_docx.Document()
    table = document.add_table(3, len(HEADINGS))
    for row, values in zip(table.rows, (HEADINGS, *ROWS), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.rows[1].cells[1].paragraphs[0].add_run().add_picture(io.BytesIO(RED))
    table.rows[2].cells[2].paragraphs[0].add_run().add_picture(io.BytesIO(RED))
    out = io.BytesIO()
    document.save(out)

    parsed = formats.read("de.docx", out.getvalue())

    assert [(q.stem, q.picture) for q in parsed.questions] == [("Đây là đâu?", Picture(RED)), ("Còn đây?", None)]
    assert [message for _, message in said(parsed)] == [
        "Bảng, cột 3: có hình trong phương án không nhập được; chỉ phần chữ được giữ. Mỗi câu có một hình, đặt ở câu dẫn."
    ]


@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml"])
def test_file_of_too_many_pictures_says_so(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr(name, b"<a/>")
        for number in range(2_000):
            box.writestr(f"media/{number}.png", RED)
    ((_, message),) = said(formats.read("", out.getvalue()))
    assert message == "Tệp có quá nhiều phần bên trong, thường là quá nhiều hình. Hãy chia thành nhiều tệp."


def test_a_choice_that_is_only_a_picture_is_told_with_its_cell() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, values in enumerate((("Câu hỏi", "A", "B", "C", "Đáp án"), ("Đâu?", "a", "", "c", "A"))):
        sheet.write_row(line, 0, values)
    sheet.insert_image("C2", "a.png", {"image_data": io.BytesIO(RED)})
    book.close()

    parsed = formats.read("de.xlsx", out.getvalue())

    assert not parsed.questions
    assert any("Ô C2: có hình trong phương án không nhập được" in message for _, message in said(parsed))
