"""Judges who come to a panel and leave it, and cards given by hand: nobody is stuck, nothing signed is lost, whoever presses when; both databases."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.models import Track
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, DomainError, NotFound, Refused
from contest.entries import service as entries
from contest.essay.models import Essay
from contest.judging import queries, service
from contest.judging.models import Assignment, Scorecard
from contest.judging.rules import COUNTED, AssignmentState
from contest.judging.service import NewCriterion
from tests import pages
from tests.addresses import of_card
from tests.core.threads import race
from tests.factories import make_account, make_contest, make_round, round_of
from tests.signed_in import csrf_token, sign_in

pytestmark = pytest.mark.both_databases

DESK = "/ban-dieu-hanh"
REASON = "Quyết định số 7 của hội đồng"


class Bench:
    """A closed essay round of three entries before a panel of two, each entry given to both, and a third judge beside it; ids only."""

    def __init__(self) -> None:
        contest = make_contest()
        round_ = round_of(contest, TrackKind.ESSAY)
        self.track, self.round = round_.track_id, round_.id
        self.entries = [self.hand_in(round_.id) for _ in range(3)]
        round_.closes_at = clock.now() - timedelta(minutes=1)
        names = ("An", "Bình", "Chi")
        self.judges = [make_account(role=Role.JUDGE, full_name=f"Giám Khảo {name}").id for name in names]
        self.organizer = make_account(role=Role.ORGANIZER).id
        self.stage = self.open(self.round)
        service.assign(stage_id=self.stage, actor_id=self.organizer)

    def hand_in(self, round_id: int) -> int:
        """An essay, inside the caller's unit of work."""
        entry = entries.begin(round_=contests.round_by_id(round_id), entrant=make_account())
        db.session.add(Essay(entry_id=entry.id, body="Đoạn một.", words=2, saved_at=clock.now()))
        db.session.flush()
        return entries.hand_in(entry=entry, parts=["x"]).id

    def open(self, round_id: int) -> int:
        """A stage before the first two judges, inside the caller's unit of work."""
        return service.open_stage(
            round_id=round_id,
            title="Sơ khảo",
            rubric=[NewCriterion("Toàn bài", "", 100)],
            judge_ids=self.judges[:2],
            judges_per_entry=2,
            actor_id=self.organizer,
        ).id

    def card(self, judge: int, entry: int | None = None) -> int:
        """The assignment of a judge for an entry, the first of all unless named."""
        return db.session.scalars(
            select(Assignment.id)
            .where(Assignment.judge_id == judge, Assignment.entry_id == (entry or self.entries[0]))
            .order_by(Assignment.id)
        ).one()

    def state(self, card: int) -> AssignmentState:
        return db.session.scalars(select(Assignment.state).where(Assignment.id == card)).one()

    def holders(self, entry: int) -> set[int]:
        """Who has an entry now."""
        return set(
            db.session.scalars(
                select(Assignment.judge_id).where(
                    Assignment.stage_id == self.stage, Assignment.entry_id == entry, Assignment.state.in_(COUNTED)
                )
            )
        )

    def sign(self, card: int, judge: int, points: int = 70) -> None:
        with unit_of_work():
            stage = db.session.scalars(select(Assignment.stage_id).where(Assignment.id == card)).one()
            marks = dict.fromkeys(queries.weights_of(stage), points)
            sequence = (db.session.scalar(select(Scorecard.sequence).where(Scorecard.assignment_id == card)) or 0) + 1
            service.save(assignment_id=card, judge_id=judge, marks=marks, comment="", sequence=sequence)
            service.sign(assignment_id=card, judge_id=judge, sequence=sequence)

    def conflict(self, judge: int, entry: int | None = None) -> bool:
        with unit_of_work():
            return service.declare_conflict(
                assignment_id=self.card(judge, entry), judge_id=judge, reason="Học sinh tôi dạy"
            )

    def add(self, judge: int, reason: str = REASON) -> str:
        with unit_of_work():
            return service.add_judge(stage_id=self.stage, judge_id=judge, actor_id=self.organizer, reason=reason)

    def remove(self, judge: int, reason: str = REASON) -> service.Left:
        with unit_of_work():
            return service.remove_judge(stage_id=self.stage, judge_id=judge, actor_id=self.organizer, reason=reason)

    def give(self, entry: int, judge: int, instead_of: int | None = None, reason: str = REASON) -> int:
        with unit_of_work():
            return service.give(
                stage_id=self.stage,
                entry_id=entry,
                judge_id=judge,
                actor_id=self.organizer,
                reason=reason,
                instead_of=instead_of,
            ).id

    def lacks(self) -> list[int]:
        return [lack.entry_id for lack in queries.lacking(queries.stage_by_id(self.stage))]

    def post(self, app: Flask, path: str, *, by: int | None = None, **fields: object) -> tuple[int, str]:
        """What a browser gets for a post and the page behind it."""
        client = app.test_client()
        sign_in(client, by or self.organizer)
        reply = client.post(path, data={"csrf_token": csrf_token(client), **fields}, follow_redirects=True)
        return reply.status_code, reply.text

    def get(self, app: Flask, path: str, *, by: int | None = None) -> str:
        client = app.test_client()
        sign_in(client, by or self.organizer)
        return pages.get(client, path).reply.text

    def acts(self) -> list[tuple[str, str]]:
        """What is on the stage's record, oldest first."""
        rows = db.session.execute(
            select(AuditRow.action, AuditRow.reason)
            .where(AuditRow.subject == f"stage:{self.stage}")
            .order_by(AuditRow.id)
        )
        return [(row[0], row[1]) for row in rows]


@pytest.fixture
def bench(app: Flask) -> Bench:
    with app.app_context():
        with unit_of_work():
            made = Bench()
        db.session.remove()
        return made


def test_conflict_that_nobody_can_take_is_told_and_mended(app: Flask, bench: Bench) -> None:
    first, second, third = bench.judges
    entry = bench.entries[0]
    with app.app_context():
        card = bench.card(first)
        code = queries.entries_of(queries.stage_by_id(bench.stage))[entry]
    status, page = bench.post(app, of_card(app, card, "/xung-dot"), by=first, reason="Học sinh tôi dạy")
    assert status == 200
    assert "không còn giám khảo nào nhận được bài này" in page
    assert "Bài được chuyển" not in page

    stage = f"{DESK}/hoi-dong-cham/{bench.stage}"
    _, page = bench.post(app, f"{stage}/phan-cong", reason=REASON)
    assert "Mọi bài đã đủ giám khảo" not in page
    assert f"Hội đồng không còn ai nhận được bài {code}" in page
    dashboard = bench.get(app, f"{DESK}/")
    assert "bài không còn giám khảo nào nhận được" in dashboard
    assert code in dashboard
    assert code in bench.get(app, f"{stage}/hoi-dong")
    assert "Hội đồng không còn ai nhận được bài này" in bench.get(app, f"{stage}/bai/{entry}")

    _, page = bench.post(app, f"{stage}/hoi-dong/them", reason=REASON, judge_id=third)
    assert "Đã thêm Giám Khảo Chi vào hội đồng. Còn 1 lượt chấm chưa giao." in page
    assert "bài không còn giám khảo" not in bench.get(app, f"{DESK}/")
    _, page = bench.post(app, f"{stage}/phan-cong", reason=REASON)
    assert "Đã giao 1 lượt chấm." in page
    with app.app_context():
        assert bench.holders(entry) == {second, third}
        assert bench.lacks() == []
        assert bench.acts()[-3:] == [
            ("judging.assign", REASON),
            ("judging.add_judge", REASON),
            ("judging.assign", REASON),
        ]
    _, page = bench.post(app, f"{stage}/phan-cong", reason=REASON)
    assert "Mọi bài đã đủ giám khảo." in page


def test_conflict_that_somebody_takes_says_so(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.add(bench.judges[2])
        card = bench.card(bench.judges[0])
    _, page = bench.post(app, of_card(app, card, "/xung-dot"), by=bench.judges[0], reason="Học sinh tôi dạy")
    assert "Bài được chuyển cho giám khảo khác." in page
    with app.app_context():
        assert bench.holders(bench.entries[0]) == set(bench.judges[1:])


def test_one_card_is_given_by_hand(app: Flask, bench: Bench) -> None:
    first, second, third = bench.judges
    entry = bench.entries[0]
    with app.app_context():
        bench.conflict(first)
        for judge, words in ((first, "báo xung đột"), (second, "đã được giao"), (third, "không có trong hội đồng")):
            with pytest.raises(Refused, match=words):
                bench.give(entry, judge)
        bench.add(third)
        with pytest.raises(BadInput):
            bench.give(entry, third, reason=" ")
        with pytest.raises(NotFound):
            bench.give(10**9, third)
        card = bench.give(entry, third)
        assert bench.holders(entry) == {second, third}
        with pytest.raises(Refused, match="đã đủ 2"):
            bench.give(bench.entries[1], third)
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "judging.give")).one()
        assert (row.reason, row.detail) == (REASON, {"entry": entry, "judge": third})
    assert "Đoạn một." in bench.get(app, of_card(app, card), by=third)


def test_signed_card_is_passed_on_and_its_marks_do_not_count(app: Flask, bench: Bench) -> None:
    first, second, third = bench.judges
    entry = bench.entries[0]
    with app.app_context():
        bench.add(third)
        card = bench.card(first)
        bench.sign(card, first, 90)
        bench.sign(bench.card(second), second, 50)
        new = bench.give(entry, third, instead_of=card)
        assert bench.state(card) is AssignmentState.TAKEN_BACK
        (score,) = [score for score in queries.scores(bench.stage) if score.entry.id == entry]
        assert (score.totals, score.mean) == ([50], None)
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "judging.give")).one()
        assert row.detail == {"entry": entry, "judge": third, "instead_of": first, "total": 90}
        bench.sign(new, third, 60)
        (score,) = [score for score in queries.scores(bench.stage) if score.entry.id == entry]
        assert str(score.mean) == "55.00"
        back = bench.give(entry, first, instead_of=new)
        assert back == card
        bench.sign(card, first, 80)
        (score,) = [score for score in queries.scores(bench.stage) if score.entry.id == entry]
        assert str(score.mean) == "65.00"


def test_judge_who_leaves_keeps_what_was_signed_and_gives_up_the_rest(app: Flask, bench: Bench) -> None:
    first, _, third = bench.judges
    with app.app_context():
        signed = bench.card(first)
        bench.sign(signed, first)
        with unit_of_work():
            draft = bench.card(first, bench.entries[1])
            service.save(assignment_id=draft, judge_id=first, marks={}, comment="Đang viết", sequence=1)
        with pytest.raises(Refused, match="chỉ còn 1 người"):
            bench.remove(first)
        bench.add(third)
        with pytest.raises(BadInput):
            bench.remove(first, reason="")
        left = bench.remove(first)
        assert (left.taken_back, left.given, left.signed) == (2, 2, 1)
        assert bench.state(signed) is AssignmentState.SIGNED
        assert [bench.holders(entry) for entry in bench.entries] == [
            set(bench.judges[:2]),
            *[set(bench.judges[1:])] * 2,
        ]
        with pytest.raises(Refused, match="chuyển cho giám khảo khác"), unit_of_work():
            service.save(assignment_id=draft, judge_id=first, marks={}, comment="", sequence=2)
        with pytest.raises(NotFound, match="chuyển cho giám khảo khác"):
            queries.desk(draft, first)
        assert (
            db.session.scalars(select(Scorecard.comment).where(Scorecard.assignment_id == draft)).one() == "Đang viết"
        )
        with pytest.raises(Refused, match="không còn trong hội đồng"), unit_of_work():
            service.reopen(assignment_id=signed, actor_id=bench.organizer, reason=REASON)
        lines = {line.judge_id: (line.assigned, line.signed, line.member) for line in queries.progress(bench.stage)}
        assert lines[first] == (1, 1, False)
        assert queries.cards(bench.stage) == (6, 1)
        assert sum(assigned for assigned, _, _ in lines.values()) == 6
        own = [item.assignment_id for queue in queries.queues_of(first) for item in queue.items]
        assert own == [signed]
        bench.add(first)
        assert bench.state(draft) is AssignmentState.TAKEN_BACK
    page = bench.get(app, f"{DESK}/hoi-dong-cham/{bench.stage}/hoi-dong")
    assert "Giám Khảo An" in page


def test_judge_of_two_panels_leaves_one(app: Flask, bench: Bench) -> None:
    first, _, third = bench.judges
    with app.app_context():
        with unit_of_work():
            other = make_round(db.session.get_one(Track, bench.track), state=RoundState.OPEN)
            bench.hand_in(other.id)
            other.closes_at = clock.now()
            db.session.flush()
            elsewhere = bench.open(other.id)
            service.assign(stage_id=elsewhere, actor_id=bench.organizer)
        bench.add(third)
        bench.remove(first)
        queues = queries.queues_of(first)
        assert [(queue.stage_id, queue.left) for queue in queues] == [(elsewhere, 1)]
        assert first in {account.id for account in queries.panel(elsewhere)}


def test_account_that_cannot_judge_any_more_is_given_nothing(app: Flask, bench: Bench) -> None:
    first, second, third = bench.judges
    with app.app_context():
        bench.add(third)
        with unit_of_work():
            db.session.get_one(Account, third).disabled_at = clock.now()
        assert not bench.conflict(first)
        assert bench.holders(bench.entries[0]) == {second}
        with pytest.raises(Refused, match="không còn là giám khảo"):
            bench.give(bench.entries[0], third)
        with pytest.raises(Refused, match="không phải giám khảo"):
            bench.add(bench.organizer)


def test_cards_of_a_judge_who_cannot_sign_in_are_told_and_pass_on(app: Flask, bench: Bench) -> None:
    first, _, third = bench.judges
    told = "phiếu ở giám khảo không chấm được nữa"
    assert told not in bench.get(app, f"{DESK}/")
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, first).disabled_at = clock.now()
    assert told in bench.get(app, f"{DESK}/")
    assert "không chấm tiếp được" in bench.get(app, f"{DESK}/hoi-dong-cham/{bench.stage}/hoi-dong")
    with app.app_context():
        bench.add(third)
        assert bench.remove(first).given == 3
    assert told not in bench.get(app, f"{DESK}/")


def test_closed_stage_keeps_its_panel(app: Flask, bench: Bench) -> None:
    with app.app_context():
        with unit_of_work():
            service.close_stage(stage_id=bench.stage, actor_id=bench.organizer, reason=REASON)
        card = bench.card(bench.judges[0])
        for act in (
            lambda: bench.add(bench.judges[2]),
            lambda: bench.remove(bench.judges[0]),
            lambda: bench.give(bench.entries[0], bench.judges[1], instead_of=card),
        ):
            with pytest.raises(Refused, match="đã đóng"):
                act()
    page = bench.get(app, f"{DESK}/hoi-dong-cham/{bench.stage}/hoi-dong")
    assert "Thêm giám khảo" not in page
    assert "Đưa ra" not in page


def test_two_organisers_add_one_judge_at_once(app: Flask, bench: Bench) -> None:
    outcomes = race(app, lambda number: bench.add(bench.judges[2]), threads=8)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [*["Refused"] * 7, "str"], outcomes
    with app.app_context():
        assert len(queries.panel(bench.stage)) == 3


def test_two_organisers_fill_one_place_at_once(app: Flask, bench: Bench) -> None:
    first, second, third = bench.judges
    with app.app_context():
        with unit_of_work():
            fourth = make_account(role=Role.JUDGE).id
        bench.conflict(first)
        bench.add(third)
        bench.add(fourth)

    outcomes = race(app, lambda number: bench.give(bench.entries[0], (third, fourth)[number % 2]), threads=8)

    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 7, outcomes
    with app.app_context():
        assert len(bench.holders(bench.entries[0]) - {second}) == 1


def test_two_judges_step_back_from_one_entry_at_once(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.add(bench.judges[2])

    outcomes = race(app, lambda number: bench.conflict(bench.judges[number]), threads=2)

    assert sorted(map(str, outcomes)) == ["False", "True"]
    with app.app_context():
        assert bench.holders(bench.entries[0]) == {bench.judges[2]}
        assert bench.lacks() == [bench.entries[0]]


def test_judge_signs_while_being_taken_from_the_panel(app: Flask, bench: Bench) -> None:
    first, _, third = bench.judges
    with app.app_context():
        bench.add(third)
        cards = [bench.card(first, entry) for entry in bench.entries]

    def act(number: int) -> object:
        return bench.remove(first) if number == 3 else bench.sign(cards[number], first)

    outcomes = race(app, act, threads=4)

    assert all(not isinstance(outcome, Exception) or isinstance(outcome, DomainError) for outcome in outcomes), outcomes
    with app.app_context():
        signed = [card for card in cards if bench.state(card) is AssignmentState.SIGNED]
        assert {bench.state(card) for card in cards} <= {AssignmentState.SIGNED, AssignmentState.TAKEN_BACK}
        kept = select(func.count()).where(Scorecard.signed_at.is_not(None), Scorecard.assignment_id.in_(cards))
        assert db.session.scalar(kept) == len(signed)
        assert all(len(bench.holders(entry)) == 2 for entry in bench.entries)
