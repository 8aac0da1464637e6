"""Scorecards under races, old packets and wrong hands; assignment; conflicts."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.accounts.rules import Role
from contest.contests.rules import RoundState, TrackKind
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, NotFound, Refused
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging import queries, service
from contest.judging.models import Assignment, Scorecard
from contest.judging.rules import AssignmentState
from contest.judging.service import NewCriterion
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of

pytestmark = pytest.mark.both_databases

RUBRIC = [NewCriterion("Nội dung", "", 60), NewCriterion("Hình thức", "", 40)]


@pytest.fixture
def bench(app: Flask) -> dict[str, list[int]]:
    """A closed essay round with four handed-in entries, three judges and an open stage."""
    from contest.core import clock

    with app.app_context():
        with unit_of_work():
            contest = make_contest(essay=RoundState.CLOSED)
            round_ = round_of(contest, TrackKind.ESSAY)
            judges = [make_account(role=Role.JUDGE).id for _ in range(3)]
            organizer = make_account(role=Role.ORGANIZER).id
            now = clock.now()
            for slot in range(1, 5):
                entrant = make_account()
                db.session.add(
                    Entry(
                        round_id=round_.id,
                        entrant_id=entrant.id,
                        kind=TrackKind.ESSAY,
                        slot=1,
                        state=EntryState.HANDED_IN,
                        title=f"Bài {slot}",
                        theme="Ý tưởng mới",
                        blind_code=f"BV-00000{slot}",
                        receipt=f"BV1-AAAA-AAA{slot}",
                        digest="0" * 64,
                        created_at=now,
                        updated_at=now,
                        handed_in_at=now,
                    )
                )
            round_id = round_.id
        with unit_of_work():
            stage = service.open_stage(
                round_id=round_id,
                title="Sơ khảo",
                rubric=RUBRIC,
                judge_ids=judges,
                judges_per_entry=2,
                actor_id=organizer,
            )
            stage_id = stage.id
        with unit_of_work():
            given = service.assign(stage_id=stage_id, actor_id=organizer)
        db.session.remove()
    assert given == 8
    return {"judges": judges, "organizer": [organizer], "stage": [stage_id], "round": [round_id]}


def first_assignment(judge_id: int) -> int:
    """The first entry in a judge's queue."""
    return queries.queues_of(judge_id)[0].items[0].assignment_id


def full_marks(stage_id: int) -> dict[str, object]:
    """Half of each criterion's weight."""
    return {name: weight // 2 for name, weight in queries.weights_of(stage_id).items()}


def test_assignment_is_even_and_pressed_twice_gives_nothing_twice(app: Flask, bench: dict[str, list[int]]) -> None:
    with app.app_context():
        with unit_of_work():
            again = service.assign(stage_id=bench["stage"][0], actor_id=bench["organizer"][0])
        assert again == 0
        assert sorted(queries.loads(bench["stage"][0]).values()) == [2, 3, 3]
        per_entry = (
            db.session.execute(select(func.count()).select_from(Assignment).group_by(Assignment.entry_id))
            .scalars()
            .all()
        )
        assert per_entry == [2, 2, 2, 2]


def test_assignment_waits_for_the_round_to_close(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            round_ = round_of(make_contest(), TrackKind.ESSAY)
            judges = [make_account(role=Role.JUDGE).id for _ in range(2)]
            actor = make_account(role=Role.ORGANIZER).id
            stage = service.open_stage(
                round_id=round_.id, title="Sơ khảo", rubric=RUBRIC, judge_ids=judges, judges_per_entry=2, actor_id=actor
            )
        with pytest.raises(Refused), unit_of_work():
            service.assign(stage_id=stage.id, actor_id=actor)


def test_stage_is_refused_when_weights_do_not_sum_or_panel_is_short(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            round_id = round_of(make_contest(essay=RoundState.CLOSED), TrackKind.ESSAY).id
            judge, actor = make_account(role=Role.JUDGE).id, make_account(role=Role.ORGANIZER).id
        with pytest.raises(BadInput, match="100"), unit_of_work():
            service.open_stage(
                round_id=round_id, title="x", rubric=RUBRIC[:1], judge_ids=[judge], judges_per_entry=1, actor_id=actor
            )
        with pytest.raises(BadInput, match="ít nhất 2"), unit_of_work():
            service.open_stage(
                round_id=round_id,
                title="x",
                rubric=RUBRIC,
                judge_ids=[judge, actor],
                judges_per_entry=2,
                actor_id=actor,
            )


def test_older_packet_never_overwrites_a_newer_one(app: Flask, bench: dict[str, list[int]]) -> None:
    judge = bench["judges"][0]
    with app.app_context():
        assignment = first_assignment(judge)
        marks = full_marks(bench["stage"][0])
        with unit_of_work():
            service.save(assignment_id=assignment, judge_id=judge, marks=marks, comment="mới", sequence=5)
        with unit_of_work():
            held = service.save(assignment_id=assignment, judge_id=judge, marks={}, comment="cũ", sequence=4)
        assert held.stale
        assert (held.comment, held.sequence) == ("mới", 5)
        assert held.marks == marks


def test_twenty_threads_sign_at_once_and_one_scorecard_is_signed_once(app: Flask, bench: dict[str, list[int]]) -> None:
    judge = bench["judges"][0]
    with app.app_context():
        assignment = first_assignment(judge)
        marks = full_marks(bench["stage"][0])
        with unit_of_work():
            service.save(assignment_id=assignment, judge_id=judge, marks=marks, comment="", sequence=1)
        db.session.remove()

    def act(number: int) -> object:
        with unit_of_work():
            return service.sign(assignment_id=assignment, judge_id=judge, sequence=1)

    results = race(app, act)
    assert all(isinstance(result, service.Held) for result in results), results
    assert len({result.signed_at for result in results if isinstance(result, service.Held)}) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Scorecard)) == 1
        assert db.session.scalar(select(func.count()).where(AuditRow.action == "scorecard.sign")) == 1


def test_twenty_threads_save_first_at_once_and_one_scorecard_exists(app: Flask, bench: dict[str, list[int]]) -> None:
    judge = bench["judges"][1]
    with app.app_context():
        assignment = first_assignment(judge)
        marks = full_marks(bench["stage"][0])
        db.session.remove()

    def act(number: int) -> object:
        with unit_of_work():
            return service.save(assignment_id=assignment, judge_id=judge, marks=marks, comment="", sequence=1)

    results = race(app, act)
    assert sum(isinstance(r, service.Held) and not r.stale for r in results) == 1
    assert all(isinstance(r, service.Held) for r in results), results


def test_signing_waits_for_every_criterion_and_for_the_marks_that_were_seen(
    app: Flask, bench: dict[str, list[int]]
) -> None:
    judge = bench["judges"][0]
    with app.app_context():
        assignment = first_assignment(judge)
        marks = full_marks(bench["stage"][0])
        first = next(iter(marks))
        with unit_of_work():
            service.save(assignment_id=assignment, judge_id=judge, marks={first: marks[first]}, comment="", sequence=1)
        with pytest.raises(BadInput, match="Còn 1 tiêu chí"), unit_of_work():
            service.sign(assignment_id=assignment, judge_id=judge, sequence=1)
        with pytest.raises(Refused, match="cửa sổ khác"), unit_of_work():
            service.sign(assignment_id=assignment, judge_id=judge, sequence=0)


def test_signed_scorecard_takes_no_change_until_it_is_given_back(app: Flask, bench: dict[str, list[int]]) -> None:
    judge, organizer = bench["judges"][0], bench["organizer"][0]
    with app.app_context():
        assignment = first_assignment(judge)
        marks = full_marks(bench["stage"][0])
        with unit_of_work():
            service.save(assignment_id=assignment, judge_id=judge, marks=marks, comment="", sequence=1)
        with unit_of_work():
            service.sign(assignment_id=assignment, judge_id=judge, sequence=1)
        with pytest.raises(Refused, match="đã ký"), unit_of_work():
            service.save(assignment_id=assignment, judge_id=judge, marks=marks, comment="", sequence=2)
        with pytest.raises(BadInput), unit_of_work():
            service.reopen(assignment_id=assignment, actor_id=organizer, reason=" ")
        with unit_of_work():
            service.reopen(assignment_id=assignment, actor_id=organizer, reason="Giám khảo báo nhập nhầm")
        with unit_of_work():
            held = service.save(assignment_id=assignment, judge_id=judge, marks=marks, comment="sửa", sequence=2)
        assert not held.stale


def test_another_judges_entry_is_not_found(app: Flask, bench: dict[str, list[int]]) -> None:
    with app.app_context():
        mine = {item.assignment_id for item in queries.queues_of(bench["judges"][0])[0].items}
        foreign = db.session.scalars(select(Assignment.id).where(Assignment.id.not_in(mine))).first()
        with pytest.raises(NotFound), unit_of_work():
            service.save(assignment_id=foreign or 0, judge_id=bench["judges"][0], marks={}, comment="", sequence=1)
        with pytest.raises(NotFound):
            queries.desk(foreign or 0, bench["judges"][0])


def test_conflict_passes_the_entry_to_the_judge_who_never_had_it(app: Flask, bench: dict[str, list[int]]) -> None:
    judge = bench["judges"][0]
    with app.app_context():
        assignment = first_assignment(judge)
        entry = queries.entry_of(assignment, judge)
        with unit_of_work():
            service.declare_conflict(assignment_id=assignment, judge_id=judge, reason="Bài của học sinh tôi dạy")
        states = dict(
            db.session.execute(select(Assignment.judge_id, Assignment.state).where(Assignment.entry_id == entry)).all()
        )
        assert states[judge] is AssignmentState.CONFLICT
        assert len(states) == 3
        with pytest.raises(Refused), unit_of_work():
            service.save(assignment_id=assignment, judge_id=judge, marks={}, comment="", sequence=1)


def test_others_totals_appear_only_after_signing_and_the_mean_when_all_have_signed(
    app: Flask, bench: dict[str, list[int]]
) -> None:
    with app.app_context():
        stage = bench["stage"][0]
        marks = full_marks(stage)
        entry = db.session.scalars(select(Assignment.entry_id).limit(1)).one()
        both = db.session.execute(select(Assignment.id, Assignment.judge_id).where(Assignment.entry_id == entry)).all()
        (first, judge), (second, other) = both
        with unit_of_work():
            service.save(assignment_id=first, judge_id=judge, marks=marks, comment="", sequence=1)
        with unit_of_work():
            service.sign(assignment_id=first, judge_id=judge, sequence=1)
        assert queries.desk(second, other).others == ()
        assert [s.mean for s in queries.scores(stage) if s.entry.id == entry] == [None]
        with unit_of_work():
            service.save(
                assignment_id=second, judge_id=other, marks={**marks, next(iter(marks)): 60}, comment="", sequence=1
            )
        with unit_of_work():
            service.sign(assignment_id=second, judge_id=other, sequence=1)
        assert queries.desk(second, other).others == [50]
        assert [str(s.mean) for s in queries.scores(stage) if s.entry.id == entry] == ["65.00"]
