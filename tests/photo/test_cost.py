"""Files that would cost more than a photograph is worth are refused before they are opened, by the web process and within moments."""

import struct
import zlib
from tempfile import TemporaryFile

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from contest.core import picture_cost as cost
from contest.core import uploads, whole_pictures
from contest.photo import pictures
from contest.photo.pictures import Unreadable
from contest.photo.rules import BROKEN
from contest.quiz import pictures as question_pictures
from tests.photo.conftest import Room, jpeg, saved, shared


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        pictures.look(content)
    return caught.value.problem.happened


def webp_of(width: int, height: int, padding: int = 0) -> bytes:
    """A file that says it is a lossless WebP of that size and is not."""
    body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(9 + padding)
    inner = b"WEBPVP8L" + len(body).to_bytes(4, "little") + body
    return b"RIFF" + len(inner).to_bytes(4, "little") + inner


def png_of(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "kind", [{"lossless": True}, {"quality": 80}, {"quality": 80, "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}]
)
def test_size_of_a_webp_is_read_without_opening_it(kind: dict[str, object]) -> None:
    content = saved(Image.new("RGB", (301, 203), "teal"), "WEBP", **kind)
    assert cost.webp_size(content) == (301, 203)
    assert pictures.look(content).width == 301


def test_webp_that_says_it_is_huge_is_refused_before_room_is_made_for_it() -> None:
    assert "50\xa0triệu" in refused(webp_of(16_000, 7_475, padding=100_000))
    assert refused(shared("made/webp_119.6MP.webp"))


def test_webp_that_is_cut_short_is_broken() -> None:
    content = saved(Image.effect_noise((300, 200), 90), "WEBP")
    assert refused(content[: len(content) // 2]) == BROKEN.happened


def test_jpeg_of_thousands_of_scans_is_refused() -> None:
    assert "quá nhiều lớp" in refused(shared("made/jpeg_scanbomb_120MP_2000.jpg"))


@pytest.mark.parametrize("name", ["webp_119.6MP.webp", "jpeg_scanbomb_120MP_2000.jpg"])
def test_picture_of_a_question_is_measured_the_same_way(name: str) -> None:
    with pytest.raises(question_pictures.Unreadable):
        question_pictures.redraw(shared(f"made/{name}"))


def test_many_scans_of_a_smaller_picture_are_refused_in_a_question_too() -> None:
    content = jpeg(7000, 7000)
    start = content.index(b"\xff\xda")
    scan = content[start : start + 14] + b"\0"
    with pytest.raises(question_pictures.Unreadable, match="quá nhiều lớp"):
        question_pictures.redraw(content[:start] + scan * 60 + content[start:])


def test_progressive_jpeg_is_no_bomb() -> None:
    plain, progressive = jpeg(640, 480), jpeg(640, 480, progressive=True)
    assert cost.scans(plain, most=1000) == 1
    assert 5 < cost.scans(progressive, most=1000) < 20
    assert not cost.too_many_scans(progressive, 120_000_000)


def test_scans_of_a_picture_in_the_headers_do_not_count() -> None:
    inner = jpeg(160, 120, progressive=True)
    content = saved(Image.new("RGB", (640, 480), "teal"), "JPEG", exif=b"Exif\0\0" + inner)
    assert cost.scans(content, most=1000) == 1


@pytest.mark.parametrize("name", ["webp_119.6MP.webp", "jpeg_scanbomb_120MP_2000.jpg"])
def test_costly_file_is_refused_with_words_and_leaves_nothing(room: Room, name: str) -> None:
    reply = room.send((shared(f"made/{name}"), name))
    assert reply.status_code == 422
    assert all(reply.json["refused"][0].values())


def test_png_of_too_many_pixels_is_refused(room: Room) -> None:
    reply = room.send((png_of(60_000, 60_000), "a.png"))
    assert reply.status_code == 422


def test_large_file_is_looked_at_where_it_lies() -> None:
    content = saved(Image.effect_noise((2000, 1500), 90), "JPEG", quality=95)
    assert len(content) > uploads.SMALL
    with TemporaryFile() as stream:
        stream.write(content)
        with uploads.viewed(FileStorage(stream, "a.jpg")) as view:
            assert not isinstance(view, bytes)
            assert (pictures.look(view).width, uploads.digest(view)) == (2000, uploads.digest(content))
            assert b"".join(uploads.pieces(view)) == content


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def heic_of(extents: int) -> bytes:
    """An HEIC whose one picture is said to be so many times the whole file."""
    infe = box(b"infe", b"\2\0\0\0" + b"\0\1\0\0" + b"hvc1" + b"\0")
    iinf = box(b"iinf", bytes(4) + b"\0\1" + infe)
    iprp = box(b"iprp", box(b"ipco", box(b"hvcC", bytes(21) + b"\3" + bytes(10))))
    places = b"".join(bytes(4) + (1_000_000).to_bytes(4, "big") for _ in range(extents))
    iloc = box(b"iloc", bytes(4) + b"\x44\x00" + b"\0\1" + b"\0\1" + b"\0\0" + extents.to_bytes(2, "big") + places)
    meta = box(b"meta", bytes(4) + iinf + iprp + iloc)
    return box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + meta + box(b"mdat", bytes(2_000_000))


def test_heic_whose_parts_lie_on_each_other_is_not_read_for_ever() -> None:
    assert not whole_pictures.heic_is_whole(heic_of(60_000))
    assert not whole_pictures.heic_is_whole(box(b"ftyp", b"heicmif1") + box(b"free", b"") * 100_000)
