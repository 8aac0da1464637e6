"""QTI items and packages of three versions: read, refused, and written so that they read back the same."""

import io
import zipfile
from collections.abc import Callable, Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import archive, qti
from question_bank.schema import Choice, Difficulty, Question, Source
from tests.question_bank.strategies import questions

V2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CHOICES = '<simpleChoice identifier="A">Kế</simpleChoice><simpleChoice identifier="B">Chũ</simpleChoice>'
DECLARED = "<correctResponse><value>A</value></correctResponse>"


def item(
    *,
    stem: str = "<p>Đâu?</p>",
    choices: str = CHOICES,
    declared: str = DECLARED,
    interaction: str = "",
    more: str = "",
    cardinality: str = "single",
) -> str:
    """A QTI 2.1 item; `interaction` replaces the choice interaction, `more` stands after the body."""
    interaction = interaction or f'<choiceInteraction responseIdentifier="RESPONSE">{choices}</choiceInteraction>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{V2}" identifier="i1" title="t">\n'
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">{declared}'
        f"</responseDeclaration>\n<itemBody>{stem}{interaction}</itemBody>{more}</assessmentItem>"
    )


def package(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("write", [qti.write_2_1, qti.write_2_2, qti.write_3_0])
@given(written=st.lists(questions(pictured=True), max_size=3))
def test_what_is_written_reads_back_equal(
    write: Callable[[Iterable[Question]], bytes], written: list[Question]
) -> None:
    parsed = qti.read(write(written))
    assert parsed.questions == tuple(written)
    assert not parsed.problems
    assert not parsed.unsupported


def test_an_item_of_version_2_is_read_with_prompt_feedback_and_formula() -> None:
    stem = (
        "<p>Cho <math xmlns='http://www.w3.org/1998/Math/MathML'><msup><mi>x</mi><mn>2</mn></msup></math>:</p>"
        "<rubricBlock view='scorer'><p>Chấm kỹ.</p></rubricBlock>"
    )
    interaction = (
        '<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="0"><prompt>Chọn hai.</prompt>'
        '<simpleChoice identifier="A">H<sub>2</sub>O<feedbackInline outcomeIdentifier="F" identifier="A">Phải.'
        "</feedbackInline></simpleChoice>"
        '<simpleChoice identifier="B"><img src="a.png" alt="Cờ"/></simpleChoice>'
        '<simpleChoice identifier="C">ba</simpleChoice></choiceInteraction>'
    )
    more = (
        '<modalFeedback outcomeIdentifier="F" identifier="C" showHide="show"><p>Sai.</p></modalFeedback>'
        '<modalFeedback outcomeIdentifier="E" identifier="why" showHide="show"><p>Vì thế.</p></modalFeedback>'
    )
    declared = "<correctResponse><value>A</value><value>B</value></correctResponse>"
    text = item(stem=stem, interaction=interaction, declared=declared, more=more, cardinality="multiple")
    parsed = formats.read("cau.xml", text.encode())
    assert parsed.questions == (
        Question(
            "Cho x²:\nChọn hai.",
            (Choice("H₂O", True, "Phải."), Choice("[Hình: Cờ]", True), Choice("ba", False, "Sai.")),
            pinned=True,
            code="i1",
            feedback="Vì thế.",
        ),
    )
    assert [(problem.line, problem.kept) for problem in parsed.problems] == [(2, True), (2, True)]


def test_an_item_of_version_3_is_read() -> None:
    text = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="x" title="t"
 adaptive="false" time-dependent="false">
<qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>b</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><qti-choice-interaction response-identifier="R" max-choices="1" shuffle="true">
<qti-prompt>Đâu là <b>Bắc Giang</b>?</qti-prompt>
<qti-simple-choice identifier="a">Xứ Đoài</qti-simple-choice>
<qti-simple-choice identifier="b">Xứ Bắc</qti-simple-choice>
</qti-choice-interaction></qti-item-body></qti-assessment-item>"""
    (question,) = formats.read("cau.xml", text.encode()).questions
    assert question == Question("Đâu là Bắc Giang?", (Choice("Xứ Đoài", False), Choice("Xứ Bắc", True)), code="x")


def test_a_choice_that_must_stand_pins_all_and_hidden_feedback_is_told() -> None:
    choices = CHOICES.replace("<simpleChoice", '<simpleChoice fixed="true"', 1)
    more = '<modalFeedback outcomeIdentifier="F" identifier="A" showHide="hide">Chưa chọn A.</modalFeedback>'
    parsed = qti.read(
        item(choices=choices, more=more).replace("choiceInteraction r", 'choiceInteraction shuffle="true" r')
    )
    assert parsed.questions[0].pinned
    assert not parsed.questions[0].choices[0].feedback
    assert [problem.kept for problem in parsed.problems] == [True, True]


def test_a_mapping_serves_where_no_correct_response_is_given() -> None:
    mapping = '<mapping><mapEntry mapKey="B" mappedValue="2"/><mapEntry mapKey="A" mappedValue="1"/></mapping>'
    parsed = qti.read(item(declared=mapping))
    assert parsed.questions[0].key == {1}
    assert "Điểm từng phần" in parsed.problems[0].message


@pytest.mark.parametrize(
    ("interaction", "kind"),
    [
        ('<matchInteraction responseIdentifier="RESPONSE"/>', "matchinteraction"),
        ('<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', "textentryinteraction"),
        ('<extendedTextInteraction responseIdentifier="RESPONSE"/>', "extendedtextinteraction"),
        ('<p><inlineChoiceInteraction responseIdentifier="RESPONSE"/></p>', "inlinechoiceinteraction"),
        ("<p>Chỉ đọc.</p>", "none"),
        ('<choiceInteraction responseIdentifier="A"/><choiceInteraction responseIdentifier="B"/>', "composite"),
        ("<p><printedVariable identifier='X'/></p>", "template"),
    ],
)
def test_other_interactions_are_listed(interaction: str, kind: str) -> None:
    parsed = formats.read("a.xml", item(interaction=interaction).encode())
    assert [(entry.line, entry.kind) for entry in parsed.unsupported] == [(2, kind)]
    assert "không dùng được" in parsed.unsupported[0].message
    assert not parsed.problems


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (item(stem=""), "chưa có nội dung"),
        (item(declared=""), "chưa có đáp án đúng"),
        (item(declared="<correctResponse><value>Z</value></correctResponse>"), "“Z” không có"),
        (item(choices=CHOICES.replace('"B"', '"A"')), "cùng một mã"),
        (item(choices=CHOICES[: CHOICES.index("<simpleChoice", 5)]), "có 1 phương án"),
        (item().replace("responseDeclaration", "x"), "chưa khai báo đáp án"),
        (item().replace("itemBody", "x"), "không có phần nội dung"),
        (item(declared='<mapping><mapEntry mapKey="A" mappedValue="x"/></mapping>'), "phải là một số"),
        (item().replace("</itemBody>", ""), "hỏng từ dòng"),
        (item()[:-40], "hỏng từ dòng"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]>" + item()[39:], "thực thể (DTD)"),
    ],
    ids=range(11),
)
def test_one_bad_item_never_spoils_the_package(bad: str, words: str) -> None:
    parsed = formats.read("goi.zip", package({"a.xml": item(), "b.xml": bad, "c.xml": item()}))
    assert len(parsed.questions) == 2
    refusals = [problem for problem in parsed.problems if not problem.kept]
    assert len(refusals) == 1
    assert refusals[0].message.startswith("Tệp b.xml: ")
    assert words in refusals[0].message
    assert refusals[0].line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<questestinterop><section/></questestinterop>", "QTI 1.2"),
        (f'<assessmentTest xmlns="{V2}"/>', "đề thi QTI"),
        ("<manifest><!-- assessmentItem --></manifest>", "mục lục"),
    ],
)
def test_documents_that_are_no_items_are_refused_in_words(text: str, words: str) -> None:
    (problem,) = formats.read("a.xml", text.encode()).problems
    assert words in problem.message


def test_the_manifest_orders_the_items_and_describes_them() -> None:
    manifest = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>
<resource identifier="2" type="imsqti_item_xmlv2p1" href="hai%20.xml"><metadata>
<lom xmlns="http://www.imsglobal.org/xsd/imsmd_v1p2"><general><keyword><langstring>sử</langstring></keyword></general>
<educational><difficulty><source>LOM</source><value><langstring>very easy</langstring></value></difficulty></educational>
</lom></metadata></resource>
<resource identifier="1" type="imsqti_item_xmlv2p1" href="một.xml"/>
<resource identifier="0" type="imsqti_item_xmlv2p1" href="thiếu.xml"/>
<resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml"/>
</resources></manifest>"""
    files: dict[str, str | bytes] = {
        "goi/imsmanifest.xml": manifest,
        "goi/một.xml": item(stem="<p>Một?</p>"),
        "goi/hai .xml": item(stem="<p>Hai?</p>"),
        "goi/test.xml": f'<assessmentTest xmlns="{V2}"/>',
        "goi/anh.png": b"\x89PNG",
    }
    parsed = formats.read("goi.zip", package(files))
    assert [question.stem for question in parsed.questions] == ["Hai?", "Một?"]
    assert (parsed.questions[0].tags, parsed.questions[0].difficulty) == (("sử",), Difficulty.EASY)
    assert [(problem.line, "thiếu.xml" in problem.message) for problem in parsed.problems] == [(7, True)]


def test_a_package_without_manifest_is_read_by_name_and_says_so() -> None:
    parsed = formats.read("goi.zip", package({"b.xml": item(stem="B?"), "a.xml": item(stem="A?")}))
    assert [question.stem for question in parsed.questions] == ["A?", "B?"]
    assert "thiếu mục lục" in parsed.problems[0].message


def test_what_a_mac_leaves_in_a_package_is_no_part_of_it() -> None:
    parsed = formats.read("goi.zip", package({"a.xml": item(stem="A?"), "__MACOSX/._a.xml": b"\0\5\x16\7Mac OS X"}))
    assert [question.stem for question in parsed.questions] == ["A?"]
    assert all(problem.kept for problem in parsed.problems)


def overlapping() -> bytes:
    """Two entries of the directory that share one member's bytes."""
    data = bytearray(package({"a.xml": item() * 50, "b.xml": "x"}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (4).to_bytes(4, "little")
    return bytes(data)


def locked() -> bytes:
    """A package whose directory says that its members are encrypted."""
    data = bytearray(package({"a.xml": item()}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (package({"../a.xml": item()}), "đường dẫn ra ngoài"),
        (package({"/a.xml": item()}), "đường dẫn ra ngoài"),
        (package({"a/..\\..\\b.xml": item()}), "đường dẫn ra ngoài"),
        (package({"C:a.xml": item()}), "đường dẫn ra ngoài"),
        (package({"a.xml": " " * 9_000_000}), "nén chặt bất thường"),
        (package({"a.xml": " " * 10_000_001}), "10 MB"),
        (package({"a.bin": " " * 60_000_000, "b.bin": " " * 60_000_000, "c.xml": ""}), "nén chặt"),
        (overlapping(), "chồng lên nhau"),
        (locked(), "mật khẩu"),
        (package({"a.xml": item()})[:-30], "bị hỏng"),
        (b"PK\x03\x04 .xml", "bị hỏng"),
        (package({"a.xml": item(), "b.xml": "x" * 900_000}).replace(b"x.xml", b"b.xml"), ""),
    ],
    ids=["up", "root", "backslash", "drive", "bomb", "large", "many", "overlap", "locked", "cut", "stub", "no trick"],
)
def test_tricks_with_packages_are_refused_with_a_sentence(data: bytes, words: str) -> None:
    parsed = formats.read("goi.zip", data)
    assert not parsed.questions or not words
    assert words in " ".join(problem.message for problem in parsed.problems)


def test_member_without_a_name_is_passed_over() -> None:
    data = package({"a.xml": item(), "b.xml": item()}).replace(b"b.xml", b"\0.xml")
    assert len(formats.read("goi.zip", data).questions) == 1


def test_too_many_members_and_lies_about_size_are_refused() -> None:
    crowd = package({f"{place}.txt": "" for place in range(archive.MAX_MEMBERS + 1)} | {"a.xml": item()})
    assert "quá nhiều tệp" in formats.read("goi.zip", crowd).problems[0].message
    data = bytearray(package({"a.xml": item()}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert "bị hỏng" in formats.read("goi.zip", bytes(data)).problems[1].message


@settings(max_examples=300)
@given(st.binary(max_size=300), st.integers(0, 2_000))
@example(b"}", 508)
def test_no_bytes_in_a_package_make_the_reader_fail(noise: bytes, place: int) -> None:
    data = package({"imsmanifest.xml": "<manifest/>", "a.xml": item()})
    qti.read(data[:place] + noise + data[place + len(noise) :])
    qti.read(b"PK\x03\x04" + noise)


def test_metadata_of_a_written_package_is_read_by_others_as_lom() -> None:
    question = Question(
        "Đâu?",
        (Choice("Kế", True), Choice("Chũ", False)),
        chapter="Chương I",
        difficulty=Difficulty.HARD,
        source=Source("Kế hoạch", "Mục 1"),
        tags=("sử",),
    )
    with zipfile.ZipFile(io.BytesIO(qti.write_3_0([question]))) as zipped:
        manifest = zipped.read("imsmanifest.xml").decode()
        text = zipped.read("items/q00001.xml").decode()
    assert "<difficulty>" in manifest
    assert '<string language="vi">Chương I</string>' in manifest
    assert "<value>difficult</value>" in manifest
    assert '<qti-simple-choice identifier="C1">' in text
    assert 'response-identifier="RESPONSE" shuffle="true" max-choices="1"' in text
