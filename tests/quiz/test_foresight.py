"""Annulling and disqualifying say first whom they move; what was seen is what is done."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.entries import service as entries
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging import queries as judging_queries
from contest.judging import service as judging
from contest.judging.models import Assignment
from contest.judging.service import NewCriterion
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.rules import AttemptState
from contest.results import service as results
from contest.results.service import NewPrize
from tests import pages
from tests.factories import make_account, make_contest, make_unit, round_of
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.signed_in import csrf_token, sign_in

pytestmark = pytest.mark.both_databases

PRIZES = [NewPrize("Giải Nhất", 1, 4_000_000), NewPrize("Giải Nhì", 1, 2_000_000)]
REASON = "Biên bản số 3"
Attempts = dict[str, int]


@pytest.fixture
def guessed(make_quiz: Callable[..., Quiz]) -> tuple[Quiz, Attempts]:
    """Four people guess how many take part; An is right with four, Bình would be with three."""
    quiz = make_quiz(prediction="participants", tie_breaks=["score", "prediction"])
    who = {
        "An": attempt(quiz, "An", correct=10, guess=4),
        "Bình": attempt(quiz, "Bình", correct=10, guess=3),
        "Cúc": attempt(quiz, "Cúc", correct=10, guess=9),
        "Dung": attempt(quiz, "Dung", correct=2, guess=4),
    }
    with quiz.app.app_context(), unit_of_work():
        results.set_prizes(round_id=quiz.round_id, prizes=PRIZES, actor_id=quiz.organizer_id, reason="Kế hoạch")
    close(quiz)
    return quiz, who


@pytest.fixture
def desk(guessed: tuple[Quiz, Attempts]) -> FlaskClient:
    client = guessed[0].app.test_client()
    sign_in(client, guessed[0].organizer_id)
    return client


def state(quiz: Quiz, attempt_id: int) -> tuple[AttemptState, int | None, int]:
    """The attempt's state, the answer of the prediction and how many annulments are on the record."""
    with quiz.app.app_context():
        acts = db.session.scalars(select(AuditRow.id).where(AuditRow.action == "attempt.annul")).all()
        answer = db.session.scalar(select(QuizRound.actual).where(QuizRound.round_id == quiz.round_id))
        return db.session.get_one(Attempt, attempt_id).state, answer, len(acts)


def test_namesakes_are_told_apart_by_their_units(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz()
    with quiz.app.app_context(), unit_of_work():
        here, there = make_unit(name="Xã Thử Nhất"), make_unit(name="Xã Thử Hai")
        first, second = here.id, there.id
    best = attempt(quiz, "An", correct=10)
    attempt(quiz, "Bình", correct=9, unit_id=first)
    attempt(quiz, "Cúc", correct=8, unit_id=second)
    with quiz.app.app_context(), unit_of_work():
        db.session.execute(db.update(Account).where(Account.full_name.in_(("Bình", "Cúc"))).values(full_name="Mai"))
        results.set_prizes(round_id=quiz.round_id, prizes=PRIZES, actor_id=quiz.organizer_id, reason="Kế hoạch")
    close(quiz)
    client = quiz.app.test_client()
    sign_in(client, quiz.organizer_id)

    look = pages.get(client, f"/ban-dieu-hanh/luot-thi/{best}").submit("Hủy lượt thi", reason=REASON).text

    prizes, _, places = look.partition("Ai đổi hạng")
    assert "MaiXã Thử NhấtGiải NhìGiải Nhất" in prizes
    assert "MaiXã Thử Haikhông có giảiGiải Nhì" in prizes
    assert "MaiXã Thử Nhất21" in places
    assert "MaiXã Thử Hai32" in places


def test_annulment_says_first_that_it_moves_the_answer_and_whom(
    guessed: tuple[Quiz, Attempts], desk: FlaskClient
) -> None:
    quiz, who = guessed
    page = pages.get(desk, f"/ban-dieu-hanh/luot-thi/{who['Dung']}")

    look = page.submit("Hủy lượt thi", reason=REASON)
    assert look.h1 == "Hủy lượt thi: ai bị ảnh hưởng"
    assert "Đáp số câu dự đoán đổi từ 4 thành 3" in look.text
    assert "AnGiải NhấtGiải Nhì" in look.text
    assert "BìnhGiải NhìGiải Nhất" in look.text
    assert "Dung" not in look.text.partition("Ai đổi hạng")[2]
    assert state(quiz, who["Dung"]) == (AttemptState.HANDED_IN, 4, 0)

    done = look.submit("Vẫn hủy lượt thi")
    assert "Đã hủy lượt thi" in done.text
    assert state(quiz, who["Dung"]) == (AttemptState.ANNULLED, 3, 1)

    back = done.submit("Khôi phục", reason=REASON)
    assert "Đáp số câu dự đoán đổi từ 3 thành 4" in back.text
    assert "Đã khôi phục" in back.submit("Vẫn khôi phục").text
    assert state(quiz, who["Dung"])[:2] == (AttemptState.HANDED_IN, 4)


def test_annulment_of_a_winner_names_the_publication_that_stands(
    guessed: tuple[Quiz, Attempts], desk: FlaskClient
) -> None:
    quiz, who = guessed
    with quiz.app.app_context(), unit_of_work():
        results.publish(round_id=quiz.round_id, title="Kết quả", actor_id=quiz.organizer_id, reason="Biên bản")

    look = pages.get(desk, f"/ban-dieu-hanh/luot-thi/{who['An']}").submit("Hủy lượt thi", reason=REASON)

    assert "Công bố số 01 đang có hiệu lực" in look.text
    assert "AnGiải Nhấtkhông có giải" in look.text


def test_what_changed_since_it_was_seen_is_shown_anew(guessed: tuple[Quiz, Attempts], desk: FlaskClient) -> None:
    quiz, who = guessed
    look = pages.get(desk, f"/ban-dieu-hanh/luot-thi/{who['Dung']}").submit("Hủy lượt thi", reason=REASON)
    colleague = pages.get(desk, f"/ban-dieu-hanh/luot-thi/{who['Cúc']}").submit("Hủy lượt thi", reason=REASON)
    colleague.submit("Vẫn hủy lượt thi")

    again = look.submit("Vẫn hủy lượt thi")

    assert "Số liệu vừa thay đổi" in again.text
    assert "Đáp số câu dự đoán đổi từ 3 thành 2" in again.text
    assert state(quiz, who["Dung"])[0] is AttemptState.HANDED_IN
    assert "Đã hủy" in again.submit("Vẫn hủy lượt thi").text


def test_several_annulments_are_foreseen_together(guessed: tuple[Quiz, Attempts], desk: FlaskClient) -> None:
    quiz, who = guessed
    sent = {"act": "annul", "chosen": [who["Cúc"], who["Dung"]], "reason_annul": REASON, "csrf_token": csrf_token(desk)}

    look = pages.inspected(desk, desk.post("/ban-dieu-hanh/luot-thi/nhieu-luot", data=sent))

    assert "Đáp số câu dự đoán đổi từ 4 thành 2" in look.text
    assert "Đã hủy 2 lượt thi" in look.submit("Vẫn hủy 2 lượt thi").text
    assert state(quiz, who["Cúc"])[0] is state(quiz, who["Dung"])[0] is AttemptState.ANNULLED


def test_annulment_that_moves_nobody_is_done_at_once(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score"])
    attempt(quiz, "An", correct=10)
    last = attempt(quiz, "Bình", correct=2)
    close(quiz)
    client = quiz.app.test_client()
    sign_in(client, quiz.organizer_id)

    done = pages.get(client, f"/ban-dieu-hanh/luot-thi/{last}").submit("Hủy lượt thi", reason=REASON)

    assert "Đã hủy lượt thi" in done.text


def test_disqualifying_a_judged_work_says_who_takes_its_prize(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        with unit_of_work():
            round_ = round_of(make_contest(), TrackKind.ESSAY)
            judge, organizer = make_account(role=Role.JUDGE).id, make_account(role=Role.ORGANIZER).id
            for name in ("An", "Bình", "Cúc"):
                entry = entries.begin(round_=round_, entrant=make_account(full_name=name))
                entry.title, entry.theme = f"Bài của {name}", "Ý tưởng mới"
                entries.hand_in(entry=entry, parts=["x"])
            round_.closes_at = clock.now()
            stage_id = judging.open_stage(
                round_id=round_.id,
                title="sơ khảo",
                rubric=[NewCriterion("Toàn bài", "", 100)],
                judge_ids=[judge],
                judges_per_entry=1,
                actor_id=organizer,
            ).id
            round_id = round_.id
        with unit_of_work():
            judging.assign(stage_id=stage_id, actor_id=organizer)
            results.set_prizes(round_id=round_id, prizes=PRIZES, actor_id=organizer, reason="Kế hoạch")
        cards = db.session.execute(
            select(Assignment.id, Entry.title, Entry.id).join(Entry, Entry.id == Assignment.entry_id)
        ).all()
        for card, title, _ in cards:
            criterion = next(iter(judging_queries.weights_of(judging_queries.desk(card, judge).stage.id)))
            points = {"Bài của An": 90, "Bài của Bình": 80, "Bài của Cúc": 70}[title]
            with unit_of_work():
                judging.save(assignment_id=card, judge_id=judge, marks={criterion: points}, comment="", sequence=1)
            with unit_of_work():
                judging.sign(assignment_id=card, judge_id=judge, sequence=1)
        with unit_of_work():
            judging.close_stage(stage_id=stage_id, actor_id=organizer, reason="Đã chấm xong")
        first = next(entry_id for _, title, entry_id in cards if title == "Bài của An")
    sign_in(client, organizer)

    sent = {"reason": REASON, "csrf_token": csrf_token(client)}
    look = pages.inspected(client, client.post(f"/ban-dieu-hanh/bai-du-thi/{first}/loai", data=sent))

    assert look.h1 == "Loại bài dự thi: ai bị ảnh hưởng"
    assert "Giải NhìGiải Nhất" in look.text
    assert "Cúc, “Bài của Cúc”không có giảiGiải Nhì" in look.text
    with app.app_context():
        assert db.session.get_one(Entry, first).state is EntryState.HANDED_IN
    seen = next(field.get("value") for field in look.root.iter("input") if field.get("name") == "da-xem")
    assert client.post(f"/ban-dieu-hanh/bai-du-thi/{first}/loai", data=sent | {"da-xem": seen}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Entry, first).state is EntryState.DISQUALIFIED
