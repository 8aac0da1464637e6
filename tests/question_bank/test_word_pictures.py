"""What stands between the words of a Word document: whose a picture is by its place, in the text or in a table's cell; what is told of other pictures and of formulas."""

import pytest

from question_bank.formats import docx
from question_bank.schema import Picture
from tests.question_bank.pictured import BLUE, RED, Document, answered, asked, said
from tests.question_bank.test_docx import from_xml, paragraph


@pytest.mark.parametrize("alone", [False, True], ids=["in the stem's line", "on a line of its own"])
def test_word_takes_the_picture_of_the_stem_with_its_words(alone: bool) -> None:
    document = asked().write("", RED, alt="Cờ đỏ") if alone else asked(RED, alt="Cờ đỏ")
    parsed = answered(document)
    assert (parsed.questions[0].stem, parsed.questions[0].picture) == ("Đây là đâu?", Picture(RED, "Cờ đỏ"))
    assert not parsed.problems


def test_word_takes_the_picture_beside_its_question_in_a_table() -> None:
    parsed = Document().row(("Câu 1: Đây là đâu?\nA. Kế\nB. Chũ\nĐáp án: A", None), ("", RED)).read()
    assert parsed.questions[0].picture == Picture(RED)


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


def test_one_picture_shown_by_two_questions_is_read_for_both() -> None:
    document = asked(RED).write("A. Kế").write("B. Chũ").write("Đáp án: A").write("Câu 2: Còn đây?", RED)
    parsed = document.write("A. Kế").write("B. Chũ").write("Đáp án: B").read()
    assert [question.picture for question in parsed.questions] == [Picture(RED), Picture(RED)]


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


def test_word_choice_that_is_nothing_but_a_picture_is_refused_with_what_to_do() -> None:
    parsed = asked().write("A. ", RED).write("B. ", BLUE).write("Đáp án: A").read()
    assert not parsed.questions
    assert "phương án chỉ có hình, không có chữ" in said(parsed)


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
