"""The organiser publishes a judged round, everybody reads it, and the organiser takes it back with a reason that everybody reads."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.config import Config
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.demo import essays, people
from contest.demo.honours import PRIZES
from contest.essay import service as essay
from contest.essay.rules import Draft
from contest.judging import queries as judged
from contest.judging import service as judging
from contest.judging.models import Assignment
from contest.judging.service import NewCriterion
from contest.results import service as results
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.fixtures.demo import demo_config

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
ROUND = "Đợt đặc biệt"
UNUSED = (27, 28, 29)  # essays that the small demo does not hand in


@pytest.fixture
def best(site: Site, make_app: Callable[[Config], Flask]) -> str:
    """Adds to the running site an essay round that is over and wholly judged; the title of its best essay."""
    app = make_app(demo_config(site.folder, f"unix://{site.folder / 's'}"))
    with app.app_context(), unit_of_work():
        track, now = contests.track_of(TrackKind.ESSAY), clock.now()
        organizer = db.session.scalars(select(Account.id).where(Account.role == Role.ORGANIZER)).first()
        judge = db.session.scalars(select(Account.id).where(Account.role == Role.JUDGE)).first()
        assert organizer
        assert judge
        round_ = Round(
            track=track,
            number=9,
            title=ROUND,
            opens_at=now - timedelta(days=3),
            closes_at=now - timedelta(days=1),
            params={"words_min": 300},
        )
        db.session.add(round_)
        db.session.flush()
        with clock.frozen(now - timedelta(days=2)):
            authors = db.session.scalars(
                select(Account).where(Account.role == Role.ENTRANT).order_by(Account.id).limit(len(UNUSED))
            ).all()
            for author, number in zip(authors, UNUSED, strict=True):
                _hand_in(round_, author, number)
        stage = judging.open_stage(
            round_id=round_.id,
            title="Vòng duy nhất",
            rubric=[NewCriterion("Toàn bài", "", 100)],
            judge_ids=[judge],
            judges_per_entry=1,
            actor_id=organizer,
        )
        judging.assign(stage_id=stage.id, actor_id=organizer)
        _mark_all(stage.id, judge)
        judging.close_stage(stage_id=stage.id, actor_id=organizer, reason="Đã chấm xong.")
        results.set_prizes(round_id=round_.id, prizes=PRIZES, actor_id=organizer, reason="Theo thể lệ.")
    return essays.essay(UNUSED[0]).title


def _hand_in(round_: Round, author: Account, number: int) -> None:
    text = essays.essay(number)
    entry = essay.begin(round_=round_, entrant=author)
    essay.save(entry_id=entry.id, entrant=author, draft=Draft(0, text.theme, text.title, text.text))
    essay.hand_in(entry_id=entry.id, entrant=author, sequence=1)


def _mark_all(stage_id: int, judge: int) -> None:
    (criterion,) = judged.weights_of(stage_id)
    given = db.session.scalars(
        select(Assignment.id).where(Assignment.stage_id == stage_id).order_by(Assignment.entry_id)
    )
    for place, assignment in enumerate(given.all()):
        judging.save(assignment_id=assignment, judge_id=judge, marks={criterion: 90 - place}, comment="", sequence=1)
        judging.sign(assignment_id=assignment, judge_id=judge, sequence=1)


def test_judged_round_is_published_read_by_everybody_and_taken_back_with_a_reason(visitor: SitDown, best: str) -> None:
    organizer, reader = visitor("desktop"), visitor("phone")
    organizer.sign_in(people.ORGANIZER)
    page = organizer.page
    page.goto(organizer.url + "/ban-dieu-hanh/cong-bo")
    organizer.press(ROUND)

    page.locator("summary", has_text="Công bố kết quả").click()
    confirmed(organizer, page.get_by_role("dialog"), "Quyết định số 12", "Công bố")

    organizer.says("Đã công bố, số 02")
    reader.page.goto(reader.url + "/ket-qua")
    reader.press(ROUND)
    reader.says("Giải Nhất")
    reader.says(best)

    line = page.locator(".rows > li").filter(has_text=ROUND)
    line.locator("summary", has_text="Thu hồi").click()
    confirmed(organizer, page.get_by_role("dialog"), "Cộng nhầm điểm một phiếu", "Thu hồi công bố")

    organizer.says("Đã thu hồi công bố số 02")
    reader.page.reload()
    reader.says("Công bố này đã thu hồi")
    reader.says("Cộng nhầm điểm một phiếu")
    reader.look()


def confirmed(person: Visitor, dialog: Locator, reason: str, verb: str) -> None:
    """Give the reason in the dialog, which is looked at, and confirm."""
    dialog.get_by_label("Lý do").fill(reason)
    person.look()
    dialog.get_by_role("button", name=verb, exact=True).click()
