"""Words of Word and Excel files as they are seen: signs of fonts, formulas in fields, raised letters; what cannot be read is told."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from question_bank import formats
from question_bank.formats import docx, spreadsheet
from question_bank.formats.docx_fields import equation
from question_bank.formats.symbol_fonts import UNKNOWN
from tests.question_bank.test_docx import from_xml, paragraph, said
from tests.question_bank.test_spreadsheet import HEADS, ROW, book, part

FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def first_choice(runs: str) -> tuple[str, str]:
    """The first choice of a question whose first choice is made of these runs, and what was told."""
    body = paragraph("Câu 1: Gì?") + f"<w:p><w:r><w:t xml:space='preserve'>A. </w:t></w:r>{runs}</w:p>"
    parsed = docx.read(from_xml(body + paragraph("B. hai") + paragraph("Đáp án: A")))
    return parsed.questions[0].choices[0].text, said(parsed)


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def field(code: str, result: str | None = None) -> str:
    shown = "" if result is None else FIELD.format("separate") + run(result)
    return f"{FIELD.format('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{shown}{FIELD.format('end')}"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run(" 5"), "≥ 5"),
        ('<w:r><w:sym w:font="Symbol" w:char="00D6"/></w:r>' + run("3"), "√3"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>' + run(" B"), "→ B"),
        ('<w:r><w:sym w:font="Times New Roman" w:char="00BD"/></w:r>' + run(" tạ"), "½ tạ"),
        (run("a", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + run(" = 1"), "α = 1"),
        (run("\uf061", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + run(" = 1"), "α = 1"),
        (run("x \uf0a3 1"), "x ≤ 1"),
        (run("x") + run("2", '<w:vertAlign w:val="superscript"/>'), "x²"),
        (run("2") + run("a+b", '<w:vertAlign w:val="superscript"/>'), "2^(a+b)"),
        (run("20") + run("o", '<w:vertAlign w:val="superscript"/>') + run("C"), "20°C"),
        (run("H") + run("2", '<w:vertAlign w:val="subscript"/>') + run("O"), "H₂O"),
        (run("nguyễn ái quốc", "<w:caps/>"), "NGUYỄN ÁI QUỐC"),
        (run("tr") + field("PAGE", "5"), "tr5"),
        (
            run("một")
            + "<w:r><w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t> hai</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "một hai",
        ),
        (field(' SYMBOL 179 \\f "Symbol" \\s 12 ') + run(" 5"), "≥ 5"),
    ],
)
def test_a_run_is_read_as_word_draws_it(runs: str, text: str) -> None:
    assert first_choice(runs) == (text, "")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (r"\f(1,6)", "1/6"),
        (r"\f(3,5;2)", "3,5/2"),
        (r"\f(a+b,c)", "(a+b)/c"),
        (r"\r(3,x)", "∛x"),
        (r"\r(2)", "√2"),
        (r"x\s\up8(2)", "x²"),
        (r"H\s\do4(2)O", "H₂O"),
        (r"\b\bc\[(a,b)", "[a, b]"),
        (r"\b(\f(1,2))", "(1/2)"),
        (r"\f(\r(,2),2)", "(√2)/2"),
        (r"\i\su(1,n,k)", "∑₁ⁿ k"),
        (r"\l(1,2,3)", "1, 2, 3"),
        (r"\f(\(1\),2)", "(1)/2"),
        (r"\x\to(AB)", "AB"),
    ],
)
def test_a_formula_in_a_field_is_read_on_one_line_and_told(code: str, text: str) -> None:
    shown, told = first_choice(field(f" EQ {code} ") + run(" tạ"))
    assert shown == f"{text} tạ"
    assert f"được đọc là “{text}”" in told


@pytest.mark.parametrize("code", [r"\f(1,6", "(((", r"\f(" * 30, "x" * 5_000, ")"])
def test_a_broken_formula_in_a_field_is_told(code: str) -> None:
    assert equation(code) is None
    shown, told = first_choice(field(f" EQ {code} ") + run(" tạ"))
    assert shown == f"{UNKNOWN} tạ"
    assert "trường EQ" in told


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        ('<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>' + run(" x"), "ký hiệu không đọc được"),
        (run("a", '<w:rFonts w:ascii="Webdings" w:hAnsi="Webdings"/>') + run("x"), "ký hiệu không đọc được"),
        (run("x" * 40, '<w:vertAlign w:val="superscript"/>'), "nâng lên hoặc hạ xuống"),
        (run("x", "<w:strike/>"), "gạch ngang"),
        (run("x") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "chú thích cuối trang"),
        (run("x") + field(" REF hinh1 "), "trường Word “REF”"),
    ],
)
def test_what_word_shows_and_cannot_be_read_is_told(runs: str, words: str) -> None:
    assert words in first_choice(runs)[1]


def test_an_embedded_document_is_told() -> None:
    parsed = docx.read(from_xml(paragraph("Câu 1: Gì?") + '<w:altChunk w:id="a"/>'))
    assert "nhúng nguyên tệp" in said(parsed)


@pytest.mark.parametrize("sign", ["*", "√", "(x)", "☐", "**"])
def test_a_choice_that_is_a_mark_itself_marks_no_key(sign: str) -> None:
    lines = ["Câu 1: Dấu nào?", "A. +", "B. -", "C. /", f"D. {sign}", "Đáp án: C"]
    parsed = docx.read(from_xml("".join(map(paragraph, lines))))
    assert parsed.questions[0].key == {2}
    assert parsed.questions[0].choices[3].text == sign


def test_made_documents_are_read_as_they_look(shared_data: Path) -> None:
    read = {}
    for name in ("symbols.docx", "eq-field.docx", "star-choice.docx"):
        (question,) = formats.read(name, (shared_data / "made" / name).read_bytes()).questions
        read[question.stem] = [choice.text for choice in question.choices]
    assert read == {
        "Nếu α = 60° thì nghiệm là gì?": ["x ≥ 5", "x ≤ 5 và x > 1", "π/2", "√3"],
        "Một nửa của một phần ba tạ là mấy tạ?": ["1/6 tạ", "2 tạ", "3 tạ", "5 tạ"],
        "Phép chia viết bằng dấu nào?": ["+", "-", "/", "*"],
    }


def test_cells_are_read_as_their_fonts_draw_them() -> None:
    def change(sheet: Any) -> None:
        up, symbol = InlineFont(vertAlign="superscript"), InlineFont(rFont="Symbol")
        sheet["B2"] = CellRichText("x", TextBlock(up, "2"))
        sheet["C2"] = CellRichText("x ", TextBlock(symbol, "\uf0b3"), " 5")
        sheet["D2"].font = Font(name="Symbol")
        sheet["E2"].font = Font(name="Webdings")

    row = ["Gì?", "", "", "a", "b", "A"]
    parsed = spreadsheet.read(book(HEADS, row, change=change))
    assert [choice.text for choice in parsed.questions[0].choices] == ["x²", "x ≥ 5", "α", UNKNOWN]
    assert "Ô E2 có ký hiệu không đọc được" in said(parsed)


def test_parts_named_in_another_letter_case_are_found() -> None:
    data, out = book(HEADS, ROW), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as box, zipfile.ZipFile(out, "w") as copy:
        for name in box.namelist():
            copy.writestr(name.replace("sharedStrings", "SharedStrings").replace("sheet1", "Sheet1"), part(data, name))
    (question,) = spreadsheet.read(out.getvalue()).questions
    assert question.stem == ROW[0]
