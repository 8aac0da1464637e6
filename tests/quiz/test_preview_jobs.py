"""Previews of large rounds: one worker works one out, tells how far it is, keeps it for an hour, and another takes it up."""

from datetime import timedelta

import pytest

from contest.core import clock, queue
from contest.core.errors import BadInput, NotFound
from contest.quiz import jobs, service
from contest.quiz.ledger import KeyRule
from contest.quiz.queries import previews
from contest.quiz.queries.previews import Wanted
from contest.quiz.service import previews as previewing
from tests.core.threads import race
from tests.quiz.previewing import Make, ask, confirm, over
from tests.quiz.test_regrade import change, run

pytestmark = pytest.mark.both_databases


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
        assert queue.connection().zcard(previews.WAITING.asked) == 0


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
        assert queue.connection().zcard(previews.WAITING.asked) == 1
        assert service.preview_of(wanted) is None
        assert previews.preview_progress(wanted) == previews.Progress(0)

    run(quiz, jobs.preview_keys)

    with quiz.app.app_context():
        kept, now = service.preview_of(wanted), service.preview(wanted)
        assert kept
        assert (kept.lines, kept.moved, kept.ground.standing) == (now.lines, now.moved, now.ground.standing)
        assert previews.preview_progress(wanted) is None
        client = queue.connection()
        assert 3500 < client.ttl(previews.WAITING.key(wanted.word)) <= 3600
        assert {line.full_name for line in previews.unpacked(client.get(previews.WAITING.key(wanted.word))).lines} == {
            ""
        }
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
        queue.connection().set(previews.WAITING.held(wanted.word), 1, ex=60)
        assert service.preview_next() is False
        assert previews.preview_progress(wanted) is not None
        queue.connection().delete(previews.WAITING.held(wanted.word))
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
