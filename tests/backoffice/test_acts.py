"""Every act of the desk: done once with its reason on the record, and not at all without one."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text

from contest.contests.models import Round
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, Stage
from contest.judging.rules import AssignmentState
from contest.quiz.models import Attempt, Question
from contest.quiz.rules import AttemptState
from contest.results.models import Prize, Publication
from tests import pages
from tests.backoffice.conftest import Scene

REASON = "Theo Công văn số 12-CV/BTC"
DESK = "/ban-dieu-hanh"
Acts = Callable[[str], list[AuditRow]]
GIFT = "::Q-1:: Đại hội lần thứ mấy? {\n=Lần thứ nhất\n~Lần thứ hai\n~Lần thứ ba\n}\n"


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    """These tests post without opening the page first."""
    app.config["WTF_CSRF_ENABLED"] = False


def after(app: Flask, kind: type, id_: int) -> object:
    with app.app_context():
        return db.session.get(kind, id_)


def the_one(acts: Acts, action: str, actor_id: int) -> AuditRow:
    rows = acts(action)
    assert [(row.reason, row.actor_id) for row in rows] == [(REASON, actor_id)]
    return rows[0]


def test_close_cuts_running_attempts_and_extend_gives_their_time_back(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    before = after(app, Attempt, scene.attempt)
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/dong", data={"reason": REASON}).status_code == 302
    the_one(acts, "round.close", scene.organizer)
    cut = after(app, Attempt, scene.attempt)
    assert cut.deadline == after(app, Round, scene.quiz).closes_at < before.deadline

    until = clock.now() + timedelta(days=2)
    done = {"reason": REASON, "until": datetime_local(until)}
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/gia-han", data=done).status_code == 302
    the_one(acts, "round.extend", scene.organizer)
    assert after(app, Attempt, scene.attempt).deadline > cut.deadline
    assert abs(after(app, Round, scene.quiz).closes_at - until) < timedelta(minutes=1)


def test_open_before_its_hour(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    with app.app_context(), unit_of_work():
        round_ = db.session.get_one(Round, scene.quiz)
        round_.opens_at = clock.now() + timedelta(hours=1)
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/mo", data={"reason": REASON}).status_code == 302
    the_one(acts, "round.open", scene.organizer)
    assert after(app, Round, scene.quiz).is_open(clock.now())


@pytest.mark.parametrize("until", ["", "mai", "2025-02-30T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "\0"])
def test_extend_to_no_moment_is_refused(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts, until: str) -> None:
    reply = desk.post(f"{DESK}/dot-thi/{scene.quiz}/gia-han", data={"reason": REASON, "until": until})
    assert reply.status_code in (302, 400)
    assert len(acts("round.extend")) == (reply.status_code == 302)


def test_time_is_granted_annulled_and_restored(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    before = after(app, Attempt, scene.attempt).deadline
    url = f"{DESK}/luot-thi/{scene.attempt}/them-gio"
    assert desk.post(url, data={"reason": REASON, "minutes": "soon"}).status_code == 400
    assert desk.post(url, data={"reason": REASON, "minutes": "15"}).status_code == 302
    the_one(acts, "attempt.grant_time", scene.organizer)
    assert after(app, Attempt, scene.attempt).deadline == before + timedelta(minutes=15)

    assert desk.post(f"{DESK}/luot-thi/{scene.finished}/huy", data={"reason": REASON}).status_code == 302
    the_one(acts, "attempt.annul", scene.organizer)
    assert after(app, Attempt, scene.finished).state is AttemptState.ANNULLED
    assert desk.post(f"{DESK}/luot-thi/{scene.finished}/khoi-phuc", data={"reason": REASON}).status_code == 302
    the_one(acts, "attempt.restore", scene.organizer)
    assert after(app, Attempt, scene.finished).state is AttemptState.HANDED_IN


def test_several_attempts_get_time_together_or_not_at_all(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    before = after(app, Attempt, scene.attempt).deadline
    url = f"{DESK}/luot-thi/nhieu-luot"
    both = {"act": "grant", "reason_grant": REASON, "minutes": "10", "chosen": [scene.attempt, scene.finished]}
    assert desk.post(url, data=both).status_code == 409
    assert after(app, Attempt, scene.attempt).deadline == before
    assert acts("attempt.grant_time") == []
    assert desk.post(url, data=both | {"chosen": [scene.attempt]}).status_code == 302
    the_one(acts, "attempt.grant_time", scene.organizer)
    for wrong in ({"act": "melt"}, {"chosen": []}, {"chosen": ["x"]}, {"reason_grant": " "}):
        assert desk.post(url, data=both | wrong).status_code == 400


def test_entry_is_disqualified_and_restored(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    for entry_id in (scene.essay, scene.photo):
        assert desk.post(f"{DESK}/bai-du-thi/{entry_id}/loai", data={"reason": REASON}).status_code == 302
        assert after(app, Entry, entry_id).state is EntryState.DISQUALIFIED
        assert desk.post(f"{DESK}/bai-du-thi/{entry_id}/khoi-phuc", data={"reason": REASON}).status_code == 302
        assert after(app, Entry, entry_id).state is EntryState.HANDED_IN
    assert [row.reason for row in acts("entry.disqualify") + acts("entry.restore")] == [REASON] * 4


def test_gallery_is_released_once(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    url = f"{DESK}/anh/dot/{scene.photo_round}/mo-thu-vien"
    assert desk.post(url, data={"reason": REASON}).status_code == 409
    assert after(app, Round, scene.photo_round).gallery_released_at is None
    with app.app_context(), unit_of_work():
        now = clock.now()
        db.session.add(Stage(round_id=scene.photo_round, title="Sơ khảo ảnh", opened_at=now, closed_at=now))
    assert [desk.post(url, data={"reason": REASON}).status_code for _ in range(2)] == [302, 409]
    the_one(acts, "round.release_gallery", scene.organizer)
    assert after(app, Round, scene.photo_round).gallery_released_at


def test_scorecard_is_reopened(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    url = f"{DESK}/hoi-dong-cham/{scene.stage}/phieu/{scene.signed}/mo-lai"
    assert desk.post(url, data={"reason": REASON}).status_code == 302
    the_one(acts, "scorecard.reopen", scene.organizer)
    assert after(app, Assignment, scene.signed).state is AssignmentState.OPEN


def test_stage_is_opened_and_its_entries_assigned_evenly(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    with app.app_context():
        judges = [str(id_) for id_ in db.session.scalars(select(Assignment.judge_id)).all()]
    form = {
        "round_id": scene.photo_round,
        "title": "Chấm ảnh",
        "per_entry": 2,
        "judges": judges,
        "reason": REASON,
        "criteria-0-title": "Nội dung",
        "criteria-0-weight": "70",
        "criteria-1-title": "Kỹ thuật",
        "criteria-1-weight": "20",
    }
    wrong = desk.post(f"{DESK}/hoi-dong-cham/lap", data=form)
    assert wrong.status_code == 422
    assert "phải bằng 100, hiện là 90" in wrong.text
    right = desk.post(f"{DESK}/hoi-dong-cham/lap", data=form | {"criteria-1-weight": "30"})
    assert right.status_code == 302
    assert [row.reason for row in acts("judging.open")] == ["", REASON]
    with app.app_context():
        stage_id = db.session.scalar(select(Stage.id).where(Stage.round_id == scene.photo_round))
    assert desk.post(f"{DESK}/hoi-dong-cham/{stage_id}/phan-cong", data={"reason": REASON}).status_code == 302
    assert acts("judging.assign")[-1].detail == {"given": 2}


def test_prizes_then_publication_then_revocation(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Attempt, scene.attempt).state = AttemptState.ANNULLED
        db.session.get_one(Round, scene.quiz).closes_at = clock.now()
    table = {"reason": REASON, "prizes-0-name": "Giải Nhất", "prizes-0-places": "0", "prizes-0-amount": "4000000"}
    table |= {"prizes-1-name": "Giải Nhì", "prizes-1-places": "1", "prizes-1-amount": "2000000"}
    url = f"{DESK}/cong-bo/dot/{scene.quiz}"
    assert desk.post(f"{url}/giai-thuong", data={"reason": REASON}).status_code == 422
    assert desk.post(f"{url}/giai-thuong", data=table).status_code == 302
    the_one(acts, "prizes.set", scene.organizer)
    with app.app_context():
        assert [(p.name, p.places) for p in db.session.scalars(select(Prize).order_by(Prize.position))] == [
            ("Giải Nhất", 0),
            ("Giải Nhì", 1),
        ]
    page = pages.get(desk, url)
    assert "Giải Nhì: Vi Văn Long, hạng 1" in page.text
    assert desk.post(f"{url}/cong-bo", data={"reason": REASON, "title": "Kết quả"}).status_code == 302
    the_one(acts, "publication.publish", scene.organizer)
    with app.app_context():
        publication_id = db.session.scalar(select(Publication.id))
    assert "Số 01: Kết quả" in pages.get(desk, f"{DESK}/cong-bo").text
    assert desk.post(f"{DESK}/cong-bo/{publication_id}/thu-hoi", data={"reason": REASON}).status_code == 302
    the_one(acts, "publication.revoke", scene.organizer)


def test_bank_is_looked_at_before_anything_is_written(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    sent = {"file": (io.BytesIO(GIFT.encode() + b"\nKhong phai cau hoi\n"), "de.gift")}
    reply = desk.post(f"{DESK}/cau-hoi/nhap", data=sent)
    assert reply.status_code == 302
    page = pages.get(desk, reply.location)
    assert "Đại hội lần thứ mấy?" in page.text
    assert "1 câu mới" in page.text
    with app.app_context():
        assert db.session.scalar(select(Question.id)) is None
    assert desk.post(reply.location, data={"reason": REASON}).status_code == 302
    the_one(acts, "bank.import", scene.organizer)
    with app.app_context():
        question_id = db.session.scalar(select(Question.id))
    assert "Lần thứ nhất Đáp án" in pages.get(desk, f"{DESK}/cau-hoi/{question_id}").text
    assert "đã có trong ngân hàng" in pages.get(desk, reply.location).text
    assert desk.get(reply.location[:-2]).status_code == 404


def test_paper_is_frozen_from_the_bank_only_when_it_suffices(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    url = f"{DESK}/dot-thi/{scene.quiz}/chot-de"
    assert desk.post(url, data={"reason": REASON}).status_code == 409
    assert acts("quiz.prepare") == []
    file = "\n".join(f"::Q-{n}:: Câu hỏi thứ {n}? {{\n=Đúng {n}\n~Sai {n}\n}}\n" for n in range(20))
    look = desk.post(f"{DESK}/cau-hoi/nhap", data={"file": (io.BytesIO(file.encode()), "de.gift")}).location
    assert desk.post(look, data={"reason": REASON}).status_code == 302
    with app.app_context(), unit_of_work():
        db.session.execute(delete(Attempt))
    assert desk.post(url, data={"reason": REASON}).status_code == 302
    the_one(acts, "quiz.prepare", scene.organizer)
    assert "rút từ 20 câu" in pages.get(desk, f"{DESK}/dot-thi/{scene.quiz}").text


def test_record_is_left_when_a_person_is_looked_up_or_lists_are_taken(
    desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    assert "Nguyễn Thị Ánh Tuyết" in pages.get(desk, f"{DESK}/nguoi-du-thi/{scene.entrant}").text
    assert acts("account.view")[0].subject == f"account:{scene.entrant}"
    for name, action in (("nguoi-du-thi", "export.entrants"), ("luot-thi", "export.attempts")):
        reply = desk.get(f"{DESK}/{name}/tai-xlsx")
        assert reply.data[:4] == b"PK\x03\x04"
        assert len(acts(action)) == 1
    assert desk.get(f"{DESK}/nguoi-du-thi/{scene.judge}").status_code == 404


def test_chain_is_verified_and_a_breach_is_said(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    assert "Chuỗi nhật ký nguyên vẹn" in desk.post(f"{DESK}/nhat-ky/kiem-tra", follow_redirects=True).text
    with app.app_context(), unit_of_work():
        db.session.execute(text("DROP TRIGGER audit_row_no_update"))
        db.session.execute(text("UPDATE audit_row SET reason = 'đã bị sửa'"))
    assert "Chuỗi nhật ký đứt ở dòng" in desk.post(f"{DESK}/nhat-ky/kiem-tra", follow_redirects=True).text


NEED_A_REASON = (
    "dot-thi/{quiz}/mo",
    "dot-thi/{quiz}/dong",
    "dot-thi/{quiz}/gia-han",
    "dot-thi/{quiz}/chot-de",
    "luot-thi/{attempt}/them-gio",
    "luot-thi/{attempt}/huy",
    "luot-thi/{attempt}/khoi-phuc",
    "bai-du-thi/{essay}/loai",
    "bai-du-thi/{essay}/khoi-phuc",
    "anh/dot/{photo_round}/mo-thu-vien",
    "hoi-dong-cham/{stage}/phan-cong",
    "hoi-dong-cham/{stage}/phieu/{signed}/mo-lai",
    "cong-bo/dot/{quiz}/cong-bo",
    "cong-bo/1/thu-hoi",
    "cau-hoi/nhap/token",
    "hang-doi/job/chay-lai",
)


@pytest.mark.parametrize("path", NEED_A_REASON)
@pytest.mark.parametrize("reason", ["", "  \u00a0\n", "x" * 501])
def test_act_without_a_usable_reason_changes_nothing(
    app: Flask, desk: FlaskClient, scene: Scene, path: str, reason: str
) -> None:
    with app.app_context():
        before = db.session.scalars(select(AuditRow.id)).all()
    reply = desk.post(f"{DESK}/{path.format(**vars(scene))}", data={"reason": reason})
    assert reply.status_code == 400
    assert "Chưa có gì thay đổi" in reply.text
    with app.app_context():
        assert db.session.scalars(select(AuditRow.id)).all() == before


def test_refused_act_leads_back_to_the_desk_not_to_the_telephone(desk: FlaskClient, scene: Scene) -> None:
    refused = pages.inspected(desk, desk.post(f"{DESK}/luot-thi/{scene.finished}/huy", data={"reason": " "}), 400)
    elsewhere = pages.get(desk, "/khong-co-trang-nay", status=404)

    assert "/ban-dieu-hanh/" in refused.links
    assert "Gọi Ban Tổ chức" not in refused.text
    assert "Gọi Ban Tổ chức" in elsewhere.text
