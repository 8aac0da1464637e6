"""A forgotten password: the code from the desk or the operator, and the page on which it is used."""

import re
import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from sqlalchemy import select, text, update

from contest import cli
from contest.accounts import passwords, service
from contest.accounts.models import Account, RecoveryCode
from contest.accounts.rules import RECOVERY_GUESSES, Role, recovery_code
from contest.accounts.service.recovery import CodeIsOver
from contest.core import audit, clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from tests import pages
from tests.factories import PASSWORD, make_account, make_contest
from tests.signed_in import csrf_token, sign_in
from tests.statements import sent

NEW = "một câu dễ nhớ"
DESK = "/ban-dieu-hanh"


@pytest.fixture
def account(app):
    with app.app_context(), unit_of_work():
        make_contest()
        return make_account(phone="+84912345678", email="ha@example.vn", full_name="Nguyễn Thị Hà")


@pytest.fixture
def code(app, account):
    """A code as the operator gives it."""
    with app.app_context():
        code_hash = passwords.hashed("4071 9926")
        with unit_of_work():
            service.give_recovery_code(
                account_id=account.id, code_hash=code_hash, checked=(), actor_id=None, reason="thử"
            )
    return "4071 9926"


def _recover(client, code, *, identifier="0912 345 678", password=NEW, again=None):
    values = {"identifier": identifier, "code": code, "password": password, "again": again or password}
    return client.post("/dat-lai-mat-khau", data={"csrf_token": csrf_token(client), **values})


def _waits():
    """Whether somebody waits for a lock; on SQLite the second writer waits before it has read anything."""
    if db.session.get_bind().dialect.name != "postgresql":
        return True
    return db.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) > 0


def _may_sign_in(app, password):
    client = app.test_client()
    values = {"csrf_token": csrf_token(client), "identifier": "0912345678", "password": password}
    return client.post("/dang-nhap", data=values).status_code == 302


@pytest.mark.both_databases
def test_a_code_from_the_desk_sets_a_password_and_ends_every_session(app, client, account):
    with app.app_context(), unit_of_work():
        organizer = make_account(Role.ORGANIZER)
    old = app.test_client()
    sign_in(old, account)
    desk = app.test_client()
    sign_in(desk, organizer)
    page = pages.get(desk, f"{DESK}/nguoi-du-thi/{account.id}")
    person = pages.get(desk, page.link("Quên mật khẩu"))
    shown = person.submit("Cấp mã", checked=["full_name", "birth_date"], reason="Gọi từ số đã đăng ký")
    code = re.search(r"\d{4} \d{4}", shown.text)[0]
    assert shown.reply.headers["Cache-Control"] == "no-store"
    assert code not in pages.get(desk, person.url).text
    sign_in_page = pages.get(client, "/dang-nhap")
    form = pages.get(client, sign_in_page.link("Đặt lại mật khẩu bằng mã"))
    done = form.submit("Đặt mật khẩu mới", identifier="0912345678", code=code, password=NEW, again=NEW)
    assert "Đã đặt mật khẩu mới" in done.text
    assert client.get("/tai-khoan").status_code == 200
    assert old.get("/tai-khoan").status_code == 302
    assert _may_sign_in(app, NEW)
    assert not _may_sign_in(app, PASSWORD)
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action != "account.view").order_by(AuditRow.id)).all()
        given, used = rows
        assert (given.action, given.actor_id, given.reason) == (
            "account.give_code",
            organizer.id,
            "Gọi từ số đã đăng ký",
        )
        assert given.detail == {"checked": ["full_name", "birth_date"]}
        assert (used.action, used.subject) == ("account.recover", f"account:{account.id}")
        assert code.replace(" ", "") not in str([row.detail for row in rows])
        assert audit.verify() is None


@pytest.mark.parametrize("typed", ["40719926", "4071-9926", " 4071  9926 ", "４０７１９９２６"])
def test_a_code_is_read_however_it_is_typed(app, client, account, code, typed):
    assert recovery_code(typed) == code
    assert _recover(client, typed).status_code == 302


def test_a_code_is_used_once(app, client, account, code):
    assert _recover(client, code).status_code == 302
    stranger = app.test_client()
    assert _recover(stranger, code, password="câu của kẻ khác").status_code == 422
    assert _may_sign_in(app, NEW)


def test_a_code_ends_with_its_hour_and_is_then_forgotten(app, client, account, code):
    with app.app_context(), unit_of_work():
        db.session.execute(update(RecoveryCode).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert "hết hạn" in _recover(client, code).text
    with app.app_context(), unit_of_work():
        assert service.purge_codes() == 1


@pytest.mark.both_databases
def test_guesses_end_with_the_code_even_for_who_knows_it(app, client, account, code):
    for _ in range(RECOVERY_GUESSES):
        assert _recover(client, "0000 0000").status_code == 422
    assert _recover(client, code).status_code == 422
    assert _may_sign_in(app, PASSWORD)


@pytest.mark.both_databases
def test_guesses_at_the_same_moment_are_all_counted(app, account, code):
    gate = threading.Barrier(12)
    statuses = []

    def one(number):
        client = app.test_client()
        token = csrf_token(client)
        values = {"identifier": "ha@example.vn", "code": f"{number:08d}", "password": NEW, "again": NEW}
        gate.wait()
        statuses.append(client.post("/dat-lai-mat-khau", data={"csrf_token": token, **values}).status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {422, 429}
    with app.app_context():
        assert db.session.scalar(select(RecoveryCode.guesses_left)) == 0
        db.session.remove()


@pytest.mark.both_databases
def test_a_code_pressed_by_many_at_once_sets_one_password(app, account, code):
    gate = threading.Barrier(4)
    statuses = {}

    def one(number):
        client = app.test_client()
        values = {
            "identifier": "ha@example.vn",
            "code": code,
            "password": f"{NEW} {number}",
            "again": f"{NEW} {number}",
        }
        token = csrf_token(client)
        gate.wait()
        statuses[number] = client.post("/dat-lai-mat-khau", data={"csrf_token": token, **values}).status_code

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for number, status in statuses.items() if status == 302]
    assert len(winners) == 1
    assert set(statuses.values()) <= {302, 409, 422}
    assert _may_sign_in(app, f"{NEW} {winners[0]}")


@pytest.mark.both_databases
def test_a_code_used_while_the_desk_closes_the_account_waits_for_it(app, account, code):
    """Both take the account first, then its code; the other way round each would hold what the other waits for."""
    outcomes = []

    def use():
        with app.app_context():
            try:
                with unit_of_work():
                    service.recover(account_id=account.id, code_hash=code_hash, password_hash="new")
            except Refused as error:
                outcomes.append(error.happened)

    with app.app_context():
        code_hash = db.session.scalars(select(RecoveryCode.code_hash)).one()
        with unit_of_work():
            db.session.scalar(select(Account.id).where(Account.id == account.id).with_for_update())
            using = threading.Thread(target=use)
            using.start()
            while using.is_alive() and not _waits():
                using.join(0.02)
            service.disable(account_id=account.id, actor_id=None, reason="thử")
        using.join()
        assert outcomes == [CodeIsOver.happened]
        assert db.session.scalars(select(Account)).one().disabled_at


def test_an_unknown_account_and_one_without_a_code_answer_alike_at_equal_cost(app, client, account, monkeypatch):
    checks = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: checks.append(1) or verify(*args))
    csrf_token(client)
    with sent(app) as for_unknown:
        unknown = _recover(client, "4071 9926", identifier="0987 654 321")
    with sent(app) as for_known:
        without = _recover(client, "4071 9926")
    assert for_unknown == for_known
    assert len(checks) == 2
    assert unknown.status_code == without.status_code == 422
    said = 'id="code-error"'
    assert said in unknown.text
    assert said in without.text
    assert unknown.text.split(said)[1].split("</p>")[0] == without.text.split(said)[1].split("</p>")[0]


def test_a_weak_password_costs_no_guess_and_keeps_the_code(app, client, account, code):
    for _ in range(RECOVERY_GUESSES + 1):
        reply = _recover(client, code, password="nguyenthiha85")
        assert "gần như là tên" in reply.text
        assert "nguyenthiha85" not in reply.text
    assert _recover(client, code).status_code == 302


def test_a_code_of_an_account_that_was_disabled_is_over(app, client, account, code):
    with app.app_context(), unit_of_work():
        service.disable(account_id=account.id, actor_id=None, reason="thử")
    assert _recover(client, code).status_code == 422
    with app.app_context(), unit_of_work():
        service.enable(account_id=account.id, actor_id=None, reason="thử")
    assert _recover(client, code).status_code == 422


@pytest.mark.parametrize("checked", [[], ["birth_date"], ["birth_date", "birth_date"], ["birth_date", "unknown"]])
def test_the_desk_gives_no_code_before_two_data_were_checked(app, client, account, checked):
    with app.app_context(), unit_of_work():
        organizer = make_account(Role.ORGANIZER)
    sign_in(client, organizer)
    values = {"csrf_token": csrf_token(client), "reason": "thử", "checked": checked}
    reply = client.post(f"{DESK}/tai-khoan/{account.id}/ma-dat-lai", data=values)
    assert reply.status_code == 400
    assert "ít nhất 2 thông tin" in reply.text
    with app.app_context():
        assert db.session.scalar(select(RecoveryCode)) is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("actor", "subject", "status"),
    [
        (Role.ORGANIZER, Role.ENTRANT, 200),
        (Role.ORGANIZER, Role.JUDGE, 200),
        (Role.ORGANIZER, Role.ORGANIZER, 403),
        (Role.ORGANIZER, Role.ADMIN, 403),
        (Role.ADMIN, Role.ORGANIZER, 200),
        (Role.ADMIN, Role.ADMIN, 200),
        (Role.JUDGE, Role.ENTRANT, 403),
    ],
)
def test_nobody_opens_the_door_of_those_above_them(app, client, actor, subject, status):
    with app.app_context(), unit_of_work():
        make_contest()
        acting, other = make_account(actor), make_account(subject)
    sign_in(client, acting)
    values = {"csrf_token": csrf_token(client), "reason": "thử", "checked": ["full_name", "birth_date"]}
    assert client.post(f"{DESK}/tai-khoan/{other.id}/ma-dat-lai", data=values).status_code == status


@pytest.mark.both_databases
def test_the_operator_gives_a_code_by_command(app, client, account, monkeypatch):
    monkeypatch.setattr(cli, "_app", lambda: app)
    done = CliRunner().invoke(cli.main, ["account", "reset", "0912 345 678", "--reason", "Gọi điện"])
    assert done.exit_code == 0, done.output
    assert _recover(client, re.search(r"\d{4} \d{4}", done.output)[0]).status_code == 302
    with app.app_context():
        assert passwords.matches(db.session.get(Account, account.id).password_hash, NEW)
