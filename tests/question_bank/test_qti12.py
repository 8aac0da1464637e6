"""QTI 1.2 as Canvas, Blackboard and cartridges export it: loose and in packages, keys by conditions, pictures by their odd addresses."""

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from question_bank import formats
from question_bank.formats import qti
from question_bank.schema import Question
from tests.question_bank.test_docx import said

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def item(
    choices: str,
    conditions: str,
    *,
    stem: str = "<mattext texttype='text/html'>&lt;p&gt;Tỉnh lỵ &lt;b&gt;ở đâu&lt;/b&gt;?&lt;/p&gt;</mattext>",
    many: str = "Single",
    kind: str = "multiple_choice_question",
    more: str = "",
) -> str:
    """One item as Canvas writes it."""
    field = f"<fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry>"
    return (
        f"<item ident='i1' title='Question'><itemmetadata><qtimetadata><qtimetadatafield>{field}</qtimetadatafield>"
        f"</qtimetadata></itemmetadata><presentation><material>{stem}</material>"
        f"<response_lid ident='response1' rcardinality='{many}'><render_choice>{choices}</render_choice></response_lid>"
        f"</presentation><resprocessing><outcomes><decvar maxvalue='100' varname='SCORE'/></outcomes>{conditions}"
        f"</resprocessing>{more}</item>"
    )


def label(name: str, words: str) -> str:
    return f"<response_label ident='{name}'><material><mattext texttype='text/plain'>{words}</mattext></material></response_label>"


def when(test: str, score: str = "100", shown: str = "") -> str:
    change = f"<setvar action='Set' varname='SCORE'>{score}</setvar>" if score else ""
    shown = f"<displayfeedback feedbacktype='Response' linkrefid='{shown}'/>" if shown else ""
    return f"<respcondition continue='No'><conditionvar>{test}</conditionvar>{change}{shown}</respcondition>"


def equal(name: str, asked: str = "response1") -> str:
    return f"<varequal respident='{asked}'>{name}</varequal>"


def feedback(name: str, words: str) -> str:
    return f"<itemfeedback ident='{name}'><flow_mat><material><mattext>{words}</mattext></material></flow_mat></itemfeedback>"


def document(*items: str) -> bytes:
    inside = "".join(items)
    return (
        "<?xml version='1.0' encoding='UTF-8'?><questestinterop xmlns='http://www.imsglobal.org/xsd/ims_qtiasiv1p2'>"
        f"<assessment ident='a' title='Đề'><section ident='root_section'>{inside}</section></assessment></questestinterop>"
    ).encode()


def package(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out.getvalue()


def manifest(*resources: str) -> bytes:
    space = "xmlns='http://www.imsglobal.org/xsd/imscp_v1p1' xmlns:bb='http://www.blackboard.com/content-packaging/'"
    return f"<manifest {space}><resources>{''.join(resources)}</resources></manifest>".encode()


def shape(question: Question) -> tuple[str, list[str], set[int]]:
    return question.stem, [choice.text for choice in question.choices], set(question.key)


ABC = label("x", "Bắc Giang") + label("y", "Chũ") + label("z", "Kế")


def test_a_single_choice_of_canvas_is_read_with_what_is_said_of_it() -> None:
    conditions = (
        when("<other/>", "", "general_fb") + when(equal("y"), "", "y_fb") + when(equal("x"), shown="correct_fb")
    )
    more = feedback("general_fb", "Theo địa chí.") + feedback("y_fb", "Huyện lỵ.") + feedback("correct_fb", "Giỏi!")
    parsed = formats.read("a.xml", document(item(ABC, conditions, more=more)))
    (question,) = parsed.questions
    assert shape(question) == ("Tỉnh lỵ ở đâu?", ["Bắc Giang", "Chũ", "Kế"], {0})
    assert (question.feedback, question.choices[1].feedback) == ("Theo địa chí.", "Huyện lỵ.")
    assert "Lời nhắn chung" in said(parsed)


def test_several_answers_are_read_from_what_must_and_must_not_be_ticked() -> None:
    test = f"<and>{equal('x')}{equal('z')}<not>{equal('y')}</not></and>"
    parsed = qti.read(document(item(ABC, when(test), many="Multiple", kind="multiple_answers_question")))
    assert shape(parsed.questions[0])[2] == {0, 2}
    assert not parsed.problems


def test_choices_that_add_up_are_all_right() -> None:
    conditions = when(equal("x"), "50") + when(equal("z"), "50") + when(equal("y"), "-50")
    parsed = qti.read(document(item(ABC, conditions, many="Multiple")))
    assert shape(parsed.questions[0])[2] == {0, 2}
    assert "Điểm từng phần" in said(parsed)


def test_one_choice_of_two_credited_answers_is_told() -> None:
    parsed = qti.read(document(item(ABC, when(f"<or>{equal('x')}{equal('y')}</or>"))))
    assert shape(parsed.questions[0])[2] == {0, 1}
    assert "nhiều phương án đánh dấu đúng" in said(parsed)


def test_half_a_point_for_another_choice_is_told_and_is_no_key() -> None:
    parsed = qti.read(document(item(ABC, when(equal("x")) + when(equal("y"), "50"))))
    assert shape(parsed.questions[0])[2] == {0}
    assert "Điểm từng phần" in said(parsed)


def test_true_and_false_are_named_in_vietnamese() -> None:
    choices = label("t", "True") + label("f", "False")
    (question,) = qti.read(document(item(choices, when(equal("f")), kind="true_false_question"))).questions
    assert shape(question)[1:] == (["Đúng", "Sai"], {1})


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ("", "chưa có đáp án đúng"),
        (when(equal("q")), "không có trong các phương án"),
        (when(equal("x"), "0"), "chưa có đáp án"),
    ],
)
def test_an_item_without_a_key_is_refused_and_the_next_one_read(conditions: str, words: str) -> None:
    parsed = qti.read(document(item(ABC, conditions), item(ABC, when(equal("x")))))
    assert len(parsed.questions) == 1
    assert words in said(parsed)


@pytest.mark.parametrize(
    ("kind", "response", "words"),
    [
        ("essay_question", "<response_str ident='r'><render_fib/></response_str>", "Câu tự luận"),
        ("short_answer_question", "<response_str ident='r'><render_fib/></response_str>", "Câu trả lời ngắn"),
        ("matching_question", "<response_lid ident='a'><render_choice/></response_lid>" * 2, "Câu ghép đôi"),
        ("text_only_question", "", "Mục không có phương án"),
        ("", "<response_num ident='r'/>", "Câu gồm nhiều phần"),
    ],
)
def test_what_is_no_choice_is_told_by_its_kind(kind: str, response: str, words: str) -> None:
    whole = item(ABC, "", kind=kind)
    start, end = whole.index("<response_lid"), whole.index("</presentation>")
    parsed = qti.read(document(whole[:start] + response + whole[end:]))
    assert not parsed.questions
    assert words in parsed.unsupported[0].message


BLACKBOARD = """<questestinterop><assessment title="Pool"><section><item maxattempts="0"><itemmetadata>
<bbmd_asi_object_id>_12_1</bbmd_asi_object_id><bbmd_questiontype>{kind}</bbmd_questiontype></itemmetadata>
<presentation><flow class="Block"><flow class="QUESTION_BLOCK"><flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension>
<mat_formattedtext type="HTML">&lt;p&gt;Tỉnh lỵ ở đâu?&lt;/p&gt;&lt;img src="@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-77_1" alt="bản đồ"&gt;</mat_formattedtext>
</mat_extension></material></flow></flow><flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="{many}">
<render_choice shuffle="No">{labels}</render_choice></response_lid></flow></flow></presentation>
<resprocessing><respcondition title="correct"><conditionvar>{test}</conditionvar>
<setvar variablename="SCORE" action="Set">SCORE.max</setvar></respcondition>
<respcondition title="incorrect"><conditionvar><other/></conditionvar><setvar variablename="SCORE" action="Set">0</setvar></respcondition>
<respcondition><conditionvar><varequal respident="x" case="No"/></conditionvar><setvar variablename="SCORE" action="Set">100</setvar></respcondition>
<respcondition><conditionvar><varequal respident="y" case="No"/></conditionvar><setvar variablename="SCORE" action="Set">0</setvar></respcondition>
</resprocessing><itemfeedback ident="correct"><flow_mat/></itemfeedback></item></section></assessment></questestinterop>"""


def blackboard(kind: str, many: str, test: str) -> bytes:
    texts = {"x": "Bắc Giang", "y": "Chũ", "z": "Kế"}
    labels = "".join(
        f"<flow_label class='Block'><response_label ident='{name}' rshuffle='Yes'><flow_mat class='FORMATTED_TEXT_BLOCK'><material>"
        f"<mat_extension><mat_formattedtext type='HTML'>{text}</mat_formattedtext></mat_extension></material></flow_mat>"
        "</response_label></flow_label>"
        for name, text in texts.items()
    )
    return BLACKBOARD.format(kind=kind, many=many, test=test, labels=labels).encode()


@pytest.mark.parametrize(
    ("kind", "many", "test", "key"),
    [
        ("Multiple Choice", "Single", equal("x", "response"), {0}),
        ("Multiple Answer", "Multiple", f"<and>{equal('x', 'response')}{equal('z', 'response')}<not>{equal('y', 'response')}</not></and>", {0, 2}),
    ],
)  # fmt: skip
def test_a_pool_of_blackboard_is_read_with_its_picture(kind: str, many: str, test: str, key: set[int]) -> None:
    resource = (
        "<resource bb:file='res00001.dat' bb:title='Pool' identifier='res00001' type='assessment/x-bb-qti-pool'/>"
    )
    files = {
        "imsmanifest.xml": manifest(resource),
        "res00001.dat": blackboard(kind, many, test),
        "csfiles/home_dir/anh__xid-77_1.png": PNG,
    }
    parsed = formats.read("ExportFile.zip", package(files))
    (question,) = parsed.questions
    assert shape(question) == ("Tỉnh lỵ ở đâu?", ["Bắc Giang", "Chũ", "Kế"], key)
    assert question.picture is not None
    assert question.picture.alt == "bản đồ"
    assert not parsed.problems
    assert not question.pinned


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("base", ["$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/", ""])
def test_a_picture_is_found_however_its_name_is_composed(base: str, stored: str) -> None:
    image = f"&lt;p&gt;Ở đâu?&lt;/p&gt;&lt;img src='{base}Hình ảnh/Sông.png?canvas_=1' alt='sông'&gt;"
    whole = document(item(ABC, when(equal("x")), stem=f'<mattext texttype="text/html">{image}</mattext>'))
    folder = "web_resources/" if base else "g1/"
    files = {
        "imsmanifest.xml": manifest(
            "<resource identifier='g1' type='imsqti_xmlv1p2'><file href='g1/g1.xml'/></resource>"
        ),
        "g1/g1.xml": whole,
        unicodedata.normalize(stored, f"{folder}Hình ảnh/Sông.png"): PNG,  # type: ignore[arg-type]
    }
    parsed = formats.read("a.zip", package(files))
    assert parsed.questions[0].picture is not None, said(parsed)


def test_the_copy_that_canvas_keeps_for_itself_is_read_once() -> None:
    whole = document(item(ABC, when(equal("x"))))
    files = {
        "imsmanifest.xml": manifest("<resource identifier='g1' type='imsqti_xmlv1p2/imscc_xmlv1p1/assessment'><file href='g1/assessment_qti.xml'/></resource>"),
        "g1/assessment_qti.xml": whole,
        "g1/assessment_meta.xml": b"<quiz/>",
        "non_cc_assessments/g1.xml.qti": whole,
    }  # fmt: skip
    assert len(formats.read("a.imscc", package(files)).questions) == 1


def test_made_packages_are_read(shared_data: Path) -> None:
    for name in ("qti12.zip", "qti-single-two.xml"):
        parsed = formats.read(name, (shared_data / "made" / name).read_bytes())
        assert len(parsed.questions) == 1
    assert "nhiều phương án đánh dấu đúng" in said(parsed)


@pytest.mark.parametrize("cut", range(0, 1_300, 97))
def test_a_document_cut_anywhere_is_answered(cut: int) -> None:
    assert qti.read(document(item(ABC, when(equal("x"))))[:cut]).problems or cut == 0


@pytest.mark.parametrize("ending", ["imscc", "qti", "dat", "xml"])
def test_the_desk_offers_every_ending_of_such_a_file(ending: str) -> None:
    assert any(ending in form.endings for form in formats.FORMATS if form.name.startswith("qti"))
    assert formats.read(f"a.{ending}", document(item(ABC, when(equal("x"))))).questions
