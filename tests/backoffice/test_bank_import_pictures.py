"""Pictures inside question files on their way through the desk: seen before anything is written, described, imported, taken out again."""

import hashlib
import io

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from contest.core import storage
from contest.core.db import db
from contest.quiz import queries
from contest.quiz.models import QuestionVersion
from contest.quiz.service import bank_pictures, looks
from question_bank import formats
from question_bank.schema import Choice, Picture, Question
from tests import pages
from tests.backoffice.conftest import Scene
from tests.signed_in import csrf_token, sign_in

BANK = "/ban-dieu-hanh/cau-hoi"
REASON = "Tổ ra đề duyệt ngày 12/5"
HOSTILE = [b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\xff\xd8\xff\xe0 not a picture", b"GIF89a"]


def drawn(colour: str = "red", size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def noise() -> bytes:
    """A picture as busy as a photograph."""
    out = io.BytesIO()
    Image.effect_noise((900, 600), 80).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def asked(code: str, content: bytes | None, alt: str = "Cờ đỏ", stem: str = "Đây là đâu?") -> Question:
    choices = (Choice("Kế", True), Choice("Chũ", False))
    return Question(stem, choices, code=code, picture=None if content is None else Picture(content, alt))


def send(desk: FlaskClient, *questions: Question, name: str = "moodle_xml") -> pages.Page:
    ending = {"moodle_xml": "xml"}.get(name, "zip")
    file = (io.BytesIO(formats.write(name, questions)), f"a.{ending}")
    data = {"file": [file], "pasted": "", "csrf_token": csrf_token(desk)}
    return pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))


def versions(app: Flask) -> list[QuestionVersion]:
    with app.app_context():
        return list(db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)))


def shown(page: pages.Page) -> list[tuple[str, str]]:
    found = [image for image in page.root.iter("img") if image.get("class") == "q-picture"]
    return [(image.get("src", ""), image.get("alt", "")) for image in found]


@pytest.mark.parametrize("name", ["moodle_xml", "qti22", "qti30"])
def test_picture_is_seen_before_it_is_written_and_comes_with_its_question(
    app: Flask, desk: FlaskClient, scene: Scene, name: str
) -> None:
    look = send(desk, asked("H-1", drawn()), name=name)

    ((address, alt),) = shown(look)
    reply = desk.get(address)
    assert (alt, reply.mimetype, reply.status_code) == ("Cờ đỏ", "image/webp", 200)
    assert versions(app) == []

    confirm = look.submit("Tiếp: xem việc sẽ làm")
    assert "1 câu có hình" in confirm.text
    confirm.submit("Nhập câu hỏi", reason=REASON)

    (version,) = versions(app)
    assert (version.picture_alt, version.picture_width, version.picture_height) == ("Cờ đỏ", 40, 30)
    with app.app_context():
        assert Image.open(io.BytesIO(storage.get(version.picture or ""))).format == "WEBP"


def test_words_written_in_the_preview_go_with_the_picture(app: Flask, desk: FlaskClient) -> None:
    look = send(desk, asked("H-1", drawn(), alt=""))
    assert "Hình chưa có mô tả bằng lời" in look.text

    confirm = look.submit("Tiếp: xem việc sẽ làm", **{"alt-0": " Lá cờ\nđỏ sao vàng "})  # type: ignore[arg-type]
    confirm.submit("Nhập câu hỏi", reason=REASON)

    assert [(version.picture_alt, version.findings) for version in versions(app)] == [
        ("Lá cờ đỏ sao vàng", "no_source")
    ]


def test_picture_without_words_is_imported_and_listed_as_something_to_see(app: Flask, desk: FlaskClient) -> None:
    look = send(desk, asked("H-1", drawn(), alt=""))
    look.submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)

    assert versions(app)[0].picture_alt == "Hình chưa có mô tả bằng lời"
    assert "Đây là đâu?" in pages.get(desk, f"{BANK}?can-xem=no_alt").text


@pytest.mark.parametrize("content", HOSTILE)
def test_picture_that_cannot_be_drawn_is_told_and_its_question_stays(
    app: Flask, desk: FlaskClient, content: bytes
) -> None:
    look = send(desk, asked("H-1", content))

    assert "Hình của câu không được nhập. Không mở được ảnh này" in look.text
    assert shown(look) == []
    look.submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)
    assert [version.picture for version in versions(app)] == [None]


def test_picture_of_too_many_points_is_told_and_not_opened(app: Flask, desk: FlaskClient) -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")

    look = send(desk, asked("H-1", out.getvalue()))

    assert "quá nhiều điểm ảnh" in look.text


def test_more_pictures_than_one_import_takes_are_told(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_pictures, "MOST", 2)
    colours = ("red", "blue", "green")

    look = send(desk, *(asked(f"H-{n}", drawn(colour), stem=f"Hình {n} là gì?") for n, colour in enumerate(colours)))

    assert len(shown(look)) == 2
    assert "hình này không được nhập" in look.text


def test_pictures_that_would_keep_a_person_waiting_are_told(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_pictures, "POINTS", 40 * 30 + 10)

    look = send(desk, asked("H-1", drawn("red")), asked("H-2", drawn("blue"), stem="Còn đây?"))

    assert len(shown(look)) == 1
    assert "Các hình cộng lại quá lớn cho một lần nhập" in look.text
    assert "thu nhỏ" not in look.text


def cut_short(colour: str) -> bytes:
    """A picture whose head is sound and whose points end early."""
    content = drawn(colour, (400, 300), "JPEG")
    return content[: len(content) // 2]


def test_pictures_that_fail_while_they_are_drawn_count_like_those_that_are_kept(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = asked("H-1", cut_short("red")), asked("H-2", drawn("blue"), stem="Còn đây?")

    monkeypatch.setattr(bank_pictures, "POINTS", 400 * 300 + 10)
    look = send(desk, bad, good)
    assert "Không mở được ảnh này" in look.text
    assert "Các hình cộng lại quá lớn cho một lần nhập" in look.text

    monkeypatch.setattr(bank_pictures, "POINTS", 1_000_000)
    monkeypatch.setattr(bank_pictures, "MOST", 1)
    assert bank_pictures.TOO_MANY in send(desk, bad, good).text


def test_a_look_lets_the_bytes_of_pictures_go_and_keeps_their_words(app: Flask, scene: Scene) -> None:
    files = [
        (f"{colour}.xml", formats.write("moodle_xml", [asked(f"H-{colour}", drawn(colour), stem=f"{colour}?")]))
        for colour in ("red", "blue")
    ]
    with app.app_context():
        looked = looks.look_at(looks.keep_files(files))
        assert looked
        items = looked.items(range(2))

    assert [item.question.picture for item in items] == [Picture(b"", "Cờ đỏ")] * 2
    assert all(item.picture and item.picture.alt == "Cờ đỏ" for item in items)


def test_a_picture_shown_by_many_questions_is_hashed_once(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = drawn()
    questions = [asked(f"H-{number}", content, stem=f"Hình {number}?") for number in range(5)]
    hashed, plain = list[bytes](), hashlib.sha256

    def counted(data: bytes = b"") -> object:
        hashed.append(data)
        return plain(data)

    with app.app_context():
        monkeypatch.setattr(hashlib, "sha256", counted)
        done = bank_pictures.draw_pictures(questions, most=bank_pictures.MOST)
        assert all(done.of(question) and not done.fault(question) for question in questions)

    assert hashed.count(content) == 1


def test_words_that_only_say_that_words_are_lacking_are_not_exported(app: Flask, desk: FlaskClient) -> None:
    send(desk, asked("H-1", drawn(), alt="")).submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)

    (back,) = formats.read("a.xml", desk.get(f"{BANK}/xuat/tep?dang=moodle_xml").data).questions

    assert back.picture is not None
    assert back.picture.alt == ""


def test_every_field_for_words_names_its_question(desk: FlaskClient) -> None:
    look = send(desk, asked("H-1", drawn()), asked("H-2", drawn("blue"), stem="Còn đây?"))

    labels = ["".join(label.itertext()) for label in look.root.iter("label") if label.get("for", "").startswith("alt-")]
    assert labels == ["Mô tả hình bằng lời của câu 1", "Mô tả hình bằng lời của câu 2"]


def test_same_words_under_another_picture_are_another_question_and_the_same_file_is_known_again(
    app: Flask, desk: FlaskClient
) -> None:
    first, second = asked("H-1", drawn("red")), asked("H-2", drawn("blue"))
    look = send(desk, first, second)
    assert "khác hình" in look.text
    look.submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)
    assert len(versions(app)) == 2

    again = send(desk, first, second)
    assert "Không có gì để nhập thêm" in again.text
    assert "Trùng với câu H-1 trong ngân hàng" in again.text
    twins = pages.get(desk, f"{BANK}/trung-nhau")
    assert "1 cặp" in twins.text
    assert "Gần giống nhau" in twins.text


def test_export_carries_the_picture_and_its_own_file_is_known_again(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    send(desk, asked("H-1", drawn()), asked("H-2", None, stem="Không hình?")).submit("Tiếp: xem việc sẽ làm").submit(
        "Nhập câu hỏi", reason=REASON
    )
    page = pages.get(desk, f"{BANK}/xuat")
    assert "1 câu: Hình của câu không được ghi vào tệp." in page.text

    for name, ending in (("moodle_xml", "xml"), ("qti21", "zip"), ("docx", "docx")):
        content = desk.get(f"{BANK}/xuat/tep?dang={name}").data
        back = formats.read(f"a.{ending}", content).questions
        assert [question.picture and question.picture.alt for question in back] == ["Cờ đỏ", None]
        with app.app_context():
            kept = bank_pictures.draw_pictures(back)
            assert [kept.of(question) for question in back] == [
                queries.picture_at(versions(app)[0].picture or ""),
                None,
            ]
        assert "Không có gì để nhập thêm" in send(desk, *back).text


def test_picture_goes_from_word_into_the_bank_and_out_into_word_as_a_kind_that_every_word_shows(
    app: Flask, desk: FlaskClient
) -> None:
    first = formats.write("docx", [asked("H-1", noise())])
    data = {"file": [(io.BytesIO(first), "de.docx")], "pasted": "", "csrf_token": csrf_token(desk)}
    look = pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))
    look.submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)

    second = desk.get(f"{BANK}/xuat/tep?dang=docx").data

    (question,) = formats.read("a.docx", second).questions
    assert question.picture
    assert (question.code, question.picture.kind, question.picture.alt) == ("H-1", "jpg", "Cờ đỏ")
    with Image.open(io.BytesIO(question.picture.content)) as image:
        assert image.size == (900, 600)
    data = {"file": [(io.BytesIO(second), "de.docx")], "pasted": "", "csrf_token": csrf_token(desk)}
    again = pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))
    assert "Không có gì để nhập thêm" in again.text


def test_picture_of_a_look_is_for_staff_alone(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    ((address, _),) = shown(send(desk, asked("H-1", drawn())))
    stranger, entrant = app.test_client(), app.test_client()
    sign_in(entrant, scene.entrant)

    assert desk.get(address).status_code == 200
    assert stranger.get(address).status_code in (302, 303, 401)
    assert entrant.get(address).status_code == 403


def test_word_picture_is_seen_and_places_of_a_word_file_are_paragraphs(app: Flask, desk: FlaskClient) -> None:
    document = docx.Document()
    document.add_paragraph("Câu 1: Đây là đâu?").add_run().add_picture(io.BytesIO(drawn()))
    document.add_paragraph().add_run().add_picture(io.BytesIO(drawn("blue")))
    for text in ("A. Kế", "B. Chũ", "Đáp án: A"):
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    data = {"file": [(io.BytesIO(out.getvalue()), "de.docx")], "pasted": "", "csrf_token": csrf_token(desk)}

    look = pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))

    assert len(shown(look)) == 1
    assert "Đoạn 1" in look.text
    assert "có nhiều hình; chỉ hình đầu tiên được nhập" in look.text
    look.submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)
    assert versions(app)[0].picture is not None
