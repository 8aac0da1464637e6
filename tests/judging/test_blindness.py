"""What a judge or a stranger may work out from addresses and orders: nothing; and nothing of a round is public while it is judged."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.rules import Role
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.entries import service as entries
from contest.judging import service
from contest.judging.models import Assignment, Stage
from contest.judging.rules import assign_evenly
from contest.judging.service import NewCriterion
from tests.addresses import of_attempt, of_card, of_work
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of
from tests.signed_in import sign_in

REASON = "Họp hội đồng"


class Bench:
    """A closed photo round of twelve entries and two judges; ids only, entries in the order of their arrival."""

    def __init__(self) -> None:
        round_ = round_of(make_contest(), TrackKind.PHOTO)
        self.entries = []
        for _ in range(12):
            entry = entries.begin(round_=round_, entrant=make_account())
            self.entries.append(entries.hand_in(entry=entry, parts=["x"]).id)
        round_.closes_at = clock.now() - timedelta(minutes=1)
        self.round = round_.id
        self.judges = [make_account(role=Role.JUDGE).id for _ in range(2)]
        self.organizer = make_account(role=Role.ORGANIZER).id
        self.stage = self.open()

    def open(self) -> int:
        """A stage, inside the caller's unit of work."""
        return service.open_stage(
            round_id=self.round,
            title="Sơ khảo",
            rubric=[NewCriterion("Toàn ảnh", "", 100)],
            judge_ids=self.judges,
            judges_per_entry=2,
            actor_id=self.organizer,
            reason=REASON,
        ).id

    def assign(self) -> None:
        with unit_of_work():
            service.assign(stage_id=self.stage, actor_id=self.organizer)

    def close(self) -> None:
        with unit_of_work():
            service.close_stage(stage_id=self.stage, actor_id=self.organizer, reason=REASON)

    def reopen(self) -> None:
        with unit_of_work():
            service.reopen_stage(stage_id=self.stage, actor_id=self.organizer, reason=REASON)

    def release(self) -> None:
        with unit_of_work():
            service.release_gallery(round_id=self.round, actor_id=self.organizer, reason=REASON)


@pytest.fixture
def bench(app: Flask) -> Bench:
    with app.app_context(), unit_of_work():
        return Bench()


def test_deal_cannot_be_dealt_again() -> None:
    deals = {tuple(assign_evenly(range(40), range(4), per_entry=1, loads={})) for _ in range(3)}

    assert len(deals) == 3


def test_desk_holds_no_number_of_a_row_and_orders_cards_by_their_addresses(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.assign()
        cards = dict(db.session.execute(select(Assignment.id, Assignment.entry_id)).all())
    client = app.test_client()
    sign_in(client, bench.judges[0])

    page = client.get("/ban-cham").text

    shown = list(dict.fromkeys(re.findall(r"/ban-cham/([^\"/]+)\"", page)))
    assert len(shown) == 12
    assert shown == sorted(shown)
    assert all(re.fullmatch(r"[0-9a-f]{16}", part) for part in shown)
    own = {of_card(app, id_).rpartition("/")[2]: cards[id_] for id_ in cards}
    assert {own[part] for part in shown} == set(bench.entries)
    assert client.get(f"/ban-cham/{next(iter(cards))}").status_code == 404


def test_one_number_has_another_address_for_each_kind_of_row(app: Flask) -> None:
    parts = {address(app, 7).rpartition("/")[2] for address in (of_attempt, of_card, of_work)}

    assert len(parts) == 3


def test_gallery_waits_until_judging_is_over_and_closes_when_it_goes_on(app: Flask, bench: Bench) -> None:
    with app.app_context():
        with pytest.raises(Refused, match="chưa chấm xong"):
            bench.release()
        bench.close()
        bench.release()
        bench.reopen()
        assert db.session.get_one(Round, bench.round).gallery_released_at is None
        bench.close()
        bench.release()
        with unit_of_work():
            bench.open()
        assert db.session.get_one(Round, bench.round).gallery_released_at is None
        acts = db.session.scalars(select(AuditRow.action).where(AuditRow.subject == f"round:{bench.round}")).all()
        assert acts == ["round.release_gallery", "round.close_gallery"] * 2


@pytest.mark.both_databases
def test_gallery_never_stands_beside_an_open_stage(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.close()

    outcomes = race(app, lambda number: (bench.release, bench.reopen)[number % 2](), threads=8)

    assert all(outcome is None or isinstance(outcome, Refused) for outcome in outcomes), outcomes
    with app.app_context():
        released = db.session.scalar(select(Round.gallery_released_at).where(Round.id == bench.round))
        closed = db.session.scalar(select(Stage.closed_at).where(Stage.id == bench.stage))
        assert released is None
        assert closed is None
