"""Marks that other programs leave in questions: tags and stars without a format, small letters in Aiken, "[<br>]" between questions."""

import unicodedata

import pytest

from question_bank import formats
from question_bank.formats import aiken, gift, moodle_xml, word_paste
from question_bank.schema import Choice, Question
from tests.question_bank.test_docx import said

PICTURED = (
    '<quiz><question type="multichoice"><questiontext><text>Gì?</text></questiontext><answer fraction="100" format="html">'
    '<text>&lt;img src="@@PLUGINFILE@@/a.png"&gt;</text></answer><answer fraction="0"><text>b</text></answer></question></quiz>'
)


@pytest.mark.parametrize(
    ("text", "stem", "told"),
    [
        ("H<sub>2</sub>O là gì? {=a ~b}", "H₂O là gì?", True),
        ("Một<br>hai? {=a ~b}", "Một\nhai?", True),
        ("<b>Đậm</b>\\n&nbsp;hai? {=a ~b}", "Đậm\nhai?", True),
        ("x < 5 và y > 3? {=a ~b}", "x < 5 và y > 3?", False),
        ("[plain]<b>Đậm</b>? {=a ~b}", "<b>Đậm</b>?", False),
        ("[markdown]**Đậm** và *nghiêng*? {=a ~b}", "Đậm và nghiêng?", True),
        ("[markdown]3 * 4 * 5 là mấy? {=a ~b}", "3 * 4 * 5 là mấy?", False),
        ("[markdown]Gì? {=a ~b}", "Gì?", False),
        ("[markdown]ten_bien_nao? {=a ~b}", "ten_bien_nao?", False),
    ],
)
def test_gift_reads_tags_and_stars_as_they_are_shown(text: str, stem: str, told: bool) -> None:
    parsed = gift.read(text)
    assert parsed.questions[0].stem == stem
    assert bool(parsed.problems) is told, said(parsed)


def test_words_that_look_like_tags_come_back_from_gift() -> None:
    written = Question("Thẻ <b> là gì? &nbsp;", (Choice("<br>", True), Choice("x &lt; y", False)))
    assert gift.read(gift.write([written])).questions == (written,)


def test_stars_of_markdown_are_told_in_moodle_xml() -> None:
    text = (
        '<quiz><question type="multichoice"><questiontext format="markdown"><text>**Gì**?</text></questiontext>'
        '<answer fraction="100" format="markdown"><text>*a*</text></answer>'
        '<answer fraction="0"><text>b</text></answer></question></quiz>'
    )
    parsed = moodle_xml.read(text)
    assert (parsed.questions[0].stem, parsed.questions[0].choices[0].text) == ("Gì?", "a")
    assert "Markdown" in said(parsed)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.gift", '[html]Gì? {=<p><img src\\="a.png"></p> ~b}'),
        ("a.gift", 'Gì? {=<img src\\="a.png"> ~b}'),
        (
            "a.xml",
            PICTURED,
        ),
    ],
)
def test_a_choice_that_is_only_a_picture_is_called_so(name: str, text: str) -> None:
    parsed = formats.read(name, text.encode())
    assert not parsed.questions
    assert "Phương án A chỉ có hình, không có chữ" in said(parsed)
    assert "Mỗi câu có một hình, đặt ở câu dẫn" in said(parsed)


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_a_picture_of_moodle_is_found_however_its_name_is_composed(stored: str) -> None:
    name = unicodedata.normalize(stored, "sông.png")  # type: ignore[arg-type]
    text = (
        '<quiz><question type="multichoice"><questiontext format="html"><text>Gì?&lt;img src="@@PLUGINFILE@@/s%C3%B4ng.png" alt="a"&gt;</text>'
        f'<file name="{name}" path="/" encoding="base64">iVBORw0KGgoAAAAA</file></questiontext>'
        '<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer></question></quiz>'
    )
    assert moodle_xml.read(text).questions[0].picture is not None


@pytest.mark.parametrize("sign", [")", "."])
def test_aiken_in_small_letters_is_read_and_told(sign: str) -> None:
    text = f"Tỉnh lỵ ở đâu?\na{sign} Bắc Giang\nb{sign} Chũ\nc{sign} Kế\nANSWER: b\n\nHai?\nA. một\nB. hai\nANSWER: A\n"
    parsed = formats.read("a.txt", text.encode())
    assert [question.key for question in parsed.questions] == [{1}, {0}]
    assert "chữ thường" in said(parsed)
    assert parsed.problems[0].line == 2


def test_small_letters_inside_a_choice_of_aiken_stay_its_words() -> None:
    text = "Gì?\nA. gồm\na) một\nb) hai\nB. khác\nANSWER: A\n"
    parsed = aiken.read(text)
    assert [choice.text for choice in parsed.questions[0].choices] == ["gồm a) một b) hai", "khác"]
    assert not parsed.problems


def test_signs_that_part_questions_are_no_words_of_them() -> None:
    text = "Câu 1: Gì?[<br>]\nA. một\n[<$>]\nB. hai[<br>]\nĐáp án: A\n[<br>]\nCâu 2: Sao?\nA. ba\nB. bốn\nĐáp án: B[<br>]\n"
    parsed = word_paste.read(text)
    assert [(q.stem, [c.text for c in q.choices]) for q in parsed.questions] == [
        ("Gì?", ["một", "hai"]),
        ("Sao?", ["ba", "bốn"]),
    ]
    assert not parsed.problems
