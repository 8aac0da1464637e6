"""Desk pages that somebody else has overtaken, beyond the round and the bank of test_two_tabs: prizes, stages, hours, many questions; and that none is forgotten."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.judging import service as judging
from contest.judging.models import PanelMember, Stage
from contest.quiz import service
from contest.quiz.models import Question, QuestionVersion
from contest.results import queries as results
from contest.results.service import NewPrize, PrizesOvertaken, prizes_mark, set_prizes
from tests import pages
from tests.backoffice.conftest import Scene
from tests.backoffice.test_two_tabs import seen
from tests.core.threads import race
from tests.factories import make_account
from tests.quiz.conftest import bank_of
from tests.signed_in import sign_in

DESK = "/ban-dieu-hanh"
REASON = "Họp Ban Tổ chức"
# Every address of the desk that takes a POST, and why a page that somebody has overtaken does no harm there.
TELLS = {
    *("accounts_set_role", "entries_let_pass", "entries_turn_back"),
    *("attempts_grant", "attempts_several", "bank_apply", "bank_edit", "entrants_accommodate", "entrants_allow"),
    *("judging_new", "regrade_change", "results_prizes", "results_publish", "rounds_blueprint_freeze", "rounds_change"),
    *("rounds_edit", "rounds_extend", "rounds_prepare", "signals_judge"),
}
ONE_STEP = {  # From one state to another, refused or without effect in any other; nothing that was typed is replaced.
    *("attempts_annul", "attempts_restore", "entries_disqualify", "entries_restore", "judging_assign", "judging_close"),
    *("judging_reopen", "judging_reopen_stage", "photos_release", "results_revoke", "rounds_close", "rounds_delete"),
    *("accounts_disable", "accounts_enable", "accounts_end_sessions", "accounts_give_code", "accounts_release_phone"),
    *(
        "accounts_withdraw_consent",
        "rounds_open",
        "rounds_pause",
        "rounds_resume",
        "judging_panel_add",
        "judging_give",
        "judging_panel_remove",
    ),
}
ADDS = {"attempts_note", "bank_new", "bank_import", "bank_import_again", "rounds_new"}  # Replaces nothing.
LOOKS = {
    *("analysis_ask", "audit_verify", "bank_confirm", "bank_edit_preview", "bank_read_again", "bank_several"),
    *("bank_twins_ask", "bank_upload", "queues_requeue", "regrade_ask", "rounds_blueprint_check"),
    "rounds_blueprint_samples",
}


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    """These tests post without opening the page first."""
    app.config["WTF_CSRF_ENABLED"] = False


def test_every_act_of_the_desk_says_what_an_overtaken_page_does(app: Flask) -> None:
    acts = {
        rule.endpoint.removeprefix("backoffice.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("backoffice.") and "POST" in (rule.methods or ())
    }

    assert acts == TELLS | ONE_STEP | ADDS | LOOKS


def test_role_that_somebody_else_gave_is_not_taken_back_unseen(app: Flask, client: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        admin = make_account(Role.ADMIN).id
    sign_in(client, admin)
    page = f"{DESK}/tai-khoan/{scene.judge}"
    mark = {"seen": seen(client.get(page).text)["seen"]}
    theirs, ours = {"role": "organizer", "reason": REASON}, {"role": "entrant", "reason": REASON}
    assert client.post(f"{page}/vai-tro", data=theirs | mark).status_code == 302

    second, sent_again = (client.post(f"{page}/vai-tro", data=form | mark) for form in (ours, theirs))

    assert (second.status_code, sent_again.status_code) == (409, 302)
    assert "Người khác vừa đổi vai trò của tài khoản này" in second.text
    with app.app_context():
        assert db.session.get_one(Account, scene.judge).role is Role.ORGANIZER


def table(*prizes: tuple[str, str]) -> dict[str, str]:
    form = {"reason": REASON}
    for place, (name, amount) in enumerate(prizes):
        form |= {f"prizes-{place}-name": name, f"prizes-{place}-places": "1", f"prizes-{place}-amount": amount}
    return form


def held(app: Flask, round_id: int) -> list[tuple[str, int]]:
    with app.app_context():
        return [(prize.name, prize.amount) for prize in results.prizes_of(round_id)]


def test_prizes_that_somebody_else_set_are_not_undone_unseen(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    page = f"{DESK}/cong-bo/dot/{scene.quiz}"
    desk.post(f"{page}/giai-thuong", data=table(("Giải Nhất", "4.000.000")))
    mark = seen(desk.get(page).text)
    assert desk.post(f"{page}/giai-thuong", data=table(("Giải Nhất", "9.000.000")) | mark).status_code == 302
    ours = table(("Giải Nhất", "4.000.000"), ("Giải Nhì", "2tr"))

    second = desk.post(f"{page}/giai-thuong", data=ours | mark)

    assert (second.status_code, pages.faults(second.text)) == (409, [])
    assert "Người khác vừa lưu cơ cấu giải khác sau khi bạn mở trang." in second.text
    assert "9.000.000\u00a0đồng" in second.text
    assert 'value="2tr"' in second.text
    assert held(app, scene.quiz) == [("Giải Nhất", 9_000_000)]
    assert desk.post(f"{page}/giai-thuong", data=ours | seen(second.text)).status_code == 302
    assert held(app, scene.quiz) == [("Giải Nhất", 4_000_000), ("Giải Nhì", 2_000_000)]


def test_prizes_with_a_mistake_keep_the_mark_of_the_page_they_were_typed_on(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    page = f"{DESK}/cong-bo/dot/{scene.quiz}"
    mark = seen(desk.get(page).text)
    assert desk.post(f"{page}/giai-thuong", data=table(("Giải Nhất", "9.000.000")) | mark).status_code == 302

    mistaken = desk.post(f"{page}/giai-thuong", data=table(("Giải Nhất", "bốn triệu")) | mark)

    assert (mistaken.status_code, seen(mistaken.text)) == (422, mark)


def test_prizes_sent_again_after_a_lost_reply_are_no_conflict(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    page = f"{DESK}/cong-bo/dot/{scene.quiz}"
    form = table(("Giải Nhất", "9.000.000")) | seen(desk.get(page).text)

    assert [desk.post(f"{page}/giai-thuong", data=form).status_code for _ in range(2)] == [302, 302]


@pytest.mark.both_databases
def test_of_two_who_set_prizes_at_the_same_moment_one_is_told(app: Flask, scene: Scene) -> None:
    def act(number: int) -> None:
        with unit_of_work():
            set_prizes(
                round_id=scene.quiz,
                prizes=[NewPrize("Giải Nhất", 1, number)],
                actor_id=scene.organizer,
                reason=REASON,
                seen=prizes_mark([]),
            )

    outcomes = race(app, act, threads=6)

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [PrizesOvertaken] * 5
    assert len(held(app, scene.quiz)) == 1


def test_close_that_somebody_else_moved_is_not_moved_again_unseen(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    page = f"{DESK}/dot-thi/{scene.quiz}"
    mark = seen(extension(desk.get(page).text))
    later = [datetime_local(clock.now() + timedelta(days=days)) for days in (12, 19)]
    assert desk.post(f"{page}/gia-han", data={"until": later[0], "reason": REASON} | mark).status_code == 302
    with app.app_context():
        first = db.session.get_one(Round, scene.quiz).closes_at

    second = desk.post(f"{page}/gia-han", data={"until": later[1], "reason": REASON} | mark)

    assert second.status_code == 409
    assert "Người khác vừa đổi giờ đóng của đợt này" in second.text
    with app.app_context():
        assert db.session.get_one(Round, scene.quiz).closes_at == first
    again = {"until": later[1], "reason": REASON} | seen(extension(desk.get(page).text))
    assert desk.post(f"{page}/gia-han", data=again).status_code == 302


def extension(text: str) -> str:
    """The part of a round's page that extends it."""
    return text[text.index("/gia-han") :]


@pytest.fixture
def questions(app: Flask, scene: Scene) -> list[int]:
    """Three questions of the bank."""
    with app.app_context(), unit_of_work():
        service.import_questions(contest_id=scene.contest, questions=bank_of(3), actor_id=scene.organizer)
        return list(db.session.scalars(select(Question.id)))


def test_questions_that_somebody_else_moved_are_not_moved_back_unseen(
    app: Flask, desk: FlaskClient, questions: list[int]
) -> None:
    address = f"{DESK}/cau-hoi/nhieu-cau"
    look = desk.post(address, data={"act": "chapter", "chosen": [str(id_) for id_ in questions]}).text
    form = {"act": "chapter", "ids": f"{questions[0]}-{questions[-1]}", "reason": REASON} | seen(look)
    assert desk.post(f"{address}/lam", data=form | {"chapter": "Chương của tôi"}).status_code == 302

    second = desk.post(f"{address}/lam", data=form | {"chapter": "Chương khác"})
    sent_again = desk.post(f"{address}/lam", data=form | {"chapter": "Chương của tôi"})

    assert (second.status_code, sent_again.status_code) == (409, 302)
    assert "Người khác vừa sửa một trong các câu này" in second.text
    with app.app_context():
        newest = select(QuestionVersion.chapter).where(QuestionVersion.newest)
        assert set(db.session.scalars(newest)) == {"Chương của tôi"}


def test_stage_is_not_drawn_from_another_stage_than_the_page_showed(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    with app.app_context(), unit_of_work():
        judging.close_stage(stage_id=scene.stage, actor_id=scene.organizer, reason=REASON)
    address = f"{DESK}/hoi-dong-cham/lap?dot={scene.essay_round}"
    mark = seen(desk.get(address).text)
    with app.app_context():
        judges = [str(line.judge_id) for line in judging_panel(scene.stage)]
    form = {
        "round_id": str(scene.essay_round),
        "criteria-0-title": "Nội dung",
        "criteria-0-weight": "100",
        "judges": judges,
        "per_entry": "1",
        "going_on": "all",
        "reason": REASON,
    }
    assert desk.post(address, data=form | {"title": "Phúc khảo"} | mark).status_code == 302
    with app.app_context(), unit_of_work():
        between = db.session.scalars(select(Stage).order_by(Stage.number.desc())).first()
        assert between
        judging.close_stage(stage_id=between.id, actor_id=scene.organizer, reason=REASON)

    second = desk.post(address, data=form | {"title": "Chung khảo"} | mark)

    assert (second.status_code, pages.faults(second.text)) == (422, [])
    assert "Vòng chấm trước của đợt này vừa đổi sau khi bạn mở trang." in second.text
    assert desk.post(address, data=form | {"title": "Chung khảo"} | seen(second.text)).status_code == 302


def judging_panel(stage_id: int) -> list[PanelMember]:
    return list(db.session.scalars(select(PanelMember).where(PanelMember.stage_id == stage_id)))
