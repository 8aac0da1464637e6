"""Every write of the quiz and its bank under misfortune: dead before its commit, pressed again, without Redis, from wrong hands, with hostile words."""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count, cycle, islice

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from contest.accounts.rules import Role
from contest.core import audit, clock, queue
from contest.core import db as core_db
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, service
from contest.quiz.ledger import KeyChange
from contest.quiz.models import RoundExposure
from tests.addresses import of_attempt
from tests.factories import make_account
from tests.quiz.conftest import Quiz
from tests.quiz.places import whole_ranking
from tests.quiz.writes import DESK, REASON, SITTER, STAFF, World, world

NOWHERE = "redis://127.0.0.1:1"
HOSTILE = (
    "",
    "a\x00b",
    "-1",
    "0",
    "²",
    "9" * 400,
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "\U0001f4a9\u202e",
    "\ud83d",
    "' OR 1=1 --",
    "2026-02-30T25:61",
    "x" * 30_000,
    "2.5",
)
WORDS_A_FIELD = 2
ADDRESSES = (
    "/thi-trac-nghiem/hinh/a%00b",
    "/ban-dieu-hanh/cau-hoi/hinh/a%00b",
    "/ban-dieu-hanh/cau-hoi?chuong=a%00b",
    "/ban-dieu-hanh/cau-hoi?chuong=%ED%A0%BD&nhan=a%00&tim=%00",
    "/ban-dieu-hanh/cau-hoi/xuat?chuong=a%00b",
    "/ban-dieu-hanh/cau-hoi/xuat?cau=999999999999999-0,9223372036854775808",
    "/ban-dieu-hanh/luot-thi?dot=999999999999999&page=999999999999999&tim=%00",
    "/thi-trac-nghiem/bang-xep-hang?xem=9999999999&page=999999999999&khoi=%00",
)


# Presses that look, put something beside for a later press, or have a job that broke off go on: they change no row themselves.
LOOKS = {
    f"backoffice.{name}"
    for name in (
        "analysis_ask",
        "bank_confirm",
        "bank_edit_preview",
        "bank_import_again",
        "bank_read_again",
        "bank_several",
        "bank_twins_ask",
        "bank_upload",
        "regrade_ask",
        "rounds_blueprint_check",
        "rounds_blueprint_samples",
    )
}
ROOMS = re.compile(r"contest\.(quiz\.|backoffice\.(allowances|analysis|attempts|bank|regrade|round|signals))")


class Killed(BaseException):
    """The process that answered is gone."""


@pytest.fixture
def everything(make_quiz: Callable[..., Quiz]) -> World:
    """A world in which every write is possible."""
    return world(make_quiz(hide_counters=True))


@contextmanager
def dying_before_the_commit(*, of: int = 1) -> Iterator[None]:
    """Whoever comes to the end of so many units of work dies at the last."""
    ends = count(1)

    def die(session: Session) -> None:
        if core_db._writing.get() and not session.in_nested_transaction() and next(ends) >= of:
            raise Killed

    event.listen(Session, "before_commit", die)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", die)


def remembered(redis: Redis) -> dict[bytes, bytes | None]:
    """What Redis holds of boards and jobs."""
    return {key: redis.dump(key) for pattern in ("kv:board*", "rq:*") for key in redis.keys(pattern)}


def test_list_holds_every_write_of_the_quiz_and_its_bank(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    paths = [write.path.replace("{paper}", of_attempt(app, 1)) for write in (STAFF | SITTER).values()]
    listed = {adapter.match(re.sub(r"{\w+}", "1", path), method="POST")[0] for path in paths}
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    rooms = {name for name in posts if ROOMS.match(inspect.unwrap(app.view_functions[name]).__module__)}

    assert rooms - listed == LOOKS


@pytest.mark.both_databases
def test_write_that_dies_leaves_nothing_and_pressing_twice_does_it_once(everything: World, redis: Redis) -> None:
    desk, wrong = everything.quiz.client(everything.quiz.organizer_id), {}
    for name, write in STAFF.items():
        before = everything.rows(), remembered(redis), everything.acts(write.action)
        with dying_before_the_commit(), suppress(Killed):
            wrong[name] = f"never came to its commit: {everything.press(write, desk).status_code}"
        if (everything.rows(), remembered(redis)) != before[:2]:
            wrong[name] = "left something behind"
        first = everything.press(write, desk).status_code, everything.acts(write.action)
        per_press = first[1] - before[2]
        again = everything.press(write, desk).status_code, everything.acts(write.action)
        if (first[0], per_press > 0) != (write.answer, True):
            wrong[name] = f"first press: {first}"
        if again != (write.again, first[1] + write.more * per_press):
            wrong[name] = f"second press: {again} after {first}"

    assert wrong == {}
    with everything.quiz.app.app_context():
        assert audit.verify() is None


def until_done(quiz: Quiz, job: Callable[[], None]) -> int:
    """Run a job again and again, killed at its first commit, then at the second of the next run and so on; returns how often until one came to its end."""
    for killed in range(20):
        try:
            with quiz.app.app_context(), dying_before_the_commit(of=killed + 1):
                job()
                return killed
        except Killed:
            continue
    raise AssertionError(f"{job.__name__} never came to its end")


@pytest.mark.both_databases
def test_jobs_killed_at_any_commit_arrive_where_they_would_have(everything: World) -> None:
    quiz = everything.quiz
    for who in quiz.entrants(3):
        attempt_id = quiz.begin(who)
        quiz.hand_in(attempt_id, sequence=1, answers=quiz.key(attempt_id))
    desk = quiz.client(quiz.organizer_id)
    assert everything.press(STAFF["change a key"], desk).status_code == 302
    assert desk.post(f"{DESK}/dot-thi/{quiz.round_id}/dong", data={"reason": REASON}).status_code == 302

    every = (jobs.sweep, jobs.regrade, jobs.rank, jobs.look_for_signals, jobs.count_exposure)
    with clock.shifted(2 * jobs.NOT_YET):
        killed = {job: until_done(quiz, job) for job in every}

    assert min(killed[jobs.sweep], killed[jobs.regrade]) > 0
    with quiz.app.app_context():
        assert db.session.scalars(select(KeyChange.done_at)).one()
        assert [row.position for row in whole_ranking(quiz.round_id)] == [1, 2, 3, 4, 5]
        assert db.session.scalars(select(RoundExposure.attempts)).one() == 5
        with unit_of_work():
            assert service.regrade(round_id=quiz.round_id)[:2] == (5, 0)
    before = everything.rows()
    with quiz.app.app_context():
        for job in every[:-1]:
            job()
    assert everything.rows() == before
    assert (everything.acts("quiz.regrade"), everything.acts("quiz.change_key")) == (1, 1)


def test_every_write_is_done_while_redis_is_away(everything: World) -> None:
    queue.init_app(everything.quiz.app, url=NOWHERE)
    desk, sitter = everything.quiz.client(everything.quiz.organizer_id), everything.quiz.client()
    answers = {}
    for name, write in (STAFF | SITTER).items():
        before = everything.rows()
        status = everything.press(write, desk if name in STAFF else sitter).status_code
        answers[name] = (status, everything.rows() != before)

    assert answers == {name: (write.answer, True) for name, write in (STAFF | SITTER).items()}


@pytest.mark.parametrize("role", [None, Role.ENTRANT, Role.JUDGE, Role.ORGANIZER, Role.ADMIN], ids=str)
def test_write_from_wrong_hands_changes_nothing(everything: World, role: Role | None) -> None:
    client = everything.quiz.app.test_client()
    if role:
        with everything.quiz.app.app_context(), unit_of_work():
            somebody = make_account(role=role).id
        client = everything.quiz.client(somebody)
    foreign = {name: write for name, write in SITTER.items() if name != "start" or role is not Role.ENTRANT}
    closed = foreign if role in (Role.ORGANIZER, Role.ADMIN) else STAFF | foreign
    before = everything.rows()

    answers = {name: everything.press(write, client).status_code for name, write in closed.items()}

    refused = {None: {401}, Role.ENTRANT: {403, 404}}.get(role, {403})
    assert {name: status for name, status in answers.items() if status not in refused} == {}
    assert everything.rows() == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_hostile_word_in_any_field_or_its_absence_is_answered_calmly(everything: World) -> None:
    desk, sitter = everything.quiz.client(everything.quiz.organizer_id), everything.quiz.client()
    failed, words = {}, cycle(HOSTILE)
    for name, write in (STAFF | SITTER).items():
        client = desk if name in STAFF else sitter
        for field in write.form:
            for word in islice(words, WORDS_A_FIELD):
                sent = word.encode("utf-8", "surrogatepass")
                reply = everything.press(write, client, **{field: sent})
                if reply.status_code >= 500:
                    failed[f"{name}: {field}={word!r:.40}"] = reply.status_code
        reply = client.post(everything.worded(write.path), data={})
        if reply.status_code >= 500:
            failed[f"{name}: nothing sent"] = reply.status_code

    assert failed == {}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_hostile_address_is_answered_calmly(quiz: Quiz) -> None:
    desk = quiz.client(quiz.organizer_id)

    answers = {address: desk.get(address).status_code for address in ADDRESSES}

    assert {address: status for address, status in answers.items() if status not in (200, 404)} == {}
