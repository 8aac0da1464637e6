"""The desk's lists: what a search finds, that bad words do no harm, and that more rows ask no more of the database."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.contests import service as contests
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz.models import AttemptNote
from contest.quiz.rules import NoteKind
from tests import pages, statements
from tests.backoffice.conftest import Scene, add_attempt, add_entry, add_photo
from tests.factories import make_account
from tests.signed_in import csrf_token

DESK = "/ban-dieu-hanh"
NAUGHTY = (
    "",
    "\0",
    "' OR 1=1 --",
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "%",
    "_",
    "\\",
    "%00%0d%0a",
    "\u202engược",
    "\U0001f600" * 40,
    "a" * 5000,
    "1e309",
    "-1",
    "\uff19\uff19",
    "=cmd|' /C calc'!A0",
)
BIG_LIST = Path(__file__).resolve().parents[3] / "shared" / "data" / "badinput" / "blns.json"
SEARCHES = ("nguoi-du-thi", "luot-thi", "bai-viet", "anh", "cau-hoi", "nhat-ky")
FIELDS = ("tim", "don-vi", "dot", "trang-thai", "khieu-nai", "chuong", "do-kho", "nguoi", "viec", "doi-tuong", "page")


@pytest.mark.parametrize(
    "words",
    ["anh tuyet", "ÁNH TUYẾT", "0912 345 678", "+84912345678", "345678", "BV1-CCCC-DDDD", "av1-eeee-ffff"],
)
def test_person_is_found_by_whatever_the_caller_says(desk: FlaskClient, scene: Scene, words: str) -> None:
    page = pages.get(desk, f"{DESK}/nguoi-du-thi?tim={words.replace('+', '%2B')}")
    assert "Nguyễn Thị Ánh Tuyết" in page.text
    assert "Vi Văn Long" not in page.text


def test_unit_narrows_the_attempts_and_an_act_comes_back_to_the_same_list(desk: FlaskClient, scene: Scene) -> None:
    """A power cut in one district: its running attempts alone, and the list is still there after the minutes are given."""
    asked = f"dot={scene.quiz}&don-vi={scene.unit}&trang-thai=open"
    listed = desk.get(f"{DESK}/luot-thi?{asked}").text
    elsewhere = pages.get(desk, f"{DESK}/luot-thi?don-vi={scene.unit + 10_000}").text
    form = {
        "csrf_token": csrf_token(desk),
        "act": "grant",
        "reason_grant": "Mất điện toàn huyện",
        "minutes": "15",
        "chosen": [scene.attempt],
    }
    address = listed.partition('id="bulk" method="post" action="')[2].partition('"')[0].replace("&amp;", "&")
    answer = desk.post(address, data=form)

    assert f"/luot-thi/{scene.attempt}" in listed
    assert f"/luot-thi/{scene.finished}" not in listed
    assert "Không có lượt thi nào" in elsewhere
    assert answer.status_code == 302
    assert {f"dot={scene.quiz}", f"don-vi={scene.unit}", "trang-thai=open"} <= set(
        answer.location.partition("?")[2].split("&")
    )


def test_person_is_found_by_the_receipt_of_an_attempt(desk: FlaskClient, scene: Scene) -> None:
    assert "Vi Văn Long" in pages.get(desk, f"{DESK}/nguoi-du-thi?tim=tn1-aaaa-bbbb").text
    assert "Vi Văn Long" in pages.get(desk, f"{DESK}/luot-thi?tim=tn1-aaaa-bbbb").text


def test_unit_narrows_the_list(desk: FlaskClient, scene: Scene) -> None:
    page = pages.get(desk, f"{DESK}/nguoi-du-thi?don-vi={scene.unit}")
    assert "Nguyễn Thị Ánh Tuyết" in page.text
    assert "Vi Văn Long" not in page.text


def test_state_and_round_narrow_the_attempts(desk: FlaskClient, scene: Scene) -> None:
    page = pages.get(desk, f"{DESK}/luot-thi?trang-thai=open&dot={scene.quiz}")
    assert "Nguyễn Thị Ánh Tuyết" in page.text
    assert "Vi Văn Long" not in page.text
    assert "Không có lượt thi nào" in pages.get(desk, f"{DESK}/luot-thi?dot={scene.essay_round}").text


@pytest.mark.parametrize("name", SEARCHES)
def test_naughty_words_do_no_harm_to_a_list(desk: FlaskClient, scene: Scene, name: str) -> None:
    for words in NAUGHTY:
        for field in FIELDS:
            reply = desk.get(f"{DESK}/{name}", query_string={field: words})
            assert reply.status_code == 200, (field, words)
            assert "<script>alert" not in reply.text
            assert "<img src=x" not in reply.text


def test_naughty_reasons_are_kept_as_they_are_and_shown_escaped(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for place, words in enumerate(w for w in NAUGHTY if w.strip("\0 ") and len(w) <= 500):
        act = "khoi-phuc" if place % 2 else "loai"
        assert desk.post(f"{DESK}/bai-du-thi/{scene.essay}/{act}", data={"reason": words}).status_code == 302, words
    for page in (f"{DESK}/nhat-ky", f"{DESK}/bai-viet/{scene.essay}"):
        found = pages.get(desk, page)
        assert '"><script>alert(1)</script>' in found.text
        assert "<script>alert" not in found.reply.text


@pytest.mark.parametrize(
    "name", ["", "nguoi-du-thi", "luot-thi", "bai-viet", "anh", "nhat-ky", "hoi-dong-cham", "dot-thi"]
)
def test_more_rows_ask_no_more_of_the_database(app: Flask, desk: FlaskClient, scene: Scene, name: str) -> None:
    desk.get(f"{DESK}/{name}")
    with statements.sent(app) as few:
        desk.get(f"{DESK}/{name}")
    with app.app_context(), unit_of_work():
        for place in range(6):
            person = make_account(unit_id=scene.unit)
            add_attempt(scene.quiz, person.id, scene.unit, receipt=f"TN9-{place}")
            add_entry(scene.essay_round, person.id, TrackKind.ESSAY, f"BV-9{place}", f"BV9-{place}")
            add_photo(add_entry(scene.photo_round, person.id, TrackKind.PHOTO, f"AV-9{place}", f"AV9-{place}").id, 0)
    with statements.sent(app) as many:
        desk.get(f"{DESK}/{name}")
    assert len(many) == len(few)


def test_figures_are_words_for_the_page(desk: FlaskClient, scene: Scene) -> None:
    figures = json.loads(desk.get(f"{DESK}/so-lieu").data)
    assert figures | {"at": ""} == {"running": "1", "handed_in": "1", "ungraded": "0", "at": ""}


def test_dashboard_says_what_waits_for_people(desk: FlaskClient, scene: Scene) -> None:
    text = pages.get(desk, f"{DESK}/").text
    assert "Cần người xử lý, 2 việc" in text
    assert "phiếu chấm chưa ký" in text
    assert "bài chờ lập hội đồng chấm" in text


def test_list_of_complaints_says_when_none_waits(desk: FlaskClient, scene: Scene) -> None:
    assert "Không có khiếu nại nào chờ trả lời" in pages.get(desk, f"{DESK}/luot-thi?khieu-nai=cho").text
    assert "Không có lượt thi nào" in pages.get(desk, f"{DESK}/luot-thi?khieu-nai=cho&tim=khong-ai").text


def test_dashboard_says_what_must_not_be_forgotten_at_night(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    """A paused round, a complaint that waits: both lead on from the first page, and go once they are done."""
    with app.app_context(), unit_of_work():
        contests.pause(round_id=scene.quiz, actor_id=scene.organizer, reason="Mất điện toàn tỉnh")
        for attempt_id in (scene.attempt, scene.finished):
            add_note(attempt_id, NoteKind.COMPLAINT, scene.organizer)
        add_note(scene.finished, NoteKind.UPHELD, scene.organizer)
        add_note(scene.attempt, NoteKind.REMARK, scene.organizer)

    page = pages.get(desk, f"{DESK}/")
    listed = desk.get(f"{DESK}/luot-thi?khieu-nai=cho").text

    assert re.search(r"1\s*đợt đang tạm dừng", page.text)
    assert re.search(r"1\s*khiếu nại chờ trả lời", page.text)
    assert f"{DESK}/luot-thi?khieu-nai=cho" in page.links
    assert f"{DESK}/dot-thi/{scene.quiz}" in page.links
    assert f"/luot-thi/{scene.attempt}" in listed
    assert f"/luot-thi/{scene.finished}" not in listed
    with app.app_context(), unit_of_work():
        add_note(scene.attempt, NoteKind.DISMISSED, scene.organizer)
    assert "khiếu nại chờ trả lời" not in pages.get(desk, f"{DESK}/").text


def add_note(attempt_id: int, kind: NoteKind, actor_id: int) -> None:
    """One step of an attempt's trail."""
    note = AttemptNote(
        attempt_id=attempt_id, kind=kind, body="Gọi lúc 23 giờ 50", actor_id=actor_id, written_at=clock.now()
    )
    db.session.add(note)
    db.session.flush()


def test_big_list_of_naughty_strings_does_no_harm(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    if not BIG_LIST.exists():
        pytest.skip("the list of naughty strings is not on this machine")
    app.config["WTF_CSRF_ENABLED"] = False
    for place, words in enumerate(json.loads(BIG_LIST.read_text(encoding="utf-8"))):
        name = SEARCHES[place % len(SEARCHES)]
        field = "nguoi" if name == "nhat-ky" else "tim"
        assert desk.get(f"{DESK}/{name}", query_string={field: words}).status_code == 200, words
        act = desk.post(f"{DESK}/bai-du-thi/{scene.essay}/loai", data={"reason": words})
        assert act.status_code in (302, 400, 409), words
