"""Rounds at the desk: made in three screens, edited, copied, paused, changed in everybody's sight, deleted while unused; one person's needs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.contests.models import Accommodation, Allowance, Round, RoundPause, RuleChange
from contest.contests.rules import QuizParams, RoundState
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.quiz.models import Attempt, AttemptNote, QuizRound
from tests import pages, statements
from tests.backoffice.conftest import Scene, add_attempt
from tests.factories import make_account

DESK = "/ban-dieu-hanh"
REASON = "Theo Công văn số 12-CV/BTC"
Acts = Callable[[str], list[AuditRow]]


def filled(**changed: Any) -> dict[str, Any]:
    """The form as the last screen sends it: the usual rules, a week from tomorrow."""
    opens_at = clock.now() + timedelta(days=1)
    values: dict[str, Any] = {
        "title": "Đợt thử",
        "opens_at": datetime_local(opens_at),
        "closes_at": datetime_local(opens_at + timedelta(days=7)),
        "step": "done",
    }
    for name, value in QuizParams().as_json().items():
        if name == "tie_breaks":
            values |= {f"tie_{place}": word for place, word in enumerate(value, 1)}
        elif not isinstance(value, bool):
            values[name] = str(value)
        elif value:
            values[name] = "y"
    return {name: value for name, value in (values | changed).items() if value is not None}


def newest(app: Flask) -> Round:
    with app.app_context():
        return db.session.scalars(select(Round).order_by(Round.id.desc())).first()


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    """These tests post without opening the page first."""
    app.config["WTF_CSRF_ENABLED"] = False


def test_round_is_made_in_three_screens_and_nothing_is_written_before_the_last(
    app: Flask, desk: FlaskClient, acts: Acts
) -> None:
    before = newest(app).id
    page = pages.get(desk, f"{DESK}/dot-thi/moi")
    assert "Bước 1/3" in page.text
    page = page.submit("Tiếp: thể lệ", title="Đợt hai mươi")
    assert "Bước 2/3" in page.text
    page = page.submit("Tiếp: xem lại", questions="10", minutes="12")
    assert "Mỗi đề có 10 câu hỏi trắc nghiệm." in page.text
    assert newest(app).id == before

    page = page.submit("Lập đợt thi")

    made = newest(app)
    assert (made.title, made.params["questions"], made.params["minutes"]) == ("Đợt hai mươi", 10, 12)
    assert page.h1.endswith("đợt hai mươi")
    assert len(acts("round.create")) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"opens_at": "mai"}, "chọn đủ ngày và giờ"),
        ({"closes_at": "2020-01-01T08:00"}, "Giờ đóng phải sau giờ mở"),
        ({"opens_at": "2020-01-01T08:00"}, "Giờ mở phải ở sau lúc này"),
        ({"questions": "0"}, "Số câu một đề"),
        ({"questions": "mười"}, "Số câu một đề"),
        ({"choices": "1"}, "ít nhất hai phương án"),
        ({"choices": "11"}, "Số phương án mỗi câu"),
        ({"prediction": "none"}, "không có câu hỏi dự đoán"),
        ({"prediction": "weather"}, "Cần sửa"),
        ({"tie_1": "lot", "tie_4": ""}, "điểm phải đứng đầu"),
        ({"hide_counters": None}, "mách đáp số"),
    ],
)
def test_impossible_round_is_explained_and_not_made(
    app: Flask, desk: FlaskClient, changed: dict[str, Any], words: str
) -> None:
    before = newest(app).id

    reply = desk.post(f"{DESK}/dot-thi/moi", data=filled(**changed))

    assert reply.status_code == 422
    assert words in reply.text
    assert newest(app).id == before


def test_new_round_takes_the_rules_of_an_earlier_one(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Round, scene.quiz).params = QuizParams(questions=33, minutes=44).as_json()

    page = pages.get(desk, f"{DESK}/dot-thi/moi?tu={scene.quiz}")
    assert "Đã lấy thể lệ và độ dài của đợt" in page.text
    page = page.submit("Tiếp: thể lệ").submit("Tiếp: xem lại")

    assert "Mỗi đề có 33 câu hỏi trắc nghiệm." in page.text
    assert "Thời gian làm bài là 44 phút" in page.text


def test_round_that_has_not_opened_is_edited_and_one_that_has_is_not(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    desk.post(f"{DESK}/dot-thi/moi", data=filled())
    made = newest(app)
    with app.app_context(), unit_of_work():
        db.session.add(QuizRound(round_id=made.id, blueprint={}, version_ids=[1], frozen_at=clock.now()))

    reply = desk.post(f"{DESK}/dot-thi/{made.id}/sua", data=filled(title="Đợt khác", questions="7"))

    assert reply.status_code == 302
    assert (newest(app).title, newest(app).params["questions"]) == ("Đợt khác", 7)
    with app.app_context():
        assert db.session.get(QuizRound, made.id) is None
    assert len(acts("round.edit")) == 1
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/sua", data=filled()).status_code == 409


def test_unused_round_is_deleted_and_a_used_one_stays(app: Flask, desk: FlaskClient, scene: Scene, acts: Acts) -> None:
    desk.post(f"{DESK}/dot-thi/moi", data=filled())
    made = newest(app).id

    assert desk.post(f"{DESK}/dot-thi/{made}/xoa", data={"reason": REASON}).status_code == 302
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/xoa", data={"reason": REASON}).status_code == 409

    with app.app_context():
        assert db.session.get(Round, made) is None
        assert db.session.get(Round, scene.quiz) is not None
    assert [row.subject for row in acts("round.delete")] == [f"round:{made}"]


def test_pause_and_resume_move_the_close_and_tell_everybody(
    app: Flask, desk: FlaskClient, scene: Scene, client: FlaskClient
) -> None:
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/tam-dung", data={"reason": "Mất điện"}).status_code == 302
    page = pages.get(desk, f"{DESK}/dot-thi/{scene.quiz}")
    assert "Thi tiếp" in page.text
    assert "Mất điện" in pages.get(client, "/the-le").text
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/tam-dung", data={"reason": "Mất điện"}).status_code == 409

    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/thi-tiep", data={"reason": "Có điện lại"}).status_code == 302

    with app.app_context():
        pause = db.session.scalars(select(RoundPause)).one()
        assert pause.ended_at is not None
        assert db.session.get_one(Round, scene.quiz).state(clock.now()) is RoundState.OPEN
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/thi-tiep", data={"reason": "Nữa"}).status_code == 409


def test_changed_rules_are_listed_before_and_shown_to_everybody_after(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    with app.app_context(), unit_of_work():
        before = db.session.get_one(Attempt, scene.attempt).deadline
        db.session.get_one(Round, scene.quiz).params = QuizParams(attempts=2).as_json()
    asked = filled(attempts="2", minutes="25", title=None, opens_at=None, closes_at=None, step="look")

    page = desk.post(f"{DESK}/dot-thi/{scene.quiz}/dieu-chinh-the-le", data=asked)
    assert "15 phút" in page.text
    assert "25 phút" in page.text
    assert acts("round.change_rules") == []
    done = asked | {"step": "done", "reason": "Đề dài hơn dự kiến"}
    assert desk.post(f"{DESK}/dot-thi/{scene.quiz}/dieu-chinh-the-le", data=done).status_code == 302

    with app.app_context():
        change = db.session.scalars(select(RuleChange)).one()
        assert (change.before, change.after) == ({"minutes": 15}, {"minutes": 25})
        assert db.session.get_one(Attempt, scene.attempt).deadline > before
    public = pages.get(desk, "/the-le").text
    assert "Điều chỉnh thể lệ" in public
    assert "Đề dài hơn dự kiến" in public
    assert len(acts("round.change_rules")) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [({}, "Chưa có mục nào khác"), ({"questions": "19"}, "Đã có người vào thi"), ({"tie_1": ""}, "điểm phải đứng đầu")],
)
def test_change_that_cannot_be_is_explained(
    app: Flask, desk: FlaskClient, scene: Scene, changed: dict[str, Any], words: str
) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Round, scene.quiz).params = QuizParams().as_json()

    reply = desk.post(f"{DESK}/dot-thi/{scene.quiz}/dieu-chinh-the-le", data=filled(reason=REASON, **changed))

    assert reply.status_code == 422
    assert words in reply.text
    with app.app_context():
        assert db.session.scalars(select(RuleChange)).all() == []


def test_change_without_a_reason_is_refused(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Round, scene.quiz).params = QuizParams().as_json()

    reply = desk.post(f"{DESK}/dot-thi/{scene.quiz}/dieu-chinh-the-le", data=filled(minutes="25"))

    assert reply.status_code == 400
    with app.app_context():
        assert db.session.scalars(select(RuleChange)).all() == []


def test_more_attempts_and_needs_of_one_person_are_kept_and_shown(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts
) -> None:
    with app.app_context():
        before = db.session.get_one(Attempt, scene.attempt).deadline
    more = {"round_id": scene.quiz, "attempts": "1", "reason": REASON}
    assert desk.post(f"{DESK}/nguoi-du-thi/{scene.entrant}/them-luot", data=more).status_code == 302
    assert desk.post(f"{DESK}/nguoi-du-thi/{scene.entrant}/them-luot", data=more).status_code == 302
    needs = {"extra_percent": "50", "large_print": "y", "reason": REASON}
    assert desk.post(f"{DESK}/nguoi-du-thi/{scene.entrant}/ho-tro", data=needs).status_code == 302

    with app.app_context():
        assert db.session.scalars(select(Allowance.extra_attempts)).all() == [2]
        held = db.session.get_one(Accommodation, scene.entrant)
        assert (held.extra_percent, held.large_print) == (50, True)
        assert db.session.get_one(Attempt, scene.attempt).deadline > before
    text = pages.get(desk, f"{DESK}/nguoi-du-thi/{scene.entrant}").text
    assert "50% trong mọi đợt" in text
    assert "thêm 2 lượt" in text
    assert len(acts("account.allow_attempts")) == 2
    assert len(acts("account.accommodate")) == 1


@pytest.mark.parametrize(
    ("address", "data", "status"),
    [
        ("nguoi-du-thi/{entrant}/them-luot", {"round_id": "{quiz}", "attempts": "0"}, 400),
        ("nguoi-du-thi/{entrant}/them-luot", {"round_id": "{quiz}", "attempts": "11"}, 400),
        ("nguoi-du-thi/{entrant}/them-luot", {"round_id": "{essay_round}", "attempts": "1"}, 404),
        ("nguoi-du-thi/{entrant}/them-luot", {"attempts": "1"}, 404),
        ("nguoi-du-thi/{judge}/them-luot", {"round_id": "{quiz}", "attempts": "1"}, 404),
        ("nguoi-du-thi/{entrant}/ho-tro", {"extra_percent": "301"}, 400),
        ("nguoi-du-thi/{entrant}/ho-tro", {"extra_percent": "-1"}, 400),
        ("nguoi-du-thi/{judge}/ho-tro", {"extra_percent": "25"}, 404),
    ],
)
def test_help_that_cannot_be_given_is_refused(
    app: Flask, desk: FlaskClient, scene: Scene, address: str, data: dict[str, str], status: int
) -> None:
    ids = vars(scene)
    sent = {name: value.format(**ids) for name, value in data.items()} | {"reason": REASON}

    assert desk.post(f"{DESK}/{address.format(**ids)}", data=sent).status_code == status

    with app.app_context():
        assert db.session.scalars(select(Allowance)).all() == []
        assert db.session.scalars(select(Accommodation)).all() == []


def test_appeal_goes_from_complaint_to_decision_and_nothing_is_skipped(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    address = f"{DESK}/luot-thi/{scene.finished}/khieu-nai"

    def send(kind: str, body: str = "Theo đơn ngày 3/4") -> int:
        return desk.post(address, data={"kind": kind, "body": body}).status_code

    assert send("upheld") == 409
    assert send("complaint", "") == 400
    assert send("verdict") == 400
    assert send("complaint", "Mạng trường bị ngắt lúc 9 giờ 05") == 302
    assert send("complaint") == 409
    assert send("remark") == 302
    assert send("dismissed", "Nhật ký máy chủ không thấy ngắt") == 302
    assert send("dismissed") == 409

    with app.app_context():
        kinds = [note.kind.value for note in db.session.scalars(select(AttemptNote).order_by(AttemptNote.id))]
    assert kinds == ["complaint", "remark", "dismissed"]
    text = pages.get(desk, f"{DESK}/luot-thi/{scene.finished}").text
    assert "Mạng trường bị ngắt lúc 9 giờ 05" in text
    assert "Trần Thị Điều Hành" in text


def test_live_view_counts_the_last_hour_by_minute(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        early = add_attempt(scene.quiz, make_account().id, None)
        early.started_at = clock.now() - timedelta(minutes=5)
        late = add_attempt(scene.quiz, make_account().id, None)
        late.deadline = clock.now() - timedelta(minutes=3)

    figures = desk.get(f"{DESK}/dot-thi/{scene.quiz}/truc-tiep/so-lieu").get_json()

    assert figures["open"] == "3"
    assert figures["handed_in"] == "1"
    assert figures["overdue"].startswith("Hết giờ chờ máy nộp: 1 lượt, lượt cũ nhất chờ 3\u00a0phút")
    assert figures["ungraded"] == "Hàng chờ chấm: không có bài nào."
    assert "<svg" in figures["drawn"]
    assert "Nộp bài" in figures["drawn"]
    page = pages.get(desk, f"{DESK}/dot-thi/{scene.quiz}/truc-tiep")
    assert "Một giờ vừa qua, từng phút" in page.text
    assert "Cập nhật" in page.text


def test_live_view_says_how_many_wait_for_marks_and_how_long(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        for seconds in (3, 75):
            late = add_attempt(scene.quiz, make_account().id, None, receipt=f"TN1-{seconds}")
            late.handed_in_at, late.graded_at = clock.now() - timedelta(seconds=seconds), None
            late.points = late.correct = None

    figures = desk.get(f"{DESK}/dot-thi/{scene.quiz}/truc-tiep/so-lieu").get_json()

    assert figures["ungraded"].startswith("Hàng chờ chấm: 2 bài, bài cũ nhất chờ 1\u00a0phút")


def test_statements_of_the_live_view_do_not_grow_with_attempts(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    def counted() -> int:
        with statements.sent(app) as seen:
            desk.get(f"{DESK}/dot-thi/{scene.quiz}/truc-tiep/so-lieu")
        return len(seen)

    counted()
    few = counted()
    with app.app_context(), unit_of_work():
        for _ in range(30):
            add_attempt(scene.quiz, make_account().id, None)
    assert counted() == few


def test_live_view_of_another_track_is_not_found(desk: FlaskClient, scene: Scene) -> None:
    assert desk.get(f"{DESK}/dot-thi/{scene.essay_round}/truc-tiep").status_code == 404


@pytest.mark.parametrize(
    ("left", "more"), [(timedelta(minutes=5), timedelta(minutes=30)), (timedelta(days=3), timedelta(days=1))]
)
def test_longer_close_is_proposed_by_the_minute_in_the_last_hours(
    app: Flask, desk: FlaskClient, scene: Scene, left: timedelta, more: timedelta
) -> None:
    with app.app_context(), unit_of_work():
        closes_at = clock.now() + left
        db.session.get_one(Round, scene.quiz).closes_at = closes_at

    page = desk.get(f"{DESK}/dot-thi/{scene.quiz}").text

    assert f'name="until" value="{datetime_local(closes_at + more)}"' in page
    assert "Đóng sau" in page
