"""A round's blueprint on the desk: quotas against the bank, sample papers that a seed gives again, the freeze."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from contest.contests import queries as contests
from contest.core.db import db, unit_of_work
from contest.quiz import queries, service
from contest.quiz.models import Attempt
from tests import pages
from tests.backoffice.apart import press
from tests.backoffice.conftest import Scene
from tests.quiz.conftest import bank_of
from tests.signed_in import csrf_token

REASON = "Ban Tổ chức duyệt ma trận đề"


@pytest.fixture
def matrix(app: Flask, scene: Scene) -> str:
    """The page of a round that nobody has sat, with a bank of thirty in three chapters."""
    with app.app_context(), unit_of_work():
        db.session.execute(delete(Attempt))
        service.import_questions(contest_id=scene.contest, questions=bank_of(30), actor_id=scene.organizer)
    return f"/ban-dieu-hanh/dot-thi/{scene.quiz}/ma-tran"


def test_quotas_are_weighed_and_frozen_with_a_reason(app: Flask, desk: FlaskClient, scene: Scene, matrix: str) -> None:
    page = pages.get(desk, matrix)
    assert "Ngân hàng đủ câu" in page.text
    wrong = press(page, "matrix", "Kiểm tra", **{"n-0-2": "11", "n-x-0": "9"})
    assert "chương “Chương 0”" in wrong.text
    right = press(wrong, "matrix", "Kiểm tra", **{"n-0-2": "5", "n-1-0": "7", "n-x-0": "8"})
    assert "Ngân hàng đủ câu" in right.text

    done = press(right, "matrix", "Chốt đề", reason=REASON)

    assert "Đã chốt lúc" in done.text
    with app.app_context():
        frozen = queries.quiz_round(scene.quiz)
        assert frozen is not None
        assert [quota["count"] for quota in frozen.blueprint["quotas"]] == [5, 7, 8]
        paper = queries.frozen_bank(scene.quiz).paper(7)
        versions = queries.versions_by_id(item.key for item in paper.items)
        assert sum(version.chapter == "Chương 0" for version in versions.values()) >= 5


@pytest.mark.parametrize(
    ("choices", "words"), [(5, "Không câu nào hợp thể lệ của đợt"), (4, "ngân hàng có 30 câu đang dùng.")]
)
def test_page_counts_the_questions_that_the_rules_admit(
    app: Flask, desk: FlaskClient, scene: Scene, matrix: str, choices: int, words: str
) -> None:
    with app.app_context(), unit_of_work():
        round_ = contests.round_by_id(scene.quiz)
        round_.params = round_.params | {"choices": choices}

    assert words in pages.get(desk, matrix).text


def test_freeze_that_cannot_be_filled_keeps_what_was_typed(desk: FlaskClient, matrix: str) -> None:
    page = pages.get(desk, matrix)

    told = press(page, "matrix", "Chốt đề", status=409, reason=REASON, **{"n-x-0": "31"})

    assert "chưa đủ" in told.text
    assert pages.held(next(form for form in told.root.iter("form") if form.get("id") == "matrix"))["n-x-0"] == "31"


def test_sample_papers_follow_from_their_seed(desk: FlaskClient, matrix: str) -> None:
    page = pages.get(desk, matrix)

    first, again, other = (press(page, "matrix", "Xem đề mẫu", seed=seed, copies="2").text for seed in ("7", "7", "8"))

    assert first == again != other
    assert "Đề số 7" in first
    assert "Đáp án đề số 8" in first


def test_script_is_told_whether_papers_can_be_drawn(desk: FlaskClient, matrix: str) -> None:
    token = {"csrf_token": csrf_token(desk)}

    good = desk.post(f"{matrix}/kha-thi", data={"n-x-0": "20"} | token).json
    bad = desk.post(f"{matrix}/kha-thi", data={"n-x-0": "9" * 14, "n-x-1": "2"} | token).json

    assert good == {"count": 20, "questions": 20, "missing": []}
    assert bad["missing"]


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "²", "1.5", "\x00"])
def test_numbers_that_nobody_means_leave_the_page_whole(desk: FlaskClient, matrix: str, value: str) -> None:
    data = {"n-x-0": value, "n-0-1": value, "chapter-0": value * 100, "seed": value, "copies": value, "reason": "x"}
    for path in ("", "/de-mau"):
        for act in ("look", "freeze", value):
            reply = desk.post(matrix + path, data=data | {"act": act, "csrf_token": csrf_token(desk)})
            assert reply.status_code in (200, 400, 409)


def test_round_that_was_sat_shows_its_blueprint_and_freezes_no_more(
    app: Flask, desk: FlaskClient, scene: Scene, matrix: str
) -> None:
    from tests.backoffice.conftest import add_attempt

    with app.app_context(), unit_of_work():
        service.prepare_round(round_id=scene.quiz, actor_id=scene.organizer)
        add_attempt(scene.quiz, scene.entrant, None)

    page = pages.get(desk, matrix)

    assert "đã có người vào thi" in page.text
    assert "Chốt lại đề" not in page.text


def test_essay_round_has_no_blueprint(desk: FlaskClient, scene: Scene) -> None:
    assert desk.get(f"/ban-dieu-hanh/dot-thi/{scene.essay_round}/ma-tran").status_code == 404
