"""Every file of strangers through Pillow: upright, in sRGB, bare of metadata, or refused with a reason."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.ExifTags import GPS, IFD, Base

from contest.photo import pictures, rules
from contest.photo.pictures import Unreadable
from tests.photo.conftest import jpeg, saved, shared


def opened(content: bytes) -> Image.Image:
    """A thumbnail's picture, which must be a plain RGB JPEG."""
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def differ(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, 0 to 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_sideways_file_gives_upright_thumbnail(orientation: int) -> None:
    upright = Image.open(io.BytesIO(shared("photos/exif/hopper.jpg"))).convert("RGB")
    found = pictures.develop(shared(f"photos/exif/hopper_orientation_{orientation}.jpg"))
    assert found.turned
    assert (
        differ(opened(found.thumbnails[320]), upright) < 7
    )  # the files themselves differ by 6: each was compressed anew


@pytest.mark.parametrize("orientation", range(1, 9))
def test_large_sideways_file_is_shrunk_then_turned(orientation: int) -> None:
    picture = Image.new("RGB", (2400, 1600), "white")
    picture.paste("red", (0, 0, 1200, 400))
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    back = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    method = pictures._UPRIGHT.get(back)
    stored = picture.transpose(method) if method is not None else picture
    found = pictures.develop(saved(stored, "JPEG", exif=exif, quality=95))
    assert (found.width, found.height) == (2400, 1600)
    assert [opened(found.thumbnails[size]).size for size in rules.SIZES] == [(320, 213), (960, 640), (1920, 1280)]
    expected = pictures._shrunk(picture, (320, 213))
    assert differ(opened(found.thumbnails[320]), expected) < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_thumbnails_carry_no_metadata(kind: str) -> None:
    exif = Image.Exif()
    exif[Base.Artist] = "Nguyễn Bí Mật"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (21.0, 16.0, 0.0)
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2025:03:04 14:03:22"
    secret = b"<x:xmpmeta>Nguyen Bi Mat</x:xmpmeta>"
    options = {"xmp": secret} if kind != "PNG" else {}
    if kind == "JPEG":
        options["comment"] = b"Nguyen Bi Mat"
    found = pictures.develop(saved(Image.new("RGB", (400, 300), "teal"), kind, exif=exif, **options))
    assert found.taken_at is not None
    assert found.taken_at.isoformat() == "2025-03-04T07:03:22+00:00"
    for content in found.thumbnails.values():
        image = opened(content)
        assert not dict(image.getexif())
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Exif" not in content
        assert b"Mat" not in content
        assert b"ICC_PROFILE" not in content


def test_position_is_gone_from_all_three_thumbnails() -> None:
    original = shared("photos/exif/gps_DSCN0010.jpg")
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(IFD.GPSInfo)
    for content in pictures.develop(original).thumbnails.values():
        assert not opened(content).getexif().get_ifd(IFD.GPSInfo)
        assert b"Exif" not in content


def test_cmyk_is_shown_in_its_colours_and_not_as_a_negative() -> None:
    found = opened(pictures.develop(shared("photos/formats/pil_sample_cmyk.jpg")).thumbnails[320])
    expected = Image.open(io.BytesIO(shared("photos/formats/pil_sample_cmyk.jpg"))).convert("RGB")
    assert differ(found, expected) < 15  # a negative differs by 240
    cyan = pictures.develop(saved(Image.new("CMYK", (50, 40), (255, 0, 0, 0)), "JPEG"))
    red, green, _ = opened(cyan.thumbnails[320]).getpixel((20, 20))  # type: ignore[misc]
    assert red < 60 < green


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_png_lies_on_white(mode: str) -> None:
    picture = Image.new("RGBA", (60, 40), (10, 20, 30, 0))
    found = pictures.develop(saved(picture.convert(mode), "PNG"))
    assert min(opened(found.thumbnails[320]).getpixel((30, 20))) > 250  # type: ignore[arg-type,type-var]


def test_sixteen_bit_grey_png_keeps_its_greys() -> None:
    found = pictures.develop(saved(Image.new("I;16", (60, 40), 128 * 256), "PNG"))
    assert abs(opened(found.thumbnails[320]).getpixel((30, 20))[0] - 128) < 4  # type: ignore[index]


def test_heic_is_read() -> None:
    found = pictures.develop(shared("photos/heic/libheif_example.heic"))
    assert (found.width, found.height) == (1280, 854)
    assert opened(found.thumbnails[960]).size == (960, 640)


def test_truncated_heic_is_refused_by_the_cheap_look() -> None:
    with pytest.raises(Unreadable) as refusal:
        pictures.look(shared("photos/heic/libheif_example.heic")[:-5000])
    assert refusal.value.problem is rules.BROKEN


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_truncated_file_is_found_by_decoding(kind: str) -> None:
    noise = Image.effect_noise((500, 400), 90).convert("RGB")
    content = saved(noise, kind)
    with pytest.raises(Unreadable) as refusal:
        pictures.develop(content[: len(content) * 2 // 3])
    assert refusal.value.problem is rules.BROKEN


def test_two_pictures_in_one_jpeg_give_the_first() -> None:
    second = Image.new("RGB", (80, 60), "black")
    content = saved(Image.new("RGB", (80, 60), "red"), "MPO", save_all=True, append_images=[second])
    assert opened(pictures.develop(content).thumbnails[320]).getpixel((40, 30))[0] > 200  # type: ignore[index]


def test_decompression_bomb_is_refused_before_decoding() -> None:
    bomb = saved(Image.new("1", (30_000, 30_000)), "PNG", optimize=False)
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable) as refusal:
        pictures.look(bomb)
    assert refusal.value.problem.title == "Ảnh quá lớn"


def test_small_picture_is_never_enlarged() -> None:
    found = pictures.develop(jpeg(500, 200))
    assert [opened(found.thumbnails[size]).size for size in rules.SIZES] == [(320, 128), (500, 200), (500, 200)]


@pytest.mark.parametrize(
    ("written", "zone", "moment"),
    [
        ("2025:03:04 14:03:22", None, "2025-03-04T07:03:22+00:00"),
        ("2025:03:04 14:03:22", "+09:00", "2025-03-04T05:03:22+00:00"),
        ("0000:00:00 00:00:00", None, None),
        ("hôm qua", None, None),
        (b"\xff", 7, None),
    ],
)
def test_moment_of_the_shot_is_read_or_left_out(written: object, zone: object, moment: str | None) -> None:
    found = pictures._moment(written, zone)
    assert (found.isoformat() if found else None) == moment
