"""Questions of the bank that repeat each other: at once in a small bank, by a job in a large one, and never what the bank was before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.config import Config
from contest.core import queue
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.quiz import jobs, queries, service
from contest.quiz.queries import twins
from contest.quiz.queries.twins import Progress
from contest.quiz.service import twins as comparing
from question_bank import duplicates
from question_bank.schema import Choice
from question_bank.schema import Question as BankQuestion
from tests import pages
from tests.backoffice.conftest import Scene
from tests.quiz.previewing import break_off

NOWHERE = "redis://127.0.0.1:1"
PAGE = "/ban-dieu-hanh/cau-hoi/trung-nhau"
ASKED = BankQuestion(
    "Khởi nghĩa Yên Thế bùng nổ ở tỉnh Bắc Giang vào năm 1884 do ai lãnh đạo?",
    (Choice("Đề Nắm", True), Choice("Đề Thám", False)),
    code="YT-1",
)
DATED = replace(ASKED, stem=ASKED.stem.replace("1884", "1892"), code="YT-2")
SWAPPED = replace(ASKED, choices=(Choice("Đề Nắm", False), Choice("Đề Thám", True)), code="YT-3")
OTHER = BankQuestion("Sông nào chảy qua thành phố?", (Choice("Sông Thương", True), Choice("Sông Cầu", False)))

pytestmark = pytest.mark.both_databases


@pytest.fixture
def add(app: Flask, scene: Scene) -> Callable[..., None]:
    """Adds questions to the bank."""

    def add(*questions: BankQuestion) -> None:
        with app.app_context(), unit_of_work():
            service.import_questions(
                contest_id=scene.contest, questions=questions, actor_id=scene.organizer, versions=False
            )

    return add


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bank is a large one."""
    monkeypatch.setattr(comparing, "SMALL", 0)


def compare(app: Flask) -> None:
    with app.app_context():
        jobs.compare_bank()
        db.session.remove()


def progress(desk: FlaskClient) -> tuple[bool, int]:
    told = desk.get(f"{PAGE}/tien-do").json or {}
    return told["running"], told["total"]


def test_small_bank_is_compared_while_the_page_is_made_the_gravest_first(
    desk: FlaskClient, add: Callable[..., None]
) -> None:
    add(ASKED, DATED, SWAPPED, OTHER)

    page = pages.get(desk, PAGE)

    assert "2 cặp trong 4 câu" in page.text
    assert page.text.index("Trùng nhau, khác đáp án YT-1") < page.text.index("Gần giống nhau YT-1")
    assert progress(desk) == (False, 0)


def test_pairs_of_one_kind_are_shown_alone(desk: FlaskClient, add: Callable[..., None]) -> None:
    add(ASKED, DATED, SWAPPED)

    page = pages.get(desk, f"{PAGE}?loai=gan-giong")

    assert "Gần giống nhau YT-1" in page.text
    assert "Trùng nhau, khác đáp án YT-1" not in page.text
    assert "Gần giống nhau YT-1" in pages.get(desk, f"{PAGE}?loai=nothing&page=99").text


@pytest.mark.usefixtures("large")
def test_large_bank_is_compared_by_a_job_that_is_asked_for_once_and_then_shown(
    app: Flask, desk: FlaskClient, add: Callable[..., None]
) -> None:
    add(ASKED, DATED)

    waits = pages.get(desk, PAGE)
    pages.get(desk, PAGE)
    assert "Đang so các câu hỏi với nhau" in waits.text
    assert "0/2" in waits.text
    assert [script for script in waits.root.iter("script") if "job-progress" in script.get("src", "")]
    assert "Gần giống" not in waits.text
    assert progress(desk) == (True, 2)

    compare(app)

    assert progress(desk) == (False, 0)
    done = pages.get(desk, PAGE)
    assert "Đang so" not in done.text
    assert "1 cặp trong 2 câu" in done.text
    assert "Gần giống nhau YT-1" in done.text
    assert progress(desk) == (False, 0)


@pytest.mark.usefixtures("large")
def test_changed_bank_is_compared_again_and_shows_meanwhile_what_still_stands(
    app: Flask, desk: FlaskClient, scene: Scene, add: Callable[..., None]
) -> None:
    add(ASKED, DATED, SWAPPED)
    pages.get(desk, PAGE)
    compare(app)
    with app.app_context():
        gone = queries.codes(scene.contest)["YT-2"]
        with unit_of_work():
            service.retire(question_ids=[gone], actor_id=scene.organizer, reason="Soát lại")

    meanwhile = pages.get(desk, PAGE)
    assert "Ngân hàng đã thay đổi, đang so lại" in meanwhile.text
    assert "Trùng nhau, khác đáp án YT-1" in meanwhile.text
    assert "Gần giống nhau YT-1" not in meanwhile.text

    compare(app)
    assert "1 cặp trong 2 câu" in pages.get(desk, PAGE).text


@pytest.mark.usefixtures("large")
def test_question_that_comes_while_the_job_runs_makes_its_result_old(
    app: Flask, scene: Scene, add: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ASKED, DATED)
    pairs = duplicates.pairs

    def meanwhile(*args: object) -> object:
        add(OTHER)
        return pairs(*args)  # type: ignore[arg-type]

    with app.app_context():
        assert service.twins_of(scene.contest).found is None
        monkeypatch.setattr(duplicates, "pairs", meanwhile)
        assert service.compare_next()
        db.session.remove()
        monkeypatch.undo()
        monkeypatch.setattr(comparing, "SMALL", 0)
        known = service.twins_of(scene.contest)
        assert known.found
        assert not known.fresh


@pytest.mark.usefixtures("large")
def test_bank_that_a_killed_worker_held_is_taken_up_again(app: Flask, scene: Scene, add: Callable[..., None]) -> None:
    add(ASKED, DATED)
    with app.app_context():
        service.twins_of(scene.contest)
        client = queue.connection()
        client.set(twins.WAITING.held(str(scene.contest)), 1)
        client.set(twins.WAITING.progress_key(str(scene.contest)), 1)
        assert not service.compare_next()
        assert twins.twins_progress(scene.contest) == Progress(1, 2)
        client.delete(twins.WAITING.held(str(scene.contest)))  # a minute passes
        assert service.compare_next()
        assert not service.compare_next()
        assert service.twins_of(scene.contest).fresh


@pytest.mark.usefixtures("large")
def test_comparison_that_broke_off_is_told_and_asked_for_again_by_a_press_alone(
    app: Flask, desk: FlaskClient, add: Callable[..., None]
) -> None:
    add(ASKED, DATED)
    pages.get(desk, PAGE)
    with app.app_context():
        break_off(twins.WAITING)

    pages.get(desk, PAGE)
    failed = pages.get(desk, PAGE)
    assert "dừng giữa chừng" in failed.text
    assert not [script for script in failed.root.iter("script") if "job-progress" in script.get("src", "")]

    assert "Đang so các câu hỏi với nhau" in failed.submit("So lại").text
    compare(app)
    assert "1 cặp trong 2 câu" in pages.get(desk, PAGE).text


@pytest.mark.usefixtures("large")
def test_without_redis_a_large_bank_is_not_compared_and_a_file_is(
    config: Config, scene: Scene, add: Callable[..., None], make_app: Callable[[Config], Flask]
) -> None:
    add(ASKED, DATED)
    with make_app(replace(config, redis_url=NOWHERE)).app_context():
        with pytest.raises(Refused, match="Hàng đợi đang gián đoạn"):
            service.twins_of(scene.contest)
        assert not service.compare_next()
        assert [finding.kind for finding in service.alike(scene.contest, [SWAPPED])] == ["contradiction"]


def test_what_repeats_the_bank_is_told_again_from_what_is_kept_until_the_bank_changes(
    app: Flask, scene: Scene, add: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ASKED)
    with app.app_context():
        first = service.alike(scene.contest, [DATED, SWAPPED, OTHER])
        assert [(finding.index, finding.kind) for finding in first] == [(0, "near_duplicate"), (1, "contradiction")]
        with monkeypatch.context() as patch:
            patch.setattr(duplicates, "find", lambda *_, **__: pytest.fail("compared again"))
            assert service.alike(scene.contest, [DATED, SWAPPED, OTHER]) == first
    add(OTHER)
    with app.app_context():
        again = service.alike(scene.contest, [DATED, SWAPPED, OTHER])
        assert [finding.kind for finding in again] == ["near_duplicate", "contradiction", "duplicate"]
