"""The desk of a published round: what today's list would give differently, by work where works win, and where equals now stand across a prize."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, PanelMember, Scorecard, Stage
from contest.judging.rules import AssignmentState
from contest.quiz import jobs
from contest.quiz.models import Attempt
from contest.results import service
from tests import pages
from tests.factories import make_account, make_contest, round_of
from tests.quiz.places import attempt, close
from tests.results.conftest import PRIZES, Rounds
from tests.signed_in import csrf_token, sign_in

TOLD = "chỗ khác giữa công bố và dữ liệu lúc này"
DIFFERS = "Danh sách tính lúc này khác Công bố số 01"
WORKS = (("An", "Dòng sông", 90), ("Bình", "Mùa vải", 80), ("An", "Bến cũ", 70), ("Cúc", "Đồi chè", 60))


@dataclass
class Works:
    """A published round of works: An has two, the first of which won."""

    app: Flask
    round_id: int
    organizer_id: int

    def mark(self, work: str, total: int | None) -> None:
        """Give a work other marks, or take the signature away with which it had them."""
        with self.app.app_context(), unit_of_work():
            query = select(Scorecard, Assignment).join(Assignment, Assignment.id == Scorecard.assignment_id)
            card, given = db.session.execute(
                query.join(Entry, Entry.id == Assignment.entry_id).where(Entry.title == work)
            ).one()
            card.total = total or 0
            if total is None:
                card.signed_at, given.state = None, AssignmentState.OPEN
                db.session.get_one(Stage, given.stage_id).closed_at = None

    def card(self, work: str) -> tuple[int, int]:
        """The assignment of a work and its stage; its judge sits on the panel."""
        with self.app.app_context(), unit_of_work():
            query = select(Assignment).join(Entry, Entry.id == Assignment.entry_id).where(Entry.title == work)
            given = db.session.scalars(query).one()
            db.session.add(PanelMember(stage_id=given.stage_id, judge_id=given.judge_id))
            return given.id, given.stage_id

    def dashboard(self) -> str:
        """The desk's first page."""
        client = self.app.test_client()
        sign_in(client, self.organizer_id)
        return pages.get(client, "/ban-dieu-hanh/").text

    def page(self) -> str:
        """The desk's page of its result."""
        client = self.app.test_client()
        sign_in(client, self.organizer_id)
        return pages.get(client, f"/ban-dieu-hanh/cong-bo/dot/{self.round_id}").text


@pytest.fixture(params=[TrackKind.ESSAY, TrackKind.PHOTO], ids=["essays", "photographs"])
def works(app: Flask, request: pytest.FixtureRequest) -> Works:
    """The round, judged by one judge and published."""
    with app.app_context(), unit_of_work():
        round_ = round_of(make_contest(), request.param)
        round_.closes_at = now = clock.now()
        organizer, judge = make_account(role=Role.ORGANIZER), make_account(role=Role.JUDGE)
        stage = Stage(round_id=round_.id, title="chung khảo", judges_per_entry=1, opened_at=now)
        db.session.add(stage)
        people: dict[str, Account] = {}
        for slot, (name, title, total) in enumerate(WORKS, 1):
            author = people.get(name) or people.setdefault(name, make_account(full_name=name))
            entry = Entry(
                round_id=round_.id,
                entrant_id=author.id,
                kind=request.param,
                slot=slot,
                state=EntryState.HANDED_IN,
                title=title,
                blind_code=f"M{slot}",
                receipt=f"B-{slot}",
                created_at=now,
                updated_at=now,
                handed_in_at=now,
            )
            db.session.add(entry)
            db.session.flush()
            given = Assignment(
                stage_id=stage.id, entry_id=entry.id, judge_id=judge.id, state=AssignmentState.SIGNED, created_at=now
            )
            db.session.add(given)
            db.session.flush()
            db.session.add(Scorecard(assignment_id=given.id, total=total, saved_at=now, signed_at=now))
        service.set_prizes(round_id=round_.id, prizes=PRIZES, actor_id=organizer.id, reason="Kế hoạch")
        stage.closed_at = now
        found = Works(app, round_.id, organizer.id)
    with app.app_context(), unit_of_work():
        service.publish(round_id=found.round_id, title="Kết quả", actor_id=found.organizer_id, reason="Biên bản")
    return found


def test_published_round_whose_list_is_still_the_same_has_no_banner(works: Works) -> None:
    assert DIFFERS not in works.page()
    works.mark("Dòng sông", 95)
    assert DIFFERS not in works.page()


def test_two_works_of_one_author_that_change_places_are_told_apart(works: Works) -> None:
    works.mark("Bến cũ", 95)

    page = works.page()

    assert DIFFERS in page
    assert "An, “Dòng sông”Giải NhấtGiải Nhì" in page
    assert "Bình, “Mùa vải”Giải Nhìkhông có giải" in page
    assert "An, “Bến cũ”không có giảiGiải Nhất" in page
    assert "Cúc, “Đồi chè”" not in page


def test_work_that_now_equals_the_last_winner_is_told_as_a_tie(works: Works) -> None:
    works.mark("Bến cũ", 80)

    page = works.page()

    assert DIFFERS in page
    assert "Hạng 2 có 2 người bằng nhau ở mọi tiêu chí, nhưng Giải Nhì không đủ chỗ." in page
    assert "Ban Tổ chức quyết định với" in page
    assert "Giải khác với Công bố" not in page
    assert "Cột Giải theo Công bố số 01" in page


def test_work_whose_marks_are_open_again_is_told_on_the_page_and_on_the_dashboard(works: Works) -> None:
    assert TOLD not in works.dashboard()

    works.mark("Dòng sông", None)

    page, dashboard = works.page(), works.dashboard()
    assert DIFFERS in page
    assert "Kết quả của đợt đang mở lại: Còn 1 bài chưa đủ phiếu chấm đã ký." in page
    assert "An, “Dòng sông”Giải Nhấtkhông có giải" in page
    assert "Bình, “Mùa vải”Giải NhìGiải Nhất" in page
    assert TOLD in dashboard
    assert "Công bố số 01: An, “Dòng sông”, Bình, “Mùa vải”, An, “Bến cũ”" in dashboard


def test_reopening_a_card_says_first_what_stands_and_whom_it_moves(works: Works) -> None:
    card, stage = works.card("Dòng sông")
    address = f"/ban-dieu-hanh/hoi-dong-cham/{stage}/phieu/{card}/mo-lai"
    with works.app.app_context(), unit_of_work():
        db.session.get_one(
            Stage, stage
        ).closed_at = None  # As publications were before stages had to be closed for them.
    client = works.app.test_client()
    sign_in(client, works.organizer_id)
    assert f'href="{address}"' in pages.get(client, f"/ban-dieu-hanh/hoi-dong-cham/{stage}").reply.text

    page = pages.get(client, address).text

    assert "Công bố số 01 đang có hiệu lực" in page
    assert "Công bố trao Giải Nhất cho An, “Dòng sông”, là bài này." in page
    assert "Bình, “Mùa vải”Giải NhìGiải Nhất" in page
    blind = {"csrf_token": csrf_token(client), "reason": "Nhập nhầm"}
    refused = client.post(address, data=blind)
    assert (refused.status_code, "xem ai có thể đổi giải" in refused.text) == (409, True)
    with works.app.app_context():
        assert db.session.get_one(Assignment, card).state is AssignmentState.SIGNED
        db.session.remove()
    assert client.post(address, data={**blind, "seen": "1"}).status_code == 302
    with works.app.app_context():
        assert db.session.get_one(Assignment, card).state is AssignmentState.OPEN


def test_quiz_whose_equals_now_stand_across_a_prize_is_told_as_a_tie(rounds: Rounds) -> None:
    ids = [attempt(rounds.first, name, correct=correct) for name, correct in (("An", 10), ("Bình", 9), ("Cúc", 8))]
    close(rounds.first)
    rounds.publish(rounds.first)
    assert DIFFERS not in rounds.desk(rounds.first).text
    with rounds.app.app_context():
        with unit_of_work():
            db.session.get_one(Attempt, ids[2]).points = 45
            db.session.execute(db.text("UPDATE round_ledger SET standing_due = true"))
        jobs.rank()

    page = rounds.desk(rounds.first).text

    assert DIFFERS in page
    assert "Hạng 2 có 2 người bằng nhau ở mọi tiêu chí, nhưng Giải Nhì không đủ chỗ." in page
    assert "Giải khác với Công bố" not in page
    assert "Muốn theo danh sách mới, bạn thu hồi" in page
