"""Signing in and out, sessions and their end, what strangers learn, and texts that a lost session must not eat."""

import threading
from datetime import timedelta

import flask
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from contest.accounts import access, passwords, service
from contest.accounts.models import Account, AccountSession
from contest.accounts.rules import FAILURES_ALLOWED, Role, is_local_path
from contest.core.db import db, single_statement, unit_of_work
from tests.factories import PASSWORD, make_account, make_contest
from tests.signed_in import csrf_token, sign_in
from tests.statements import sent


@pytest.fixture
def account(app):
    with app.app_context(), unit_of_work():
        make_contest()
        return make_account(phone="+84912345678", email="ha@example.vn")


def _sign_in(client, identifier="0912 345 678", password=PASSWORD, **more):
    return client.post(
        "/dang-nhap",
        data={"csrf_token": csrf_token(client), "identifier": identifier, "password": password, **more},
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("identifier", ["0912345678", "+84 912 345 678", "0912.345.678", "HA@example.VN"])
def test_phone_or_e_mail_in_any_spelling_signs_in(client, account, identifier):
    assert _sign_in(client, identifier).status_code == 302
    assert "Bài của tôi" in client.get("/").text


def test_unknown_account_and_wrong_password_answer_alike_at_equal_cost(client, account, monkeypatch):
    checks = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: checks.append(1) or verify(*args))
    wrong = _sign_in(client, password="không phải mật khẩu")
    cost = len(checks)
    unknown = _sign_in(client, identifier="0987 654 321")
    assert len(checks) - cost == cost == 1
    assert wrong.status_code == unknown.status_code == 422
    words = "Số điện thoại, thư điện tử hoặc mật khẩu chưa đúng"
    assert words in wrong.text
    assert words in unknown.text


def test_a_disabled_account_does_not_sign_in(app, client, account):
    with app.app_context(), unit_of_work() as session:
        session.get(Account, account.id).disabled_at = account.created_at
    assert _sign_in(client).status_code == 422


@pytest.mark.both_databases
@pytest.mark.parametrize("gone", ["deleted", "disabled"])
def test_account_that_goes_while_its_password_is_checked_is_not_signed_in(app, account, gone):
    with app.test_request_context("/dang-nhap", method="POST"):
        with unit_of_work() as session:
            row = session.get(Account, account.id)
            if gone == "deleted":
                session.delete(row)
            else:
                row.disabled_at = account.created_at
        with single_statement():
            assert not access.begin_session(account.id, device="", lasting=timedelta(days=1))
        assert access.SESSION_TOKEN not in flask.session
        assert db.session.scalar(select(func.count()).select_from(AccountSession)) == 0


@pytest.mark.both_databases
def test_a_sign_in_asks_the_database_twice_and_opens_no_transaction(app, client, account):
    token = csrf_token(client)
    with sent(app) as statements:
        reply = client.post("/dang-nhap", data={"csrf_token": token, "identifier": "0912345678", "password": PASSWORD})
    assert reply.status_code == 302
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT"]


def test_guessing_ends_but_another_account_at_the_same_address_signs_in(app, client, account):
    with app.app_context(), unit_of_work():
        make_account(phone="+84987654321")
    for _ in range(FAILURES_ALLOWED):
        assert _sign_in(client, password="sai hẳn rồi").status_code == 422
    assert _sign_in(client).status_code == 429
    assert _sign_in(client, identifier="0987654321").status_code == 302


def test_more_checks_than_the_machine_bears_are_told_to_wait(app, client, account, monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0)
    reply = _sign_in(client)
    assert reply.status_code == 429
    assert "Đang có nhiều người đăng nhập" in reply.text
    assert reply.headers["Retry-After"] == "10"
    assert 'value="0912 345 678"' in reply.text


def test_who_is_told_to_wait_keeps_the_text_of_an_ended_session(client, account, monkeypatch):
    with monkeypatch.context() as crowded:
        crowded.setattr(passwords, "PATIENCE", 0)
        told = _sign_in(client, **{"next": "/tai-khoan/thong-tin", "parked-full_name": "Tên đã gõ"})
    assert told.status_code == 429
    assert 'name="parked-full_name" value="Tên đã gõ"' in told.text
    assert 'name="next" value="/tai-khoan/thong-tin"' in told.text


def test_a_hash_of_old_parameters_is_renewed_at_sign_in(app, client, account):
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with app.app_context(), unit_of_work() as session:
        session.get(Account, account.id).password_hash = old
    assert _sign_in(client).status_code == 302
    with app.app_context():
        assert "m=19456,t=2,p=1" in db.session.get(Account, account.id).password_hash


@pytest.mark.parametrize(
    "target",
    ["https://xau.example/", "//xau.example", "/\\xau.example", "javascript:alert(1)", "/\t/xau.example", "xau"],
)
def test_next_never_leads_elsewhere(client, account, target):
    assert not is_local_path(target)
    assert _sign_in(client, next=target).location == "/"


def test_next_leads_back_within_the_site(client, account):
    assert _sign_in(client, next="/tai-khoan/phien?x=1").location == "/tai-khoan/phien?x=1"


def test_a_guarded_page_asks_to_sign_in_and_comes_back(client, account):
    reply = client.get("/tai-khoan/mat-khau")
    assert reply.status_code == 302
    assert reply.location == "/dang-nhap?next=/tai-khoan/mat-khau"


@pytest.mark.both_databases
def test_a_revoked_session_ends_at_once(app, client, account):
    row = sign_in(client, account)
    assert client.get("/tai-khoan").status_code == 200
    with app.app_context(), unit_of_work():
        service.revoke_session(account_id=account.id, session_id=row.id)
    assert client.get("/tai-khoan").status_code == 302


def test_one_device_signs_the_others_out_and_stays(app, client, account):
    other = app.test_client()
    sign_in(other, account)
    sign_in(client, account)
    assert "Đăng xuất mọi thiết bị khác" in client.get("/tai-khoan/phien").text
    client.post("/tai-khoan/phien/thu-hoi-cac-phien-khac", data={"csrf_token": csrf_token(client)})
    assert other.get("/tai-khoan").status_code == 302
    assert client.get("/tai-khoan").status_code == 200


def test_nobody_ends_somebody_elses_session(app, client, account):
    with app.app_context(), unit_of_work():
        stranger = make_account()
    other = app.test_client()
    theirs = sign_in(other, stranger)
    sign_in(client, account)
    reply = client.post(f"/tai-khoan/phien/{theirs.id}/thu-hoi", data={"csrf_token": csrf_token(client)})
    assert reply.status_code == 404
    assert other.get("/tai-khoan").status_code == 200


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999"])
def test_a_session_number_that_cannot_be_is_not_found(client, account, number):
    sign_in(client, account)
    reply = client.post(f"/tai-khoan/phien/{number}/thu-hoi", data={"csrf_token": csrf_token(client)})
    assert reply.status_code == 404


def test_signing_out_ends_the_session_in_the_table_too(app, client, account):
    sign_in(client, account)
    cookie = client.get_cookie("kv").value
    assert client.post("/dang-xuat", data={"csrf_token": csrf_token(client)}).status_code == 302
    thief = app.test_client()
    thief.set_cookie("kv", cookie)
    assert thief.get("/tai-khoan").status_code == 302


def test_a_new_password_ends_other_sessions_and_works(app, client, account):
    other = app.test_client()
    sign_in(other, account)
    sign_in(client, account)
    values = {"present": PASSWORD, "password": "mật khẩu mới 9", "again": "mật khẩu mới 9"}
    assert client.post("/tai-khoan/mat-khau", data={"csrf_token": csrf_token(client), **values}).status_code == 302
    assert other.get("/tai-khoan").status_code == 302
    assert client.get("/tai-khoan").status_code == 200
    assert _sign_in(other, password=PASSWORD).status_code == 422
    assert _sign_in(other, password="mật khẩu mới 9").status_code == 302


@pytest.mark.both_databases
@pytest.mark.parametrize("act", ["mat-khau", "phien/thu-hoi-cac-phien-khac"])
def test_a_copied_cookie_ends_with_a_new_password_and_with_signing_the_others_out(app, client, account, act):
    assert _sign_in(client).status_code == 302
    thief = app.test_client()
    thief.set_cookie("kv", client.get_cookie("kv").value)
    assert thief.get("/tai-khoan").status_code == 200
    values = {"present": PASSWORD, "password": "mật khẩu mới 9", "again": "mật khẩu mới 9"}
    assert client.post(f"/tai-khoan/{act}", data={"csrf_token": csrf_token(client), **values}).status_code == 302
    assert thief.get("/tai-khoan").status_code == 302
    assert client.get("/tai-khoan").status_code == 200
    assert client.post("/dang-xuat", data={"csrf_token": csrf_token(client)}).location == "/"


@pytest.mark.both_databases
def test_a_password_that_changes_while_it_is_checked_signs_nobody_in(app, account):
    with app.test_request_context("/dang-nhap", method="POST"):
        with unit_of_work():
            old = db.session.get(Account, account.id).password_hash
            service.change_password(account_id=account.id, password_hash="x" * 9, keep_session_id=None)
        with single_statement():
            assert not access.begin_session(account.id, device="", lasting=timedelta(days=1), password_hash=old)
        assert access.SESSION_TOKEN not in flask.session
        with single_statement():
            assert access.begin_session(account.id, device="", lasting=timedelta(days=1), password_hash="x" * 9)


@pytest.mark.both_databases
def test_sign_ins_at_the_moment_of_a_new_password_leave_no_session_of_the_old_one(app, account):
    with app.app_context():
        old = db.session.get(Account, account.id).password_hash
        db.session.remove()
    gate = threading.Barrier(5)

    def signs_in():
        with app.test_request_context("/dang-nhap", method="POST"):
            gate.wait()
            with single_statement():
                access.begin_session(account.id, device="", lasting=timedelta(days=1), password_hash=old)
            db.session.remove()

    def changes():
        with app.app_context():
            gate.wait()
            with unit_of_work():
                service.change_password(account_id=account.id, password_hash="x" * 9, keep_session_id=None)
            db.session.remove()

    threads = [threading.Thread(target=work) for work in (*[signs_in] * 4, changes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        live = select(func.count()).select_from(AccountSession).where(AccountSession.revoked_at.is_(None))
        assert db.session.scalar(live) == 0
        db.session.remove()


def test_a_new_password_needs_the_present_one(client, account):
    sign_in(client, account)
    values = {"present": "không nhớ", "password": "mật khẩu mới 9", "again": "mật khẩu mới 9"}
    reply = client.post("/tai-khoan/mat-khau", data={"csrf_token": csrf_token(client), **values})
    assert reply.status_code == 422
    assert "Mật khẩu hiện tại chưa đúng" in reply.text


def test_a_post_after_the_session_ended_shows_its_text_again_after_sign_in(app, client, account):
    row = sign_in(client, account)
    token = csrf_token(client)
    with app.app_context(), unit_of_work():
        service.revoke_session(account_id=account.id, session_id=row.id)
    refused = client.post("/tai-khoan/thong-tin", data={"csrf_token": token, "full_name": "Tên <đã> gõ"})
    assert refused.status_code == 401
    assert 'name="parked-full_name" value="Tên &lt;đã&gt; gõ"' in refused.text
    parked = {"next": "/tai-khoan/thong-tin", "parked-full_name": "Tên <đã> gõ"}
    again = _sign_in(client, password="sai", **parked)
    assert 'value="Tên &lt;đã&gt; gõ"' in again.text
    shown = _sign_in(client, **parked)
    assert shown.status_code == 200
    assert "Gửi lại nội dung vừa nhập" in shown.text
    assert 'action="/tai-khoan/thong-tin"' in shown.text
    assert 'name="full_name" value="Tên &lt;đã&gt; gõ"' in shown.text
    fresh = shown.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = client.post("/tai-khoan/thong-tin", data={"csrf_token": fresh, "full_name": "Tên Mới"})
    assert sent.status_code == 302


@pytest.fixture
def second_tab(client, account):
    """The token of a page that was opened before this browser signed in."""
    stale = csrf_token(client)
    assert _sign_in(client).status_code == 302
    return stale


@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-ky"])
def test_a_second_tab_that_signs_in_is_told_that_it_is_done(client, second_tab, path):
    values = {"csrf_token": second_tab, "identifier": "0912 345 678", "password": PASSWORD, "next": "/tai-khoan"}
    reply = client.post(path, data=values, follow_redirects=True)
    assert reply.request.path == "/tai-khoan"
    assert "Bạn đã đăng nhập từ trước" in reply.text


def test_a_second_tab_that_signs_in_shows_the_text_of_an_ended_session(client, second_tab):
    values = {"csrf_token": second_tab, "next": "/tai-khoan/thong-tin", "parked-full_name": "Tên <đã> gõ"}
    reply = client.post("/dang-nhap", data=values)
    assert reply.status_code == 200
    assert 'action="/tai-khoan/thong-tin"' in reply.text
    assert 'name="full_name" value="Tên &lt;đã&gt; gõ"' in reply.text


@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-ky", "/dang-xuat"])
def test_a_stale_form_of_another_site_is_refused_as_before(client, second_tab, path):
    heads = {"Sec-Fetch-Site": "cross-site", "Origin": "https://xau.example"}
    values = {"csrf_token": second_tab, "parked-full_name": "Tên kẻ khác"}
    reply = client.post(path, data=values, headers=heads)
    assert reply.status_code == 400
    assert "Tên kẻ khác" not in reply.text
    assert client.get("/tai-khoan").status_code == 200


def test_a_second_tab_that_signs_out_is_told_that_it_is_done(client, account):
    assert _sign_in(client).status_code == 302
    stale = csrf_token(client)
    client.post("/dang-xuat", data={"csrf_token": stale})
    reply = client.post("/dang-xuat", data={"csrf_token": stale}, follow_redirects=True)
    assert reply.status_code == 200
    assert "Bạn đã đăng xuất" in reply.text


def test_a_stale_press_signs_nobody_out(client, second_tab):
    assert client.post("/dang-xuat", data={"csrf_token": second_tab}).status_code == 400
    assert client.get("/tai-khoan").status_code == 200


def test_a_stale_sign_in_of_a_stranger_is_shown_again(client, account):
    client.get("/dang-nhap")
    reply = client.post("/dang-nhap", data={"csrf_token": "cũ", "identifier": "0912 345 678", "password": PASSWORD})
    assert reply.status_code == 400
    assert "0912 345 678" in reply.text
    assert PASSWORD not in reply.text


@pytest.mark.both_databases
def test_only_a_person_without_entries_deletes_the_account(app, client, account):
    sign_in(client, account)
    values = {"csrf_token": csrf_token(client), "present": PASSWORD, "sure": "y"}
    assert client.post("/tai-khoan/xoa", data=values).status_code == 302
    with app.app_context():
        assert db.session.get(Account, account.id) is None


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ORGANIZER, Role.ADMIN])
def test_staff_do_not_delete_themselves(app, client, role):
    with app.app_context(), unit_of_work():
        make_contest()
        account = make_account(role=role)
    sign_in(client, account)
    reply = client.post("/tai-khoan/xoa", data={"csrf_token": csrf_token(client), "present": PASSWORD, "sure": "y"})
    assert reply.status_code == 409
    assert client.get("/bai-cua-toi").status_code == 403
