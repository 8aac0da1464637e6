"""Saves that cross: older packets, second tabs, lost replies, odd characters and odd packets."""

import json
import threading

import pytest
from flask import Flask

from contest.accounts.models import Account
from contest.core.db import db, unit_of_work
from contest.core.forms import clean, clean_line
from contest.essay import queries, service
from contest.essay.rules import Draft
from tests.essay.conftest import THEME, Browser


def test_a_save_says_when_and_what_is_counted(browser: Browser):
    entry_id = browser.begin()
    reply = browser.save(entry_id, body="Mùa vải – chín đỏ.")
    assert reply.status_code == 200
    assert reply.json["sequence"] == 1
    assert reply.json["words"] == 4
    assert reply.json["saved"].count(":") == 2
    assert browser.save(entry_id, sequence=1, body="Mùa vải").json["sequence"] == 2


def test_an_older_packet_never_overwrites_a_newer_one(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, sequence=0, body="bản một")
    browser.save(entry_id, sequence=1, body="bản hai")
    late = browser.save(entry_id, sequence=0, body="bản một đến muộn")
    assert late.status_code == 409
    assert late.json["held"]["body"] == "bản hai"
    assert late.json["held"]["sequence"] == 2
    assert "bản hai" in browser.page(f"/thi-viet/{entry_id}")


def test_the_same_text_sent_twice_is_saved_once(browser: Browser):
    entry_id = browser.begin()
    first = browser.save(entry_id, sequence=0, body="một bản")
    again = browser.save(entry_id, sequence=0, body="một bản")
    assert again.status_code == 200
    assert again.json["sequence"] == first.json["sequence"] == 1


def test_a_second_tab_without_javascript_is_shown_both_texts(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, body="bản ở thẻ kia")
    url = f"/thi-viet/{entry_id}"
    reply = browser.post(url, sequence=0, theme=THEME, title="Tên", body="bản ở thẻ này")
    page = reply.get_data(as_text=True)
    assert reply.status_code == 409
    assert "bản ở thẻ kia" in page
    assert "bản ở thẻ này" in page
    assert "bản ở thẻ kia" in browser.page(url)
    assert browser.post(url, sequence=1, theme=THEME, title="Tên", body="bản ở thẻ này").status_code == 303
    assert "bản ở thẻ này" in browser.page(url)


def test_a_hand_in_of_a_text_not_yet_seen_is_held_back(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, sequence=0, body="một hai ba bốn năm")
    browser.save(entry_id, sequence=1, body="một hai ba bốn năm sáu")
    reply = browser.hand_in(entry_id, 1)
    assert reply.status_code == 409
    assert "vừa được lưu từ một cửa sổ" in reply.get_data(as_text=True)


@pytest.mark.parametrize(
    "packet",
    [
        [],
        "x",
        None,
        {},
        {"sequence": -1},
        {"sequence": 2**31},
        {"sequence": "9" * 400},
        {"sequence": True},
        {"sequence": None},
        {"sequence": 0, "body": 7},
        {"sequence": 0, "title": ["x"]},
        {"sequence": 0, "theme": "không có"},
        {"sequence": 0, "title": "x" * 201},
        {"sequence": 0, "body": "x" * 100_001},
    ],
)
def test_an_odd_packet_is_refused_with_words(browser: Browser, packet):
    entry_id = browser.begin()
    reply = browser.client.post(
        f"/thi-viet/{entry_id}/luu",
        data=json.dumps(packet),
        content_type="application/json",
        headers={"X-CSRFToken": browser.token},
    )
    assert reply.status_code == 400
    assert reply.json["error"]["happened"]


def test_a_form_without_a_number_is_refused(browser: Browser):
    entry_id = browser.begin()
    assert browser.post(f"/thi-viet/{entry_id}", body="x").status_code == 400
    assert browser.post(f"/thi-viet/{entry_id}/nop", sequence="x", own_work="y", unpublished="y").status_code == 409


def test_what_is_too_long_is_shown_back_whole(browser: Browser):
    entry_id = browser.begin()
    reply = browser.post(f"/thi-viet/{entry_id}", sequence=0, theme=THEME, title="t", body="dài " * 30_000)
    assert reply.status_code == 400
    assert "dài " * 1000 in reply.get_data(as_text=True)


ODD = [
    "\nbắt đầu bằng dòng trống",
    "  thụt đầu dòng\tvà tab  ",
    "<script>alert(1)</script>{{ 7*7 }}{% raw %}",
    "&lt;b&gt; &amp;nbsp;",
    "Tiếng Việt tổ hợp: Ho\u0300a bi\u0300nh",
    "日本語 العربية עברית 👩‍👩‍👧 𝒳",
    "a\x00b\x1bc\ud800d\u202ee",
    "'; DROP TABLE essay; --",
    "dòng một\r\ndòng hai\rdòng ba",
]


def stored(app: Flask, entry_id: int) -> tuple[str, str]:
    """Title and body in the database."""
    with app.app_context():
        found = queries.staff_essay(entry_id)
        return found.entry.title, found.essay.body


@pytest.mark.both_databases
def test_any_characters_are_stored_and_shown_back_exactly(app: Flask, browser: Browser):
    entry_id = browser.begin()
    for sequence, text in enumerate(ODD):
        packet = json.dumps({"sequence": sequence, "theme": THEME, "title": text, "body": text})
        reply = browser.client.post(
            f"/thi-viet/{entry_id}/luu",
            data=packet,
            content_type="application/json",
            headers={"X-CSRFToken": browser.token},
        )
        assert reply.status_code == 200, text
        assert stored(app, entry_id) == (clean_line(text), clean(text))
        assert "<script>alert" not in browser.page(f"/thi-viet/{entry_id}")
        assert "<script>alert" not in browser.page(f"/thi-viet/{entry_id}/xem-truoc")


def test_naughty_strings_are_stored_exactly_or_refused_with_words(app: Flask, browser: Browser, naughty: list[str]):
    entry_id = browser.begin()
    sequence = 0
    for text in naughty:
        reply = browser.post(f"/thi-viet/{entry_id}", sequence=sequence, theme=THEME, title=text, body=text)
        if reply.status_code == 400:
            assert len(clean_line(text)) > 200
            continue
        assert reply.status_code == 303, text
        title, body = stored(app, entry_id)
        assert (title, body) == (clean_line(text), clean(text))
        with app.app_context():
            sequence = queries.staff_essay(entry_id).essay.sequence
    assert browser.client.get(f"/thi-viet/{entry_id}").status_code == 200


@pytest.mark.both_databases
def test_twenty_crossing_saves_leave_one_text_and_nineteen_refusals(app: Flask, browser: Browser):
    entry_id = browser.begin()
    outcomes: list[str] = []
    start = threading.Barrier(20)

    def save(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    entrant = db.session.get_one(Account, browser.account_id)
                    service.save(entry_id=entry_id, entrant=entrant, draft=Draft(0, THEME, "t", f"bản {number}"))
                outcomes.append("saved")
            except service.Stale:
                outcomes.append("stale")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["stale"] * 19
