"""The judge's desk over HTTP: blind, by form and by script, for judges only."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.rules import Role
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.entries import service as entries
from contest.entries.models import Entry
from contest.essay.models import Essay
from contest.judging import queries, service
from contest.judging.service import NewCriterion
from tests.addresses import of_card
from tests.factories import make_account, make_contest, round_of
from tests.signed_in import sign_in

RUBRIC = [NewCriterion("Nội dung", "Tư liệu đúng", 60), NewCriterion("Hình thức", "Đúng độ dài", 40)]
AUTHOR = "Hoàng Văn Tác Giả"


@dataclass
class Bench:
    """Ids of what the fixture made."""

    judges: list[int]
    entrant: int
    organizer: int
    assignment: int
    foreign: int
    criteria: list[str]


@pytest.fixture
def bench(app: Flask) -> Bench:
    """Two essays by one author, each given to two of two judges."""
    with app.app_context():
        with unit_of_work():
            round_ = round_of(make_contest(), TrackKind.ESSAY)
            author = make_account(
                full_name=AUTHOR, phone="+84912345678", email="tacgia@example.vn", workplace="Trường Kín"
            )
            judges = [make_account(role=Role.JUDGE).id for _ in range(2)]
            organizer = make_account(role=Role.ORGANIZER).id
            for n in range(2):
                entry = entries.begin(round_=round_, entrant=author)
                entry.title, entry.theme = f"Trả lại mặt tiền {n} <b>", "Ý tưởng mới cho Bắc Giang"
                db.session.add(
                    Essay(
                        entry_id=entry.id, body="Đoạn một.\n\nĐoạn <script>hai</script>.", words=4, saved_at=clock.now()
                    )
                )
                db.session.flush()
                entries.hand_in(entry=db.session.get_one(Entry, entry.id), parts=["x"])
            round_.closes_at = clock.now()
            stage = service.open_stage(
                round_id=round_.id,
                title="sơ khảo",
                rubric=RUBRIC,
                judge_ids=judges,
                judges_per_entry=2,
                actor_id=organizer,
            )
            stage_id, author_id = stage.id, author.id
        with unit_of_work():
            service.assign(stage_id=stage_id, actor_id=organizer)
        mine, theirs = (queries.queues_of(judge)[0].items[0].assignment_id for judge in judges)
        criteria = list(queries.weights_of(stage_id))
        db.session.remove()
    return Bench(judges, author_id, organizer, mine, theirs, criteria)


@pytest.fixture
def judge(client: FlaskClient, bench: Bench) -> FlaskClient:
    """The first judge's browser."""
    sign_in(client, bench.judges[0])
    return client


def token(page: str) -> str:
    """The form's token."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_nothing_on_the_desk_or_the_sheet_tells_whose_it_is(judge: FlaskClient, bench: Bench) -> None:
    for address in (
        "/ban-cham",
        of_card(judge.application, bench.assignment),
        of_card(judge.application, bench.assignment, "/xung-dot"),
    ):
        reply = judge.get(address)
        assert reply.status_code == 200
        for secret in (AUTHOR, "Tác Giả", "912345678", "tacgia@", "Trường Kín", "BV1-"):
            assert secret not in reply.text


def test_essay_is_shown_escaped_with_its_rubric(judge: FlaskClient, bench: Bench) -> None:
    page = judge.get(of_card(judge.application, bench.assignment)).text
    assert "Đoạn &lt;script&gt;hai&lt;/script&gt;." in page
    assert "<b>" not in page.split("<h1>")[1].split("</h1>")[0]
    assert "tối đa 60" in page


def test_enter_in_a_mark_saves_and_never_signs(judge: FlaskClient, bench: Bench) -> None:
    page = judge.get(of_card(judge.application, bench.assignment)).text
    submits = re.findall(r'<button[^>]*type="submit"[^>]*name="act" value="(\w+)"', page)

    assert submits == ["save", "sign"]


def test_marks_are_saved_signed_and_then_shown_without_a_script(judge: FlaskClient, bench: Bench) -> None:
    address = of_card(judge.application, bench.assignment)
    form = {"csrf_token": token(judge.get(address).text), "sequence": "0", "comment": "Tốt", "act": "sign"}
    reply = judge.post(address, data={**form, f"mark-{bench.criteria[0]}": "45", f"mark-{bench.criteria[1]}": ""})
    assert reply.status_code == 400
    assert "Còn 1 tiêu chí chưa có điểm" in reply.text
    assert 'value="45"' in reply.text
    form["sequence"] = "1"
    reply = judge.post(
        address,
        data={**form, f"mark-{bench.criteria[0]}": "45", f"mark-{bench.criteria[1]}": "30"},
        follow_redirects=True,
    )
    assert reply.status_code == 200
    assert "Bạn ký lúc" in reply.text
    assert "75" in reply.text
    again = judge.post(address, data={**form, "sequence": "2", f"mark-{bench.criteria[0]}": "1"})
    assert again.status_code == 409
    assert "đã ký" in again.text


def test_save_by_script_answers_what_is_held(judge: FlaskClient, bench: Bench) -> None:
    address = of_card(judge.application, bench.assignment)
    headers = {"X-CSRFToken": token(judge.get(address).text)}
    packet = {"marks": {bench.criteria[0]: "45"}, "comment": "Tốt", "sequence": 3}
    reply = judge.post(f"{address}/luu", json=packet, headers=headers)
    assert reply.status_code == 200
    assert reply.json is not None
    assert (reply.json["sequence"], reply.json["stale"], reply.json["total"]) == (3, False, None)
    late = judge.post(f"{address}/luu", json={**packet, "sequence": 2, "marks": {}}, headers=headers)
    assert late.json is not None
    assert late.json["stale"]
    assert late.json["marks"] == {bench.criteria[0]: 45}


@pytest.mark.parametrize(
    "packet",
    [
        [],
        {},
        {"marks": []},
        {"marks": {}, "sequence": -1},
        {"marks": {}, "sequence": True},
        {"marks": {}, "sequence": 10**12},
        {"marks": {"1": 1e99}, "sequence": 1},
    ],
)
def test_garbage_packets_are_refused_with_a_sentence(judge: FlaskClient, bench: Bench, packet: object) -> None:
    address = of_card(judge.application, bench.assignment)
    headers = {"X-CSRFToken": token(judge.get(address).text)}
    reply = judge.post(f"{address}/luu", json=packet, headers=headers)
    assert reply.status_code == 400
    assert reply.json is not None
    assert reply.json["error"]["happened"]


def test_foreign_entry_is_not_found_and_others_stay_out(client: FlaskClient, bench: Bench) -> None:
    sign_in(client, bench.judges[0])
    assert client.get(of_card(client.application, bench.foreign)).status_code == 404
    assert client.get(of_card(client.application, bench.foreign, "/anh/960.jpg")).status_code == 404
    for stranger in (bench.entrant, bench.organizer):
        sign_in(client, stranger)
        assert client.get("/ban-cham").status_code == 403
        assert client.get(of_card(client.application, bench.assignment)).status_code == 403


def test_conflict_needs_its_reason_and_hides_the_scorecard(judge: FlaskClient, bench: Bench) -> None:
    address = of_card(judge.application, bench.assignment, "/xung-dot")
    form = {"csrf_token": token(judge.get(address).text)}
    assert judge.post(address, data={**form, "reason": " "}).status_code == 400
    reply = judge.post(address, data={**form, "reason": "Bài của học sinh tôi"}, follow_redirects=True)
    assert reply.status_code == 200
    assert "Đã ghi nhận xung đột" in reply.text
    assert "data-scorecard" not in judge.get(of_card(judge.application, bench.assignment)).text
