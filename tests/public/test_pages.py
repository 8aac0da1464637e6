"""Regulations, receipts, one's own entries, and the operator's probes."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from rq import SimpleWorker

from contest.contests import queries as contests
from contest.contests.rules import EssayParams, PhotoParams, QuizParams, TrackKind
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.public import markdown, rules
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from tests import pages
from tests.factories import make_account, make_contest, round_of
from tests.signed_in import sign_in

RECEIPT = "TN1-7K4M-92XD"


@pytest.fixture
def entrant(app):
    with app.app_context(), unit_of_work():
        contest = make_contest(
            regulations="# Điều 1\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n**Đậm**"
        )
        person = make_account(full_name="Phạm Giấu Tên")
        now = clock.now()
        db.session.add(
            Attempt(
                round_id=round_of(contest, TrackKind.QUIZ).id,
                entrant_id=person.id,
                number=1,
                seed=1,
                state=AttemptState.HANDED_IN,
                started_at=now,
                deadline=now + timedelta(minutes=15),
                answers="",
                handed_in_at=now,
                receipt=RECEIPT,
                digest=hashlib.sha256(b"x").hexdigest(),
            )
        )
        db.session.flush()
        return person


def test_regulations_show_the_text_without_foreign_markup_and_the_rounds_rules(client, entrant):
    text = client.get("/the-le").text
    assert '<h2 id="muc-1">Điều 1</h2>' in text
    assert '<a href="#muc-1">Điều 1</a>' in text
    assert "<strong>Đậm</strong>" in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "Mỗi câu đúng được 5 điểm; câu sai hoặc bỏ trống không bị trừ điểm." in text


@pytest.mark.parametrize("params", [QuizParams(), QuizParams(minutes=0, attempts=0), EssayParams(), PhotoParams()])
def test_every_parameter_set_reads_as_whole_sentences(params):
    for sentence in [*rules.sentences(params), rules.allowance(params)]:
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_contents_of_a_text_are_its_highest_headings_without_their_marks():
    made = markdown.to_html("## Điều **1**\n\n### Nhỏ hơn\n\n## <b>Điều 2</b> & 3")

    assert [(heading.id, heading.words) for heading in made.contents] == [
        ("muc-1", "Điều 1"),
        ("muc-2", "<b>Điều 2</b> & 3"),
    ]
    assert made.html.count("id=") == 2
    assert "<b>" not in made.html
    assert markdown.to_html("Không có mục nào.").contents == ()


def test_rules_of_a_round_open_where_a_link_asks_for_them(client, entrant):
    assert "<details open" not in client.get("/the-le").text.replace(' class="disclosure stack g3"', "")
    with client.application.app_context():
        round_id = contests.track_of(TrackKind.QUIZ).rounds[0].id
    asked = client.get(f"/the-le?dot={round_id}").text
    assert asked.count('<details class="disclosure stack g3" open>') == 1
    assert pages.get(client, "/the-le?dot=x").h1 == "Thể lệ"


def test_markdown_is_made_once_for_one_text():
    assert markdown.to_html("một **hai**") is markdown.to_html("một **hai**")


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", [RECEIPT, RECEIPT.lower(), f" {RECEIPT} "])
def test_a_receipt_tells_what_and_when_but_never_who(client, entrant, typed):
    text = client.get("/kiem-tra-bien-nhan", query_string={"ma": typed}).text
    assert "Biên nhận có thật" in text
    assert "Thi trắc nghiệm" in text
    assert "Giấu Tên" not in text


@pytest.mark.parametrize("typed", ["TN1-0000-0000", "'; DROP TABLE entry; --", "\x00", "x" * 500])
def test_an_unknown_receipt_is_told_so(client, entrant, typed):
    reply = client.get("/kiem-tra-bien-nhan", query_string={"ma": typed})
    assert reply.status_code == 200
    assert "Biên nhận có thật" not in reply.text


@pytest.mark.both_databases
def test_one_sees_ones_own_attempts_and_may_take_the_data_away(app, client, entrant):
    with app.app_context(), unit_of_work():
        stranger = make_account()
    sign_in(client, entrant)
    assert RECEIPT in client.get("/bai-cua-toi").text
    reply = client.get("/tai-khoan/du-lieu.json")
    data = reply.get_json()
    assert data["Tài khoản"]["Họ và tên"] == "Phạm Giấu Tên"
    assert data["Lượt thi"][0]["Biên nhận"] == RECEIPT
    assert data["Lượt thi"][0]["Trạng thái"] == "Đã nộp"
    assert '\n    "Họ và tên": "Phạm Giấu Tên",\n' in reply.data.decode()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+07:00", data["Lượt thi"][0]["Bắt đầu"])
    assert reply.content_type == "application/json; charset=utf-8"
    assert "password" not in str(data)
    other = app.test_client()
    sign_in(other, stranger)
    assert RECEIPT not in other.get("/bai-cua-toi").text
    assert "Bạn chưa có lượt thi nào" in other.get("/bai-cua-toi").text


def test_healthz_answers_without_touching_anything(client):
    reply = client.get("/healthz")
    assert (reply.status_code, reply.text) == (200, "ok\n")
    assert "Set-Cookie" not in reply.headers


def test_readyz_names_the_part_that_is_missing(app, client):
    reply = client.get("/readyz")
    assert reply.status_code == 503
    found = reply.get_json()
    assert found["workers"] == "no living worker hears: default, files, long, quiz"
    assert found["scheduler"] == "no scheduler asks for what is due; run: contest scheduler"
    assert {found[part] for part in ("database", "redis", "storage")} == {"ok"}


def test_readyz_is_content_when_workers_hear_every_queue(app, client):
    with app.app_context():
        worker = SimpleWorker([queue.queue(name) for name in queue.QUEUES], connection=queue.worker_connection())
        worker.register_birth()
        queue.heard_from_scheduler()
        reply = client.get("/readyz")
    assert (reply.status_code, set(reply.get_json().values())) == (200, {"ok"})


def test_metrics_count_requests_for_this_machine_only(client):
    client.get("/healthz")
    text = client.get("/metrics").text
    assert 'kv_requests_total{endpoint="public.healthz",status="200"}' in text
    assert "kv_queue_waiting" in text
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.113.1.1"}).status_code == 403


@pytest.mark.parametrize(
    ("proxies", "address", "headers", "allowed"),
    [
        (0, "127.0.0.1", {}, True),
        (0, "::1", {}, True),
        (0, "10.1.2.3", {}, False),
        (0, "127.0.0.1", {"X-Forwarded-For": "8.8.8.8"}, False),
        (0, "127.0.0.1", {"X-Real-Ip": "8.8.8.8"}, False),
        (0, "127.0.0.1", {"Via": "1.1 proxy"}, False),
        (1, "127.0.0.1", {}, True),
        (1, "10.1.2.3", {}, True),
        (1, "127.0.0.1", {"X-Forwarded-For": "10.1.2.3"}, True),
        (1, "127.0.0.1", {"X-Forwarded-For": "8.8.8.8"}, False),
        (1, "127.0.0.1", {"X-Forwarded-For": "8.8.8.8, 10.0.0.9"}, False),
        (1, "unix", {}, False),
    ],
)
def test_metrics_are_not_for_whoever_came_through_a_proxy(make_app, config, proxies, address, headers, allowed):
    client = make_app(replace(config, trusted_proxies=proxies)).test_client()

    reply = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert reply.status_code == (200 if allowed else 403)


def test_metrics_ask_for_their_token_where_one_is_set(make_app, config):
    client = make_app(replace(config, metrics_token="x" * 32)).test_client()

    statuses = [
        client.get("/metrics", headers=headers).status_code
        for headers in ({}, {"Authorization": "Bearer y"}, {"Authorization": "Bearer " + "x" * 32})
    ]

    assert statuses == [403, 403, 200]


def test_robots_and_favicon_answer(client):
    assert "Disallow: /ban-dieu-hanh" in client.get("/robots.txt").text
    assert client.get("/favicon.ico").mimetype == "image/svg+xml"


def test_metrics_in_production_ask_for_their_token(make_app, config):
    production = replace(config, mode="production")
    here = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}, "base_url": "https://localhost"}
    assert make_app(production).test_client().get("/metrics", **here).status_code == 403

    client = make_app(replace(production, metrics_token="known")).test_client()

    assert client.get("/metrics", **here, headers={"X-Forwarded-For": "10.0.0.5"}).status_code == 403
    assert client.get("/metrics", **here, headers={"Authorization": "Bearer known"}).status_code == 200
