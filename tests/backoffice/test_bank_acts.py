"""The list of the bank: searching without accents, filters, acts on several questions with a list first, export with what is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.quiz import queries, service
from contest.quiz.models import Question, QuestionVersion
from question_bank import formats
from question_bank.schema import Choice, Difficulty, Source
from question_bank.schema import Question as BankQuestion
from tests import pages, statements
from tests.backoffice.apart import press
from tests.backoffice.conftest import Scene
from tests.quiz.conftest import bank_of
from tests.signed_in import csrf_token

BANK = "/ban-dieu-hanh/cau-hoi"
REASON = "Soát lại ngân hàng"
Acts = Callable[[str], list[AuditRow]]
SPECIAL = BankQuestion(
    stem="Khởi nghĩa Yên Thế do ai lãnh đạo?",
    choices=(Choice("Đề Thám", True), Choice("Phan Đình Phùng", False)),
    chapter="Lịch sử",
    difficulty=Difficulty.HARD,
    source=Source("Lịch sử Đảng bộ tỉnh, tập III", "tr. 40"),
    tags=("nhân vật",),
    code="YT-1",
)


@pytest.fixture
def ids(app: Flask, scene: Scene) -> dict[str, int]:
    """Thirty questions and a special one, by code."""
    with app.app_context():
        with unit_of_work():
            service.import_questions(
                contest_id=scene.contest, questions=[*bank_of(30), SPECIAL], actor_id=scene.organizer
            )
        return queries.codes(scene.contest)


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 31),
        ("tim=yen+the", 1),
        ("tim=THE+de+tham", 1),
        ("tim=nhan+vat", 1),
        ("tim=dang+bo+tinh", 1),
        ("tim=yt-1", 1),
        ("tim=100%25", 0),
        ("tim=_", 0),
        ("chuong=L%E1%BB%8Bch+s%E1%BB%AD", 1),
        ("chuong=-", 0),
        ("do-kho=3", 1),
        ("do-kho=9", 31),
        ("nhan=nh%C3%A2n+v%E1%BA%ADt", 1),
        ("nhan=nh%C3%A2n", 0),
        ("trang-thai=retired", 0),
        ("trang-thai=active", 31),
        ("can-xem=no_source", 30),
        ("can-xem=faulty", 0),
        ("can-xem=any", 30),
        ("can-xem=x'", 31),
        ("page=99999", 31),
    ],
)
@pytest.mark.both_databases
def test_list_holds_what_was_asked_for(desk: FlaskClient, ids: dict[str, int], query: str, total: int) -> None:
    page = pages.get(desk, f"{BANK}?{query}")

    assert f"{total} câu" in page.text


def test_list_costs_the_same_for_any_number_of_rows(app: Flask, desk: FlaskClient, ids: dict[str, int]) -> None:
    def cost(query: str) -> int:
        with statements.sent(app) as seen:
            pages.get(desk, f"{BANK}?{query}")
        return len(seen)

    assert cost("") == cost("tim=yen+the")


@pytest.mark.both_databases
def test_retired_questions_leave_new_papers_and_come_back(
    app: Flask, desk: FlaskClient, scene: Scene, ids: dict[str, int], acts: Acts
) -> None:
    chosen = [str(ids["T000"]), str(ids["T001"])]
    confirm = press(pages.get(desk, BANK), "bulk", "Thôi dùng", chosen=chosen)
    assert confirm.h1 == "Thôi dùng 2 câu hỏi?"
    assert "Câu hỏi thử số 1?" in confirm.text
    assert acts("question.retire") == []

    done = confirm.submit("Thôi dùng", reason=REASON)
    assert "Đã cho thôi dùng 2 câu hỏi" in done.text
    with app.app_context():
        assert len(queries.stock(scene.contest)) == 29
    assert [row.reason for row in acts("question.retire")] == [REASON, REASON]

    again = press(pages.get(desk, BANK), "bulk", "Thôi dùng", chosen=[*chosen, str(ids["T002"])])
    assert "đã thôi dùng, giữ nguyên" in again.text
    assert "1 câu hỏi. 2 câu đã như vậy" in again.submit("Thôi dùng", reason=REASON).text
    page = pages.get(desk, f"{BANK}/{ids['T000']}")
    assert "Đã đưa vào dùng lại 1 câu hỏi" in page.submit("Dùng lại", reason=REASON).text


@pytest.mark.parametrize(
    ("verb", "field", "value", "column", "kept"),
    [
        ("Chuyển chương", "chapter", "Chương mới", "chapter", "Chương mới"),
        ("Đặt độ khó", "difficulty", "1", "difficulty", 1),
        ("Gắn nhãn", "tag", "ôn tập", "tags", ["ôn tập"]),
    ],
)
def test_several_questions_are_regrouped_each_as_a_new_version(
    app: Flask, desk: FlaskClient, ids: dict[str, int], verb: str, field: str, value: str, column: str, kept: object
) -> None:
    confirm = press(pages.get(desk, BANK), "bulk", verb, chosen=[str(ids["T000"]), str(ids["T001"])])

    confirm.submit(verb, reason=REASON, **{field: value})

    with app.app_context():
        found = db.session.scalars(
            select(QuestionVersion).join(Question).where(Question.code.in_(["T000", "T001"]), QuestionVersion.newest)
        ).all()
        assert [getattr(version, column) for version in found] == [kept, kept]
        assert [version.number for version in found] == [2, 2]
    repeat = press(pages.get(desk, BANK), "bulk", verb, chosen=[str(ids["T000"])]).submit(
        verb, reason=REASON, **{field: value}
    )
    assert "0 câu hỏi" in repeat.text


def test_everything_that_was_found_can_be_chosen_at_once(desk: FlaskClient, ids: dict[str, int]) -> None:
    page = pages.get(desk, f"{BANK}?tim=cau+hoi+thu")

    assert press(page, "bulk", "Gắn nhãn", every="yes").h1 == "Gắn nhãn 30 câu hỏi?"


def test_act_comes_back_to_what_the_list_was_narrowed_to(desk: FlaskClient, ids: dict[str, int]) -> None:
    page = pages.get(desk, f"{BANK}?tim=cau+hoi+thu")

    confirm = press(page, "bulk", "Thôi dùng", chosen=[str(ids["T000"]), str(ids["T001"])])
    done = confirm.submit("Thôi dùng", reason=REASON)

    assert f"{BANK}?tim=cau+hoi+thu" in confirm.links
    assert "30 câu khớp bộ lọc" in done.text


@pytest.mark.parametrize("name", ["endpoint", "_method", "_scheme", "_external", "_anchor", "self", "values"])
def test_names_that_an_address_may_have_do_no_harm_to_the_list(
    desk: FlaskClient, ids: dict[str, int], name: str
) -> None:
    assert "31 câu" in pages.get(desk, f"{BANK}?{name}=x").text


@pytest.mark.parametrize(
    "value", ["", "0", "-1", "x", "9" * 40, "1-999999999999999", "²", "1,,2", "\x00", "1" * 300_000]
)
def test_numbers_that_name_no_question_change_nothing(
    app: Flask, desk: FlaskClient, ids: dict[str, int], value: str, acts: Acts
) -> None:
    token = {"csrf_token": csrf_token(desk)}
    for path, data in (
        ("nhieu-cau", {"act": "retire", "chosen": value}),
        ("nhieu-cau", {"act": value, "chosen": "1"}),
        ("nhieu-cau/lam", {"act": "difficulty", "ids": value, "reason": "x"}),
        ("nhieu-cau/lam", {"act": "tag", "tag": " ", "ids": str(ids["T000"]), "reason": "x"}),
    ):
        assert desk.post(f"{BANK}/{path}", data=data | token).status_code in (400, 404, 409)
    assert acts("question.edit") == []


@pytest.mark.parametrize(
    "form", [form for form in formats.FORMATS if form.write is not None], ids=lambda form: form.name
)
def test_export_says_what_is_lost_and_can_be_read_again(
    desk: FlaskClient, ids: dict[str, int], acts: Acts, form: formats.Format
) -> None:
    page = pages.get(desk, f"{BANK}/xuat?tim=yen+the")
    assert form.label in page.text

    reply = desk.get(f"{BANK}/xuat/tep?dang={form.name}&tim=yen+the")

    assert [question.stem for question in formats.read(f"a.{form.endings[0]}", reply.data).questions] == [SPECIAL.stem]
    assert acts("export.questions")[0].detail == {"format": form.name, "questions": 1}


def test_selection_is_exported_by_its_numbers(desk: FlaskClient, ids: dict[str, int]) -> None:
    page = press(pages.get(desk, BANK), "bulk", "Xuất", chosen=[str(ids["T001"]), str(ids["T002"])])

    assert page.h1 == "Xuất câu hỏi"
    assert "2 câu được chọn." in page.text
    assert desk.get(f"{BANK}/xuat/tep?dang=nothing").status_code == 404


def test_questions_that_repeat_each_other_are_shown_with_what_differs(
    app: Flask, desk: FlaskClient, scene: Scene, ids: dict[str, int]
) -> None:
    swapped = (Choice("Đề Thám", False), Choice("Phan Đình Phùng", True))
    with app.app_context(), unit_of_work():
        service.import_questions(
            contest_id=scene.contest, questions=[replace(SPECIAL, choices=swapped, code="YT-2")], actor_id=None
        )

    page = pages.get(desk, f"{BANK}/trung-nhau")

    assert "Trùng nhau, khác đáp án YT-1 (Lịch sử) và YT-2 (Lịch sử)" in page.text
    assert "Đáp ánAB" in page.text
