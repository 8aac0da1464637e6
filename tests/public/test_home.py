"""The front page: right at every moment, cheap for strangers, the same number of queries however many take part."""

from datetime import timedelta

import pytest

from contest.contests import queries as contests
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.public import home
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from contest.units import queries as units
from tests import statements
from tests.factories import make_account, make_contest, make_unit, round_of
from tests.signed_in import sign_in


def _attempts(contest, people, unit_id=None):
    quiz = round_of(contest, TrackKind.QUIZ)
    now = clock.now()
    for _ in range(people):
        person = make_account(unit_id=unit_id)
        db.session.add(
            Attempt(
                round_id=quiz.id,
                entrant_id=person.id,
                number=1,
                seed=1,
                state=AttemptState.OPEN,
                started_at=now,
                deadline=now + timedelta(minutes=15),
                answers="",
            )
        )
    db.session.flush()


def _queries_of_home(app):
    with statements.sent(app) as asked:
        assert app.test_client().get("/").status_code == 200
    return len(asked)


def test_an_empty_installation_says_so(client):
    reply = client.get("/")
    assert reply.status_code == 200
    assert "Chưa có cuộc thi" in reply.text


@pytest.mark.both_databases
def test_home_shows_the_open_quiz_first_and_honest_empty_states(app, client):
    with app.app_context(), unit_of_work():
        make_contest(title="Quê ta: Hôm nay", params={TrackKind.QUIZ: {"attempts": 1, "hide_counters": False}})
    text = client.get("/").text
    assert "Thi trắc nghiệm, đợt 1" in text
    assert "Mỗi người một lượt thi." in text
    assert "data-countdown" in text
    assert "Chưa có ai dự thi" in text
    assert "Chưa có kết quả nào" in text


def test_home_asks_the_database_as_often_for_300_people_as_for_one(app):
    with app.app_context(), unit_of_work():
        contest = make_contest()
        unit_id = make_unit(name="Thị xã Thử").id
        _attempts(contest, 1, unit_id)
    with app.app_context():
        units.tree()
    one = _queries_of_home(app)
    with app.app_context():
        with unit_of_work():
            _attempts(contests.current_contest(), 299, unit_id)
        units.tree()
        queue.connection().flushdb()
        home.forget()
    assert _queries_of_home(app) == one


def test_people_are_counted_once_each_under_their_unit(app, client):
    with app.app_context(), unit_of_work():
        contest = make_contest(params={TrackKind.QUIZ: {"hide_counters": False}})
        _attempts(contest, 3, make_unit(name="Thị xã Thử").id)
    text = client.get("/").text
    assert "Đã có 3 người dự thi" in text
    assert "Thị xã Thử" in text


def test_a_stranger_gets_no_cookie_and_the_kept_page_asks_nothing(app, client):
    with app.app_context(), unit_of_work():
        make_contest()
    first = client.get("/")
    assert "Set-Cookie" not in first.headers
    assert "csrf" not in first.text
    assert _queries_of_home(app) == 0


def test_a_round_that_opens_is_open_on_the_very_next_page(app, client):
    with app.app_context(), unit_of_work():
        contest = make_contest(quiz=RoundState.SOON, essay=RoundState.CLOSED, photo=RoundState.CLOSED)
        opens_at = round_of(contest, TrackKind.QUIZ).opens_at
    with clock.frozen(opens_at - timedelta(seconds=1)):
        assert "Đăng ký trước" in client.get("/").text
    with clock.frozen(opens_at):
        assert "Vào thi" in client.get("/").text


def test_a_pause_is_seen_at_once_in_the_process_that_wrote_it(app, client):
    with app.app_context(), unit_of_work():
        contest = make_contest(essay=RoundState.CLOSED, photo=RoundState.CLOSED)
        quiz = round_of(contest, TrackKind.QUIZ)
    assert "Tạm dừng" not in client.get("/").text
    with app.app_context(), unit_of_work() as session:
        session.get(type(quiz), quiz.id).paused_at = clock.now()
    assert "Tạm dừng" in client.get("/").text


def test_someone_signed_in_sees_their_own_masthead_and_strangers_do_not(app, client):
    with app.app_context(), unit_of_work():
        make_contest()
        account = make_account()
    stranger = app.test_client()
    stranger.get("/")
    sign_in(client, account)
    assert "Bài của tôi" in client.get("/").text
    assert "Bài của tôi" not in stranger.get("/").text
