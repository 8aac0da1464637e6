"""Pictures that are no pictures, lie elsewhere or are packed to do harm: nothing is fetched or unpacked without a bound, and the question stays."""

import base64
import io
import random
import struct
import tracemalloc
import zipfile

import pytest

from question_bank.formats import docx, images, qti
from question_bank.formats.office import Package, Unreadable
from question_bank.schema import MAX_PICTURE
from tests.question_bank.pictured import RED, file, moodle, of_qti, said
from tests.question_bank.test_docx import from_xml, paragraph


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.png", "//cdn.example/a.png", "file:///etc/passwd", "\\\\may\\a.png"]
)
def test_outside_addresses_are_never_fetched(address: str) -> None:
    for parsed in (moodle(f'Đâu?<img src="{address}">'), of_qti(f'<p>Đâu?</p><img src="{address}"/>')):
        assert parsed.questions[0].picture is None
        assert "địa chỉ bên ngoài nên không được tải về" in said(parsed)


@pytest.mark.parametrize("address", ["../../etc/passwd", "/etc/passwd", "", "khong-co.png", "../imsmanifest.xml"])
def test_addresses_that_lead_to_nothing_are_told(address: str) -> None:
    for parsed in (moodle(f'Đâu?<img src="{address}">'), of_qti(f'<p>Đâu?</p><img src="{address}"/>', a_png=RED)):
        assert parsed.questions[0].picture is None
        assert "không có trong tệp" in said(parsed)


def test_word_pictures_that_are_only_linked_are_never_fetched() -> None:
    body = (
        paragraph("Câu 1: Đâu?") + '<w:p><w:r><w:drawing><a:blip xmlns:r="urn:r" r:link="i"/></w:drawing></w:r></w:p>'
    )
    link = '<Relationship Id="i" Type="x/image" TargetMode="External" Target="http://127.0.0.1:9/a.png"/>'
    parsed = docx.read(from_xml(body + paragraph("A. Kế") + paragraph("B. Chũ") + paragraph("Đáp án: A"), links=link))
    assert parsed.questions[0].picture is None
    assert "Câu 1: có hình nằm ở địa chỉ bên ngoài" in said(parsed)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không phải JPEG, PNG, WebP hoặc GIF"),
        (b"\x01\0\0\0EMF", "không phải JPEG, PNG, WebP hoặc GIF"),
        (RED + random.Random(1).randbytes(MAX_PICTURE), "lớn hơn 5 MB"),
        (b"", "bị hỏng"),
    ],
    ids=["svg", "emf", "large", "empty"],
)
def test_what_is_no_sound_picture_is_told_and_the_question_stays(content: bytes, words: str) -> None:
    word = from_xml(
        paragraph("Câu 1: Đâu?")
        + '<w:p><w:r><w:drawing><a:blip xmlns:r="urn:r" r:embed="i"/></w:drawing></w:r></w:p>'
        + paragraph("A. Kế")
        + paragraph("B. Chũ")
        + paragraph("Đáp án: A"),
        others={"word/media/a.png": content},
        links='<Relationship Id="i" Type="x/image" Target="media/a.png"/>',
    )
    held = (moodle('Đâu?<img src="@@PLUGINFILE@@/a.png">', file(content, "a.png")), docx.read(word))
    for parsed in (*held, of_qti('<p>Đâu?</p><img src="a.png"/>', items__a_png=content)):
        assert len(parsed.questions) == 1
        assert parsed.questions[0].picture is None
        assert words in said(parsed)


def test_pictures_packed_to_fill_memory_are_left_after_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b"\x89PNG\r\n\x1a\n" + b"\0" * (MAX_PICTURE - 8)
    count = images.MAX_TOGETHER // MAX_PICTURE + 2
    lines, links, others = [], "", {}
    for number in range(count):
        picture = f'<w:r><w:drawing><a:blip xmlns:r="urn:r" r:embed="i{number}"/></w:drawing></w:r>'
        lines += [paragraph(f"Câu {number + 1}: Đâu?").replace("</w:p>", picture + "</w:p>")]
        lines += [paragraph("A. Kế"), paragraph("B. Chũ"), paragraph("Đáp án: A")]
        links += f'<Relationship Id="i{number}" Type="x/image" Target="media/a{number}.png"/>'
        others[f"word/media/a{number}.png"] = bomb
    parsed = docx.read(from_xml("".join(lines), others=others, links=links))
    assert sum(question.picture is not None for question in parsed.questions) == count - 2
    assert said(parsed).count("chứa quá nhiều hình") == 2


def understated(size: int, stated: int) -> bytes:
    """A Word package whose picture unpacks to `size` zeros, and says `stated`."""
    box = bytearray(from_xml("", others={"word/media/a.png": bytes(size)}))
    for place in range(len(box) - 4):
        if box[place : place + 4] == struct.pack("<I", size):
            box[place : place + 4] = struct.pack("<I", stated)
    return bytes(box)


def test_a_picture_that_understates_its_size_is_not_unpacked_beyond_it() -> None:
    package = Package(understated(50_000_000, 100))
    assert package.size("word/media/a.png") == 100
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            package.content("word/media/a.png")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_word_files_packed_in_odd_ways_are_refused_like_packages() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as box:
        box.writestr("word/document.xml", b"<a/>")
    assert "cách nén không đọc được" in said(docx.read(out.getvalue()))
    assert "cách nén không đọc được" in said(qti.read(out.getvalue()))


def test_a_bad_picture_is_read_once_however_often_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()

    def damaged(name: str) -> bytes:
        read.append(name)
        raise Unreadable("hỏng")

    members = images.Members(damaged, Unreadable)
    for _ in range(3):
        with pytest.raises(images.Lost, match="bị hỏng"):
            members.get("a.png", 100)
    assert read == ["a.png"]

    decoded = list[str]()
    plain = base64.b64decode

    def counted(packed: str, *, validate: bool) -> bytes:
        decoded.append(packed)
        return plain(packed, validate=validate)

    monkeypatch.setattr(images.base64, "b64decode", counted)
    shown = '<img src="@@PLUGINFILE@@/a.png">' * 5
    assert "không phải JPEG" in said(moodle(f"Đâu?{shown}", file(b"<svg/>", "a.png")))
    assert len(decoded) == 1
