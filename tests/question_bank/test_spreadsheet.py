"""Spreadsheets: columns found by their headings, problems named by their cells, nothing run, nothing lost."""

import datetime
import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from question_bank.formats import jsonl, spreadsheet
from question_bank.schema import Choice, Difficulty, Parsed, Question, Source
from tests.question_bank.strategies import questions

HEADS = ("Câu hỏi", "A", "B", "C", "D", "Đáp án")
ROW = ("Tỉnh lỵ ở đâu?", "Bắc Giang", "Chũ", "Kế", "Bố Hạ", "A")


def book(*rows: Sequence[Any], change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    """A workbook of one sheet with these rows, changed before it is saved."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    change(workbook.active)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as box, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for member in box.infolist():
            if member.filename != name:
                copy.writestr(member.filename, box.read(member))
        copy.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return box.read(name)


def said(parsed: Parsed) -> str:
    return "\n".join(problem.message for problem in parsed.problems)


@settings(max_examples=60)
@given(st.lists(questions(), max_size=4))
def test_xlsx_reads_back_equal(written: list[Question]) -> None:
    assert spreadsheet.read(spreadsheet.write(written)).questions == tuple(written)


@given(st.lists(questions(), max_size=4))
def test_csv_reads_back_equal(written: list[Question]) -> None:
    assert spreadsheet.read(spreadsheet.write_csv(written)).questions == tuple(written)


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "'=1", "''+", "'", "'a", "–2", "= cmd|' /C calc'!A0", " =1", "＝1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_opens_like_a_formula_is_written_as_text_and_reads_back(text: str) -> None:
    question = Question(f"{text} là gì?", (Choice(text, True), Choice("khác", False)), tags=(text,), code=text)
    data = spreadsheet.write([question])
    assert spreadsheet.read(data).questions == (question,)
    assert b"<f>" not in part(data, "xl/worksheets/sheet1.xml")
    csv_data = spreadsheet.write_csv([question])
    assert spreadsheet.read(csv_data).questions == (question,)
    assert not re.search(r'(^|,)"?\s*[=+\-@\t–＝]', csv_data.decode("utf-8-sig"), re.MULTILINE)


def test_every_shared_injection_pattern_is_shielded(shared_data: Path) -> None:
    text = (shared_data / "badinput" / "csv_injection_patt.md").read_text(encoding="utf-8")
    payloads = re.findall(r"^\s+([=+\-@D].*)$", text, re.MULTILINE)
    assert len(payloads) >= 8
    written = [Question(payload, (Choice(payload + "!", True), Choice("b", False))) for payload in payloads]
    assert spreadsheet.read(spreadsheet.write_csv(written)).questions == tuple(written)
    for line in spreadsheet.write_csv(written).decode("utf-8-sig").splitlines()[1:]:
        assert not re.search(r'(^|,)"?[=+\-@]', line)


def test_columns_are_found_in_any_order_and_spelling() -> None:
    heads = ["STT", "ĐÁP ÁN ĐÚNG", "Phương án B", "phuong an a", "Nội dung câu hỏi (*)", "Chủ đề", "Mức độ", "NGUỒN"]
    heads += ["Trang", "Nhãn", "Mã câu", "Giữ nguyên thứ tự", "Lời giải", "Giải thích A", "Người soạn"]
    row = [1, "b", "hai", "một", "Chọn?", "Chương I", "Vận dụng", "Địa chí", "trang 5", "sử; địa", "BG-1", "x"]
    row += ["vì thế", "gần", "Lan"]
    parsed = spreadsheet.read(book(["Ngân hàng câu hỏi"], [], heads, row))
    assert parsed.questions == (
        Question(
            stem="Chọn?",
            choices=(Choice("một", False, "gần"), Choice("hai", True)),
            chapter="Chương I",
            difficulty=Difficulty.HARD,
            source=Source("Địa chí", "trang 5"),
            tags=("sử", "địa"),
            pinned=True,
            code="BG-1",
            feedback="vì thế",
        ),
    )
    (problem,) = parsed.problems
    assert problem.kept
    assert "Cột O “Người soạn”" in problem.message


@pytest.mark.parametrize(
    ("key", "places"),
    [
        ("b", {1}),
        ("B.", {1}),
        ("A,C", {0, 2}),
        ("a; c", {0, 2}),
        ("A và C", {0, 2}),
        ("AC", {0, 2}),
        (2, {1}),
        ("1, 3", {0, 2}),
        ("  kế ", {2}),
        ("BẮC GIANG.", {0}),
    ],
)
def test_key_is_letters_numbers_or_the_words_of_a_choice(key: object, places: set[int]) -> None:
    (question,) = spreadsheet.read(book(HEADS, [*ROW[:5], key])).questions
    assert question.key == places


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([*ROW[:5], ""], "Ô F2 (đáp án) để trống."),
        ([*ROW[:5], "E"], "Ô F2: đáp án là E nhưng câu hỏi chỉ có 4 phương án."),
        ([*ROW[:5], "Sông Cầu"], "Ô F2: đáp án “Sông Cầu” không phải chữ A, B, C…"),
        (["", *ROW[1:]], "Ô A2 (câu hỏi) để trống."),
        ([ROW[0], "một", "", "ba", "", "A"], "Ô C2 (phương án B) để trống mà phương án C có chữ."),
        ([ROW[0], "một", "", "", "", "A"], "Dòng 2 chỉ có 1 phương án"),
        ([ROW[0], 4, 3, 2, 1, 2], "Ô F2 ghi “2”, vừa có thể là thứ tự vừa có thể là nội dung"),
        ([ROW[0], "kế", "Kế", "x", "", "kế"], "Ô F2: đáp án trùng nội dung với nhiều phương án"),
        (["x" * 4001, *ROW[1:]], "Ô A2: Nội dung câu hỏi dài 4001 ký tự"),
        ([*ROW[:2], "x" * 1001, *ROW[3:]], "Ô C2: Phương án B dài 1001 ký tự"),
        (["=1+1", *ROW[1:]], "Ô A2 chứa công thức"),
        ([*ROW[:5], '=HYPERLINK("http://a.vn","A")'], "Ô F2 chứa công thức"),
        (["#N/A", *ROW[1:]], "Ô A2 báo lỗi #N/A của Excel"),
    ],
)
def test_a_bad_row_is_refused_by_its_cell_and_the_next_one_read(row: Sequence[Any], words: str) -> None:
    parsed = spreadsheet.read(book(HEADS, row, ROW))
    assert [question.stem for question in parsed.questions] == [ROW[0]]
    (problem,) = parsed.problems
    assert (problem.line, problem.kept) == (2, False)
    assert problem.message.startswith(words)


def test_more_choices_than_ten_are_refused_not_cut() -> None:
    parsed = spreadsheet.read(book([*HEADS, *"EFGHIJK"], [*ROW, *"5678901"]))
    assert not parsed.questions
    assert "11 phương án" in said(parsed)


def test_numbers_and_dates_are_shown_as_people_see_them() -> None:
    def change(sheet: Any) -> None:
        for place, (value, code) in enumerate(
            [
                (1.0, "0.0"),
                (datetime.date(1945, 8, 19), "dd/mm/yyyy"),
                (0.25, "0%"),
                (1234567.5, "#,##0.00"),
            ]
        ):
            cell = sheet.cell(2, place + 2, value)
            cell.number_format = code

    parsed = spreadsheet.read(book(HEADS, [2020, 1, 1, 1, 1, "A"], change=change))
    (question,) = parsed.questions
    assert question.stem == "2020"
    assert [choice.text for choice in question.choices] == ["1,0", "19/08/1945", "25%", "1.234.567,50"]
    assert [problem.kept for problem in parsed.problems] == [True] * 4
    assert "Ô C2 là ngày giờ, được đọc là “19/08/1945”" in said(parsed)


def test_rich_text_and_true_false_are_read_and_merged_chapters_shared() -> None:
    def change(sheet: Any) -> None:
        sheet["A2"] = CellRichText("Năm ", TextBlock(InlineFont(b=True), "nào"), "?")
        sheet["B3"] = True
        sheet.merge_cells("G2:G3")

    parsed = spreadsheet.read(book([*HEADS, "Chương"], [*ROW, "Chương I"], [*ROW, ""], [*ROW, ""], change=change))
    assert parsed.questions[0].stem == "Năm nào?"
    assert parsed.questions[1].choices[0].text == "TRUE"
    assert [question.chapter for question in parsed.questions] == ["Chương I", "Chương I", ""]


def test_sheets_are_read_together_and_cells_named_with_their_sheet() -> None:
    workbook = openpyxl.Workbook()
    for title in ("Một", "Hai", "Ẩn", "Thư"):
        sheet = workbook.create_sheet(title)
        if title != "Thư":
            sheet.append(list(HEADS))
            sheet.append([*ROW[:5], "A" if title == "Một" else "X"])
    workbook["Thư"].append(["Kính gửi"])
    workbook["Ẩn"].sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)
    parsed = spreadsheet.read(out.getvalue())
    assert len(parsed.questions) == 1
    assert "Ô F2 trang tính “Hai”" in said(parsed)
    assert "“Ẩn” đang ẩn" in said(parsed)
    assert "“Thư” không có dòng tiêu đề" in said(parsed)


def test_a_table_without_the_due_headings_says_which_are_missing() -> None:
    parsed = spreadsheet.read(book(["Câu hỏi", "A", "B"], ["Gì?", "a", "b"]))
    assert said(parsed).startswith("Bảng thiếu cột “Đáp án”.")
    assert said(spreadsheet.read(book(["Họ tên", "Lớp"]))).startswith("Bảng thiếu cột “Câu hỏi”, “A”, “B”, “Đáp án”.")


def test_template_has_headings_a_guide_and_rows_that_reading_ignores() -> None:
    data = spreadsheet.template()
    parsed = spreadsheet.read(data)
    assert parsed == Parsed()
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    sheet = workbook["Câu hỏi"]
    assert workbook.sheetnames == ["Câu hỏi", "Hướng dẫn"]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    rules = {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation}
    titles = {cell.column_letter: cell.value for cell in sheet[1]}
    assert {titles[letter] for letter in rules} == {"Độ khó", "Đáp án *", "Giữ thứ tự"}
    sheet.append(["BG-1", "", "Khó", *ROW[:5], "", "", "C"])
    out = io.BytesIO()
    workbook.save(out)
    (question,) = spreadsheet.read(out.getvalue()).questions
    assert (question.code, question.difficulty, question.key) == ("BG-1", Difficulty.HARD, {2})


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_delimiter_and_encoding_is_read(sign: str, encoding: str) -> None:
    text = "\r\n".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in (HEADS, ROW))
    (question,) = spreadsheet.read(text.encode(encoding)).questions
    assert question.stem == ROW[0]
    assert question.key == {0}


def test_csv_of_the_old_code_page_is_read_and_told() -> None:
    text = "Câu hoi,A,B,Dap an\r\nÔng là ai?,Hoàng,Trân,B\r\n"
    parsed = spreadsheet.read(text.encode("cp1258"))
    assert parsed.questions[0].stem == "Ông là ai?"
    assert "Windows-1258" in said(parsed)


def test_csv_keeps_lines_in_quotes_and_names_cells_by_line() -> None:
    text = 'sep=;\nCâu hỏi;A;B;Đáp án\n"Một\nhai?";a;b;A\nBa?;a;b;\nBốn?;=1+1;b;A\nNăm?;a 5" b;b;B\n"Sáu?;a;b;A\n'
    parsed = spreadsheet.read(text)
    assert [question.stem for question in parsed.questions] == ["Một\nhai?", "Năm?"]
    assert [problem.line for problem in parsed.problems][:2] == [5, 6]
    assert "Ô D5 (đáp án) để trống" in said(parsed)
    assert "Ô B6 chứa công thức" in said(parsed)
    assert "Ô A8 có dấu ngoặc kép mở mà không đóng" in said(parsed)


def test_a_mark_that_never_closes_takes_no_later_row_with_it() -> None:
    text = 'Câu hỏi,A,B,Đáp án\n"Ai?,a,b,A\nBa?,a,b,B\n"Bốn, năm?",a,b,A\n"Ông ""Hai""\nlà ai?", a,"",A\n'
    parsed = spreadsheet.read(text)
    assert [question.stem for question in parsed.questions] == ["Ba?", "Bốn, năm?"]
    assert {problem.line for problem in parsed.problems} == {2, 5}
    assert "Ô A2 có dấu ngoặc kép mở mà không đóng" in said(parsed)
    assert "phương án" in parsed.problems[-1].message


def test_formats_are_recognised_by_their_content() -> None:
    data = book(HEADS, ROW)
    assert spreadsheet.recognises_xlsx(data, "")
    assert not spreadsheet.recognises_xlsx(b"PK\x03\x04abc", "")
    assert spreadsheet.recognises_csv(b"", ";".join(HEADS) + "\n")
    assert not spreadsheet.recognises_csv(b"", "Câu 1: Gì?\nA. một\nB. hai\nĐáp án: A")
    assert not spreadsheet.recognises_csv(b"", "Gì? {=a ~b}")


def bombs() -> dict[str, bytes]:
    data = spreadsheet.write([Question("Gì?", (Choice("a", True), Choice("b", False)))])
    sheet = part(data, "xl/worksheets/sheet1.xml")
    dtd = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    laugh = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return {
        "truncated": data[: len(data) // 2],
        "garbage": b"PK\x03\x04" + bytes(range(256)) * 40,
        "xxe": with_part(data, "xl/worksheets/sheet1.xml", dtd + sheet),
        "laugh": with_part(data, "xl/sharedStrings.xml", laugh + b"<sst><si><t>&b;</t></si></sst>"),
        "utf-16": with_part(data, "xl/workbook.xml", "<?xml version='1.0'?><workbook/>".encode("utf-16")),
        "no sheet": with_part(data, "xl/workbook.xml", b"<workbook/>"),
        "broken": with_part(data, "xl/worksheets/sheet1.xml", sheet[:-40]),
        "huge": with_part(data, "xl/styles.xml", b"<styleSheet>" + b" " * 30_000_000 + b"</styleSheet>"),
        "deep": with_part(data, "xl/worksheets/sheet1.xml", b"<a>" * 100_000),
        "wide": with_part(data, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>" + b"<c/>" * 3_000_000),
        "nodes": with_part(data, "xl/styles.xml", b"<styleSheet>" + b"<a/>" * 3_000_000 + b"</styleSheet>"),
        "sheets": with_part(data, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 160_000_000),
        "docx": with_part(data, "_rels/.rels", b"<Relationships/>"),
        "members": with_members(data),
    }


def with_members(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as box:
        for number in range(2_100):
            box.writestr(f"a/{number}", b"")
    return out.getvalue()


@pytest.mark.parametrize(("name", "data"), bombs().items(), ids=bombs())
def test_a_hostile_workbook_is_refused_in_one_sentence(name: str, data: bytes) -> None:
    parsed = spreadsheet.read(data)
    assert not parsed.questions
    assert len(parsed.problems) == 1
    assert parsed.problems[0].message.endswith(".")


def test_a_lying_size_never_unpacks_more_than_it_states() -> None:
    sound = spreadsheet.write([Question("Gì?", (Choice("a", True), Choice("b", False)))])
    data = with_part(sound, "xl/sharedStrings.xml", b"<sst>" + b" " * 200_000_000 + b"</sst>")
    place = data.rindex(b"xl/sharedStrings.xml") - 46 + 24
    lying = data[:place] + (50).to_bytes(4, "little") + data[place + 4 :]
    assert len(spreadsheet.read(lying).problems) == 1


def test_a_million_styled_empty_rows_end_the_reading_early() -> None:
    data = book(HEADS, ROW)
    sheet = part(data, "xl/worksheets/sheet1.xml")
    empty = b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (line, line) for line in range(3, 1_000_000))
    parsed = spreadsheet.read(
        with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", empty + b"</sheetData>"))
    )
    assert len(parsed.questions) == 1
    assert not parsed.problems


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_no_spoilt_byte_makes_the_reader_fail(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(SAMPLE)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    spreadsheet.read(bytes(data))


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from(["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"]))
def test_no_spoilt_part_makes_the_reader_fail(seed: int, name: str) -> None:
    chance = random.Random(seed)
    content = bytearray(part(SAMPLE, name))
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.choice(b'0129-"<>/ABs=')
    spreadsheet.read(with_part(SAMPLE, name, bytes(content)))


@given(st.text(st.sampled_from("ABab,;\t\"\n='+ CâuhỏiĐápán1"), max_size=80))
def test_no_csv_makes_the_reader_fail(text: str) -> None:
    spreadsheet.read("Câu hỏi,A,B,Đáp án\n" + text)
    spreadsheet.read(text)


SAMPLE = book(HEADS, ROW, [datetime.date(2020, 1, 2), 1.5, 2, "=1", None, "A"])


def test_the_shared_collections_survive_both_spreadsheets(shared_data: Path) -> None:
    for path in sorted((shared_data / "mcq").glob("*.jsonl")):
        written = jsonl.read(path.read_bytes()).questions
        assert spreadsheet.read(spreadsheet.write(written)).questions == written
        assert spreadsheet.read(spreadsheet.write_csv(written)).questions == written
