"""Word documents: what Word draws and marks counts as what it writes; hostile packages end in one sentence."""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import docx, word_paste
from question_bank.formats.word_paste_choices import LETTERS
from question_bank.schema import Parsed, Question, clean
from tests.question_bank.pasted import BODY, PLAIN, carried
from tests.question_bank.test_word_paste_round_trips import CARRIED

TEXTS = ("Bắc Giang", "Chũ", "Kế", "Bố Hạ")


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def asked(mark: Callable[[Any, Any, int], None] = lambda label, words, place: None, *tail: str) -> bytes:
    """A document of one question, each choice a run of its letter and a run of its words, marked one by one."""
    document = python_docx.Document()
    document.add_paragraph("Câu 1: Tỉnh lỵ ở đâu?")
    for place, text in enumerate(TEXTS):
        paragraph = document.add_paragraph()
        mark(paragraph.add_run(f"{LETTERS[place]}. "), paragraph.add_run(text), place)
    for text in tail:
        document.add_paragraph(text)
    return saved(document)


def from_xml(body: str, numbering: str = "", *, others: dict[str, bytes] | None = None, links: str = "") -> bytes:
    """A package of a document's body as XML, with its lists."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    space += ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    space += ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    space += ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="a" Type="{kinds}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="n" Type="{kinds}/numbering" '
        f'Target="numbering.xml"/>{links}</Relationships>',
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {space}>{numbering}</w:numbering>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in ({key: value.encode() for key, value in parts.items()} | (others or {})).items():
            box.writestr(name, content)
    return out.getvalue()


def paragraph(text: str, *, listed: tuple[int, int] | None = None, run: str = "") -> str:
    number = f'<w:numPr><w:ilvl w:val="{listed[1]}"/><w:numId w:val="{listed[0]}"/></w:numPr>' if listed else ""
    return f"<w:p><w:pPr>{number}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def said(parsed: Parsed) -> str:
    return "\n".join(problem.message for problem in parsed.problems)


@settings(max_examples=50)
@given(st.lists(CARRIED, max_size=3))
def test_what_is_written_reads_back_as_it_is_carried(written: list[Question]) -> None:
    assert docx.read(docx.write(written)).questions == tuple(map(carried, written))


def test_written_documents_are_a4_with_page_numbers_and_no_author() -> None:
    document = python_docx.Document(io.BytesIO(docx.write([PLAIN])))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:instr="PAGE"' in section.footer.paragraphs[0]._p.xml
    assert document.core_properties.author == ""
    assert document.paragraphs[0].paragraph_format.keep_with_next


def bold(label: Any, words: Any, place: int) -> None:
    words.bold = place == 1


def bold_letters_everywhere(label: Any, words: Any, place: int) -> None:
    label.bold, words.bold = True, place == 1


def letter_only(label: Any, words: Any, place: int) -> None:
    label.underline = place == 1


def underline(label: Any, words: Any, place: int) -> None:
    words.underline = place == 1


def colour(label: Any, words: Any, place: int) -> None:
    words.font.color.rgb = RGBColor(255, 0, 0) if place == 1 else RGBColor(0, 0, 0)


def red_among_blue(label: Any, words: Any, place: int) -> None:
    words.font.color.rgb = RGBColor(255, 0, 0) if place == 1 else RGBColor(0, 0, 255)


def highlight(label: Any, words: Any, place: int) -> None:
    words.font.highlight_color = WD_COLOR_INDEX.YELLOW if place == 1 else None


def both(label: Any, words: Any, place: int) -> None:
    words.bold = words.underline = place == 1


@pytest.mark.parametrize("mark", [bold, bold_letters_everywhere, letter_only, underline, colour, highlight, both])
def test_the_one_choice_set_apart_is_the_key_and_people_are_asked_to_look(mark: Callable[..., None]) -> None:
    parsed = docx.read(asked(mark))
    assert parsed.questions == (PLAIN,)
    assert all(problem.kept for problem in parsed.problems)
    assert "Hãy xem lại" in said(parsed)


def test_a_written_key_goes_before_emphasis_and_people_are_told_where_they_differ() -> None:
    parsed = docx.read(asked(bold, "Đáp án: C"))
    assert parsed.questions[0].key == {2}
    (problem,) = parsed.problems
    assert "phương án B được làm nổi bật nhưng đáp án ghi là C" in problem.message
    assert problem.kept
    assert not docx.read(asked(bold, "Đáp án: B")).problems


@pytest.mark.parametrize("between", ["\t", "\n"], ids=["tabs", "soft breaks"])
def test_choices_within_one_paragraph_keep_their_emphasis(between: str) -> None:
    document = python_docx.Document()
    document.add_paragraph("Câu 1: Tỉnh lỵ ở đâu?")
    paragraph = document.add_paragraph()
    for place, text in enumerate(TEXTS):
        paragraph.add_run(f"{LETTERS[place]}. {text}{between}").underline = place == 1
    assert docx.read(saved(document)).questions == (PLAIN,)


def two_bold(label: Any, words: Any, place: int) -> None:
    words.bold = place in (0, 1)


def at_odds(label: Any, words: Any, place: int) -> None:
    words.bold, words.underline = place == 0, place == 1


def all_bold(label: Any, words: Any, place: int) -> None:
    label.bold = words.bold = True


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (two_bold, "cách đánh dấu đáp án không rõ: in đậm ở A, B"),
        (at_odds, "cách đánh dấu đáp án không rõ: in đậm ở A; gạch chân ở B"),
        (red_among_blue, "cách đánh dấu đáp án không rõ: chữ màu ở A, C, D; chữ màu ở B"),
        (all_bold, "không thấy đáp án: không có dòng “Đáp án”"),
        (lambda *_: None, "không thấy đáp án"),
    ],
)
def test_unclear_emphasis_is_refused_at_its_paragraph(mark: Callable[..., None], words: str) -> None:
    parsed = docx.read(asked(mark))
    assert not parsed.questions
    (problem,) = parsed.problems
    assert (problem.line, problem.kept) == (1, False)
    assert words in problem.message


def test_emphasis_of_a_style_counts() -> None:
    document = python_docx.Document()
    document.styles.add_style("Khoá", 2).font.bold = True
    document.add_paragraph("Câu 1: Tỉnh lỵ ở đâu?")
    for place, text in enumerate(TEXTS):
        document.add_paragraph(f"{LETTERS[place]}. ").add_run(text, style="Khoá" if place == 1 else None)
    assert docx.read(saved(document)).questions == (PLAIN,)


LISTS = """
<w:abstractNum w:abstractNumId="7">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1:"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1)"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def test_a_paragraph_in_the_style_of_a_heading_is_a_chapter_and_told() -> None:
    document = python_docx.Document()
    for number, heading in ((1, "Lịch sử Đảng bộ"), (2, "Văn hoá các dân tộc")):
        document.add_heading(heading, 1)
        for text in (f"Câu {number}: Gì?", "A. x", "B. y"):
            document.add_paragraph(text)
    document.add_paragraph("1A 2B")
    parsed = docx.read(saved(document))
    assert [(q.chapter, q.choices[1].text, q.key) for q in parsed.questions] == [
        ("Lịch sử Đảng bộ", "y", {0}),
        ("Văn hoá các dân tộc", "y", {1}),
    ]
    assert said(parsed).count("có kiểu tiêu đề của Word nên là tên chương") == 2


def test_numbers_and_letters_that_word_draws_are_read() -> None:
    body = ""
    for key in (1, 2):
        body += paragraph("Tỉnh lỵ ở đâu?", listed=(1, 0))
        body += "".join(
            paragraph(text, listed=(1, 1), run="<w:b/>" if place == key else "") for place, text in enumerate(TEXTS)
        )
    parsed = docx.read(from_xml(body, LISTS))
    assert [question.key for question in parsed.questions] == [{1}, {2}]
    assert parsed.questions[0] == PLAIN


def test_lists_that_start_anew_start_at_a() -> None:
    body = ""
    for number in (2, 3):
        body += paragraph(f"Câu {number}: Tỉnh lỵ ở đâu?")
        body += "".join(paragraph(text, listed=(number, 0)) for text in TEXTS) + paragraph("Đáp án: B")
    assert docx.read(from_xml(body, LISTS)).questions == (PLAIN, PLAIN)


def test_tables_text_boxes_and_controls_are_read_where_they_stand() -> None:
    document = python_docx.Document()
    document.add_paragraph("Câu 1: Tỉnh lỵ ở đâu?")
    table = document.add_table(2, 2)
    for place, text in enumerate(TEXTS):
        table.cell(place // 2, place % 2).text = f"{LETTERS[place]}. {text}"
    document.add_paragraph("Câu 2: Tỉnh lỵ ở đâu?")
    for place, text in enumerate(TEXTS):
        document.add_paragraph(f"{LETTERS[place]}. {text}")
    keys = document.add_table(2, 3)
    for row, texts in enumerate((("Câu", "1", "2"), ("Đáp án", "B", "B"))):
        for place, text in enumerate(texts):
            keys.cell(row, place).text = text
    assert docx.read(saved(document)).questions == (PLAIN, PLAIN)

    box = "<w:txbxContent>" + paragraph("Đáp án: B") + "</w:txbxContent>"
    drawn = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    choices = "".join(paragraph(f"{LETTERS[place]}. {text}") for place, text in enumerate(TEXTS))
    body = f"<w:sdt><w:sdtContent>{paragraph('Câu 1: Tỉnh lỵ ở đâu?')}</w:sdtContent></w:sdt>{choices}"
    assert docx.read(from_xml(f"{body}<w:p><w:r>{drawn}</w:r></w:p>")).questions == (PLAIN,)


def test_a_table_under_headings_is_read_like_a_sheet() -> None:
    document = python_docx.Document()
    rows = [("STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án")]
    rows += [("1", "Tỉnh lỵ ở đâu?", *TEXTS, "B"), ("2", "Hỏng?", *TEXTS, "")]
    table = document.add_table(3, 7)
    for line, row in enumerate(rows):
        for place, text in enumerate(row):
            table.cell(line, place).text = text
    parsed = docx.read(saved(document))
    assert parsed.questions == (PLAIN,)
    assert [(problem.line, problem.message) for problem in parsed.problems] == [(15, "Bảng, cột 7 (đáp án) để trống.")]


def test_deleted_and_hidden_text_is_not_read_and_what_is_lost_is_told() -> None:
    body = (
        "<w:p><w:r><w:t>Câu 1: x</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>"
        "<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del><w:ins><w:r><w:t> là gì?</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:drawing><a:blip/></w:drawing></w:r>"
        "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>"
    )
    body += paragraph("A. một") + paragraph("B. hai") + paragraph("Đáp án: A")
    parsed = docx.read(from_xml(body))
    assert parsed.questions[0].stem == "x² là gì?a+b"
    assert "Câu 1: có hình bị hỏng" in said(parsed)
    assert "Câu 1: có công thức Word" in said(parsed)


def test_old_fonts_and_macros_are_told() -> None:
    body = paragraph("Câu 1: C©u hái?", run="<w:rFonts w:ascii='.VnTime'/>") + paragraph("A. x") + paragraph("B. y")
    parsed = docx.read(from_xml(body, others={"word/vbaProject.bin": b"x"}))
    assert "chuyển mã sang Unicode" in said(parsed)
    assert "Tệp có macro" in said(parsed)


def test_formats_are_recognised_by_their_content() -> None:
    assert docx.recognises(asked(), "")
    assert docx.recognises(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "")
    assert not docx.recognises(b"PK\x03\x04abc", "")


def test_losses_are_those_of_text() -> None:
    assert docx.losses(PLAIN) == word_paste.losses(PLAIN) == ()
    assert docx.losses(replace(PLAIN, stem="hai  chỗ"))[0].field == "spaces"


def hostile() -> dict[str, bytes]:
    good = from_xml(paragraph("Câu 1: Gì?"))
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document>&a;</w:document>'
    laugh = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document>&b;</w:document>'
    wide = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x []><x/>'
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as box:
        for number in range(2_100):
            box.writestr(f"a/{number}", b"")
    return {
        "empty": b"",
        "text": "Câu 1".encode(),
        "truncated": good[: len(good) // 2],
        "garbage": b"PK\x03\x04" + bytes(range(256)) * 40,
        "entity": from_xml("", others={"word/document.xml": entity}),
        "laugh": from_xml("", others={"word/document.xml": laugh}),
        "utf-16": from_xml("", others={"word/document.xml": wide.encode("utf-16")}),
        "lists": from_xml(paragraph("Câu 1: Gì?"), others={"word/numbering.xml": entity}),
        "deep": from_xml("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000),
        "huge": from_xml("", others={"word/document.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}),
        "another": from_xml("", others={"word/document.xml": b"<workbook/>"}),
        "unlinked": from_xml("", others={"_rels/.rels": b"<Relationships/>"}),
        "members": out.getvalue(),
        "letter": from_xml(paragraph("Kính gửi các đồng chí")),
        "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "locked": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    }


@pytest.mark.parametrize("data", hostile().values(), ids=hostile())
def test_a_hostile_document_is_refused_in_one_sentence(data: bytes) -> None:
    parsed = docx.read(data)
    assert not parsed.questions
    (problem,) = parsed.problems
    assert re.search(r"[.)] ?\w*\.?$", problem.message)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from(["word/document.xml", "word/numbering.xml"]))
def test_no_spoilt_part_makes_the_reader_fail(seed: int, name: str) -> None:
    chance = random.Random(seed)
    sound = from_xml("".join(paragraph(text, listed=(1, 1)) for text in TEXTS), LISTS)
    with zipfile.ZipFile(io.BytesIO(sound)) as box:
        content = bytearray(box.read(name))
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.choice(b'0129-"<>/ABwp=')
    docx.read(from_xml("", others={name: bytes(content)}))


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_no_spoilt_byte_makes_the_reader_fail(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(SAMPLE)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    docx.read(bytes(data))


SAMPLE = asked(bold)


def test_the_shared_exam_in_table_layout_is_read_whole_with_the_keys_of_its_twin(shared_data: Path) -> None:
    parsed = docx.read((shared_data / "docs" / "vi_docx" / "MET_His_IE_2023.docx").read_bytes())
    assert len(parsed.questions) == 40
    assert not parsed.problems
    rows = map(
        json.loads, (shared_data / "mcq" / "mcq_vi_history_vnhsge.jsonl").read_text(encoding="utf-8").splitlines()
    )
    twins = {row["ref"].partition("#")[2]: row for row in rows}
    for question in parsed.questions:
        twin = twins[question.code]
        assert question.stem == " ".join(twin["question"].split())
        assert [choice.text for choice in question.choices] == [clean(text) for text in twin["options"]]
        assert question.key == {twin["answer_index"]}


def test_the_shared_essay_exam_is_listed_as_essays(shared_data: Path) -> None:
    parsed = docx.read((shared_data / "docs" / "vi_docx" / "MET_Lit_OE_2021.docx").read_bytes())
    assert not parsed.questions
    assert [item.line for item in parsed.unsupported] == [14, 17, 20, 30]
    refused = [problem for problem in parsed.problems if not problem.kept]
    # The rubric of two essays is lettered a., b., c. like choices, and nothing marks one of them.
    assert [problem.line for problem in refused] == [76, 184]
    assert "hai dòng mở đầu bằng “a.”" in refused[0].message
    assert "không thấy đáp án" in refused[1].message


def test_the_bank_of_840_as_a_document_is_read_like_the_text(shared_data: Path) -> None:
    text = (shared_data / "qbank" / "vi_word_paste" / "ktct.txt").read_text(encoding="utf-8")
    body = "".join(paragraph(line.replace("&", "&amp;").replace("<", "&lt;")) for line in text.split("\n"))
    assert docx.read(from_xml(body)) == word_paste.read(text)


@pytest.mark.parametrize("number", [1, 2])
def test_body_paragraph_numbers_are_those_of_problems(number: int) -> None:
    document = python_docx.Document()
    for line in (BODY.format(1) + "Đáp án: Q\n" * (number == 1) + BODY.format(2) + "Đáp án: Q").split("\n"):
        document.add_paragraph(line)
    assert [problem.line for problem in docx.read(saved(document)).problems][-1] == (12 if number == 1 else 11)


def test_a_question_without_a_number_is_named_by_its_paragraph() -> None:
    parsed = docx.read(from_xml(paragraph("Tỉnh lỵ ở đâu?") + paragraph("A. Kế") + paragraph("B. Chũ")))
    assert "Câu ở đoạn 1: " in said(parsed)
    assert "Câu ở dòng 1: " in said(word_paste.read("Tỉnh lỵ ở đâu?\nA. Kế\nB. Chũ"))
