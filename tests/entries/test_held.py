"""What says whose it is and is kept waits for a clerk: no judge sees it, the clerk decides with a reason, the author is told."""

import re
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import NotFound, Refused
from contest.entries import queries as entries
from contest.entries import service
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.essay import queries as essays
from contest.photo import queries as photos
from contest.results import queries as results
from tests.essay.conftest import Browser, browser, contest_id, make_browser, set_round  # noqa: F401
from tests.photo.conftest import Room, room  # noqa: F401

NAME = "Vũ Thị Bến Thử"
KEY = "name:vu thi ben thu"
BODY = "một hai ba bốn năm Vũ Thị Bến Thử"


def entry_of(app: Flask, entry_id: int) -> Entry:
    with app.app_context():
        db.session.expunge_all()
        return db.session.get_one(Entry, entry_id)


def held_essay(app: Flask, author: Browser) -> int:
    """An essay that keeps its author's name, handed in."""
    entry_id = author.begin()
    assert author.save(entry_id, body=BODY).status_code == 200
    assert author.hand_in(entry_id, 1).status_code == 409
    assert author.save(entry_id, sequence=1, body=BODY, acknowledge=KEY).status_code == 200
    assert "sẽ chờ Ban Tổ chức xem" in author.page(f"/thi-viet/{entry_id}/nop")
    assert author.hand_in(entry_id, 1).status_code == 303
    assert entry_of(app, entry_id).state is EntryState.HELD
    return entry_id


def decide(office: Browser, entry: Entry, act: str, reason: str = "Chỉ trùng tên.") -> int:
    reply = office.post(f"/ban-dieu-hanh/bai-du-thi/{entry.id}/{entry.digest}/{act}", reason=reason)
    return reply.status_code


@pytest.fixture
def office(make_browser: Callable[..., Browser]) -> Browser:  # noqa: F811
    """An organiser."""
    return make_browser(role=Role.ORGANIZER)


def test_a_press_lets_no_name_pass_to_the_judges(app: Flask, browser: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    receipt = browser.page(f"/thi-viet/{entry_id}/bien-nhan")
    assert "đang chờ Ban Tổ chức xem" in receipt
    assert "Rút bài" in receipt
    entry = entry_of(app, entry_id)
    with app.app_context():
        assert entries.handed_in_ids(entry.round_id) == []
        with pytest.raises(NotFound):
            essays.blind_essay(entry_id)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("phone:0912 345 678", "một hai ba bốn năm 0912 345 678"),
        ("identity:024085001234", "một hai ba bốn năm 024085001234"),
    ],
)
def test_numbers_wait_as_names_do(app: Flask, browser: Browser, kept: str, words: str) -> None:  # noqa: F811
    entry_id = browser.begin()
    browser.save(entry_id, body=words)
    assert browser.hand_in(entry_id, 1).status_code == 409
    browser.save(entry_id, sequence=1, body=words, acknowledge=kept)
    assert browser.hand_in(entry_id, 1).status_code == 303
    assert entry_of(app, entry_id).state is EntryState.HELD


def test_a_clerk_lets_it_pass_with_a_reason_on_the_record(app: Flask, browser: Browser, office: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    entry = entry_of(app, entry_id)
    assert "bài chờ xem danh tính" in office.page("/ban-dieu-hanh/")
    assert "Mùa vải" in office.page("/ban-dieu-hanh/bai-viet?trang-thai=held")
    page = office.page(f"/ban-dieu-hanh/bai-viet/{entry_id}")
    assert f"“{NAME}”, là họ tên của tác giả" in page
    assert decide(office, entry, "cho-qua", reason=" ") == 400
    assert decide(office, entry, "cho-qua") == 302
    assert entry_of(app, entry_id).state is EntryState.HANDED_IN
    assert "Chỉ trùng tên." in browser.page(f"/thi-viet/{entry_id}/bien-nhan")
    with app.app_context():
        assert essays.blind_essay(entry_id).title == "Mùa vải"
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "entry.let_pass")).one()
        assert (row.subject, row.reason, row.actor_id) == (f"entry:{entry_id}", "Chỉ trùng tên.", office.account_id)
    assert decide(office, entry, "cho-qua") == 409


def test_what_was_let_pass_passes_again_and_other_words_wait(app: Flask, browser: Browser, office: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    decide(office, entry_of(app, entry_id), "cho-qua")
    browser.post(f"/thi-viet/{entry_id}/rut")
    assert browser.hand_in(entry_id, 1).status_code == 303
    assert entry_of(app, entry_id).state is EntryState.HANDED_IN
    browser.post(f"/thi-viet/{entry_id}/rut")
    more = f"{BODY} 0912345678"
    browser.save(entry_id, sequence=1, body=more, acknowledge="phone:0912345678")
    assert browser.hand_in(entry_id, 2).status_code == 303
    assert entry_of(app, entry_id).state is EntryState.HELD


def test_a_verdict_is_told_only_as_long_as_it_holds(app: Flask, browser: Browser, office: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    decide(office, entry_of(app, entry_id), "cho-qua")
    for act, address in (("loai", "bien-nhan"), ("khoi-phuc", "bien-nhan")):
        assert office.post(f"/ban-dieu-hanh/bai-du-thi/{entry_id}/{act}", reason="Đã xem lại.").status_code == 302
        assert "Chỉ trùng tên." not in browser.page(f"/thi-viet/{entry_id}/{address}")
    browser.post(f"/thi-viet/{entry_id}/rut")
    assert "trả bài lại" not in browser.page(f"/thi-viet/{entry_id}")


def test_turned_back_it_is_a_draft_that_says_why(app: Flask, browser: Browser, office: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    assert decide(office, entry_of(app, entry_id), "tra-lai", "Đúng tên người viết") == 302
    assert entry_of(app, entry_id).state is EntryState.DRAFT
    assert "rồi nộp lại trước khi đợt đóng. Lý do: Đúng tên người viết<" in browser.page(f"/thi-viet/{entry_id}")
    browser.save(entry_id, sequence=1, body="một hai ba bốn năm sáu")
    assert browser.hand_in(entry_id, 2).status_code == 303
    found = entry_of(app, entry_id)
    assert (found.state, found.verdict) == (EntryState.HANDED_IN, "")


def test_turned_back_after_the_close_it_is_out_and_told(
    app: Flask,
    browser: Browser,  # noqa: F811
    office: Browser,
    set_round: Callable[[RoundState], None],  # noqa: F811
) -> None:
    entry_id = held_essay(app, browser)
    set_round(RoundState.CLOSED)
    assert decide(office, entry_of(app, entry_id), "tra-lai", "Đúng tên người viết.") == 302
    assert entry_of(app, entry_id).state is EntryState.DISQUALIFIED
    assert "Đúng tên người viết." in browser.page(f"/thi-viet/{entry_id}/bien-nhan")


def test_a_round_with_a_waiting_entry_is_not_published(
    app: Flask,
    browser: Browser,  # noqa: F811
    set_round: Callable[[RoundState], None],  # noqa: F811
) -> None:
    entry_id = held_essay(app, browser)
    set_round(RoundState.CLOSED)
    with app.app_context():
        round_ = entries.entry_by_id(entry_id).round
        assert "Còn 1 bài chờ xem danh tính." in results.hindrances(round_, clock.now())


def test_what_changed_since_the_clerk_read_it_is_not_decided(app: Flask, browser: Browser, office: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    read = entry_of(app, entry_id)
    browser.post(f"/thi-viet/{entry_id}/rut")
    browser.save(entry_id, sequence=1, body=f"{BODY} thêm")
    browser.hand_in(entry_id, 2)
    assert decide(office, read, "cho-qua") == 409
    assert entry_of(app, entry_id).state is EntryState.HELD


def test_judges_and_entrants_decide_nothing(app: Flask, browser: Browser, make_browser: Callable[..., Browser]) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    entry = entry_of(app, entry_id)
    for hands in (browser, make_browser(role=Role.JUDGE)):
        assert decide(hands, entry, "cho-qua") in (302, 303, 403, 404)
    assert entry_of(app, entry_id).state is EntryState.HELD


@pytest.mark.both_databases
def test_two_clerks_at_once_decide_once(app: Flask, browser: Browser, office: Browser) -> None:  # noqa: F811
    entry_id = held_essay(app, browser)
    digest = entry_of(app, entry_id).digest or ""
    barrier, outcomes = Barrier(2), list[str]()

    def press(act: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    act()
                outcomes.append("done")
            except Refused:
                outcomes.append("refused")
            finally:
                db.session.remove()

    given = {"entry_id": entry_id, "digest": digest, "actor_id": office.account_id, "reason": "Đã xem."}
    acts = (lambda: service.let_pass(keys=[KEY], **given), lambda: service.turn_back(**given))
    threads = [Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with app.app_context():
        acts_recorded = select(AuditRow).where(AuditRow.action.in_(("entry.let_pass", "entry.turn_back")))
        assert len(db.session.scalars(acts_recorded).all()) == 1


def test_title_and_caption_of_a_photograph_are_looked_at(room: Room) -> None:  # noqa: F811
    with room.app.app_context():
        name = db.session.get_one(Account, room.entrant_id).full_name
    entry_id = room.ready()
    told = room.words(entry_id, act="save", title=f"Ảnh của {name}", caption="Lục Ngạn. Trường THPT Vườn Xanh")
    assert told.status_code == 303
    page = room.client.get(f"/thi-anh/{entry_id}").text
    assert "Có 2 chỗ có thể lộ danh tính" in page
    refused = room.words(entry_id, title=f"Ảnh của {name}")
    assert refused.status_code == 422
    assert "là họ tên của bạn" in refused.text
    key = re.findall(r'name="acknowledge" value="(name:[^"]+)"', refused.text)[0]
    assert room.words(entry_id, act="", acknowledge=key, title=f"Ảnh của {name}").status_code == 303
    assert room.words(entry_id, title=f"Ảnh của {name}").status_code == 303
    entry = entry_of(room.app, entry_id)
    assert entry.state is EntryState.HELD
    assert "đang chờ Ban Tổ chức xem" in room.client.get(f"/thi-anh/{entry_id}/bien-nhan").text
    with room.app.app_context(), pytest.raises(NotFound):
        photos.blind_photo(entry_id)
    office = room.browser(Role.ORGANIZER)
    assert "Bài chờ xem danh tính" in office.get(f"/ban-dieu-hanh/anh/{entry_id}").text
    address = f"/ban-dieu-hanh/bai-du-thi/{entry_id}/{entry.digest}/cho-qua"
    assert room.post(address, client=office, reason="Tên riêng của ngọn đồi.").status_code == 302
    with room.app.app_context():
        assert photos.blind_photo(entry_id).title == f"Ảnh của {name}"


def test_what_only_looks_like_somebodys_stays_with_a_press(app: Flask, browser: Browser) -> None:  # noqa: F811
    entry_id = browser.begin()
    browser.save(entry_id, body="một hai ba bốn Trường THPT Vườn Xanh")
    assert browser.hand_in(entry_id, 1).status_code == 303
    assert entry_of(app, entry_id).state is EntryState.HANDED_IN
