"""Files of any name and encoding, told apart and read."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import FORMATS, old_fonts
from question_bank.schema import TOO_MANY, Choice, Question

GIFT = "Thủ phủ của tỉnh, thuở ấy ở đâu? {=Phủ Lạng Thương ~Kế ~Chũ}"
ROW = json.dumps({"question": "Đâu?", "options": ["Kế", "Chũ"], "answer_index": 0}, ensure_ascii=False)


def as_windows_1258(text: str) -> bytes:
    """The code page has â, ê, ô, ă, ơ, ư as letters and the five tones as marks of their own."""
    out = bytearray()
    for char in text:
        base, *tones = unicodedata.normalize("NFD", char)
        kept = [mark for mark in tones if mark in "\u0302\u0306\u031b"]
        rest = [mark for mark in tones if mark not in kept]
        out += unicodedata.normalize("NFC", base + "".join(kept)).encode("cp1258") + "".join(rest).encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize(
    "data",
    [
        GIFT.encode(),
        GIFT.encode("utf-8-sig"),
        GIFT.encode("utf-16"),
        GIFT.encode("utf-32"),
        GIFT.replace(" ", "\r\n", 1).encode("utf-16-be").join([b"\xfe\xff", b""]),
        ("// abcdefghijklmnopqrstuvwxyz\n" * 5 + GIFT).encode("utf-16-le"),
        unicodedata.normalize("NFD", GIFT).encode(),
        as_windows_1258(GIFT),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-32", "utf-16-be", "utf-16-bare", "nfd", "windows-1258"],
)
def test_every_encoding_gives_the_same_words(data: bytes) -> None:
    (question,) = formats.read("cauhoi.txt", data).questions
    assert question.stem == "Thủ phủ của tỉnh, thuở ấy ở đâu?"
    assert [choice.text for choice in question.choices] == ["Phủ Lạng Thương", "Kế", "Chũ"]


def test_a_guessed_encoding_is_told() -> None:
    (problem,) = formats.read("cauhoi.gift", as_windows_1258(GIFT)).problems
    assert problem.kept
    assert "Windows-1258" in problem.message


def test_a_file_cut_inside_a_letter_is_read_and_told() -> None:
    parsed = formats.read("cauhoi.gift", GIFT.encode() + "ế".encode()[:1])
    assert [question.stem for question in parsed.questions] == ["Thủ phủ của tỉnh, thuở ấy ở đâu?"]
    assert [(problem.kept, "cắt cụt" in problem.message) for problem in parsed.problems] == [(True, True)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", ROW),
        ("a.JSON", f"[{ROW}]"),
        ("khong-duoi", ROW),
        ("a.txt", ROW),
        ("a.gift", GIFT),
        ("b", GIFT),
        ("b.txt", "[html]" + GIFT),
    ],
)
def test_format_is_told_by_name_or_content(name: str, data: str) -> None:
    assert len(formats.read(name, data.encode()).questions) == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.gift", b"", "không có nội dung"),
        ("a.gift", b" \n\t ", "không có"),
        ("a.gift", b"// ch\xc3\xba th\xc3\xadch", "không có câu hỏi nào"),
        ("a.bin", b"PK\x03\x04abc", "không phải tệp câu hỏi"),
        ("a.pdf", b"%PDF-1.7", "không phải tệp câu hỏi"),
        ("a.jsonl", b"cau hoi", "không đúng dạng JSONL"),
        ("a.gift", b"x" * 10_000_001, "quá lớn"),
    ],
    ids=["empty", "blank", "comment", "stub", "pdf", "not json", "large"],
)
def test_a_file_without_questions_is_refused_in_one_sentence(name: str, data: bytes, words: str) -> None:
    parsed = formats.read(name, data)
    assert not parsed.questions
    assert words in parsed.problems[0].message


def test_a_format_is_written_under_its_name() -> None:
    (question,) = formats.read("a.gift", GIFT.encode()).questions
    for name in ("gift", "jsonl"):
        assert formats.read(f"a.{name}", formats.write(name, [question])).questions == (question,)
    with pytest.raises(KeyError):
        formats.write("pdf", [question])


@given(st.binary(max_size=200), st.sampled_from(["a.gift", "a.jsonl", "a.json", "a"]))
def test_no_bytes_make_reading_fail(data: bytes, name: str) -> None:
    for question in formats.read(name, data).questions:
        question.stem.encode()


@pytest.mark.parametrize("item", ["Lời dẫn.\n\n", "Gì? {=a ~b}\n\n", ROW + "\n"], ids=["prose", "gift", "jsonl"])
def test_an_endless_file_is_read_up_to_the_limit_and_says_so(item: str) -> None:
    parsed = formats.read("a", (item * 20_002).encode())
    assert len(parsed.questions) + len(parsed.unsupported) == 20_000
    assert [problem.message for problem in parsed.problems] == [TOO_MANY]


def test_a_monstrous_question_is_refused_and_the_next_one_read() -> None:
    parsed = formats.read("a.gift", ("[html]" + "<" * 100_000 + "{=a ~b}\n\nSau? {=a ~b}").encode())
    assert [question.stem for question in parsed.questions] == ["Sau?"]
    assert "dài quá" in parsed.problems[0].message


def test_a_long_file_is_told_by_its_beginning_though_a_letter_is_cut() -> None:
    text = "// ế\n" * 20_000 + GIFT
    assert len(formats.read("a", text.encode()).questions) == 1


@pytest.mark.parametrize(
    ("name", "questions", "remarks"),
    [("mcq_vi_history_vnhsge.jsonl", 1986, 0), ("mcq_vi_party_history_mit.jsonl", 175, 0)],
)
def test_the_shared_collections_are_imported_whole(shared_data: Path, name: str, questions: int, remarks: int) -> None:
    data = (shared_data / "mcq" / name).read_bytes()
    parsed = formats.read(name, data)
    assert (len(parsed.questions), len(parsed.problems), len(parsed.unsupported)) == (questions, remarks, 0)
    assert formats.read("a", formats.write("jsonl", parsed.questions)).questions == parsed.questions


@pytest.mark.parametrize("target", ["gift", "moodle_xml", "qti21", "qti22", "qti30"])
def test_the_shared_collections_pass_through_every_format_unchanged(shared_data: Path, target: str) -> None:
    for path in sorted((shared_data / "mcq").glob("*.jsonl")):
        wanted = formats.read(path.name, path.read_bytes()).questions
        assert formats.losses(target, wanted) == []
        parsed = formats.read("a", formats.write(target, wanted))
        assert parsed.questions == wanted
        assert not parsed.problems


def test_every_shared_question_file_is_read_or_refused_line_by_line(shared_data: Path) -> None:
    met = 0
    for path in sorted((shared_data / "qbank").rglob("*")):
        if not path.is_file() or path.suffix == ".json" or path.parent.name == "vi_word_paste":
            continue
        met += 1
        parsed = formats.read(path.name, path.read_bytes())
        if "ategory" in path.name:
            assert "không có câu hỏi nào" in parsed.problems[0].message
            continue
        assert parsed.questions or parsed.unsupported, path.name
        assert all(problem.kept for problem in parsed.problems), path.name
        assert all(entry.line and entry.message.endswith("không được nhập.") for entry in parsed.unsupported), path.name
    assert met == 30


@pytest.mark.parametrize("name", ["gift", "aiken", "word", "csv", "moodle_xml"])
@pytest.mark.parametrize("sign", ["\0", "\u202e", "\u2066"], ids=["nought", "turned", "set apart"])
def test_signs_that_nobody_sees_are_dropped_and_told(name: str, sign: str) -> None:
    content = formats.write(name, [Question("Đây là đâu?", (Choice("Kế", True), Choice("Chũ", False)))]).decode()
    parsed = formats.read("", content.replace("Kế", f"K{sign}ế").encode())
    assert [choice.text for choice in parsed.questions[0].choices] == ["Kế", "Chũ"]
    assert ["ký tự điều khiển không nhìn thấy" in problem.message for problem in parsed.problems] == [True]


@pytest.mark.parametrize(
    "stem",
    [
        "Ai l·nh ®¹o cuéc khëi nghÜa Yªn ThÕ cña nh©n d©n tØnh B¾c Giang?",
        "Ai laõnh ñaïo cuoäc khôûi nghóa Yeân Theá cuûa nhaân daân tænh Baéc Giang?",
    ],
)
def test_words_typed_for_fonts_of_before_unicode_are_told_in_every_format(stem: str) -> None:
    question = Question(stem, (Choice("1884", True), Choice("1913", False)))
    for form in FORMATS:
        if form.write:
            told = formats.read(f"cau-hoi.{form.endings[0]}", formats.write(form.name, [question])).problems
            assert [problem.message for problem in told] == [old_fonts.MESSAGE]
    assert formats.read("x.txt", stem.encode()).problems[0].message == old_fonts.MESSAGE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{\\rtf1\\ansi C\\'e2u 1: Ai?\\par A. x\\par}", "RTF"),
        ("<!DOCTYPE html>\n<html><p>Câu 1: Ai?<p>A. x<p>B. y</html>", "HTML"),
        ('<html xmlns:o="urn:schemas-microsoft-com:office:office"><p>Câu 1: Ai?', "HTML"),
    ],
)
@pytest.mark.parametrize("ending", ["doc", "rtf", "txt", "html", "gift"])
def test_pages_and_rich_text_are_named_for_what_they_are(text: str, kind: str, ending: str) -> None:
    (problem,) = formats.read(f"cau-hoi.{ending}", text.encode()).problems
    assert kind in problem.message
    assert ".docx" in problem.message


def test_words_of_today_are_not_taken_for_old_fonts() -> None:
    stem = "Nhà bác học Søren Kierkegaard, nhà văn Nuñez và ông François đến hồ ở 25 µm® năm nào, theo Luật §5?"
    question = Question(stem, (Choice("Huỳnh Thúc Kháng", True), Choice("Thuở loà xoà", False)))
    assert not formats.read("x.gift", formats.write("gift", [question])).problems
