"""Questions on their way into the bank: files and pasted text are looked at, chosen and confirmed before anything is written."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.core.audit import AuditRow
from contest.core.db import db
from contest.quiz.models import Question, QuestionVersion
from tests import pages
from tests.backoffice.conftest import Scene
from tests.signed_in import csrf_token

BANK = "/ban-dieu-hanh/cau-hoi"
REASON = "Tổ ra đề duyệt ngày 12/5"
FIRST = "::K-1:: Đại hội lần thứ nhất họp ở đâu? {\n=Lạng Giang\n~Hiệp Hòa\n~Yên Thế\n}\n"
SECOND = "::K-2:: Sông nào chảy qua thành phố? {\n=Sông Thương\n~Sông Cầu\n~Cả A và B\n}\n"
KEYLESS = "::K-3:: Câu chưa có đáp án? {\n~Một\n~Hai\n}\n"
Acts = Callable[[str], list[AuditRow]]


def send(desk: FlaskClient, *files: tuple[str, str], pasted: str = "") -> pages.Page:
    data = {
        "file": [(io.BytesIO(text.encode()), name) for name, text in files],
        "pasted": pasted,
        "csrf_token": csrf_token(desk),
    }
    return pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Question)) or 0


def test_several_files_are_looked_at_together_and_only_what_was_chosen_is_imported(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    look = send(desk, ("a.gift", FIRST), ("b.gift", SECOND))
    assert "a.gift, b.gift" in look.text
    assert "2 câu mới" in look.text

    confirm = look.submit("Tiếp: xem việc sẽ làm", chosen=["1"])
    assert "1 câu được thêm thành câu mới" in confirm.text
    assert "Sông nào" in confirm.text
    assert "Đại hội" not in confirm.text
    assert count(app) == 0

    done = confirm.submit("Nhập câu hỏi", reason=REASON)
    assert "Đã thêm 1 câu hỏi" in done.text
    assert count(app) == 1
    with app.app_context():
        version = db.session.scalars(select(QuestionVersion)).one()
        assert version.pinned
        assert version.newest
    assert [(row.reason, row.actor_id) for row in acts("bank.import")] == [(REASON, scene.organizer)]


def test_faulty_questions_cannot_be_chosen_and_do_not_stop_the_good_ones(app: Flask, desk: FlaskClient) -> None:
    look = send(desk, ("a.gift", FIRST + "\n" + KEYLESS + "\nKhông phải câu hỏi\n"))

    confirm = look.submit("Tiếp: xem việc sẽ làm")
    assert "1 câu được thêm" in confirm.text
    confirm.submit("Nhập câu hỏi", reason=REASON)

    assert count(app) == 1


def test_place_of_a_faulty_question_sent_by_hand_is_left_out(app: Flask, desk: FlaskClient) -> None:
    look = send(desk, ("a.gift", FIRST + "\n" + KEYLESS))

    desk.post(look.url, data={"places": "0-999999999999,x,-1", "reason": REASON, "csrf_token": csrf_token(desk)})

    assert count(app) == 1


def test_pasted_text_is_looked_at_like_a_file(desk: FlaskClient) -> None:
    assert "1 câu mới" in send(desk, pasted=FIRST).text


def test_neither_file_nor_text_is_told_and_nothing_happens(desk: FlaskClient) -> None:
    reply = desk.post(f"{BANK}/nhap", data={"pasted": " ", "csrf_token": csrf_token(desk)})

    assert "chọn tệp câu hỏi hoặc dán" in pages.inspected(desk, reply, 422).text


def test_question_of_the_bank_is_known_again_and_one_with_another_key_is_not_ticked(
    app: Flask, desk: FlaskClient
) -> None:
    send(desk, ("a.gift", FIRST)).submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)

    again = send(desk, ("a.gift", FIRST))
    other = send(desk, ("a.gift", FIRST.replace("=Lạng", "~Lạng").replace("~Hiệp", "=Hiệp")))

    assert "Không có gì để nhập thêm" in again.text
    assert "K-1 trong ngân hàng" in other.text
    assert "chưa chọn câu nào" in other.submit("Tiếp: xem việc sẽ làm", status=400).text


def test_question_that_repeats_another_leads_to_it_in_the_bank_or_in_the_file(app: Flask, desk: FlaskClient) -> None:
    send(desk, ("a.gift", FIRST)).submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)
    again = SECOND.replace("K-2", "K-4")

    page = send(desk, ("b.gift", FIRST.replace("K-1", "K-9").replace("Yên Thế", "Tân Yên") + SECOND + again))

    with app.app_context():
        held = db.session.scalar(select(Question.id).where(Question.code == "K-1"))
    assert f"{BANK}/{held}" in page.links
    assert [a.get("href") for a in page.root.iter("a") if a.text == "Xem câu 2"] == ["#cau-2"]
    assert [li for li in page.root.iter("li") if li.get("id") == "cau-2"]


@pytest.mark.parametrize(("choice", "questions", "versions"), [("new", 2, [1, 1]), ("version", 1, [1, 2])])
def test_same_code_becomes_what_was_asked_for(
    app: Flask, desk: FlaskClient, choice: str, questions: int, versions: list[int]
) -> None:
    send(desk, ("a.gift", FIRST)).submit("Tiếp: xem việc sẽ làm").submit("Nhập câu hỏi", reason=REASON)
    look = send(desk, ("b.gift", SECOND.replace("K-2", "K-1")))

    confirm = look.submit("Tiếp: xem việc sẽ làm", same_code=choice)
    assert ("bản mới của câu cùng mã: K-1" in confirm.text) is (choice == "version")
    confirm.submit("Nhập câu hỏi", reason=REASON)

    assert count(app) == questions
    with app.app_context():
        rows = db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).all()
        assert [row.number for row in rows] == versions
        assert [row.newest for row in rows] == [choice == "new", True]


def test_large_file_is_shown_in_parts_and_the_rest_can_come_along(app: Flask, desk: FlaskClient) -> None:
    text = "\n".join(f"::C{n}:: Năm {n} có việc gì {n * n}? {{\n=Việc {n}\n~Không\n}}\n" for n in range(450))
    look = send(desk, ("nhieu.gift", text))
    assert "Phần 1/3" in look.text

    only = look.submit("Tiếp: xem việc sẽ làm")
    everything = look.submit("Tiếp: xem việc sẽ làm", rest="yes")

    assert "200 câu được thêm" in only.text
    assert "450 câu được thêm" in everything.text
    everything.submit("Nhập câu hỏi", reason=REASON)
    assert count(app) == 450


def test_template_is_a_spreadsheet_that_can_be_sent_back(desk: FlaskClient) -> None:
    reply = desk.get(f"{BANK}/mau-bang-tinh")
    assert reply.data[:4] == b"PK\x03\x04"

    data = {"file": [(io.BytesIO(reply.data), "mau.xlsx")], "csrf_token": csrf_token(desk)}
    page = pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))

    assert page.h1 == "Xem trước câu hỏi"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gift", b""),
        ("a.gift", b"\xff\xfe\x00"),
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.docx", b"PK\x03\x04"),
        ("a.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><quiz>&a;</quiz>"),
        ("a.jsonl", b"{" * 5000),
        ("../../etc/passwd", b"::x:: {"),
        ("\U0001f4a9" * 300, "::x:: \u202e{=a ~b}".encode()),
    ],
)
def test_hostile_file_is_refused_or_told_and_the_page_is_whole(desk: FlaskClient, name: str, content: bytes) -> None:
    data = {"file": [(io.BytesIO(content), name)], "csrf_token": csrf_token(desk)}

    assert pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True)).h1
