"""The desk's report of a quiz round: the figures of page, spreadsheet and document, and what it costs."""

import io
import subprocess
import sys
from collections.abc import Callable

import docx
import openpyxl
import pytest
from docx.shared import Mm, Pt
from flask.testing import FlaskClient

from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests import service as contests_service
from contest.contests.models import Contest
from contest.contests.rules import Letterhead, RoundState
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, report, service
from contest.quiz import queries as quiz_queries
from contest.quiz.queries.ranking import params_of
from contest.quiz.queries.report import report_of
from contest.units.rules import UnitKind
from tests import pages, statements
from tests.factories import make_account, make_unit
from tests.quiz.conftest import QUESTIONS, Quiz, make_quiz  # noqa: F401
from tests.quiz.places import attempt, close
from tests.signed_in import sign_in

Make = Callable[..., Quiz]


def address(quiz: Quiz, more: str = "") -> str:
    return f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/bao-cao{more}"


def office(quiz: Quiz) -> FlaskClient:
    client = quiz.app.test_client()
    sign_in(client, quiz.organizer_id)
    return client


@pytest.fixture
def sat(make_quiz: Make) -> Quiz:  # noqa: F811
    """Five attempts of four people, two of whom have everything right; one of them comes from outside the province."""
    quiz = make_quiz(prediction="all_correct", tie_breaks=["score", "prediction", "duration"])
    with quiz.app.app_context(), unit_of_work():
        home = make_unit(name="Xã Thử Sơn").id
        away = make_unit(name="Ngoài tỉnh thử", kind=UnitKind.OUTSIDE).id
    attempt(quiz, "Vũ Thử Nhất", guess=2, unit_id=home, occupation="Học sinh")
    attempt(quiz, "Đỗ Thử Nhì", guess=9, unit_id=away, occupation="Nông dân", began=60)
    attempt(quiz, "Đỗ Thử Nhì", correct=5, unit_id=away, began=3600)
    attempt(quiz, "=HYPERLINK(1)", correct=7, guess=1, unit_id=home, occupation="Học sinh")
    attempt(quiz, "Lê Thử Tư", correct=3, seconds=90)
    return quiz


def figures(quiz: Quiz) -> dict[str, report.Cell]:
    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id)
        first = report.tables(report_of(round_, clock.now()), params_of(round_))[0]
        return {str(row[0]): row[1] for row in first.rows}


@pytest.mark.both_databases
def test_figures_count_people_attempts_and_all_correct(sat: Quiz) -> None:
    close(sat)
    found = figures(sat)

    assert found["Người dự thi"] == 4
    assert found["Lượt thi đã nộp"] == 5
    assert found["Người trả lời đúng tất cả"] == 2
    assert found["Tỷ lệ người đúng tất cả"] == "50,00%"
    assert found["Điểm trung bình mỗi lượt"] == 35
    assert found["Trạng thái"] == "Đã đóng"
    assert found["Đáp số dự đoán"] == "2"


@pytest.mark.both_databases
def test_days_hours_and_parts_add_up_to_all_attempts(sat: Quiz) -> None:
    with sat.app.app_context():
        found = report_of(contests.round_by_id(sat.round_id), clock.now())

    assert sum(found.hours) == sum(day.started for day in found.days) == sum(day.handed_in for day in found.days) == 5
    for kind in ("units", "occupations", "blocs"):
        assert sum(line["people"] for line in found.tables[kind]) == 4
        assert sum(line["attempts"] for line in found.tables[kind]) == 5


@pytest.mark.both_databases
def test_report_of_a_closed_round_reads_as_before_the_close_but_is_final(sat: Quiz) -> None:
    with sat.app.app_context():
        before = report_of(contests.round_by_id(sat.round_id), clock.now())
    close(sat)
    with sat.app.app_context():
        after = report_of(contests.round_by_id(sat.round_id), clock.now())

    assert (before.provisional, after.provisional) == (True, False)
    assert before.tables == after.tables
    assert [row.full_name for row, _ in before.top] == [row.full_name for row, _ in after.top]
    assert (before.actual, after.actual) == (2, 2)


def test_page_says_provisional_while_the_round_is_open(sat: Quiz) -> None:
    page = pages.get(office(sat), address(sat))

    assert page.h1.startswith("Báo cáo đợt")
    assert "Đợt chưa đóng. Mọi số liệu là tạm tính" in page.text
    close(sat)
    assert "tạm tính" not in pages.get(office(sat), address(sat)).text


def test_page_shows_parts_and_which_criterion_decided_a_place(sat: Quiz) -> None:
    close(sat)
    page = pages.get(office(sat), address(sat))

    for words in ("Theo đơn vị", "Theo nghề nghiệp", "Trong và ngoài tỉnh", "Theo ngày", "Theo giờ trong ngày"):
        assert words in page.text
    assert "Vũ Thử NhấtXã Thử Sơn500Chênh lệch dự đoán" in page.text
    assert address(sat, ".docx") in page.links
    assert address(sat, ".xlsx") in page.links


def test_what_was_done_to_a_round_stands_in_its_report(sat: Quiz) -> None:
    with sat.app.app_context():
        first = report_of(contests.round_by_id(sat.round_id), clock.now()).top[-1][0].attempt_id
        with unit_of_work():
            service.annul(attempt_id=first, actor_id=sat.organizer_id, reason="Thi hộ, đã xác minh.")
            contests_service.pause(round_id=sat.round_id, actor_id=sat.organizer_id, reason="Mất điện ở trung tâm.")
            contests_service.allow_attempts(
                round_id=sat.round_id,
                account_id=sat.entrant_id,
                attempts=2,
                actor_id=sat.organizer_id,
                reason="Sự cố mạng.",
            )
    page = pages.get(office(sat), address(sat))

    assert "Thi hộ, đã xác minh." in page.text
    assert "Mất điện ở trung tâm." in page.text
    assert "Số lượt được thêm2" in page.text
    assert "Lượt đã hủy1" in page.text


def test_spreadsheet_holds_numbers_and_no_formula(sat: Quiz) -> None:
    reply = office(sat).get(address(sat, ".xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.quotePrefix for cell in cells if cell.value == "=HYPERLINK(1)"] == [True]
    first_row = [cell.data_type for cell in book["Xếp hạng đầu bảng"][2]]
    assert first_row.count("n") + first_row.count("d") >= 3
    assert [row[0].value for row in book["Theo đơn vị"].iter_rows(min_row=2)]
    assert {type(row[1].value) for row in book["Theo đơn vị"].iter_rows(min_row=2)} == {int}


def test_document_is_set_as_state_documents_are(sat: Quiz) -> None:
    close(sat)
    found = docx.Document(io.BytesIO(office(sat).get(address(sat, ".docx")).data))
    section, body = found.sections[0], found.styles["Normal"].font
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    text = "\n".join(
        [*(line.text for line in found.paragraphs), *(cell.text for grid in found.tables for cell in grid._cells)]
    )

    assert [round(size.mm) for size in (section.page_width, section.page_height) if size] == [210, 297]
    assert [round(size.mm) for size in margins if size] == [20, 20, 30, 15]
    assert (body.name, body.size) == ("Times New Roman", Pt(13))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "BÁO CÁO" in text
    assert "Vũ Thử Nhất" in text
    assert "tạm tính" not in text
    for grid in found.tables[1:-1]:
        assert sum(cell.width or 0 for cell in grid.rows[0].cells) <= Mm(166)


@pytest.mark.parametrize("party", [True, False])
def test_letterhead_follows_the_setting_of_the_contest(sat: Quiz, party: bool) -> None:
    with sat.app.app_context(), unit_of_work():
        contest = db.session.get_one(Contest, sat.contest_id)
        contest.parent_body, contest.organizer_name = "Tỉnh ủy Thử", "Ban Tổ chức cuộc thi"
        contest.letterhead = Letterhead.PARTY if party else Letterhead.STATE
    found = docx.Document(io.BytesIO(office(sat).get(address(sat, ".docx")).data))
    left, right = found.tables[0].rows[0].cells
    signed = "\n".join(cell.text for cell in found.tables[-1].rows[0].cells)
    of_state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"

    assert (of_state in right.text) is not party
    assert ("ĐẢNG CỘNG SẢN VIỆT NAM" in right.text) is party
    assert left.text.startswith("TỈNH ỦY THỬ\nBAN TỔ CHỨC CUỘC THI\n" + ("*\nSố " if party else "Số: "))
    assert ("T/M BAN TỔ CHỨC" if party else "TM. BAN TỔ CHỨC") in signed
    assert ("VT" in signed) is not party
    assert ("-----" in [paragraph.text for paragraph in found.paragraphs]) is party
    assert found.styles["Normal"].font.size == Pt(14 if party else 13)


def test_empty_round_has_a_report_of_noughts(make_quiz: Make) -> None:  # noqa: F811
    quiz = make_quiz(RoundState.CLOSED)
    client = office(quiz)

    assert "Chưa có lượt thi nào" in pages.get(client, address(quiz)).text
    assert [client.get(address(quiz, ending)).status_code for ending in (".xlsx", ".docx")] == [200, 200]


def test_who_takes_part_and_who_counts_for_the_answer_are_named_apart(make_quiz: Make) -> None:  # noqa: F811
    quiz = make_quiz(
        prediction="all_correct_percent", all_answered=True, tie_breaks=["score", "prediction"], attempts=1
    )
    attempt(quiz, "Vũ Thử Nhất", guess=50)
    attempt(quiz, "Đỗ Thử Nhì", correct=3)
    attempt(quiz, "Lê Thử Tư", correct=3, blanks=2)
    close(quiz)

    found = figures(quiz)

    assert (found["Người dự thi, kể cả người bỏ trống câu"], found["Đáp số dự đoán"]) == (3, "50%")
    assert str(found["Câu dự đoán"]).endswith("chỉ tính lượt thi trả lời hết các câu")
    assert "Tỷ lệ người đúng tất cả trên mọi người dự thi" in found
    desk = office(quiz)
    shown = pages.get(desk, address(quiz)).text.casefold()
    assert shown.count("người dự thi, kể cả người bỏ trống câu") == 3
    book = openpyxl.load_workbook(io.BytesIO(desk.get(address(quiz, ".xlsx")).data))
    assert "Người dự thi, kể cả người bỏ trống câu" in [row[0].value for row in book.worksheets[0].iter_rows()]
    document = docx.Document(io.BytesIO(desk.get(address(quiz, ".docx")).data))
    words = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Người dự thi, kể cả người bỏ trống câu" in words
    board = quiz.app.test_client().get("/thi-trac-nghiem/bang-xep-hang").text
    assert "kể cả người bỏ trống câu nên không được xếp hạng" in board


@pytest.mark.both_databases
def test_figures_may_change_while_a_changed_key_waits_for_its_marking(sat: Quiz) -> None:
    close(sat)
    with sat.app.app_context():
        round_ = contests.round_by_id(sat.round_id)
        assert not report_of(round_, clock.now()).provisional
        version_id = next(iter(quiz_queries.frozen_bank(sat.round_id).questions))

    sat.change_key(version_id)

    with sat.app.app_context():
        found = report_of(contests.round_by_id(sat.round_id), clock.now())
        assert (found.provisional, "chấm" in report.standing_of(found)) == (True, True)

        jobs.regrade()
        jobs.rank()
        assert not report_of(contests.round_by_id(sat.round_id), clock.now()).provisional


def test_statements_do_not_grow_with_attempts(sat: Quiz) -> None:
    client = office(sat)
    counts = []
    for _ in range(2):
        for number in range(12):
            attempt(sat, f"Người thử số {number}", correct=number % QUESTIONS, seconds=100 + number)
        client.get(address(sat))
        with statements.sent(sat.app) as sent:
            client.get(address(sat))
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_only_organisers_may_read_or_download(sat: Quiz) -> None:
    with sat.app.app_context(), unit_of_work():
        judge = make_account(Role.JUDGE).id
    for who in (judge, sat.entrant_id):
        client = sat.app.test_client()
        sign_in(client, who)
        assert {client.get(address(sat, ending)).status_code for ending in ("", ".xlsx", ".docx")} == {403}


def test_what_writes_word_is_not_loaded_at_start() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, contest.backoffice.report; print('docx' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_round_page_leads_to_the_report(sat: Quiz) -> None:
    page = pages.get(office(sat), f"/ban-dieu-hanh/dot-thi/{sat.round_id}")
    assert address(sat) in page.links


def test_record_tells_who_took_the_report_away(sat: Quiz) -> None:
    desk = office(sat)

    assert desk.get(address(sat)).status_code == 200
    assert [desk.get(address(sat, kind)).status_code for kind in (".xlsx", ".docx")] == [200, 200]

    with sat.app.app_context():
        taken = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "export.report")).all()
        assert [(row.actor_id, row.subject, row.detail) for row in taken] == [
            (sat.organizer_id, f"round:{sat.round_id}", {"kind": kind}) for kind in ("xlsx", "docx")
        ]
