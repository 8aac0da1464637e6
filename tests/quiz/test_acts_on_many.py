"""What acts on many attempts and pages of many changes cost: the whole round is counted once, however many there are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.models import QuizRound
from contest.quiz.rules import AttemptState
from tests import statements
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close, whole_ranking
from tests.quiz.test_commands import run

Make = Callable[..., Quiz]


@pytest.mark.both_databases
def test_annulling_many_counts_the_round_once(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="all_correct", tie_breaks=["score", "prediction"])
    ids = [attempt(quiz, f"Người {n}", guess=1) for n in range(12)]
    close(quiz)

    with statements.sent(quiz.app) as sent, quiz.app.app_context(), unit_of_work():
        held = service.hold(attempt_ids=ids[:10])
        service.annul_all(attempt_ids=held, actor_id=quiz.organizer_id, reason="Thi hộ")

    assert sum("count(distinct" in one.lower() for one in sent) == 1
    assert {quiz.attempt(one).state for one in ids[:10]} == {AttemptState.ANNULLED}
    with quiz.app.app_context():
        assert db.session.get_one(QuizRound, quiz.round_id).actual == 2
        jobs.rank()
        assert len(whole_ranking(quiz.round_id)) == 2


def test_page_of_changed_keys_costs_the_same_however_many_there_are(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score"])
    attempt(quiz, "Một")
    desk = quiz.client(quiz.organizer_id)
    with quiz.app.app_context():
        versions = list(queries.frozen_bank(quiz.round_id).questions)
    costs = []
    for some in (versions[:1], versions[1:8]):
        for version_id in some:
            quiz.change_key(version_id)
        with statements.sent(quiz.app) as sent:
            page = desk.get(f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai")
        assert page.status_code == 200
        costs.append(len(sent))

    assert costs[0] == costs[1]


@pytest.mark.parametrize("command", ["report", "export"])
def test_folder_that_is_not_there_is_refused_before_anything_is_counted(
    quiz: Quiz, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "không có" / ("bank.gift" if command == "export" else "bao-cao.xlsx")
    with statements.sent(quiz.app) as sent:
        done = run(quiz, command, *([quiz.round_id] if command == "report" else []), file)

    assert done.exit_code == 1
    assert done.stderr == f"There is no folder {file.parent}. Nothing was written.\n"
    assert not [one for one in sent if "attempt" in one or "question" in one]
