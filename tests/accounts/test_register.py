"""Registering: what the contest asks, consent, guardians, duplicates and races, and strings that break other sites."""

import json
import os
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from contest.accounts import passwords
from contest.accounts.models import Account, Consent
from contest.core import clock
from contest.core.db import db, unit_of_work
from tests import pages
from tests.factories import make_account, make_contest, make_unit
from tests.fixtures.requirements import lacking
from tests.signed_in import csrf_token

ALL = ["birth_date", "sex", "occupation", "unit", "address", "workplace"]
BAD_INPUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "badinput" / "blns.json"


@pytest.fixture
def unit_id(app):
    with app.app_context(), unit_of_work():
        make_contest(identity_fields=ALL, organizer_name="Ban Tổ chức thử")
        return make_unit(name="Đảng bộ thử").id


def _filled(client, unit_id, **changed):
    values = {
        "csrf_token": csrf_token(client),
        "full_name": "  nguyễn   thị hà ",
        "phone": "0912 345 678",
        "email": "",
        "birth_date": "04/03/1985",
        "sex": "Nữ",
        "occupation": "Hưu trí",
        "unit": str(unit_id),
        "address": "Số 1, phố Thử",
        "workplace": "",
        "password": "mật khẩu dài",
        "consent": "y",
    }
    return values | changed


def _only_account():
    return db.session.scalars(select(Account)).one()


@pytest.mark.both_databases
def test_a_person_registers_and_is_signed_in_with_consent_kept(app, client, unit_id):
    reply = client.post("/dang-ky", data=_filled(client, unit_id))
    assert reply.status_code == 302
    assert reply.location == "/"
    with app.app_context():
        account = _only_account()
        assert (account.full_name, account.phone, account.name_folded) == (
            "Nguyễn Thị Hà",
            "+84912345678",
            "nguyen thi ha",
        )
        assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        consent = db.session.scalars(select(Consent)).one()
        assert "Ban Tổ chức thử (đơn vị kiểm soát dữ liệu)" in consent.text
        assert len(consent.text_digest) == 64
    assert "Bài của tôi" in client.get("/").text


def test_consent_is_never_ticked_before_and_never_assumed(client, unit_id):
    page = client.get("/dang-ky").text
    assert 'name="consent"' in page
    assert "checked" not in page
    values = _filled(client, unit_id)
    del values["consent"]
    reply = client.post("/dang-ky", data=values)
    assert reply.status_code == 422
    assert "Cần có sự đồng ý của bạn" in reply.text


def test_mistakes_keep_everything_typed_but_the_password(client, unit_id):
    reply = client.post("/dang-ky", data=_filled(client, unit_id, birth_date="31/02/1985", address="Ngõ <b>9</b>"))
    assert reply.status_code == 422
    assert "Ngày sinh ghi theo ngày/tháng/năm" in reply.text
    for kept in ("nguyễn thị hà", "0912 345 678", "31/02/1985", "Ngõ &lt;b&gt;9&lt;/b&gt;"):
        assert kept in reply.text
    assert "mật khẩu dài" not in reply.text


@pytest.mark.parametrize("typed", ["04031985", "4 3 1985", "4/3/85", "4-3-1985"])
def test_a_birth_date_is_read_as_people_write_it(app, client, unit_id, typed):
    assert client.post("/dang-ky", data=_filled(client, unit_id, birth_date=typed)).status_code == 302
    with app.app_context():
        assert _only_account().birth_date == date(1985, 3, 4)


def test_a_birth_date_is_shown_again_as_it_was_read(client, unit_id):
    reply = client.post("/dang-ky", data=_filled(client, unit_id, birth_date="4/3/85", address=""))
    assert 'value="04/03/1985"' in reply.text
    young = client.post("/dang-ky", data=_filled(client, unit_id, birth_date=f"4/3/{clock.now().year % 100 - 1}"))
    assert "ghi năm sinh đủ bốn chữ số" in young.text


def test_a_name_put_right_is_told_and_may_be_changed_back(app, client, unit_id):
    reply = client.post("/dang-ky", data=_filled(client, unit_id, full_name="nguyễn THỊ lan"), follow_redirects=True)
    assert "Họ tên được ghi là Nguyễn Thị Lan" in reply.text
    form = client.get("/tai-khoan/thong-tin")
    assert 'value="Nguyễn Thị Lan"' in form.text
    values = _filled(client, unit_id, full_name="Nguyễn THỊ Lan")
    assert client.post("/tai-khoan/thong-tin", data=values).status_code == 302
    with app.app_context():
        assert _only_account().full_name == "Nguyễn THỊ Lan"


@pytest.mark.parametrize(
    ("full_name", "sentence"),
    [
        ("Nguyễn Thị L\u0430n", "của bảng chữ cái khác"),
        ("Nguyễn Thị\u200b Lan", "không nhìn thấy được"),
        ("Nguyễn Thị\x07 Lan", "không nhìn thấy được"),
    ],
)
@pytest.mark.parametrize("field", ["full_name", "guardian_name"])
def test_a_name_in_other_letters_or_unseen_signs_is_refused(client, unit_id, field, full_name, sentence):
    child = {"birth_date": f"01/01/{clock.now().year - 15}", "guardian_name": "Trần Văn Ba"}
    values = _filled(client, unit_id, **child | {field: full_name}, guardian_phone="0987654321", guardian_consent="y")
    reply = client.post("/dang-ky", data=values)
    assert reply.status_code == 422
    assert sentence in reply.text


@pytest.mark.parametrize("password", ["12345678", "aaaaaaaa", " " * 9, "0912345678", "nguyenthiha", "04031985"])
def test_a_password_that_strangers_try_first_opens_no_account(app, client, unit_id, password):
    reply = client.post("/dang-ky", data=_filled(client, unit_id, password=password))
    assert reply.status_code == 422
    assert 'id="password-error"' in reply.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_right_password_waits_while_the_rest_is_mended(app, client, unit_id):
    refused = client.post("/dang-ky", data=_filled(client, unit_id, birth_date="31/02/1985"))
    assert "vẫn được giữ" in refused.text
    assert "trừ mật khẩu" not in refused.text
    again = client.post("/dang-ky", data=_filled(client, unit_id, password="", address=""))
    assert again.status_code == 422
    assert "vẫn được giữ" in again.text
    for reply in (refused, again):
        assert "mật khẩu dài" not in reply.text
        assert "argon2" not in reply.text + str(reply.headers)
    assert client.post("/dang-ky", data=_filled(client, unit_id, password="")).status_code == 302
    with app.app_context():
        assert passwords.matches(_only_account().password_hash, "mật khẩu dài")


def test_a_password_waits_for_its_own_browser_and_once(app, client, unit_id):
    client.post("/dang-ky", data=_filled(client, unit_id, birth_date="31/02/1985"))
    other = app.test_client()
    assert "Bạn đặt một mật khẩu" in other.post("/dang-ky", data=_filled(other, unit_id, password="")).text
    assert client.post("/dang-ky", data=_filled(client, unit_id, password="")).status_code == 302
    client.delete_cookie("kv")
    assert "Bạn đặt một mật khẩu" in client.post("/dang-ky", data=_filled(client, unit_id, password="")).text


def test_another_password_takes_the_place_of_the_one_that_waits(app, client, unit_id):
    client.post("/dang-ky", data=_filled(client, unit_id, birth_date="31/02/1985"))
    assert client.post("/dang-ky", data=_filled(client, unit_id, password="một câu khác hẳn")).status_code == 302
    with app.app_context():
        assert passwords.matches(_only_account().password_hash, "một câu khác hẳn")


def test_without_redis_the_password_is_asked_for_again(config, make_app):
    app = make_app(replace(config, redis_url="redis://127.0.0.1:1"))
    with app.app_context(), unit_of_work():
        make_contest(identity_fields=["sex"])
    client = app.test_client()
    values = {"full_name": "Nguyễn Thị Hà", "phone": "0912345678", "password": "mật khẩu dài", "consent": "y"}
    refused = client.post("/dang-ky", data={"csrf_token": csrf_token(client), **values})
    assert refused.status_code == 422
    assert "trừ mật khẩu" in refused.text
    assert "vẫn được giữ" not in refused.text
    values |= {"sex": "Nữ", "password": ""}
    assert "Bạn đặt một mật khẩu" in client.post("/dang-ky", data={"csrf_token": csrf_token(client), **values}).text
    values |= {"password": "mật khẩu dài"}
    assert client.post("/dang-ky", data={"csrf_token": csrf_token(client), **values}).status_code == 302


def test_a_password_that_waits_is_held_against_the_number_typed_since(client, unit_id):
    values = _filled(client, unit_id, phone="", email="", password="0986754312")
    assert "vẫn được giữ" in client.post("/dang-ky", data=values).text
    reply = client.post("/dang-ky", data=_filled(client, unit_id, phone="0986 754 312", password=""))
    assert reply.status_code == 422
    assert "gần như là tên, số điện thoại" in reply.text


@pytest.mark.parametrize("path", ["/thi-trac-nghiem", "/thi-viet", "/thi-anh"])
def test_who_registers_from_a_track_comes_back_to_it(client, unit_id, path):
    page = pages.get(client, path)
    for words in ("Đăng ký dự thi", "Đăng nhập"):
        assert f"next={page.url}" in page.link(words)
    form = pages.get(client, page.link("Đăng ký dự thi"))
    filled = _filled(client, unit_id, consent="y")
    del filled["csrf_token"]
    assert form.submit("Đăng ký", **filled).url == page.url


def test_fields_that_the_contest_does_not_ask_are_not_there(app, client):
    with app.app_context(), unit_of_work():
        make_contest(identity_fields=["sex"])
    page = client.get("/dang-ky").text
    assert 'name="sex"' in page
    for absent in ("birth_date", "occupation", "unit", "address", "workplace", "guardian_name"):
        assert f'name="{absent}"' not in page


def test_a_child_needs_a_guardian_and_a_guardians_consent(app, client, unit_id):
    born = f"01/01/{clock.now().year - 15}"
    assert "<details" in client.get("/dang-ky").text
    refused = client.post("/dang-ky", data=_filled(client, unit_id, birth_date=born))
    assert refused.status_code == 422
    box = refused.text.split("data-guardian=", 1)[1].split("</details>", 1)[0]
    assert " open>" in box.split("<summary>", 1)[0] + ">"
    assert "không bắt buộc" not in box
    for words in ("cần họ tên của người giám hộ", "số điện thoại của người giám hộ", "sự đồng ý của người giám hộ"):
        assert words in refused.text
    guardian = {"guardian_name": "Trần Văn Ba", "guardian_phone": "0987654321", "guardian_consent": "y"}
    assert client.post("/dang-ky", data=_filled(client, unit_id, birth_date=born, **guardian)).status_code == 302
    with app.app_context():
        assert _only_account().guardian_phone == "+84987654321"
        assert db.session.scalars(select(Consent.by_guardian).order_by(Consent.id)).all() == [False, True]


def test_the_too_young_are_told_from_which_age(client, unit_id):
    reply = client.post("/dang-ky", data=_filled(client, unit_id, birth_date=f"01/01/{clock.now().year - 10}"))
    assert "từ đủ 14 tuổi" in reply.text


def test_a_phone_that_has_an_account_is_sent_to_sign_in(app, client, unit_id):
    with app.app_context(), unit_of_work():
        make_account(phone="+84912345678")
    reply = client.post("/dang-ky", data=_filled(client, unit_id))
    assert reply.status_code == 422
    assert "đã được đăng ký" in reply.text
    assert "Đến trang đăng nhập" in reply.text
    assert "gọi Ban Tổ chức theo số ở cuối trang để lấy lại số" in reply.text


@pytest.mark.both_databases
def test_a_race_for_one_phone_opens_one_account_and_no_5xx(app, unit_id):
    gate = threading.Barrier(6)
    statuses = []

    def one():
        client = app.test_client()
        values = _filled(client, unit_id)
        gate.wait()
        statuses.append(client.post("/dang-ky", data=values).status_code)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302] + [422] * 5
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1
        db.session.remove()


def _bad_strings():
    if not BAD_INPUT.exists():
        return []
    return [text for text in json.loads(BAD_INPUT.read_text(encoding="utf-8")) if text.strip()]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "field", ["full_name", "phone", "email", "birth_date", "sex", "occupation", "unit", "address", "workplace"]
)
def test_naughty_strings_are_kept_exactly_or_refused_with_a_reason(app, client, unit_id, field):
    strings = _bad_strings()
    if not strings:
        lacking("badinput", "the strings of bad input are not on this machine")
    stepping = 1 if os.environ.get("KV_ALL_BAD_INPUT") else 6
    for number, text in enumerate(strings[::stepping]):
        extra = {"phone": f"09123{number:05d}", field: text}
        reply = client.post("/dang-ky", data=_filled(client, unit_id, **extra))
        assert reply.status_code in (302, 422), (field, text, reply.status_code)
        if any(sign in text for sign in "<>") and str(escape(text)) != text:
            assert text not in reply.text, text
        if reply.status_code == 302:
            assert client.get("/tai-khoan").status_code == 200
            client.delete_cookie("kv")
