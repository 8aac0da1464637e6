"""Limits on guesses: counted before they are looked at, with Redis and without, and nobody shut out by a stranger."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from flask import Flask
from redis import Redis

from contest.accounts import throttle
from contest.accounts.models import Account
from contest.accounts.rules import FAILURES_ALLOWED
from contest.config import Config
from contest.core.db import unit_of_work
from tests.factories import PASSWORD, make_account, make_contest
from tests.signed_in import csrf_token

AT_ONCE = 60
PHONE = "+84912345678"
OTHERS = "+84987654321"
NOWHERE = "redis://127.0.0.1:1"


@pytest.fixture(params=["redis", "no redis", "redis refuses to write"])
def site(
    request: pytest.FixtureRequest,
    config: Config,
    make_app: Callable[[Config], Flask],
    redis: Redis,
) -> Iterator[Flask]:
    """The application with a Redis that counts, with none, and with one whose memory is full."""
    app = make_app(replace(config, redis_url=NOWHERE) if request.param == "no redis" else config)
    if request.param == "redis refuses to write":
        redis.config_set("maxmemory", 1)
    with app.app_context(), unit_of_work():
        make_contest()
        make_account(phone=PHONE)
        make_account(phone=OTHERS)
    yield app
    redis.config_set("maxmemory", 0)


@pytest.fixture
def account(app: Flask) -> None:
    """One account at PHONE."""
    with app.app_context(), unit_of_work():
        make_contest()
        make_account(phone=PHONE)


def _tries(client, identifier=PHONE, password="sai hẳn rồi", address="10.0.0.1"):
    values = {"csrf_token": csrf_token(client), "identifier": identifier, "password": password}
    return client.post("/dang-nhap", data=values, environ_base={"REMOTE_ADDR": address}).status_code


@pytest.mark.both_databases
def test_guesses_at_the_same_moment_are_counted_before_they_are_looked_at(site, monkeypatch):
    looked = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: looked.append(1) or verify(*args))
    gate = threading.Barrier(AT_ONCE)
    statuses = []

    def one():
        client = site.test_client()
        csrf_token(client)
        gate.wait()
        statuses.append(_tries(client))

    threads = [threading.Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == FAILURES_ALLOWED
    assert sorted(statuses) == [422] * FAILURES_ALLOWED + [429] * (AT_ONCE - FAILURES_ALLOWED)
    assert _tries(site.test_client(), password=PASSWORD) == 429


def test_right_passwords_use_up_no_guess(site):
    for _ in range(FAILURES_ALLOWED + 2):
        assert _tries(site.test_client(), password=PASSWORD) == 302
    for _ in range(FAILURES_ALLOWED):
        assert _tries(site.test_client()) == 422
    assert _tries(site.test_client()) == 429


def test_guesses_at_one_account_from_everywhere_end_too_but_not_on_its_own_device(site, monkeypatch):
    monkeypatch.setattr(throttle, "FAILURES_ALLOWED_ANYWHERE", 12)
    home = site.test_client()
    assert _tries(home, password=PASSWORD) == 302
    home.delete_cookie("kv")
    for number in range(12):
        assert _tries(site.test_client(), address=f"10.1.0.{number}") == 422
    assert _tries(site.test_client(), password=PASSWORD, address="10.2.0.1") == 429
    assert _tries(home, password=PASSWORD) == 302


@pytest.mark.parametrize("names", ["that exist", "that do not"])
def test_a_visitor_who_fails_again_and_again_shuts_out_only_who_failed_too(site, monkeypatch, names):
    monkeypatch.setattr(throttle, "FAILURES_ALLOWED_ADDRESS", 6)
    with site.app_context(), unit_of_work():
        people = [make_account().phone for _ in range(6)]
    for number in range(6):
        assert _tries(site.test_client(), people[number] if names == "that exist" else f"ai{number}@example.vn") == 422
    # The first guess at any name is looked at, whether the name exists or not; the second is not.
    for identifier in (PHONE, "chua.co@example.vn"):
        assert _tries(site.test_client(), identifier) == 422
        assert _tries(site.test_client(), identifier) == 429
    assert _tries(site.test_client(), OTHERS, PASSWORD) == 302
    assert _tries(site.test_client(), PHONE, PASSWORD, address="10.9.9.9") == 302


def test_names_that_do_not_exist_fill_a_count_of_their_own(site, monkeypatch):
    monkeypatch.setattr(throttle, "FAILURES_ALLOWED_ADDRESS", 6)
    for number in range(5):
        assert _tries(site.test_client(), f"ai{number}@example.vn") == 422
    for _ in range(5):
        assert _tries(site.test_client()) == 422
    assert _tries(site.test_client(), password=PASSWORD) == 302


def test_a_known_device_guesses_no_more_than_others_and_only_at_its_own_accounts(site):
    home = site.test_client()
    assert _tries(home, password=PASSWORD) == 302
    home.delete_cookie("kv")
    for _ in range(FAILURES_ALLOWED):
        assert _tries(home) == 422
    assert _tries(home, password=PASSWORD) == 429
    for _ in range(FAILURES_ALLOWED):
        assert _tries(home, OTHERS) == 422
    assert _tries(home, OTHERS, PASSWORD) == 429


@pytest.mark.parametrize("cookie", ["", "x", "WyJhIixbXV0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb", "é" * 9])
def test_a_forged_cookie_makes_no_device_known(app, account, monkeypatch, cookie):
    monkeypatch.setattr(throttle, "FAILURES_ALLOWED_ANYWHERE", 2)
    for number in range(2):
        _tries(app.test_client(), address=f"10.1.0.{number}")
    forger = app.test_client()
    forger.set_cookie("kv-known", cookie)
    assert _tries(forger, password=PASSWORD) == 429


def test_the_cookie_of_a_known_device_opens_nothing_and_names_nobody(app, account):
    home = app.test_client()
    _tries(home, password=PASSWORD)
    known = home.get_cookie("kv-known")
    assert known.http_only
    assert known.same_site == "Lax"
    stranger = app.test_client()
    stranger.set_cookie("kv-known", known.value)
    assert stranger.get("/tai-khoan").status_code == 302
    with app.app_context(), unit_of_work() as session:
        assert str(session.query(Account).filter_by(phone=PHONE).one().phone) not in known.value


def test_a_process_forgets_its_counts_with_their_time_and_counts_only_so_many(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(throttle.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(throttle, "_MOST_COUNTED", 3)
    counter = throttle.InProcess()
    for number in range(4):
        assert counter.take(throttle.Limits(own={f"k{number}": 1}))
    assert not counter.take(throttle.Limits(own={"k4": 1}))
    now[0] = throttle._WINDOW + 1.0
    assert counter.take(throttle.Limits(own={"k0": 1}))
    assert not counter.take(throttle.Limits(own={"k0": 1}))
