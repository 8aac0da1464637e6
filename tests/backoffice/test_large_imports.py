"""Large files of questions: a job reads them, a job imports many at once, and pages say how far each is, that it failed, or that it must be asked for again."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select

from contest.config import Config
from contest.core import queue
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.quiz import jobs
from contest.quiz.models import Question, QuestionVersion
from contest.quiz.queries.looks import IMPORTING, READING
from contest.quiz.service import imports, looks
from contest.quiz.waiting import MOST_TRIES
from contest.worker import run_worker
from question_bank import formats
from tests import pages
from tests.backoffice.conftest import Scene
from tests.backoffice.test_bank_import import BANK, FIRST, KEYLESS, REASON, SECOND, count, send
from tests.backoffice.test_bank_import_pictures import asked, drawn
from tests.signed_in import csrf_token, sign_in

THIRD = "::K-4:: Núi nào cao nhất tỉnh? {\n=Núi Yên Tử\n~Núi Dành\n~Núi Nham Biền\n}\n"
FAULTS = f"{KEYLESS}\nKhông phải câu hỏi\n"
NEXT = "Tiếp: xem việc sẽ làm"
Acts = Callable[[str], list[AuditRow]]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a large one, and every question a part of its own."""
    monkeypatch.setattr(looks, "LARGE", 0)
    monkeypatch.setattr(imports, "AT_ONCE", 1)


def work(app: Flask) -> None:
    """Both jobs run."""
    with app.app_context():
        jobs.read_files()
        jobs.import_files()
        db.session.remove()


def hire(app: Flask) -> None:
    """A worker takes both jobs from their queue."""
    with app.app_context():
        for job in (jobs.read_files, jobs.import_files):
            assert queue.send(queue.LONG, job)
    run_worker(app, names=[queue.LONG], forking=False, burst=True)


def read(app: Flask, desk: FlaskClient, *files: tuple[str, str]) -> pages.Page:
    """The preview of files once the job has read them."""
    waits = send(desk, *files)
    assert waits.h1 == "Đang đọc tệp câu hỏi"
    work(app)
    return pages.get(desk, waits.url)


def begin(app: Flask, desk: FlaskClient, *files: tuple[str, str]) -> pages.Page:
    """The page of an import of all that is ticked, before a worker has it."""
    return read(app, desk, *files).submit(NEXT).submit("Nhập câu hỏi", reason=REASON)


def told(desk: FlaskClient, page: pages.Page) -> dict[str, object]:
    return desk.get(f"{page.url}/tien-do").json or {}


def test_large_file_is_read_by_a_job_and_its_preview_is_that_of_a_small_one(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, ("a.gift", FIRST)).submit(NEXT).submit("Nhập câu hỏi", reason=REASON)
    files = [("a.gift", FIRST + "\n" + SECOND.replace("K-2", "K-1") + FAULTS), ("b.gift", THIRD + "\n" + THIRD)]
    at_once = send(desk, *files)
    monkeypatch.setattr(looks, "LARGE", 0)

    waits = send(desk, *files)
    assert "a.gift, b.gift" in waits.text
    assert "0%" in waits.text
    assert [script for script in waits.root.iter("script") if "job-progress" in script.get("src", "")]
    assert told(desk, waits) == {"running": True, "done": 0, "total": 100, "shown": "0%"}
    hire(app)

    assert told(desk, waits)["running"] is False
    look = pages.get(desk, waits.url)
    assert look.text == at_once.text
    assert "Trùng mã K-1" in look.text
    assert look.submit(NEXT, same_code="version").text == at_once.submit(NEXT, same_code="version").text


def test_pictures_of_a_large_file_are_drawn_by_the_job_and_words_for_them_come_with_the_import(
    app: Flask, desk: FlaskClient, large: None
) -> None:
    content = formats.write("moodle_xml", [asked("H-1", drawn()), asked("H-2", b"GIF89a", stem="Còn đây?")])
    data = {"file": [(io.BytesIO(content), "a.xml")], "pasted": "", "csrf_token": csrf_token(desk)}
    waits = pages.inspected(desk, desk.post(f"{BANK}/nhap", data=data, follow_redirects=True))
    work(app)

    look = pages.get(desk, waits.url)
    assert "Hình của câu không được nhập" in look.text
    look.submit(NEXT, **{"alt-0": "Cờ của làng"}).submit("Nhập câu hỏi", reason=REASON)
    work(app)

    with app.app_context():
        versions = db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).all()
        assert [bool(row.picture) for row in versions] == [True, False]
        assert versions[0].picture_alt == "Cờ của làng"


def test_bad_large_file_is_told_in_the_same_sentences(app: Flask, desk: FlaskClient, large: None) -> None:
    look = read(app, desk, ("a.gift", "Không phải câu hỏi\n"))

    assert "Không có câu hỏi nào nhập được" in look.text
    assert "Chỗ cần xem" in look.text


def test_many_short_questions_are_left_to_the_job_too(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MANY", 1)

    assert send(desk, ("a.gift", FIRST)).h1 == "Xem trước câu hỏi"
    assert send(desk, ("a.gift", FIRST), ("b.gift", SECOND)).h1 == "Đang đọc tệp câu hỏi"


def test_file_sent_twice_or_by_two_waits_once(app: Flask, desk: FlaskClient, large: None, redis: Redis) -> None:
    pages_ = [send(desk, ("a.gift", FIRST)) for _ in range(2)]
    assert redis.zcard(READING.asked) == 1

    work(app)

    assert all("1 câu mới" in pages.get(desk, page.url).text for page in pages_)


def test_emptied_redis_lets_the_file_be_read_again_and_no_choice_is_lost_silently(
    app: Flask, desk: FlaskClient, large: None, redis: Redis
) -> None:
    look = read(app, desk, ("a.gift", FIRST))
    redis.flushall()

    again = look.submit(NEXT)
    assert "Các tệp phải được đọc lại" in again.text
    assert again.h1 == "Đang đọc tệp câu hỏi"

    work(app)
    assert "1 câu mới" in pages.get(desk, look.url).text
    assert count(app) == 0


def test_changed_bank_has_the_file_compared_again_and_leaves_what_was_ticked(
    app: Flask, desk: FlaskClient, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = read(app, desk, ("a.gift", FIRST + "\n" + SECOND))
    monkeypatch.setattr(looks, "LARGE", 10**6)
    send(desk, ("b.gift", FIRST)).submit(NEXT).submit("Nhập câu hỏi", reason=REASON)

    assert "1 câu được thêm" in look.submit(NEXT).text
    assert pages.get(desk, look.url).h1 == "Đang đọc tệp câu hỏi"
    work(app)
    assert "1 câu đã có trong ngân hàng" in pages.get(desk, look.url).text


def test_file_at_which_workers_die_is_told_and_read_when_asked_again(
    app: Flask, desk: FlaskClient, large: None, redis: Redis
) -> None:
    waits = send(desk, ("a.gift", FIRST))
    with app.app_context():
        for _ in range(MOST_TRIES):
            (word,) = redis.zrange(READING.asked, 0, -1)
            assert READING.take() == word.decode()
            redis.delete(READING.held(word.decode()))  # a minute passes
    work(app)

    failed = pages.get(desk, waits.url)
    assert "dừng giữa chừng" in failed.text
    assert "dừng giữa chừng" in pages.get(desk, waits.url).text
    assert told(desk, waits)["running"] is False

    assert failed.submit("Đọc lại").h1 == "Đang đọc tệp câu hỏi"
    work(app)
    assert "1 câu mới" in pages.get(desk, waits.url).text


def test_job_that_breaks_off_is_told(
    app: Flask, desk: FlaskClient, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = send(desk, ("a.gift", FIRST))
    with monkeypatch.context() as patch:
        patch.setattr(looks, "digest_of", lambda _: 1 / 0)
        hire(app)

    assert "dừng giữa chừng" in pages.get(desk, waits.url).text


@pytest.mark.both_databases
def test_many_questions_are_imported_by_a_job_that_says_what_it_brought(
    app: Flask, desk: FlaskClient, scene: Scene, acts: Acts, large: None, redis: Redis
) -> None:
    confirm = read(app, desk, ("a.gift", f"{FIRST}\n{SECOND}\n{THIRD}")).submit(NEXT)
    waits, twice = (confirm.submit("Nhập câu hỏi", reason=REASON) for _ in range(2))

    assert waits.h1 == twice.h1 == "Đang nhập câu hỏi"
    assert told(desk, waits) == {"running": True, "done": 0, "total": 3, "shown": "0/3"}
    assert (redis.zcard(IMPORTING.asked), count(app)) == (1, 0)
    hire(app)

    assert told(desk, waits)["running"] is False
    assert "Đã thêm 3 câu hỏi." in pages.get(desk, waits.url).text
    assert count(app) == 3
    assert {(row.reason, row.actor_id) for row in acts("bank.import")} == {(REASON, scene.organizer)}
    assert sum(row.detail["added"] for row in acts("bank.import")) == 3


def test_import_that_redis_forgot_goes_on_when_asked_and_writes_nothing_twice(
    app: Flask, desk: FlaskClient, large: None, redis: Redis
) -> None:
    waits = begin(app, desk, ("a.gift", f"{FIRST}\n{SECOND}"))
    with app.app_context():
        word = imports.import_taken()
        assert word
        underway = imports.begin_import(word)
        with unit_of_work():
            assert imports.import_part(underway)
    redis.flushall()

    lost = pages.get(desk, waits.url)
    assert "không còn trong hàng đợi" in lost.text
    lost.submit("Nhập tiếp")
    work(app)

    assert "Đã thêm 1 câu hỏi, bỏ qua 1 câu đã có." in pages.get(desk, waits.url).text
    assert count(app) == 2


def test_import_of_a_killed_worker_is_gone_on_with_and_all_it_brought_is_told(
    app: Flask, desk: FlaskClient, large: None, redis: Redis
) -> None:
    waits = begin(app, desk, ("a.gift", f"{FIRST}\n{SECOND}\n{THIRD}"))
    with app.app_context():
        word = imports.import_taken()
        assert word
        underway = imports.begin_import(word)
        with unit_of_work():
            imports.import_part(underway)
        imports.tell_import(underway)
    assert told(desk, waits)["shown"] == "1/3"
    redis.delete(IMPORTING.held(word))  # a minute passes
    work(app)

    assert "Đã thêm 3 câu hỏi." in pages.get(desk, waits.url).text
    assert count(app) == 3


def test_import_at_which_workers_die_is_told(app: Flask, desk: FlaskClient, large: None, redis: Redis) -> None:
    waits = begin(app, desk, ("a.gift", f"{FIRST}\n{SECOND}"))
    with app.app_context():
        for _ in range(MOST_TRIES):
            word = imports.import_taken()
            assert word
            redis.delete(IMPORTING.held(word))  # a minute passes
    work(app)

    failed = pages.get(desk, waits.url)
    assert "Việc nhập bị dừng giữa chừng" in failed.text
    assert failed.submit("Nhập tiếp").h1 == "Đang nhập câu hỏi"


@pytest.mark.both_databases
def test_two_questions_of_one_code_in_different_parts_stay_two_and_a_known_code_gets_one_version(
    app: Flask, desk: FlaskClient, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(looks, "LARGE", 10**6)
        send(desk, ("a.gift", FIRST)).submit(NEXT).submit("Nhập câu hỏi", reason=REASON)
    look = read(app, desk, ("b.gift", SECOND.replace("K-2", "K-1") + "\n" + THIRD.replace("K-4", "K-1")))
    waits = look.submit(NEXT, same_code="version").submit("Nhập câu hỏi", reason=REASON)
    work(app)

    assert "Đã thêm 2 câu hỏi, trong đó 1 câu thành bản mới" in pages.get(desk, waits.url).text
    with app.app_context():
        rows = db.session.execute(
            select(Question.code, QuestionVersion.number).join(Question).order_by(QuestionVersion.id)
        )
        assert [tuple(row) for row in rows] == [("K-1", 1), ("K-1", 2), ("K-1-2", 1)]


def test_without_redis_a_large_file_is_refused_with_what_to_do(
    config: Config, scene: Scene, large: None, make_app: Callable[[Config], Flask]
) -> None:
    with make_app(replace(config, redis_url="redis://127.0.0.1:1")).app_context():
        sent = looks.keep_files([("a.gift", FIRST.encode())])
        with pytest.raises(Refused, match="Hàng đợi đang gián đoạn"):
            looks.look_at(sent)


def test_pages_that_wait_are_for_organisers_alone(app: Flask, desk: FlaskClient, scene: Scene, large: None) -> None:
    reading = send(desk, ("a.gift", FIRST))
    work(app)
    importing = begin(app, desk, ("b.gift", f"{SECOND}\n{THIRD}"))
    judge = app.test_client()
    sign_in(judge, scene.judge)

    for address in (reading.url, importing.url):
        assert judge.get(address).status_code == judge.get(f"{address}/tien-do").status_code == 403
        assert app.test_client().get(address).status_code == 302
    token = csrf_token(judge)
    assert judge.post(importing.url, data={"csrf_token": token}).status_code == 403
    assert judge.post(f"{reading.url}/doc-lai", data={"csrf_token": token}).status_code == 403
    assert desk.get(importing.url.replace("dang-nhap/", "dang-nhap/x")).status_code == 404
