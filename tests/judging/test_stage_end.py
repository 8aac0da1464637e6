"""The end of a stage and what comes after: closing, reopening, who goes on; on both databases and against signing judges."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.rules import Role
from contest.backoffice.queries import missing_assignments
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, DomainError, Refused
from contest.entries import service as entries
from contest.essay.models import Essay
from contest.judging import queries, service
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState, cuts, first_with_ties
from contest.judging.service import NewCriterion
from contest.results.models import Publication
from tests.addresses import of_card
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of
from tests.signed_in import csrf_token, sign_in

pytestmark = pytest.mark.both_databases

DESK = "/ban-dieu-hanh/hoi-dong-cham"
REASON = "Họp hội đồng"


class Bench:
    """A closed essay round of four entries, two judges, and a stage whose eight scorecards are given; ids only."""

    def __init__(self) -> None:
        contest = make_contest()
        round_ = round_of(contest, TrackKind.ESSAY)
        for _ in range(4):
            entry = entries.begin(round_=round_, entrant=make_account())
            db.session.add(Essay(entry_id=entry.id, body="Đoạn một.", words=2, saved_at=clock.now()))
            db.session.flush()
            entries.hand_in(entry=entry, parts=["x"])
        round_.closes_at = clock.now() - timedelta(minutes=1)
        self.contest, self.round = contest.id, round_.id
        self.judges = [make_account(role=Role.JUDGE).id for _ in range(2)]
        self.organizer = make_account(role=Role.ORGANIZER).id
        self.stage = self.open("Sơ khảo")
        service.assign(stage_id=self.stage, actor_id=self.organizer)

    def open(self, title: str, top: int | None = None) -> int:
        """A further stage, inside the caller's unit of work."""
        return service.open_stage(
            round_id=self.round,
            title=title,
            rubric=[NewCriterion("Toàn bài", "", 100)],
            judge_ids=self.judges,
            judges_per_entry=2,
            actor_id=self.organizer,
            top=top,
        ).id

    def sign(self, assignment_id: int, judge_id: int, points: int = 70) -> None:
        """Save and sign one scorecard."""
        with unit_of_work():
            stage_id = db.session.scalar(select(Assignment.stage_id).where(Assignment.id == assignment_id)) or 0
            marks = dict.fromkeys(queries.weights_of(stage_id), points)
            service.save(assignment_id=assignment_id, judge_id=judge_id, marks=marks, comment="", sequence=1)
            service.sign(assignment_id=assignment_id, judge_id=judge_id, sequence=1)

    def sign_all(self, points: dict[int, int] | None = None) -> None:
        """Sign every scorecard of the first stage, with the points of its entry."""
        for id_, entry, judge in self.waiting():
            self.sign(id_, judge, (points or {}).get(entry, 70))

    def waiting(self) -> list[tuple[int, int, int]]:
        """Assignment, entry and judge of everything unsigned in the first stage."""
        return [
            (row[0], row[1], row[2])
            for row in db.session.execute(
                select(Assignment.id, Assignment.entry_id, Assignment.judge_id)
                .where(Assignment.stage_id == self.stage, Assignment.state == AssignmentState.OPEN)
                .order_by(Assignment.id)
            )
        ]

    def close(self, reason: str = REASON) -> int:
        """End the first stage."""
        with unit_of_work():
            return service.close_stage(stage_id=self.stage, actor_id=self.organizer, reason=reason)

    def reopen(self) -> None:
        """Let the first stage go on."""
        with unit_of_work():
            service.reopen_stage(stage_id=self.stage, actor_id=self.organizer, reason=REASON)

    def post(self, app: Flask, path: str, *, by: int | None = None, **fields: object) -> tuple[int, str]:
        """What the browser of the organiser, or of somebody else, gets for a post."""
        with app.app_context():
            client = app.test_client()
            sign_in(client, by or self.organizer)
            reply = client.post(f"{DESK}{path}", data={"csrf_token": csrf_token(client), **fields})
            return reply.status_code, reply.text

    def get(self, app: Flask, path: str, *, by: int | None = None) -> str:
        """The text of a page."""
        with app.app_context():
            client = app.test_client()
            sign_in(client, by or self.organizer)
            return client.get(path).text


@pytest.fixture
def bench(app: Flask) -> Bench:
    with app.app_context():
        with unit_of_work():
            made = Bench()
        db.session.remove()
        return made


def test_everybody_who_equals_the_last_goes_on() -> None:
    means = {1: Decimal("70"), 2: Decimal("80.5"), 3: Decimal("70"), 4: Decimal("60")}

    assert first_with_ties(means, 1) == [2]
    assert first_with_ties(means, 2) == [2, 1, 3]
    assert first_with_ties(means, 9) == [2, 1, 3, 4]
    assert cuts(list(means.values())) == [(Decimal("80.5"), 1, 1), (Decimal("70"), 2, 3), (Decimal("60"), 1, 4)]


def test_unsigned_scorecards_ask_for_a_reason_and_then_stay_as_drafts(app: Flask, bench: Bench) -> None:
    with app.app_context():
        first, _, judge = bench.waiting()[0]
        with unit_of_work():
            marks = dict.fromkeys(queries.weights_of(bench.stage), 40)
            service.save(assignment_id=first, judge_id=judge, marks=marks, comment="Nháp", sequence=1)
        with pytest.raises(BadInput, match="8 phiếu chưa ký"):
            bench.close(reason=" ")
        assert bench.close() == 8
        for act in (
            lambda: service.save(assignment_id=first, judge_id=judge, marks=marks, comment="", sequence=2),
            lambda: service.sign(assignment_id=first, judge_id=judge, sequence=1),
            lambda: service.declare_conflict(assignment_id=first, judge_id=judge, reason="Người quen"),
            lambda: service.assign(stage_id=bench.stage, actor_id=bench.organizer),
        ):
            with pytest.raises(Refused, match="đã đóng"), unit_of_work():
                act()
        card = db.session.scalars(select(Scorecard)).one()
        assert (card.comment, card.sequence, card.signed_at) == ("Nháp", 1, None)
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "judging.close")).one()
        assert (row.reason, row.detail) == (REASON, {"signed": 0, "unsigned": 8})


def test_whole_stage_closes_without_a_reason_and_gives_no_scorecard_back(app: Flask, bench: Bench) -> None:
    with app.app_context():
        some = bench.waiting()[0][0]
        bench.sign_all()
        assert bench.close(reason="") == 0
        with pytest.raises(Refused, match="mở lại phiếu"), unit_of_work():
            service.reopen(assignment_id=some, actor_id=bench.organizer, reason=REASON)


def test_reopened_stage_takes_signatures_until_a_later_one_was_opened(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.close()
        bench.reopen()
        with pytest.raises(Refused, match="đang mở"):
            bench.reopen()
        bench.sign_all()
        bench.close()
        with unit_of_work():
            bench.open("Chung khảo")
        with pytest.raises(Refused, match="vòng chấm sau"):
            bench.reopen()


def test_best_go_on_with_their_ties_and_later_assignment_adds_nobody(app: Flask, bench: Bench) -> None:
    with app.app_context():
        found = sorted({entry for _, entry, _ in bench.waiting()})
        bench.sign_all(dict(zip(found, (90, 80, 80, 50), strict=True)))
        bench.close()
        for wrong in (0, 5):
            with pytest.raises(BadInput, match="từ 1 đến 4"), unit_of_work():
                bench.open("Chung khảo", top=wrong)
        with unit_of_work():
            final = bench.open("Chung khảo", top=2)
        assert sorted(score.entry.id for score in queries.scores(final)) == found[:3]
        assert sorted(queries.loads(final).values()) == [3, 3]
        assert missing_assignments() == {}
        with unit_of_work():
            assert service.assign(stage_id=final, actor_id=bench.organizer) == 0


def test_top_needs_means_and_all_needs_none(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.close()
        with pytest.raises(BadInput, match="đủ phiếu"), unit_of_work():
            bench.open("Chung khảo", top=1)
        with unit_of_work():
            final = bench.open("Chung khảo")
        assert len(queries.scores(final)) == 4


def test_close_against_sign_counts_every_acknowledged_signature(app: Flask, bench: Bench) -> None:
    with app.app_context():
        waiting = bench.waiting()

    def act(number: int) -> str:
        if number == len(waiting) // 2:
            bench.close()
            return "closed"
        id_, _, judge = waiting[number]
        bench.sign(id_, judge)
        return "signed"

    outcomes = race(app, act, threads=len(waiting))

    assert outcomes.count("closed") == 1, outcomes
    assert all(isinstance(o, str) or (isinstance(o, Refused) and "đã đóng" in o.happened) for o in outcomes), outcomes
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "judging.close")).one()
        assert row.detail["signed"] == outcomes.count("signed") == queries.cards(bench.stage)[1]


def test_closed_eight_times_at_once_it_is_closed_once(app: Flask, bench: Bench) -> None:
    outcomes = race(app, lambda number: bench.close(), threads=8)

    assert sum(outcome == 8 for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 7
    with app.app_context():
        assert len(db.session.scalars(select(AuditRow).where(AuditRow.action == "judging.close")).all()) == 1


def test_reopening_against_a_next_stage_leaves_one_open(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.close()

    def act(number: int) -> str:
        if number % 2:
            bench.reopen()
        else:
            with unit_of_work():
                bench.open("Chung khảo")
        return "done"

    outcomes = race(app, act, threads=6)

    assert outcomes.count("done") == 1, outcomes
    assert all(outcome == "done" or isinstance(outcome, DomainError) for outcome in outcomes), outcomes
    with app.app_context():
        assert len(db.session.scalars(select(Stage).where(Stage.closed_at.is_(None))).all()) == 1


def test_desk_lists_who_has_not_signed_closes_and_leads_to_the_next_stage(app: Flask, bench: Bench) -> None:
    with app.app_context():
        before = bench.get(app, f"{DESK}/{bench.stage}")
        assert "8 phiếu chưa ký:" in before
        assert before.count(": 4 phiếu</li>") == 2
        assert bench.post(app, f"/{bench.stage}/dong")[0] == 400
        assert bench.post(app, f"/{bench.stage}/dong", reason="x" * 501)[0] == 400
        assert bench.post(app, f"/{bench.stage}/mo-lai", reason=REASON)[0] == 409
        assert bench.post(app, "/999999/dong", reason=REASON)[0] == 404
        assert bench.post(app, f"/{bench.stage}/dong", by=bench.judges[0], reason=REASON)[0] == 403
        assert bench.post(app, f"/{bench.stage}/mo-lai", by=bench.judges[0], reason=REASON)[0] == 403
        assert bench.post(app, f"/{bench.stage}/dong", reason=REASON)[0] == 302
        assert bench.post(app, f"/{bench.stage}/dong", reason=REASON)[0] == 409
        assert "Lập vòng chấm tiếp theo" in bench.get(app, f"{DESK}/{bench.stage}")
        assert bench.post(app, f"/{bench.stage}/mo-lai")[0] == 400
        assert bench.post(app, f"/{bench.stage}/mo-lai", reason=REASON)[0] == 302


def test_next_stage_asks_who_goes_on(app: Flask, bench: Bench) -> None:
    fields = {
        "round_id": bench.round,
        "title": "Chung khảo",
        "judges": bench.judges,
        "per_entry": 2,
        "criteria-0-title": "Toàn bài",
        "criteria-0-weight": 100,
        "reason": REASON,
    }
    with app.app_context():
        bench.sign_all()
        bench.close()
        assert "Vào vòng nếu dừng ở đây" in bench.get(app, f"{DESK}/lap?dot={bench.round}")
        assert "Bạn chọn bài nào vào vòng này." in bench.post(app, "/lap", **fields)[1]
        assert "Bạn ghi số bài" in bench.post(app, "/lap", going_on="top", **fields)[1]
        for top in ("-1", "abc", "99999999999999999999", "5"):
            assert bench.post(app, "/lap", going_on="top", top=top, **fields)[0] == 422, top
        assert bench.post(app, "/lap", going_on="khác", **fields)[0] == 422
        assert bench.post(app, "/lap", going_on="top", top="1", **fields)[0] == 302
        db.session.remove()
        assert len(queries.scores(queries.stages_of(bench.round)[-1].id)) == 4


def test_published_round_is_not_judged_again(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.sign_all()
        bench.close()
        with unit_of_work():
            db.session.add(
                Publication(
                    contest_id=bench.contest,
                    round_id=bench.round,
                    number=1,
                    title="Kết quả",
                    body={},
                    digest="0" * 64,
                    published_at=clock.now(),
                    published_by=bench.organizer,
                )
            )
        status, page = bench.post(app, f"/{bench.stage}/mo-lai", reason=REASON)
        assert (status, "Công bố số 01" in page) == (409, True)
        db.session.remove()
        assert queries.stage_by_id(bench.stage).closed_at is not None
        assert "Mở lại vòng chấm</" not in bench.get(app, f"{DESK}/{bench.stage}")


def test_judge_sees_a_closed_stage_and_cannot_change_it(app: Flask, bench: Bench) -> None:
    with app.app_context():
        (first, _, judge), *_ = bench.waiting()
        bench.sign(first, judge)
        unsigned = next(id_ for id_, _, whose in bench.waiting() if whose == judge)
        bench.close()
        db.session.remove()
        desk = bench.get(app, "/ban-cham", by=judge)
        assert "Vòng chấm đã đóng lúc" in desk
        assert "3 phiếu chưa ký không được tính" in desk
        assert "Chấm bài tiếp theo" not in desk
        for id_, words in ((first, "Bạn ký lúc"), (unsigned, "Phiếu này chưa ký nên không được tính")):
            page = bench.get(app, of_card(app, id_), by=judge)
            assert words in page
            assert "data-scorecard" not in page
    client = app.test_client()
    sign_in(client, judge)
    token = csrf_token(client)
    reply = client.post(of_card(app, unsigned), data={"csrf_token": token, "act": "sign", "sequence": "0"})
    assert (reply.status_code, "đã đóng nên phiếu không lưu" in reply.text) == (409, True)
    packet = {"marks": {}, "comment": "", "sequence": 1}
    sent = client.post(of_card(app, unsigned, "/luu"), json=packet, headers={"X-CSRFToken": token})
    assert sent.status_code == 409
    reply = client.post(of_card(app, unsigned, "/xung-dot"), data={"csrf_token": token, "reason": "Người quen"})
    assert reply.status_code == 409


def test_dashboard_tells_of_a_closed_stage_whose_scorecards_lack_signatures(app: Flask, bench: Bench) -> None:
    with app.app_context():
        bench.close()
        said = bench.get(app, "/ban-dieu-hanh/")
        bench.reopen()
        bench.sign_all()
        bench.close(reason="")
        after = bench.get(app, "/ban-dieu-hanh/")

    assert "phiếu chưa ký trong vòng đã đóng" in said
    assert f'href="{DESK}/{bench.stage}"' in said
    assert "phiếu chưa ký" not in after
