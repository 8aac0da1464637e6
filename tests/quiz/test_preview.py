"""What a changed key would do, looked at first: nothing written, at once or by a job, and made only while what was seen still holds."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contest.contests.models import Round
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz import jobs, queries, rules, service
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.queries import previews
from contest.quiz.queries.previews import Ground, Preview, Wanted
from contest.quiz.service import previews as previewing
from tests import pages
from tests.core.threads import race
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import close
from tests.quiz.test_races import at_once
from tests.quiz.test_regrade import change, correct, other_key, run, sit_all, versions_of
from tests.signed_in import csrf_token

pytestmark = pytest.mark.both_databases
Make = Callable[..., Quiz]


@pytest.fixture
def quiz(make_quiz: Make) -> Quiz:
    """Everybody draws ten of twenty-four questions; nothing is guessed."""
    return make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=5)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round is a large one."""
    monkeypatch.setattr(rules, "LARGE", 1)


def wanted_of(quiz: Quiz, version_id: int, rule: KeyRule = KeyRule.KEY) -> Wanted:
    return Wanted(quiz.round_id, version_id, rule, other_key(quiz, version_id) if rule is KeyRule.KEY else 0, prizes=1)


def seen(quiz: Quiz, wanted: Wanted) -> Preview:
    with quiz.app.app_context():
        return service.preview(wanted)


def confirm(quiz: Quiz, wanted: Wanted, token: str) -> int:
    with quiz.app.app_context(), unit_of_work():
        return service.confirm_change(wanted, seen=token, actor_id=quiz.organizer_id, reason="Đáp án in nhầm").id


def ask(quiz: Quiz, wanted: Wanted) -> bool:
    with quiz.app.app_context():
        return service.ask_for_preview(wanted)


def changes(quiz: Quiz) -> list[int]:
    with quiz.app.app_context():
        return list(db.session.scalars(db.select(KeyChange.id)))


def over(make_quiz: Make, **rules: Any) -> tuple[Quiz, list[int], Wanted]:
    """A closed round of six people and a change that takes points from those who drew a question."""
    quiz = make_quiz(**{"prediction": "none", "tie_breaks": ["score", "submitted"], "attempts": 1} | rules)
    attempts = sit_all(quiz)
    close(quiz)
    return quiz, attempts, wanted_of(quiz, versions_of(quiz, attempts[0])[0])


@pytest.mark.parametrize("ranked", [True, False], ids=["places are kept", "places must be counted"])
def test_preview_tells_what_the_change_does_and_writes_nothing(make_quiz: Make, ranked: bool) -> None:
    quiz, attempts, wanted = over(make_quiz)
    if not ranked:
        with quiz.app.app_context(), unit_of_work():
            db.session.execute(db.text("UPDATE round_ledger SET standing_due = true"))
    drew = [wanted.version_id in versions_of(quiz, attempt_id) for attempt_id in attempts]
    with quiz.app.app_context():
        before = {row.entrant_id: (row.place, row.points) for row in queries.final_ranking(quiz.round_id)}

    said = seen(quiz, wanted)
    assert (said.holders, said.up, said.down, said.ranked) == (sum(drew), 0, sum(drew), 6)
    assert correct(quiz, attempts) == [QUESTIONS] * 6
    assert changes(quiz) == []

    change(quiz, wanted.version_id)
    run(quiz)

    with quiz.app.app_context():
        now = queries.final_ranking(quiz.round_id)
    assert [(line.entrant_id, line.place_after, line.points_after, line.full_name) for line in said.lines] == [
        (row.entrant_id, row.place, row.points, row.full_name) for row in now
    ]
    assert {line.entrant_id: (line.place_before, line.points_before) for line in said.lines} == before
    assert said.rising == sum(row.place < before[row.entrant_id][0] for row in now)
    assert said.falling == sum(row.place > before[row.entrant_id][0] for row in now)


def test_preview_of_an_open_round_ranks_as_its_board_does(quiz: Quiz) -> None:
    attempts = sit_all(quiz, 3)
    wanted = wanted_of(quiz, versions_of(quiz, attempts[0])[0])

    said = seen(quiz, wanted)

    assert (said.ranked, said.answer_before, said.answer_after) == (3, None, None)
    assert [line.points_before for line in said.lines] == [5 * QUESTIONS] * 3


def test_preview_names_who_comes_into_the_prizes_and_who_drops_out(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1, eligible="all_correct_only")
    first, second = sit_all(quiz, 2)
    apart = set(versions_of(quiz, first)) - set(versions_of(quiz, second))
    close(quiz)

    into, out = seen(quiz, wanted_of(quiz, min(apart))).winners(1)

    assert [line.entrant_id for line in out] == [quiz.attempt(first).entrant_id]
    assert [line.entrant_id for line in into] == [quiz.attempt(second).entrant_id]


def test_preview_follows_the_answer_of_the_prediction(make_quiz: Make) -> None:
    quiz, attempts, wanted = over(make_quiz, prediction="all_correct", tie_breaks=["score", "prediction", "submitted"])
    drew = sum(wanted.version_id in versions_of(quiz, attempt_id) for attempt_id in attempts)

    said = seen(quiz, wanted)

    assert (said.answer_before, said.answer_after) == (6, 6 - drew)


def test_what_was_seen_can_be_made_once(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    token = seen(quiz, wanted).ground.token

    change_id = confirm(quiz, wanted, token)
    with pytest.raises(Refused, match="đang được chấm đúng như vậy"):
        confirm(quiz, wanted, token)

    assert changes(quiz) == [change_id]


@pytest.mark.parametrize("what", ["thể lệ", "đáp án đang dùng", "các lượt được xếp hạng"])
def test_change_is_refused_when_the_ground_of_its_preview_moved(make_quiz: Make, what: str) -> None:
    quiz, attempts, wanted = over(make_quiz)
    token = seen(quiz, wanted).ground.token
    made = []
    if what == "thể lệ":
        with quiz.app.app_context(), unit_of_work():
            round_ = db.session.get_one(Round, quiz.round_id)
            round_.params = {**round_.params, "tie_breaks": ["score", "started"]}
    elif what == "đáp án đang dùng":
        made = [change(quiz, versions_of(quiz, attempts[0])[1])]
    else:
        with quiz.app.app_context(), unit_of_work():
            service.annul(attempt_id=attempts[0], actor_id=quiz.organizer_id, reason="Thi hộ")

    with pytest.raises(Refused, match=f"{what}.* đã thay đổi"):
        confirm(quiz, wanted, token)

    assert changes(quiz) == made


def test_round_that_closed_since_its_preview_asks_for_another(quiz: Quiz) -> None:
    attempts = sit_all(quiz)
    wanted = wanted_of(quiz, versions_of(quiz, attempts[0])[0])
    token = seen(quiz, wanted).ground.token
    close(quiz)

    with pytest.raises(Refused, match="đã thay đổi"):
        confirm(quiz, wanted, token)


def test_hand_ins_of_an_open_round_do_not_spoil_its_preview(quiz: Quiz) -> None:
    attempts = sit_all(quiz)
    wanted = wanted_of(quiz, versions_of(quiz, attempts[0])[0])
    token = seen(quiz, wanted).ground.token
    sit_all(quiz, 1)

    assert confirm(quiz, wanted, token)


def test_preview_left_for_an_hour_is_refused(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    token = seen(quiz, wanted).ground.token

    with clock.shifted(timedelta(minutes=61)), pytest.raises(Refused, match="quá một giờ"):
        confirm(quiz, wanted, token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d", "a.b.c.99999999999999999999", "a.b.c.²"])
def test_change_without_a_preview_is_refused(make_quiz: Make, token: str) -> None:
    quiz, _, wanted = over(make_quiz)

    with pytest.raises(BadInput, match="Chưa xem trước"):
        confirm(quiz, wanted, token)


def test_impossible_changes_are_not_asked_for(make_quiz: Make, large: None) -> None:
    quiz, _, wanted = over(make_quiz)
    with quiz.app.app_context():
        for error, other in (
            (NotFound, Wanted(quiz.round_id, 10**6, KeyRule.ANY, 0)),
            (NotFound, Wanted(10**6, wanted.version_id, KeyRule.ANY, 0)),
            (BadInput, Wanted(quiz.round_id, wanted.version_id, KeyRule.KEY, 0)),
        ):
            with pytest.raises(error):
                service.ask_for_preview(other)
        assert queue.connection().zcard(previews.ASKED) == 0


def test_two_confirmations_at_once_make_one_change(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    other = Wanted(quiz.round_id, wanted.version_id, KeyRule.DROPPED, 0, prizes=1)
    tokens = {one: seen(quiz, one).ground.token for one in (wanted, other)}

    def press(one: Wanted) -> int | None:
        try:
            return service.confirm_change(one, seen=tokens[one], actor_id=quiz.organizer_id, reason="In nhầm").id
        except Refused:
            return None

    made = at_once(quiz, *(partial(press, one) for one in (wanted, other) * 3))

    assert [change_id for change_id in made if change_id] == changes(quiz)
    assert len(changes(quiz)) == 1


def test_small_round_is_worked_out_at_once(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)

    assert ask(quiz, wanted) is False
    with quiz.app.app_context():
        assert service.preview_of(wanted) is not None
        assert previews.preview_progress(wanted) is None


def test_large_round_is_worked_out_by_a_job_and_kept_for_an_hour(make_quiz: Make, large: None) -> None:
    quiz, _, wanted = over(make_quiz)
    assert [ask(quiz, wanted), ask(quiz, wanted)] == [True, True]
    with quiz.app.app_context():
        assert queue.connection().zcard(previews.ASKED) == 1
        assert service.preview_of(wanted) is None
        assert previews.preview_progress(wanted) == previews.Progress(0)

    run(quiz, jobs.preview_keys)

    with quiz.app.app_context():
        kept, now = service.preview_of(wanted), service.preview(wanted)
        assert kept
        assert (kept.lines, kept.moved, kept.ground.standing) == (now.lines, now.moved, now.ground.standing)
        assert previews.preview_progress(wanted) is None
        client = queue.connection()
        assert 3500 < client.ttl(previews.kept_key(wanted)) <= 3600
        assert {line.full_name for line in previews.unpacked(client.get(previews.kept_key(wanted))).lines} == {""}
        assert len(client.keys("kv:keypreview:*")) == 1
    assert confirm(quiz, wanted, kept.ground.token)


def test_job_says_how_far_it_is(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    told: list[int] = []
    with quiz.app.app_context():
        service.preview(wanted, told.append)

    assert told == sorted(told)
    assert (told[0], 50 in told) == (0, True)


def test_two_workers_take_a_preview_once(make_quiz: Make, large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz, _, wanted = over(make_quiz)
    ask(quiz, wanted)
    worked: list[Wanted] = []
    real = previewing.preview
    monkeypatch.setattr(previewing, "preview", lambda one, told: worked.append(one) or real(one, told))

    done = race(quiz.app, lambda number: service.preview_next(), threads=4)

    assert worked == [wanted]
    assert done.count(True) == 1


def test_preview_of_a_worker_that_died_is_taken_up_again(make_quiz: Make, large: None) -> None:
    quiz, _, wanted = over(make_quiz)
    ask(quiz, wanted)
    with quiz.app.app_context():
        queue.connection().set(previewing._held(wanted.word), 1, ex=60)
        assert service.preview_next() is False
        assert previews.preview_progress(wanted) is not None
        queue.connection().delete(previewing._held(wanted.word))
        assert service.preview_next() is True
        assert service.preview_of(wanted) is not None


def test_preview_that_no_worker_took_in_an_hour_is_forgotten(make_quiz: Make, large: None) -> None:
    quiz, _, wanted = over(make_quiz)
    ask(quiz, wanted)

    with quiz.app.app_context(), clock.shifted(timedelta(minutes=61)):
        assert service.preview_next() is False
        assert previews.preview_progress(wanted) is None


def test_preview_that_became_impossible_leaves_nothing_behind(make_quiz: Make, large: None) -> None:
    quiz, _, wanted = over(make_quiz)
    ask(quiz, wanted)
    change(quiz, wanted.version_id)

    with quiz.app.app_context():
        assert service.preview_next() is True
        assert queue.connection().keys("kv:keypreview:*") == []


def test_preview_written_and_read_is_the_same(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    said = seen(quiz, wanted)
    with quiz.app.app_context():
        again = previews.named(previews.unpacked(previews.packed(said)))

    assert again.lines == said.lines
    assert Ground.read(said.ground.token) == again.ground
    assert again.ground.token == said.ground.token
    assert Wanted.read(wanted.word) == wanted


def test_desk_previews_and_changes_a_key(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai"
    desk = quiz.client(quiz.organizer_id)
    token = csrf_token(desk)

    listed = desk.get(f"{address}?tim=t0").text
    asked = desk.get(f"{address}/{wanted.version_id}").text
    sent = desk.post(f"{address}/{wanted.version_id}/xem-truoc", data={"csrf_token": token, "cach": "any"})
    said = pages.get(desk, sent.headers["Location"])
    same = desk.post(f"{address}/{wanted.version_id}/xem-truoc", data={"csrf_token": token, "cach": "key"})
    blind = desk.post(f"{address}/{wanted.version_id}", data={"csrf_token": token, "cach": "any", "reason": "Mơ hồ"})
    made = desk.post(
        f"{address}/{wanted.version_id}",
        data={"csrf_token": token, "cach": "any", "reason": "Mơ hồ", "xem": token_on(said.reply.text)},
    )
    running, told = desk.get(address).text, desk.get(f"{address}/tien-do").get_json()
    run(quiz)
    done, over_now = desk.get(address).text, desk.get(f"{address}/tien-do").get_json()

    assert "T00" in listed
    assert "Xem trước" in asked
    assert sent.status_code == 303
    assert "lượt tăng điểm" in said.text
    assert same.status_code == 422
    assert blind.status_code == 400
    assert made.status_code == 302
    assert "Đang chấm lại" in running
    assert told == {"running": True, "shown": "đã xem 0 lượt có câu này, 0 lượt đổi điểm"}
    assert "Đã chấm lại" in done
    assert over_now["running"] is False


def test_desk_shows_how_far_a_large_preview_is_then_its_result_then_that_it_is_old(
    make_quiz: Make, large: None
) -> None:
    quiz, attempts, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}"
    desk = quiz.client(quiz.organizer_id)

    before = desk.get(f"{address}?cach=dropped").text
    desk.post(f"{address}/xem-truoc", data={"csrf_token": csrf_token(desk), "cach": "dropped"})
    waiting = desk.get(f"{address}?cach=dropped").text
    told = desk.get(f"{address}/tien-do?cach=dropped").get_json()
    run(quiz, jobs.preview_keys)
    after = desk.get(f"{address}?cach=dropped").text
    gone = desk.get(f"{address}/tien-do?cach=dropped").get_json()
    with quiz.app.app_context(), unit_of_work():
        service.annul(attempt_id=attempts[0], actor_id=quiz.organizer_id, reason="Thi hộ")
    old = desk.get(f"{address}?cach=dropped").text

    assert "Chưa có bản xem trước" in before
    assert "Đang tính bản xem trước" in waiting
    assert "Xem đã đến đâu" in waiting
    assert told == {"running": True, "done": 0, "total": 100, "shown": "0%"}
    assert gone["running"] is False
    assert "Đổi và chấm lại" in after
    assert "Bản xem trước này đã cũ" in old
    assert "doi-dap-an" not in old


def test_strange_choices_in_the_address_are_no_error(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}"
    desk = quiz.client(quiz.organizer_id)
    token = {"csrf_token": csrf_token(desk)}

    assert desk.get(f"{address}?cach=khong-co").status_code == 200
    assert desk.get(f"{address}?cach=key&dung=9&dung=x").status_code == 422
    assert desk.get(f"{address}/tien-do?cach=x").get_json()["running"] is False
    assert desk.post(f"{address}/xem-truoc", data=token).status_code == 400
    assert desk.post(address, data={**token, "reason": "x"}).status_code == 400
    assert desk.get(f"{address.removesuffix(str(wanted.version_id))}999999?cach=any").status_code == 404


def token_on(html: str) -> str:
    found = re.search(r'name="xem" value="([^"]+)"', html)
    assert found
    return found[1]
