"""Organisers who press at the same moment, at the service and through the desk, on both databases."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.entries import service as entries
from contest.judging import queries, service
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState
from contest.judging.service import NewCriterion
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of
from tests.signed_in import csrf_token, sign_in

pytestmark = pytest.mark.both_databases

DESK = "/ban-dieu-hanh"
REASON = "Họp hội đồng"


class Bench:
    """A closed essay round with three entries, two judges and an organiser; ids only."""

    def __init__(self) -> None:
        round_ = round_of(make_contest(), TrackKind.ESSAY)
        for _ in range(3):
            entries.hand_in(entry=entries.begin(round_=round_, entrant=make_account()), parts=["x"])
        round_.closes_at = clock.now() - timedelta(minutes=1)
        self.round = round_.id
        self.judges = [make_account(role=Role.JUDGE).id for _ in range(2)]
        self.organizer = make_account(role=Role.ORGANIZER).id

    def open_stage(self) -> int:
        with unit_of_work():
            return service.open_stage(
                round_id=self.round,
                title="Sơ khảo",
                rubric=[NewCriterion("Toàn bài", "", 100)],
                judge_ids=self.judges,
                judges_per_entry=2,
                actor_id=self.organizer,
            ).id

    def post(self, app: Flask, path: str, **fields: object) -> int:
        """The status of what the organiser's browser posts."""
        client = app.test_client()
        sign_in(client, self.organizer)
        token = csrf_token(client)
        return client.post(f"{DESK}{path}", data={"csrf_token": token, "reason": REASON, **fields}).status_code


@pytest.fixture
def bench(app: Flask) -> Bench:
    with app.app_context(), unit_of_work():
        return Bench()


def test_second_stage_is_refused_while_one_is_open_and_taken_after_it_closed(app: Flask, bench: Bench) -> None:
    with app.app_context():
        first = bench.open_stage()
        with pytest.raises(Refused, match="chưa kết thúc"):
            bench.open_stage()
        with unit_of_work():
            service.close_stage(stage_id=first, actor_id=bench.organizer)
        bench.open_stage()
        assert [stage.number for stage in queries.stages_of(bench.round)] == [1, 2]


def test_database_itself_holds_one_open_stage_for_each_round(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.open_stage()
        with pytest.raises(IntegrityError), unit_of_work():
            db.session.add(Stage(round_id=bench.round, number=2, title="Chung khảo", opened_at=clock.now()))


def test_ten_open_a_stage_at_once_and_one_stands(app: Flask, bench: Bench) -> None:
    outcomes = race(app, lambda number: bench.open_stage(), threads=10)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 9, outcomes
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Stage)) == 1


def test_extend_against_assign_leaves_no_open_round_before_judges(app: Flask, bench: Bench) -> None:
    with app.app_context():
        stage = bench.open_stage()
    until = (clock.now() + timedelta(days=2, hours=7)).strftime("%Y-%m-%dT%H:%M")
    acts = [(f"/hoi-dong-cham/{stage}/phan-cong", {}), (f"/dot-thi/{bench.round}/gia-han", {"until": until})]

    def press(number: int) -> int:
        path, fields = acts[number % 2]
        return bench.post(app, path, **fields)

    statuses = race(app, press, threads=8)

    assert set(statuses) <= {302, 400, 409}, statuses
    with app.app_context():
        still_open = contests.round_by_id(bench.round).state(clock.now()) is not RoundState.CLOSED
        given = db.session.scalar(select(func.count()).select_from(Assignment))
        assert (still_open, given) in ((True, 0), (False, 6))


def test_desk_opens_assigns_and_gives_a_scorecard_back(app: Flask, bench: Bench) -> None:
    with app.app_context():
        fields = {
            "round_id": bench.round,
            "title": "Sơ khảo",
            "judges": bench.judges,
            "per_entry": 2,
            "criteria-0-title": "Toàn bài",
            "criteria-0-weight": 100,
        }
        first = bench.post(app, "/hoi-dong-cham/lap", **fields)
        assert (first, bench.post(app, "/hoi-dong-cham/lap", **fields)) == (302, 422)
        stage = queries.stages_of(bench.round)[0].id
        assert race(app, lambda number: bench.post(app, f"/hoi-dong-cham/{stage}/phan-cong"), threads=6) == [302] * 6
        db.session.remove()
        assert sum(queries.loads(stage).values()) == 6
        assignment = queries.queues_of(bench.judges[0])[0].items[0].assignment_id
        marks = dict.fromkeys(queries.weights_of(stage), 80)
        with unit_of_work():
            service.save(assignment_id=assignment, judge_id=bench.judges[0], marks=marks, comment="", sequence=1)
            service.sign(assignment_id=assignment, judge_id=bench.judges[0], sequence=1)
        db.session.remove()
        path = f"/hoi-dong-cham/{stage}/phieu/{assignment}/mo-lai"
        assert sorted(race(app, lambda number: bench.post(app, path), threads=4)) == [302, 409, 409, 409]
        db.session.remove()
        assert db.session.get_one(Assignment, assignment).state is AssignmentState.OPEN
        assert db.session.scalars(select(Scorecard)).one().signed_at is None
