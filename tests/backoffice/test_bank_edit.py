"""The editor of a question: writing, versions, what differs, pictures, two editors at once, forms from nowhere."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from contest.backoffice.bank_differences import pieces
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.quiz import queries, service
from contest.quiz.models import QuestionVersion
from tests import pages
from tests.backoffice.conftest import Scene
from tests.quiz.conftest import bank_of
from tests.signed_in import csrf_token

BANK = "/ban-dieu-hanh/cau-hoi"
REASON = "Sửa theo góp ý của tổ ra đề"
Acts = Callable[[str], list[AuditRow]]
NASTY = [
    "",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "'; DROP TABLE question;--",
    "\u202etest\u202e",
    "Ω≈ç√∫˜µ≤≥÷" * 400,
    "1E+400",
    "-1",
    "٠١٢",
    "\u200b\ufeff",
    "=cmd|' /C calc'!A0",
    "a\r\nb\tc",
    "👩‍👩‍👧‍👦",
    "9" * 5000,
]


@pytest.fixture
def question_id(app: Flask, scene: Scene) -> int:
    """The first of three questions of the bank."""
    with app.app_context():
        with unit_of_work():
            service.import_questions(contest_id=scene.contest, questions=bank_of(3), actor_id=scene.organizer)
        return queries.codes(scene.contest)["T000"]


def versions(app: Flask, question_id: int) -> list[QuestionVersion]:
    with app.app_context():
        query = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
        return list(db.session.scalars(query.order_by(QuestionVersion.number)))


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300)) -> tuple[io.BytesIO, str]:
    kept = io.BytesIO()
    image = Image.new("RGB", size, (150, 25, 28))
    exif = image.getexif()
    exif[0x010E] = "tên người chụp"
    image.save(kept, kind, exif=exif)
    kept.seek(0)
    return kept, f"hinh.{kind.lower()}"


def test_new_question_is_written_looked_at_and_found_again(app: Flask, desk: FlaskClient, acts: Acts) -> None:
    page = pages.get(desk, f"{BANK}/moi")
    typed = {
        "stem": "Vải thiều trồng nhiều ở đâu?",
        "choices-0-text": "Lục Ngạn",
        "choices-0-correct": "y",
        "choices-1-text": "Sơn Động",
        "chapter": "Địa lý",
        "tags": "nông sản, vải, vải",
        "source": "Địa chí Bắc Giang",
        "locator": "tr. 12",
        "reason": REASON,
    }
    look = page.submit("Xem trước", **typed)
    assert "Lục Ngạn Đáp án" in look.text
    assert acts("question.add") == []

    done = look.submit("Lưu câu hỏi")

    assert "Đã lưu bản 1" in done.text
    assert "Địa chí Bắc Giang, tr. 12" in done.text
    assert "nông sản, vải" in done.text
    assert "Vải thiều" in pages.get(desk, f"{BANK}?tim=vai+thieu+luc+ngan").text
    assert len(acts("question.add")) == 1


def test_new_question_says_what_to_do_until_something_is_written(desk: FlaskClient) -> None:
    page = pages.get(desk, f"{BANK}/moi?chuong=II")
    assert "Gõ nội dung câu hỏi" in page.text
    assert "để trống" not in page.text

    assert "Gõ nội dung câu hỏi" in page.submit("Xem trước", difficulty="3").text
    begun = page.submit("Xem trước", stem="Đâu?").text
    assert "Gõ nội dung câu hỏi" not in begun
    assert "Phương án A để trống." in begun
    assert "Đâu?" in begun
    assert "chưa có nội dung" in page.submit("Lưu câu hỏi", status=422, reason=REASON).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"stem": ""}, "chưa có nội dung"),
        ({"choices-0-correct": None}, "chưa có đáp án đúng"),
        ({"choices-1-text": "Phương án A của câu 0"}, "giống nhau"),
        ({"reason": ""}, "ghi lý do"),
        ({"source": "", "locator": "tr. 3"}, "chưa có tên tài liệu"),
    ],
)
def test_faulty_question_is_told_and_nothing_is_written(
    app: Flask, desk: FlaskClient, question_id: int, change: dict[str, str | None], told: str
) -> None:
    page = pages.get(desk, f"{BANK}/{question_id}/sua")

    assert told in page.submit("Lưu câu hỏi", status=422, **{"reason": REASON} | change).text

    assert len(versions(app, question_id)) == 1


def test_edit_makes_a_version_and_shows_what_differs(
    app: Flask, desk: FlaskClient, question_id: int, acts: Acts
) -> None:
    page = pages.get(desk, f"{BANK}/{question_id}/sua")

    done = page.submit("Lưu câu hỏi", stem="Câu hỏi sửa số 0?", difficulty="3", note="Xem lại", reason=REASON)

    first, second = versions(app, question_id)
    assert (first.stem, first.newest) == ("Câu hỏi thử số 0?", False)
    assert (second.stem, second.difficulty, second.newest, second.note) == ("Câu hỏi sửa số 0?", 3, True, "Xem lại")
    assert "Câu hỏi thửsửa số 0?" in done.text
    assert "Trung bìnhKhó" in done.text.replace("Trung bình Khó", "Trung bìnhKhó")
    assert [row.reason for row in acts("question.edit")] == [REASON]


def test_save_without_a_change_writes_nothing(app: Flask, desk: FlaskClient, question_id: int) -> None:
    done = pages.get(desk, f"{BANK}/{question_id}/sua").submit("Lưu câu hỏi", reason=REASON)

    assert "Không có gì khác" in done.text
    assert len(versions(app, question_id)) == 1


def test_second_editor_is_told_and_loses_nothing(app: Flask, desk: FlaskClient, question_id: int) -> None:
    mine, theirs = (pages.get(desk, f"{BANK}/{question_id}/sua") for _ in range(2))
    theirs.submit("Lưu câu hỏi", stem="Của người kia?", reason=REASON)

    told = mine.submit("Lưu câu hỏi", status=409, stem="Của tôi?", chapter="Chương mới", reason=REASON)
    assert "Người khác đã lưu bản 2" in told.text
    assert "người kia" in told.text
    done = told.submit("Lưu câu hỏi")

    assert "Đã lưu bản 3" in done.text
    assert [version.stem for version in versions(app, question_id)][1:] == ["Của người kia?", "Của tôi?"]
    assert versions(app, question_id)[-1].chapter == "Chương mới"


def test_choices_are_added_moved_and_taken_out_without_script(desk: FlaskClient, question_id: int) -> None:
    page = pages.get(desk, f"{BANK}/{question_id}/sua")
    texts = [f"Phương án {letter} của câu 0" for letter in "ABCD"]

    more = page.submit("Thêm phương án", stem="Gõ dở?")
    assert "Gõ dở?" in more.text
    for act, order in (("down-0", "BACD"), ("up-2", "ACBD"), ("remove-1", "ACD"), ("up-0", "ABCD"), ("x-9", "ABCD")):
        data = {f"choices-{n}-text": text for n, text in enumerate(texts)} | {"choices-1-correct": "y"}
        reply = desk.post(page.url, data=data | {"act": act, "stem": "Gõ dở?", "csrf_token": csrf_token(desk)})
        shown = pages.inspected(desk, reply, 422 if act == "x-9" else 200).root
        fields = [field for field in shown.iter("textarea") if "-text" in field.get("name", "")]
        held = [(field.text or "").strip() for field in fields if field.get("name") != "choices-PLACE-text"]
        assert held == [texts["ABCD".index(letter)] for letter in order], act


def test_choice_that_names_others_is_pinned_and_shown_so(app: Flask, desk: FlaskClient, question_id: int) -> None:
    page = pages.get(desk, f"{BANK}/{question_id}/sua")

    look = page.submit("Xem trước", **{"choices-3-text": "Cả A và B"})

    assert "giữ nguyên thứ tự phương án" in look.text
    look.submit("Lưu câu hỏi", reason=REASON)
    assert versions(app, question_id)[-1].pinned


def test_picture_is_drawn_anew_described_and_served_for_long(app: Flask, desk: FlaskClient, question_id: int) -> None:
    address = f"{BANK}/{question_id}/sua"
    form = {name: value for name, value in pages.held(next(_forms(desk, address))).items() if name != "csrf_token"}
    sent = form | {"picture": picture(), "reason": REASON, "csrf_token": csrf_token(desk), "act": "save"}

    told = pages.inspected(desk, desk.post(address, data=sent), 422)
    assert "Hình chưa có mô tả bằng lời" in told.text
    done = told.submit("Lưu câu hỏi", picture_alt="Một ô màu đỏ")

    newest = versions(app, question_id)[-1]
    assert (newest.picture_width, newest.picture_height, newest.picture_alt) == (400, 300, "Một ô màu đỏ")
    image = next(node for node in done.root.iter("img") if node.get("alt") == "Một ô màu đỏ")
    reply = desk.get(image.get("src"))
    assert reply.mimetype == "image/webp"
    assert "immutable" in reply.headers["Cache-Control"]
    assert b"EXIF" not in reply.data
    assert desk.get(f"{BANK}/hinh/{newest.picture}").data == reply.data
    gone = pages.get(desk, address).submit("Lưu câu hỏi", drop_picture="y", reason=REASON)
    assert "Một ô màu đỏ" in gone.text
    assert versions(app, question_id)[-1].picture is None


def test_picture_that_is_gone_is_told_before_the_question_is_saved_without_it(
    app: Flask, desk: FlaskClient, question_id: int
) -> None:
    from contest.backoffice import bank_pictures
    from contest.quiz.drafts import Picture

    with app.app_context():
        lost = bank_pictures.hold(Picture("cd" * 32, "", 4, 3))
    page = pages.get(desk, f"{BANK}/{question_id}/sua")

    told = page.submit("Lưu câu hỏi", status=422, held_picture=lost, picture_alt="x", reason=REASON)

    assert "không còn trên máy chủ" in told.text
    assert len(versions(app, question_id)) == 1


def test_large_picture_is_made_smaller(app: Flask, desk: FlaskClient, question_id: int) -> None:
    sent = {"picture": picture("JPEG", (3000, 2000)), "act": "preview", "csrf_token": csrf_token(desk)}

    desk.post(f"{BANK}/{question_id}/sua", data=sent)
    reply = desk.post(f"{BANK}/xem-truoc", data={**sent, "picture": picture("JPEG", (3000, 2000))})

    assert reply.status_code == 200
    assert "data-held" in reply.text


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"<svg onload=alert(1)>"])
def test_broken_picture_is_told(desk: FlaskClient, question_id: int, content: bytes) -> None:
    sent = {"picture": (io.BytesIO(content), "a.png"), "act": "save", "csrf_token": csrf_token(desk)}

    page = pages.inspected(desk, desk.post(f"{BANK}/{question_id}/sua", data=sent), 422)

    assert "Không mở được ảnh này" in page.text


def test_picture_that_no_question_bears_is_not_served(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    from contest.core import storage

    with app.app_context():
        address = storage.put(b"somebody's essay")

    assert desk.get(f"{BANK}/hinh/{address}").status_code == 404


@pytest.mark.parametrize("value", NASTY)
def test_nasty_words_are_kept_refused_or_mended_but_never_break_a_page(
    desk: FlaskClient, question_id: int, value: str
) -> None:
    names = ("stem", "choices-0-text", "choices-1-feedback", "chapter", "tags", "source", "note", "picture_alt", "base")
    data = dict.fromkeys(names, value) | {
        "held_picture": value,
        "difficulty": value,
        "reason": value,
        "act": "save",
    }
    for address in (f"{BANK}/moi", f"{BANK}/{question_id}/sua"):
        reply = desk.post(address, data=data | {"csrf_token": csrf_token(desk)}, follow_redirects=True)
        assert reply.status_code < 500
        assert pages.faults(reply.text) == []
    for act in ("preview", value, f"up-{value}", f"choices-{value}-text"):
        assert desk.post(f"{BANK}/moi", data=data | {"act": act, "csrf_token": csrf_token(desk)}).status_code < 500


def _forms(desk: FlaskClient, address: str):  # type: ignore[no-untyped-def]
    return (form for form in pages.get(desk, address).root.iter("form") if form.get("data-question-editor"))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Những điều cấm", "Chế độ học tập", [("gone", "Những điều cấm"), ("new", "Chế độ học tập")]),
        (
            "họp năm 1976 ở Kế",
            "họp năm 1977 ở Kế",
            [("same", "họp năm "), ("gone", "1976"), ("new", "1977"), ("same", " ở Kế")],
        ),
        ("ngày 25 tháng 8", "ngày 26 tháng 9", [("same", "ngày "), ("gone", "25 tháng 8"), ("new", "26 tháng 9")]),
        ("một", "một", [("same", "một")]),
    ],
)
def test_changes_with_one_word_between_them_are_shown_as_one(
    before: str, after: str, shown: list[tuple[str, str]]
) -> None:
    assert [(piece.kind, piece.text) for piece in pieces(before, after)] == shown
