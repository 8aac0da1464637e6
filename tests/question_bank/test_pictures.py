"""Pictures inside question files: the first of a stem is taken with its words, and of every other a sentence is left."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from question_bank import checks
from question_bank.formats import moodle_xml
from question_bank.schema import Choice, Parsed, Picture, Question
from tests.question_bank.pictured import BLUE, RED, answered, asked, file, moodle, of_qti, said
from tests.question_bank.test_moodle_xml import item as moodle_item
from tests.question_bank.test_moodle_xml import quiz


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


def test_a_picture_that_the_words_hold_themselves_is_taken() -> None:
    parsed = moodle(f'Đâu?<img alt="Cờ" src="data:image/png;base64,{base64.b64encode(RED).decode()}">')
    assert parsed.questions[0].picture == Picture(RED, "Cờ")


def test_a_stem_of_nothing_but_a_picture_says_what_the_picture_shows() -> None:
    assert moodle('<img src="@@PLUGINFILE@@/a.png" alt="Cờ đỏ">', file(RED, "a.png")).questions[0].stem == "Cờ đỏ"
    assert "Câu dẫn chỉ có hình" in said(moodle('<img src="@@PLUGINFILE@@/a.png">', file(RED, "a.png")))


def test_a_broken_moodle_file_still_yields_the_pictures_of_its_whole_questions() -> None:
    text = quiz(moodle_item("<![CDATA[Đâu?<img src='@@PLUGINFILE@@/a.png'>]]>")).replace(
        "</questiontext>", file(RED, "a.png") + "</questiontext>"
    )
    parsed = moodle_xml.read(text.replace("</quiz>", '<question type="multichoice"><questiontext>'))
    assert parsed.questions[0].picture == Picture(RED)


def test_a_picture_without_words_is_for_a_person_to_see() -> None:
    question = Question("Đâu?", (Choice("Kế", True), Choice("Chũ", False)), picture=Picture(RED))
    assert "no_alt" in [finding.kind for finding in checks.check([question])]
    assert "no_alt" not in [f.kind for f in checks.check([replace(question, picture=Picture(RED, "Cờ"))])]
