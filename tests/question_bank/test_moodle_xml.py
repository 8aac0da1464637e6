"""Moodle XML as Moodle exports it, broken, hostile, and written so that it reads back the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import moodle_xml
from question_bank.schema import Choice, Difficulty, Question, Source
from tests.question_bank.strategies import questions
from tests.question_bank.test_formats import as_windows_1258


def item(stem: str = "Đâu?", *, kind: str = "multichoice", more: str = "", answers: str = "") -> str:
    """One question of a file, with two sound choices unless others are given."""
    answers = answers or (
        '<answer fraction="100"><text>Kế</text></answer>\n<answer fraction="0"><text>Chũ</text></answer>'
    )
    return f'<question type="{kind}">\n<questiontext format="html"><text>{stem}</text></questiontext>\n{answers}{more}\n</question>\n'


def quiz(*items: str) -> str:
    """A whole file."""
    return "<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n" + "".join(items) + "</quiz>\n"


@given(st.lists(questions(pictured=True), max_size=4))
def test_what_is_written_reads_back_equal(written: list[Question]) -> None:
    parsed = moodle_xml.read(moodle_xml.write(written).encode())
    assert parsed.questions == tuple(written)
    assert not parsed.unsupported
    assert all(problem.kept for problem in parsed.problems)


def test_every_field_is_read() -> None:
    more = (
        "<name><text>Tên riêng</text></name><idnumber>BG-1</idnumber><single>false</single>"
        "<shuffleanswers>0</shuffleanswers><generalfeedback format='html'><text>&lt;b&gt;Vì&lt;/b&gt; thế.</text>"
        "</generalfeedback><tags><tag><text>lịch sử</text></tag></tags><difficulty>hard</difficulty>"
        "<source><document>Kế hoạch</document><locator>Mục 1</locator></source><hint><text>Nghĩ kỹ.</text></hint>"
    )
    answers = (
        '<answer fraction="50"><text>một</text><feedback><text>đúng</text></feedback></answer>'
        '<answer fraction="50"><text>hai</text></answer><answer fraction="-100"><text>ba</text></answer>'
    )
    category = '<question type="category"><category><text>$course$/top/Chương I</text></category></question>'
    parsed = moodle_xml.read(quiz(category, item("<![CDATA[<p>Chọn<br>hai?</p>]]>", answers=answers, more=more)))
    assert parsed.questions == (
        Question(
            "Chọn\nhai?",
            (Choice("một", True, "đúng"), Choice("hai", True), Choice("ba", False)),
            chapter="Chương I",
            difficulty=Difficulty.HARD,
            source=Source("Kế hoạch", "Mục 1"),
            tags=("lịch sử", "name:Tên riêng"),
            pinned=True,
            code="BG-1",
            feedback="Vì thế.",
        ),
    )
    assert all(problem.kept for problem in parsed.problems)
    assert ["Điểm từng phần" in problem.message or "Gợi ý" in problem.message for problem in parsed.problems] == [
        True
    ] * 2


def test_other_kinds_are_listed_with_their_lines() -> None:
    kinds = ["matching", "essay", "numerical", "shortanswer", "cloze", "description", "ddwtos", "lạ"]
    parsed = moodle_xml.read(quiz(*(item(kind=kind) for kind in kinds), item()))
    assert [entry.kind for entry in parsed.unsupported] == kinds
    assert [entry.line for entry in parsed.unsupported] == [3 + 5 * index for index in range(8)]
    assert "Câu ghép đôi không dùng được" in parsed.unsupported[0].message
    assert "“lạ”" in parsed.unsupported[7].message
    assert len(parsed.questions) == 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (item(""), "chưa có nội dung"),
        (item(answers='<answer fraction="0"><text>a</text></answer>' * 2), "chưa có đáp án đúng"),
        (item(answers='<answer fraction="100"><text>a</text></answer>'), "có 1 phương án"),
        (item(answers='<answer fraction="x"><text>a</text></answer>' * 2), "phải là một số"),
        (item(kind="truefalse"), "true và false"),
        (item("x" * 4_001), "dài 4001 ký tự"),
        (item("&lt;img src='a'&gt;"), "chưa có nội dung"),
    ],
    ids=range(7),
)
def test_one_bad_question_never_spoils_the_file(bad: str, words: str) -> None:
    parsed = moodle_xml.read(quiz(item("Trước?"), bad, item("Sau?")))
    assert [question.stem for question in parsed.questions] == ["Trước?", "Sau?"]
    assert {problem.line for problem in parsed.problems} == {8}
    assert words in parsed.problems[0].message


@pytest.mark.parametrize("broken", ["<b>", "</answer></answer>", "<a b=>", "<![CDATA["])
def test_a_broken_tag_costs_only_its_own_question(broken: str) -> None:
    parsed = moodle_xml.read(quiz(item("Trước?"), item(broken), item("Sau?")))
    assert [question.stem for question in parsed.questions] == ["Trước?", "Sau?"]
    assert [problem.line for problem in parsed.problems if "bị bỏ qua" in problem.message][1:] == [8]


def test_a_file_cut_short_keeps_what_is_whole() -> None:
    text = quiz(item("Một?"), item("Hai?"), item("Ba?"))
    parsed = moodle_xml.read(text[: text.index("Ba?")].encode())
    assert [question.stem for question in parsed.questions] == ["Một?", "Hai?"]
    assert [problem.line for problem in parsed.problems][1:] == [13]


def test_markup_that_was_not_shielded_is_read_and_a_name_that_repeats_the_question_is_no_code() -> None:
    answers = (
        '<answer fraction="100">một<feedback><text>đúng</text></feedback></answer>'
        '<answer fraction="0"><text>x<sup>2</sup></text></answer>'
    )
    more = "<name><text>" + "Một dòng rất dài " * 20 + "</text></name>"
    (question,) = moodle_xml.read(quiz(item("<p>Một</p><p>Hai?</p>", answers=answers, more=more))).questions
    assert question == Question("Một\nHai?", (Choice("một", True, "đúng"), Choice("x²", False)))


def test_names_of_html_and_control_characters_are_repaired_and_told() -> None:
    parsed = moodle_xml.read(quiz(item("Gi&aacute; &nbsp;R&D &#11; \x0b&amp; <![CDATA[a&b]]>?")))
    assert parsed.questions[0].stem == "Giá R&D & a&b?"
    assert [problem.kept for problem in parsed.problems] == [True]


BOMB = "<!DOCTYPE quiz [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + level)} '{f'&{chr(97 + level)};' * 10}'>" for level in range(9)
)


@pytest.mark.parametrize(
    "prolog",
    [
        BOMB + "]>\n",
        "<!DOCTYPE quiz [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n",
        "<!-- <quiz> --><!DOCTYPE quiz [<!ENTITY j 'x'>]>\n",
        "<!DOCTYPE quiz [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>\n",
        "<!doctype quiz [",
    ],
    ids=["bomb", "file", "behind a comment", "parameter", "cut"],
)
def test_declared_entities_are_refused_with_a_sentence(prolog: str) -> None:
    parsed = formats.read("a.xml", (prolog + "<quiz>" + item("&j;&x;") + "</quiz>").encode())
    assert not any("root:" in question.stem for question in parsed.questions)
    assert not parsed.questions
    assert "thực thể (DTD)" in parsed.problems[0].message or "hỏng" in parsed.problems[0].message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_encodings_are_told_by_their_bytes(encoding: str) -> None:
    text = quiz(item("Thủ phủ?")).replace("UTF-8", "UTF-16" if "16" in encoding else "UTF-8")
    (question,) = formats.read("a.xml", text.encode(encoding)).questions
    assert question.stem == "Thủ phủ?"


def test_declared_windows_1258_is_read() -> None:
    text = quiz(item("Thủ phủ?")).replace("UTF-8", "windows-1258")
    (question,) = formats.read("a.xml", as_windows_1258(text)).questions
    assert question.stem == "Thủ phủ?"


def test_lines_are_right_far_down_a_file() -> None:
    parsed = moodle_xml.read(quiz("\n" * 70_000, item(kind="essay"), "<!-- <question> -->", item(kind="essay")))
    assert [entry.line for entry in parsed.unsupported] == [70_003, 70_008]


@pytest.mark.parametrize(
    "text",
    [
        "<quiz>" + "<question type='essay'>" * 300_000,
        "<quiz>" + "<![CDATA[" * 500_000,
        "<quiz>" + "<!--" * 500_000,
        "<quiz>" + "&" * 2_000_000,
        "<quiz>" + "<question type='multichoice'><text>" + "<b>" * 300_000,
        quiz(item("x\n" * 10_000)),
    ],
    ids=["open", "cdata", "comment", "and", "deep", "lines"],
)
def test_what_never_ends_is_refused_in_time(text: str) -> None:
    parsed = formats.read("a.xml", text.encode())
    assert not parsed.questions
    assert parsed.problems


@given(st.text(st.sampled_from("<>/quiz&;\"'= []!-\n"), max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    moodle_xml.read("<quiz><question type='multichoice'>" + text + "</question></quiz>")
    moodle_xml.read(text)


def test_reads_moodles_own_files(shared_data: Path) -> None:
    folder = shared_data / "qbank" / "moodle"
    greeting = formats.read("q.xml", (folder / "moodle_multichoice.xml").read_bytes())
    (question,) = greeting.questions
    assert question.stem == "Listen to this greeting:\nWhat language is being spoken?"
    assert [choice.text for choice in question.choices] == [
        "[Hình: British Flag] English",
        "[Hình: French flag] French",
        "[Hình: German flag] German",
        "[Hình: Denmark flag] Danish",
    ]
    assert question.key == {1}
    assert question.choices[1].feedback == "Yes, well done!"
    assert (question.code, question.chapter) == ("Greeting", "Default for testhead/Multichoice")
    assert [problem.kept for problem in greeting.problems] == [True]
    capitals = formats.read("q.xml", (folder / "qtype_multichoice.moodle.xml").read_bytes())
    (question,) = capitals.questions
    assert question.stem == "Find the capital cities in Europe."
    assert [choice.text for choice in question.choices if choice.correct] == ["London", "Paris"]
    assert (question.feedback, question.code) == ("Berlin, Paris and London", "Multi-choice-001")
