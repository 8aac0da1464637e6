"""Pictures of which a part is lost or overwritten are refused as damaged; whole ones, though their end mark lacks, are taken."""

import io
import os
import re
from collections.abc import Callable

import pytest
from PIL import Image

from contest.photo import pictures, rules
from contest.photo.pictures import Unreadable
from contest.photo.rules import PhotoState
from contest.quiz import pictures as question_pictures
from tests.fixtures.requirements import lacking
from tests.photo.conftest import DATA, Room, saved, shared

END = b"\xff\xd9"


def scene(**options: object) -> bytes:
    """A JPEG of something that has details everywhere."""
    noise = Image.effect_noise((800, 600), 60).convert("RGB")
    return saved(noise, "JPEG", quality=85, **options)


def cut(content: bytes) -> bytes:
    """Its first two thirds, ended as if that were all."""
    return content[: len(content) * 2 // 3] + END


def overwritten(content: bytes, by: Callable[[int], bytes] = bytes) -> bytes:
    """Its middle lost."""
    middle, size = len(content) // 2, len(content) // 20
    return content[:middle] + by(size) + content[middle + size :]


def lying(content: bytes) -> bytes:
    """A head that says four times the height."""
    return re.sub(rb"(\xff[\xc0\xc2]\x00\x11\x08)(..)", lambda m: m[1] + (2400).to_bytes(2, "big"), content, count=1)


def refusal(content: bytes) -> rules.Problem:
    with pytest.raises(Unreadable) as found:
        pictures.develop(content)
    return found.value.problem


@pytest.mark.parametrize("spoil", [cut, overwritten, lying, lambda c: overwritten(c, os.urandom)])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"optimize": True}])
def test_destroyed_jpeg_is_damaged(spoil: Callable[[bytes], bytes], options: dict[str, object]) -> None:
    assert refusal(spoil(scene(**options))) is rules.BROKEN


@pytest.mark.parametrize("keeps", [1, 3, 6])
def test_progressive_jpeg_without_its_last_scans_is_damaged(keeps: int) -> None:
    content = scene(progressive=True)
    scans = [found.start() for found in re.finditer(rb"\xff\xda", content)]
    assert refusal(content[: scans[keeps]] + END) is rules.BROKEN


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 5}])
def test_jpeg_that_lacks_only_its_end_mark_is_taken(options: dict[str, object]) -> None:
    content = scene(**options)
    assert content.endswith(END)
    assert pictures.develop(content[:-2]).thumbnails == pictures.develop(content).thumbnails


def test_few_bytes_too_many_before_the_end_are_no_damage() -> None:
    assert pictures.develop(scene()[:-2] + b"\x00\x00\x00" + END).width == 800


def test_trailer_behind_the_end_is_no_damage() -> None:
    assert pictures.develop(scene() + b"SEFT" + os.urandom(500)).width == 800


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_with_a_lost_block_are_damaged(kind: str) -> None:
    content = saved(Image.effect_noise((800, 600), 60).convert("RGB"), kind)
    assert refusal(overwritten(content)) is rules.BROKEN


@pytest.mark.parametrize("name", ["jpeg_zero_middle.jpg", "heic_zero_middle.heic", "jpeg_10900_sof.jpg"])
def test_known_destroyed_file_is_never_called_right(room: Room, name: str) -> None:
    reply = room.send((shared(f"made/{name}"), name))
    if reply.status_code == 422:
        assert reply.json["refused"][0]["title"] == rules.BROKEN.title
        return
    photo = room.develop(reply.json["accepted"][0]["id"])
    assert (photo.state, photo.problem) == (PhotoState.REFUSED, f"{rules.BROKEN.happened} {rules.BROKEN.todo}")


def test_heic_whose_middle_is_lost_is_damaged() -> None:
    content = shared("photos/heic/libheif_example.heic")
    with pytest.raises(Unreadable):
        pictures.look(overwritten(content, lambda size: bytes(min(size, 200)) + content[: size - 200]))


def test_no_real_picture_is_called_damaged() -> None:
    if not DATA.is_dir():
        lacking("data", "the shared photographs are not on this machine")
    kinds = (".jpg", ".png", ".webp", ".heic", ".heif")
    found = sorted(path for path in (DATA / "photos").rglob("*") if path.suffix in kinds)
    damaged = set()
    for path in found:
        try:
            pictures.develop(path.read_bytes())
        except Unreadable:
            damaged.add(path.name)
    assert len(found) > 40
    assert damaged == {"webp.webp"}  # a head without a picture


@pytest.mark.parametrize("spoil", [cut, overwritten])
def test_destroyed_picture_of_a_question_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    assert question_pictures.redraw(scene()).width == 800
    with pytest.raises(question_pictures.Unreadable, match="hỏng"):
        question_pictures.redraw(spoil(scene()))


def test_flat_pictures_are_whole() -> None:
    for colour in ("black", "white"):
        flat = Image.new("RGB", (3000, 2000), colour)
        for kind in ("JPEG", "PNG", "WEBP"):
            assert pictures.develop(saved(flat, kind)).width == 3000
    kept = io.BytesIO()
    Image.new("RGB", (3000, 2000), "black").save(kept, "WEBP", lossless=True)
    assert pictures.develop(kept.getvalue()).width == 3000
