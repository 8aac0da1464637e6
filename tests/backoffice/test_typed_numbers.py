"""Numbers as organisers type them into the desk's forms: read as they mean them, or nothing is written and a sentence says why."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.core.db import db
from contest.quiz.models import Attempt
from contest.results import queries
from tests import pages
from tests.backoffice.conftest import Scene

DESK = "/ban-dieu-hanh"
REASON = "Họp Ban Tổ chức"


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    """These tests post without opening the page first."""
    app.config["WTF_CSRF_ENABLED"] = False


def amounts(app: Flask, round_id: int) -> list[int]:
    with app.app_context():
        return [prize.amount for prize in queries.prizes_of(round_id)]


def prize(scene: Scene, amount: str, places: str = "1") -> tuple[str, dict[str, str]]:
    form = {"reason": REASON, "prizes-0-name": "Giải Nhất", "prizes-0-places": places, "prizes-0-amount": amount}
    return f"{DESK}/cong-bo/dot/{scene.quiz}/giai-thuong", form


@pytest.mark.parametrize(
    ("typed", "meant"), [("30.000.000", 30_000_000), ("30 triệu", 30_000_000), ("4tr", 4_000_000), ("500k", 500_000)]
)
def test_prize_is_the_sum_that_was_meant(app: Flask, desk: FlaskClient, scene: Scene, typed: str, meant: int) -> None:
    address, form = prize(scene, typed)

    assert desk.post(address, data=form).status_code == 302

    assert amounts(app, scene.quiz) == [meant]
    shown = desk.get(address.rpartition("/")[0]).text
    assert f'value="{meant:,}"'.replace(",", ".") in shown


@pytest.mark.parametrize(
    ("amount", "places", "words"),
    [
        ("bốn triệu", "1", "Chưa rõ “bốn triệu” là bao nhiêu tiền. Bạn ghi ví dụ 30.000.000 hoặc 30 triệu."),
        ("4tr", "1,5", "Ở đây chỉ ghi số nguyên, ví dụ 20; “1,5” có phần lẻ."),
        ("2 tỷ", "1", "Tiền thưởng từ 0 đến 1 tỷ đồng."),
    ],
)
def test_unclear_prize_is_refused_with_one_sentence_and_kept_as_typed(
    app: Flask, desk: FlaskClient, scene: Scene, amount: str, places: str, words: str
) -> None:
    before = amounts(app, scene.quiz)
    address, form = prize(scene, amount, places)

    reply = desk.post(address, data=form)

    assert (reply.status_code, pages.faults(reply.text)) == (422, [])
    assert f"<span>{words}</span>" in reply.text
    assert f'value="{amount}"' in reply.text
    assert amounts(app, scene.quiz) == before


@pytest.mark.parametrize("typed", ["1,5", "mười", "1e2"])
def test_unclear_minutes_give_no_time(app: Flask, desk: FlaskClient, scene: Scene, typed: str) -> None:
    reply = desk.post(f"{DESK}/luot-thi/{scene.attempt}/them-gio", data={"minutes": typed, "reason": REASON})

    assert reply.status_code == 400
    assert f"“{typed}”" in reply.text
    with app.app_context():
        assert db.session.get_one(Attempt, scene.attempt).extra_seconds == 0
