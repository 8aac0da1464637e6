"""The whole way of an essay without JavaScript, and every refusal on it."""

from collections.abc import Callable

import pytest
from flask import Flask

from contest.accounts.rules import Role
from contest.contests.rules import RoundState
from contest.core.db import unit_of_work
from tests.essay.conftest import THEME, Browser
from tests.factories import make_account
from tests.signed_in import sign_in

TEXT = "Quê tôi nằm bên bờ sông Thương.\nMùa vải chín đỏ cả triền đồi."


def test_the_track_says_to_strangers_what_is_asked(contest_id: int, client):
    reply = client.get("/thi-viet")
    page = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "Viết từ 5 đến 40 từ." in page
    assert THEME in page
    assert "Đăng nhập" in page


def test_a_site_without_a_contest_answers_not_found(client):
    assert client.get("/thi-viet").status_code == 404


def test_an_essay_goes_from_draft_to_receipt_without_javascript(browser: Browser):
    entry_id = browser.begin()
    assert "Còn thiếu 5 từ." in browser.page(f"/thi-viet/{entry_id}")
    reply = browser.post(f"/thi-viet/{entry_id}", sequence=0, theme=THEME, title="Mùa vải", body=TEXT, next="hand_in")
    assert reply.location == f"/thi-viet/{entry_id}/nop"
    page = browser.page(reply.location)
    assert "checked" not in page
    refused = browser.post(reply.location, sequence=1, own_work="y")
    assert refused.status_code == 422
    assert "Bạn cần cam kết bài chưa đăng ở đâu." in refused.get_data(as_text=True)
    done = browser.hand_in(entry_id, 1)
    assert done.location == f"/thi-viet/{entry_id}/bien-nhan"
    receipt = browser.page(done.location)
    assert "BV1-" in receipt
    assert "Mùa vải" in receipt
    assert "blind" not in receipt.replace("blind-code", "")
    assert browser.hand_in(entry_id, 1).location == done.location
    assert "Vũ Thị Bến Thử" in browser.page(f"/thi-viet/{entry_id}/bien-nhan/ban-in")


def test_a_withdrawn_essay_is_a_draft_again_with_its_text(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, body=TEXT)
    browser.hand_in(entry_id, 1)
    page = browser.client.post(
        f"/thi-viet/{entry_id}/rut", data={"csrf_token": browser.token}, follow_redirects=True
    ).get_data(as_text=True)
    assert "Đã rút bài" in page
    assert "Quê tôi nằm bên bờ sông Thương." in page
    assert browser.hand_in(entry_id, 1).status_code == 303


def test_a_save_number_of_thousands_of_digits_is_refused_as_stale(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, body=TEXT)
    reply = browser.post(f"/thi-viet/{entry_id}/nop", sequence="9" * 5000, own_work="y", unpublished="y")
    assert reply.status_code == 409


def test_a_discarded_draft_frees_its_place(browser: Browser):
    ids = [browser.begin() for _ in range(3)]
    full = browser.post("/thi-viet/bai-moi")
    assert full.status_code == 409
    assert "Bạn đã có đủ 3 bài" in full.get_data(as_text=True)
    assert browser.post(f"/thi-viet/{ids[1]}/bo").location == "/thi-viet"
    assert browser.begin() not in (ids[0], ids[2])


def test_a_handed_in_essay_is_neither_edited_nor_discarded(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, body=TEXT)
    browser.hand_in(entry_id, 1)
    assert browser.save(entry_id, sequence=1, body="khác hẳn").status_code == 409
    assert browser.post(f"/thi-viet/{entry_id}/bo").status_code == 409
    assert "sông Thương" in browser.page(f"/thi-viet/{entry_id}")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"theme": ""}, "Bạn chưa chọn chủ đề."),
        ({"title": ""}, "Bạn chưa đặt tên bài."),
        ({"body": "quá ngắn"}, "Còn thiếu 3 từ."),
        ({"body": "dài " * 41}, "Thừa 1 từ."),
    ],
)
def test_what_is_missing_is_said_and_stops_the_hand_in(browser: Browser, fields, sentence):
    entry_id = browser.begin()
    assert browser.save(entry_id, **({"body": TEXT} | fields)).status_code == 200
    assert sentence in browser.page(f"/thi-viet/{entry_id}/nop")
    reply = browser.hand_in(entry_id, 1)
    assert reply.status_code == 409
    assert sentence in reply.get_data(as_text=True)


def test_what_is_the_authors_own_is_mended_or_kept_before_hand_in(browser: Browser):
    entry_id = browser.begin()
    body = f"{TEXT}\nTôi là VU THI BEN THU, số 0912.345.678, dạy ở trường tiểu học Thử Nghiệm."
    page = browser.post(f"/thi-viet/{entry_id}", sequence=0, theme=THEME, title="Mùa vải", body=body)
    page = browser.page(page.location)
    assert "Đoạn 3: “VU THI BEN THU”" in page
    assert "0912.345.678" in page
    assert "nơi công tác" in page
    assert browser.hand_in(entry_id, 1).status_code == 409
    own = {"sequence": 1, "theme": THEME, "title": "Mùa vải", "body": body}
    kept = browser.post(f"/thi-viet/{entry_id}", acknowledge="name:vu thi ben thu", **own)
    assert "VU THI BEN THU”, là họ tên" not in browser.page(kept.location)
    assert browser.hand_in(entry_id, 1).status_code == 409
    browser.post(f"/thi-viet/{entry_id}", acknowledge="phone:0912.345.678", **own)
    assert browser.hand_in(entry_id, 1).status_code == 303


@pytest.mark.parametrize("state", [RoundState.SOON, RoundState.PAUSED, RoundState.CLOSED])
def test_a_round_that_takes_nothing_says_so_and_shows_the_text_back(browser: Browser, set_round, state: RoundState):
    entry_id = browser.begin()
    browser.save(entry_id, body=TEXT)
    set_round(state)
    assert browser.post("/thi-viet/bai-moi").status_code == 409
    reply = browser.post(f"/thi-viet/{entry_id}", sequence=1, theme=THEME, title="Mùa vải", body="chữ vừa gõ thêm")
    assert reply.status_code == 409
    assert "chữ vừa gõ thêm" in reply.get_data(as_text=True)
    assert "hiện không nhận bài" in reply.get_data(as_text=True)
    assert browser.hand_in(entry_id, 1).status_code == 409
    assert browser.save(entry_id, sequence=1, body="x").status_code == 409
    assert "hiện không nhận bài" in browser.page(f"/thi-viet/{entry_id}")
    assert browser.upload(entry_id, b"PK\x03\x04").status_code == 409
    browser.page("/thi-viet")


def test_a_stale_key_shows_the_text_back(browser: Browser):
    entry_id = browser.begin()
    reply = browser.client.post(
        f"/thi-viet/{entry_id}", data={"csrf_token": "cũ", "sequence": 0, "title": "Mùa vải", "body": TEXT}
    )
    assert reply.status_code == 400
    assert "Quê tôi nằm bên bờ sông Thương." in reply.get_data(as_text=True)


def test_others_find_nothing(browser: Browser, make_browser: Callable[..., Browser]):
    entry_id = browser.begin()
    other = make_browser()
    for url in ("", "/xem-truoc", "/tep", "/nop", "/bien-nhan", "/bien-nhan/ban-in"):
        assert other.client.get(f"/thi-viet/{entry_id}{url}").status_code == 404, url
    for url in ("", "/nop", "/rut", "/bo", "/tep/thoi"):
        fields = {"sequence": 0, "own_work": "y", "unpublished": "y"}
        assert other.post(f"/thi-viet/{entry_id}{url}", **fields).status_code == 404, url
    assert other.upload(entry_id, b"PK\x03\x04").status_code == 404
    assert other.save(entry_id).status_code == 404


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ORGANIZER])
def test_staff_see_the_track_and_write_nothing(app: Flask, browser: Browser, role: Role):
    entry_id = browser.begin()
    with app.app_context(), unit_of_work():
        account_id = make_account(role=role).id
    client = app.test_client()
    sign_in(client, account_id)
    assert client.get(f"/thi-viet/{entry_id}").status_code == 403
    assert client.get("/thi-viet").status_code == 200


def test_strangers_are_asked_to_sign_in(contest_id: int, client):
    assert client.get("/thi-viet/1").status_code == 302


@pytest.mark.parametrize("odd", ["0", "999999", "99999999999999999999999999", "-1", "x"])
def test_an_unknown_id_is_not_found(browser: Browser, odd: str):
    for url in ("", "/nop", "/bien-nhan", "/xem-truoc", "/tep"):
        assert browser.client.get(f"/thi-viet/{odd}{url}").status_code == 404
    assert browser.client.get("/thi-viet/1/luu").status_code == 405


def test_what_could_name_anybody_warns_author_and_staff_and_stops_nothing(browser: Browser):
    entry_id = browser.begin()
    browser.save(entry_id, body=f"{TEXT}\nEm tên là Hoa Thử, trường THPT Vườn Xanh, 0987 654 321.")
    page = browser.page(f"/thi-viet/{entry_id}/nop")
    for words in ("0987 654 321”, là một số điện thoại", "trường THPT Vườn Xanh", "Em tên là Hoa Thử"):
        assert words in page
    assert browser.hand_in(entry_id, 1).status_code == 303
    client = browser.client
    with client.application.app_context(), unit_of_work():
        organizer = make_account(role=Role.ORGANIZER).id
    sign_in(client, organizer)
    screening = browser.page(f"/ban-dieu-hanh/bai-viet/{entry_id}")
    assert "Chỗ có thể lộ danh tính" in screening
    assert "Đoạn 3: “0987 654 321”, là một số điện thoại" in screening
