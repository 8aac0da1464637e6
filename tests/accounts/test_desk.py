"""What the desk and the operator do with an account: signing out, disabling, roles, consent; each on the record, none upon those above."""

import threading

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from contest import cli
from contest.accounts import service as desk
from contest.accounts.models import Account, Consent
from contest.accounts.rules import Role
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from tests import pages
from tests.factories import make_account, make_contest
from tests.signed_in import csrf_token, sign_in

DESK = "/ban-dieu-hanh"


@pytest.fixture
def made(app):
    """The ids of one account a role."""
    with app.app_context(), unit_of_work():
        make_contest()
        people = {role: make_account(role).id for role in Role}
        db.session.add(
            Consent(
                account_id=people[Role.ENTRANT],
                purpose="participation",
                text="…",
                text_digest="0" * 64,
                given_at=clock.now(),
            )
        )
        return people


def _acts(app):
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action != "account.view").order_by(AuditRow.id))
        return [(row.action, row.actor_id, row.subject, row.reason) for row in rows]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("button", "action", "disabled"),
    [
        ("Đăng xuất khỏi mọi thiết bị", "account.end_sessions", False),
        ("Khóa tài khoản", "account.disable", True),
        ("Ghi rút lại đồng ý", "account.withdraw_consent", True),
    ],
)
def test_each_act_ends_the_persons_sessions_and_is_on_the_record(app, client, made, button, action, disabled):
    theirs = app.test_client()
    sign_in(theirs, made[Role.ENTRANT])
    sign_in(client, made[Role.ORGANIZER])
    address = f"{DESK}/tai-khoan/{made[Role.ENTRANT]}"
    page = pages.get(client, address).submit(button, reason="Người này gọi đến")
    assert theirs.get("/tai-khoan").status_code == 302
    assert _acts(app) == [(action, made[Role.ORGANIZER], f"account:{made[Role.ENTRANT]}", "Người này gọi đến")]
    assert ("Mở khóa tài khoản" in page.text) is disabled
    with app.app_context():
        assert bool(db.session.get(Account, made[Role.ENTRANT]).disabled_at) is disabled
        withdrawn = db.session.scalar(select(Consent.withdrawn_at))
        assert bool(withdrawn) is (action == "account.withdraw_consent")


@pytest.mark.both_databases
def test_an_account_opened_again_has_its_consent_again(app, client, made):
    sign_in(client, made[Role.ORGANIZER])
    page = pages.get(client, f"{DESK}/tai-khoan/{made[Role.ENTRANT]}")
    page = page.submit("Ghi rút lại đồng ý", reason="Gọi đến")
    assert "đã rút lại ngày" in client.get(f"{DESK}/nguoi-du-thi/{made[Role.ENTRANT]}").text
    page = page.submit("Mở khóa", reason="Gọi lại, đồng ý lại")
    with app.app_context():
        assert db.session.get(Account, made[Role.ENTRANT]).disabled_at is None
        assert db.session.scalar(select(Consent.withdrawn_at)) is None


@pytest.mark.both_databases
@pytest.mark.parametrize("email", ["ha@example.vn", None])
def test_a_released_phone_is_free_for_its_owner_and_both_are_told(app, client, made, email):
    with app.app_context(), unit_of_work():
        taker = make_account(phone="+84912345678", email=email)
    theirs = app.test_client()
    sign_in(theirs, taker)
    sign_in(client, made[Role.ORGANIZER])
    page = pages.get(client, f"{DESK}/tai-khoan/{taker.id}").submit("Thu hồi số", reason="Chủ số mang sim đến")
    assert "Bạn báo cho cả hai người" in page.text
    for path in (f"tai-khoan/{taker.id}", f"nguoi-du-thi/{taker.id}", "nguoi-du-thi"):
        assert "invalid" not in client.get(f"{DESK}/{path}").text
    assert theirs.get("/tai-khoan").status_code == 302
    with app.app_context(), unit_of_work():
        kept = db.session.get(Account, taker.id)
        assert kept.phone is None
        assert bool(kept.disabled_at) is (email is None)
        make_account(phone="+84912345678")
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "account.release_phone")).one()
        assert row.detail == {"ending": "678", "disabled": email is None}
    if email:
        sign_in(theirs, taker)
        assert "thu hồi số điện thoại" in theirs.get("/tai-khoan").text


@pytest.mark.both_databases
def test_two_who_release_one_phone_release_it_once(app, made):
    with app.app_context(), unit_of_work():
        taker = make_account(phone="+84912345678").id
    gate = threading.Barrier(4)
    done = []

    def one():
        with app.app_context():
            gate.wait()
            with unit_of_work():
                done.append(desk.release_phone(account_id=taker, actor_id=made[Role.ADMIN], reason="thử"))
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    assert [action for action, *_ in _acts(app)] == ["account.release_phone"]


@pytest.mark.both_databases
def test_two_admins_who_disable_each_other_leave_one(app, made):
    with app.app_context(), unit_of_work():
        pair = (made[Role.ADMIN], make_account(Role.ADMIN).id)
    gate = threading.Barrier(2)
    statuses = []

    def one(actor, other):
        client = app.test_client()
        sign_in(client, actor)
        values = {"csrf_token": csrf_token(client), "reason": "thử"}
        gate.wait()
        statuses.append(client.post(f"{DESK}/tai-khoan/{other}/khoa", data=values).status_code)

    threads = [threading.Thread(target=one, args=who) for who in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Who came second is refused, or was signed out before the press arrived.
    assert statuses.count(302) >= 1
    assert set(statuses) <= {302, 401, 403, 409}
    assert [action for action, *_ in _acts(app)] == ["account.disable"]


@pytest.mark.both_databases
def test_an_admin_changes_a_role_and_the_person_signs_in_anew(app, client, made):
    theirs = app.test_client()
    sign_in(theirs, made[Role.JUDGE])
    sign_in(client, made[Role.ADMIN])
    people = pages.get(client, f"{DESK}/can-bo")
    assert f"{DESK}/tai-khoan/{made[Role.JUDGE]}" in people.links
    page = pages.get(client, f"{DESK}/tai-khoan/{made[Role.JUDGE]}").submit(
        "Đổi vai trò", role="organizer", reason="Quyết định số 1"
    )
    assert "Ban Tổ chức" in page.text
    assert theirs.get("/tai-khoan").status_code == 302
    assert _acts(app)[-1][0] == "account.set_role"


@pytest.mark.parametrize("act", ["dang-xuat", "khoa", "mo-khoa", "rut-dong-y", "thu-hoi-so", "vai-tro"])
@pytest.mark.parametrize("subject", [Role.ORGANIZER, Role.ADMIN])
def test_an_organiser_does_nothing_to_organisers_and_admins(app, client, made, act, subject):
    with app.app_context(), unit_of_work():
        other = make_account(subject)
    sign_in(client, made[Role.ORGANIZER])
    values = {"csrf_token": csrf_token(client), "reason": "thử", "role": "entrant"}
    assert client.post(f"{DESK}/tai-khoan/{other.id}/{act}", data=values).status_code == 403
    assert _acts(app) == []


@pytest.mark.parametrize("act", ["dang-xuat", "khoa", "rut-dong-y", "thu-hoi-so", "vai-tro"])
def test_nobody_does_it_to_themselves_and_an_act_needs_its_reason(app, client, made, act):
    sign_in(client, made[Role.ADMIN])
    own, other = (f"{DESK}/tai-khoan/{made[role]}/{act}" for role in (Role.ADMIN, Role.ENTRANT))
    values = {"csrf_token": csrf_token(client), "role": "entrant"}
    assert client.post(own, data={**values, "reason": "thử"}).status_code == 409
    assert client.post(other, data=values).status_code == 400
    assert _acts(app) == []


@pytest.fixture
def run(app, monkeypatch):
    """Runs a command about accounts on this test's application."""
    monkeypatch.setattr(cli, "_app", lambda: app)
    return lambda *words: CliRunner().invoke(cli.main, ["account", *words])


@pytest.mark.both_databases
def test_the_operators_commands_do_the_same_and_say_so(app, run, made):
    with app.app_context():
        email = db.session.get(Account, made[Role.JUDGE]).email
    for words, said in (
        (("disable", email), "is disabled"),
        (("disable", email), "was disabled already"),
        (("enable", email.upper()), "may be used again"),
        (("enable", email), "was not disabled"),
        (("role", email, "organizer"), "is organizer now"),
        (("role", email, "organizer"), "is organizer already"),
        (("reset", email), "used once"),
    ):
        done = run(*words, "--reason", "Quyết định số 1")
        assert done.exit_code == 0, done.output
        assert said in done.output
    assert [action for action, *_ in _acts(app)] == [
        "account.disable",
        "account.enable",
        "account.set_role",
        "account.give_code",
    ]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("disable", "ai@example.vn", "--reason", "thử"), 1),
        (("reset", "0987654321", "--reason", "thử"), 1),
        (("role", "ai@example.vn", "judge", "--reason", "  "), 1),
        (("disable", "ai@example.vn"), 2),
        (("role", "ai@example.vn", "king", "--reason", "thử"), 2),
        (("reset",), 2),
    ],
)
def test_a_command_that_cannot_be_ends_with_the_status_of_its_fault(run, made, words, status):
    assert run(*words).exit_code == status


@pytest.mark.parametrize("words", [("disable",), ("role", "judge")])
def test_the_last_admin_stays(app, run, made, words):
    with app.app_context():
        email = db.session.get(Account, made[Role.ADMIN]).email
    done = run(words[0], email, *words[1:], "--reason", "thử")
    assert done.exit_code == 1
    assert "cuối cùng" in done.output
