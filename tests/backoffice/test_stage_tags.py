"""What the desk says of a stage of judging at each point of its life; its round has been over all the while, and that is not said of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging import service
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState
from tests import pages
from tests.backoffice.conftest import Scene

LIST = "/ban-dieu-hanh/hoi-dong-cham"


def still_open(scene: Scene) -> None:
    db.session.get_one(Round, scene.essay_round).closes_at = clock.now().replace(year=2100)


def nothing_given(scene: Scene) -> None:
    db.session.execute(delete(Scorecard))
    db.session.execute(delete(Assignment))


def all_signed(scene: Scene) -> None:
    db.session.execute(update(Assignment).values(state=AssignmentState.SIGNED))


def closed(scene: Scene) -> None:
    service.close_stage(stage_id=scene.stage, actor_id=scene.organizer, reason="Họp")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda scene: None, "Đang chấm"),
        (still_open, "Chờ đợt đóng"),
        (nothing_given, "Chờ phân công"),
        (all_signed, "Đã chấm xong"),
        (closed, "Vòng chấm đã đóng"),
    ],
)
def test_stage_is_tagged_by_its_own_state(
    app: Flask, desk: FlaskClient, scene: Scene, change: Callable[[Scene], None], words: str
) -> None:
    with app.app_context(), unit_of_work():
        change(scene)

    for address in (LIST, f"{LIST}/{scene.stage}"):
        page = pages.get(desk, address)
        tags = [pages.words(tag) for tag in page.root.iter("span") if (tag.get("class") or "").startswith("tag")]
        assert words in tags, address
    stage = next(card for card in pages.get(desk, LIST).root.iter("section") if "Sơ khảo" in pages.words(card))
    assert "Đã đóng" not in pages.words(stage)


def test_round_that_cannot_be_published_is_on_the_list_of_work(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        all_signed(scene)
        db.session.execute(update(Stage).where(Stage.id == scene.stage).values(closed_at=clock.now()))
        db.session.execute(delete(Scorecard))
        db.session.execute(delete(Assignment))
        db.session.execute(update(Entry).where(Entry.id == scene.photo).values(state=EntryState.DISQUALIFIED))

    text = pages.get(desk, "/ban-dieu-hanh/").text

    assert "đợt chưa công bố được" in text
    assert "Chưa phân công bài nào cho giám khảo." in text
    assert "Không có việc nào chờ" not in text
