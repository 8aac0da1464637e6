"""Publishing: what stands in the way, what is frozen, who may not see what, and the files that anybody may take."""

import hashlib
import io
from dataclasses import dataclass

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, Refused
from contest.entries import service as entries
from contest.judging import queries as judging_queries
from contest.judging import service as judging
from contest.judging.models import Assignment
from contest.judging.service import NewCriterion
from contest.results import queries, service
from contest.results.models import Award, Publication
from contest.results.service import NewPrize
from tests import pages
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of

PRIZES = [NewPrize("Giải Nhất", 1, 4_000_000), NewPrize("Giải Nhì", 1, 2_000_000)]
NAMES = ("Hoàng Văn An", "=Trần Thị Bình", "Lê Văn Cường")


@dataclass
class Bench:
    """Ids of what the fixture made."""

    round: int
    organizer: int
    judge: int
    assignments: dict[str, int]


@pytest.fixture
def bench(app: Flask) -> Bench:
    """A closed essay round: three authors, one judge, nothing marked yet."""
    with app.app_context():
        with unit_of_work():
            round_ = round_of(make_contest(), TrackKind.ESSAY)
            judge, organizer = make_account(role=Role.JUDGE).id, make_account(role=Role.ORGANIZER).id
            for name in NAMES:
                entry = entries.begin(round_=round_, entrant=make_account(full_name=name))
                entry.title, entry.theme = f"Bài của {name[-4:]}", "Ý tưởng mới"
                entries.hand_in(entry=entry, parts=["x"])
            round_.closes_at = clock.now()
            stage = judging.open_stage(
                round_id=round_.id,
                title="sơ khảo",
                rubric=[NewCriterion("Toàn bài", "", 100)],
                judge_ids=[judge],
                judges_per_entry=1,
                actor_id=organizer,
            )
            round_id, stage_id = round_.id, stage.id
        with unit_of_work():
            judging.assign(stage_id=stage_id, actor_id=organizer)
        with unit_of_work():
            service.set_prizes(round_id=round_id, prizes=PRIZES, actor_id=organizer, reason="Theo kế hoạch")
        rows = db.session.execute(
            select(Account.full_name, Assignment.id)
            .join(entries.Entry, entries.Entry.id == Assignment.entry_id)
            .join(Account, Account.id == entries.Entry.entrant_id)
        ).all()
        db.session.remove()
    return Bench(round_id, organizer, judge, dict(rows))


def mark(bench: Bench, name: str, points: int) -> None:
    """The judge marks and signs one author's essay."""
    assignment = bench.assignments[name]
    criterion = next(iter(judging_queries.weights_of(judging_queries.desk(assignment, bench.judge).stage.id)))
    with unit_of_work():
        judging.save(assignment_id=assignment, judge_id=bench.judge, marks={criterion: points}, comment="", sequence=1)
    with unit_of_work():
        judging.sign(assignment_id=assignment, judge_id=bench.judge, sequence=1)


def end(bench: Bench) -> None:
    """The organiser closes the stage."""
    with unit_of_work():
        (stage,) = judging_queries.stages_of(bench.round)
        judging.close_stage(stage_id=stage.id, actor_id=bench.organizer, reason="Họp xong")


def publish(bench: Bench, title: str = "Kết quả thi viết") -> Publication:
    """Publish the round."""
    with unit_of_work():
        return service.publish(round_id=bench.round, title=title, actor_id=bench.organizer, reason="Biên bản họp")


@pytest.fixture
def marked(app: Flask, bench: Bench) -> Bench:
    """All three essays marked: 90, 80, 70."""
    with app.app_context():
        for name, points in zip(NAMES, (90, 80, 70), strict=True):
            mark(bench, name, points)
        end(bench)
        db.session.remove()
    return bench


def test_publishing_waits_for_every_scorecard(app: Flask, bench: Bench) -> None:
    with app.app_context():
        mark(bench, NAMES[0], 90)
        with pytest.raises(Refused, match="Còn 2 bài chưa đủ phiếu"):
            publish(bench)
        assert queries.publications() == []


def test_published_list_is_frozen_and_its_seal_can_be_recomputed(
    app: Flask, client: FlaskClient, marked: Bench
) -> None:
    with app.app_context():
        found = publish(marked)
        digest, number = found.digest, found.number
        with unit_of_work():
            for account in db.session.scalars(select(Account).where(Account.full_name == NAMES[0])):
                account.full_name = "Tên Đã Đổi"
        assert [a.place for a in db.session.scalars(select(Award).order_by(Award.place))] == [1, 2]
    assert number == 1
    reply = client.get("/ket-qua/1.json")
    assert hashlib.sha256(reply.data).hexdigest() == digest
    page = client.get("/ket-qua/1").text
    assert "Hoàng Văn An" in page
    assert "Tên Đã Đổi" not in page
    assert "4.000.000" in page
    assert NAMES[2] not in page
    assert 'data-label="Điểm"' in page
    assert client.get("/ket-qua").status_code == 200
    assert "Điểm" in client.get("/ket-qua/1/hang-1").text
    assert client.get("/ket-qua/1/hang-3").status_code == 404
    assert client.get("/ket-qua/2").status_code == 404
    assert client.get("/ket-qua/1/ma-qr.svg").mimetype == "image/svg+xml"


def test_spreadsheet_opens_and_holds_no_formula(app: Flask, client: FlaskClient, marked: Bench) -> None:
    with app.app_context():
        publish(marked)
    reply = client.get("/ket-qua/1.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(reply.data)).active
    assert sheet is not None
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert cells["=Trần Thị Bình"].data_type == "s"
    assert cells["=Trần Thị Bình"].quotePrefix
    assert all(cell.data_type != "f" for cell in cells.values())
    assert 4_000_000 in cells
    assert "Tác phẩm" in cells


def test_second_publication_of_a_round_needs_the_first_revoked(app: Flask, client: FlaskClient, marked: Bench) -> None:
    with app.app_context():
        first = publish(marked).id
        with pytest.raises(Refused, match="Công bố số 01"):
            publish(marked)
        with pytest.raises(BadInput), unit_of_work():
            service.revoke(publication_id=first, actor_id=marked.organizer, reason=" ")
        with unit_of_work():
            service.revoke(publication_id=first, actor_id=marked.organizer, reason="Sót <b>một</b> bài")
        assert publish(marked).number == 2
        assert audit.verify() is None
        acts = set(db.session.scalars(select(AuditRow.action)))
    assert {"prizes.set", "publication.publish", "publication.revoke"} <= acts
    page = client.get("/ket-qua/1").text
    assert "đã thu hồi" in page
    assert "Sót &lt;b&gt;một&lt;/b&gt; bài" in page


def test_a_publication_and_the_one_in_its_place_lead_to_each_other(
    app: Flask, client: FlaskClient, marked: Bench
) -> None:
    with app.app_context():
        first = publish(marked).id
    assert "chưa sửa đổi lần nào" in pages.get(client, "/ket-qua/1").text
    with app.app_context():
        with unit_of_work():
            service.revoke(publication_id=first, actor_id=marked.organizer, reason="Sót một bài")
        publish(marked)

    new, old = pages.get(client, "/ket-qua/2"), pages.get(client, "/ket-qua/1")
    assert "chưa sửa đổi lần nào" not in new.text
    assert "Thay cho Công bố số 01, đã thu hồi" in new.text
    assert "Lý do: Sót một bài" in new.text
    assert "/ket-qua/1" in new.links
    assert "Xem Công bố số 02, thay cho công bố này" in old.text
    assert "/ket-qua/2" in old.links


def test_equals_across_a_prize_are_refused_with_their_names(app: Flask, bench: Bench) -> None:
    with app.app_context():
        for name in NAMES:
            mark(bench, name, 80)
        end(bench)
        with pytest.raises(Refused) as refusal:
            publish(bench)
        assert all(name in refusal.value.todo for name in NAMES)


def test_title_reason_and_sound_prizes_are_asked_for(app: Flask, marked: Bench) -> None:
    with app.app_context():
        with pytest.raises(BadInput):
            publish(marked, title=" ")
        for prizes in (
            [],
            [NewPrize("", 1, 0)],
            [NewPrize("x", -1, 0)],
            [NewPrize("x", 1, -5)],
            [NewPrize("x", 1, 1)] * 13,
        ):
            with pytest.raises(BadInput), unit_of_work():
                service.set_prizes(round_id=marked.round, prizes=prizes, actor_id=marked.organizer, reason="x")


@pytest.mark.both_databases
def test_eight_threads_publish_at_once_and_one_publication_stands(app: Flask, marked: Bench) -> None:
    results = race(app, lambda number: publish(marked).number, threads=8)
    assert results.count(1) == 1
    assert sum(isinstance(result, Refused) for result in results) == 7
    with app.app_context():
        assert len(queries.publications()) == 1


@pytest.mark.both_databases
def test_eight_organisers_set_prizes_at_once_and_one_whole_table_stands(app: Flask, bench: Bench) -> None:
    def act(number: int) -> None:
        prizes = [NewPrize(f"Giải {place} của {number}", 1, 1000) for place in ("nhất", "nhì", "ba")]
        with unit_of_work():
            service.set_prizes(round_id=bench.round, prizes=prizes, actor_id=bench.organizer, reason="Họp Ban Tổ chức")

    assert race(app, act, threads=8) == [None] * 8

    with app.app_context():
        found = queries.prizes_of(bench.round)
        assert [prize.position for prize in found] == [1, 2, 3]
        assert len({prize.name.rsplit(" ", 1)[1] for prize in found}) == 1


def test_prizes_set_after_a_revocation_replace_the_old_table(app: Flask, marked: Bench) -> None:
    with app.app_context():
        found = publish(marked)
        with unit_of_work():
            service.revoke(publication_id=found.id, actor_id=marked.organizer, reason="Sai cơ cấu")
        with unit_of_work():
            new = [NewPrize("Giải A", 1, 3_000_000)]
            service.set_prizes(round_id=marked.round, prizes=new, actor_id=marked.organizer, reason="Kế hoạch mới")

        assert [prize.name for prize in queries.prizes_of(marked.round)] == ["Giải A"]
        assert [row["prize"] for row in publish(marked).body["rows"]] == ["Giải A"]
