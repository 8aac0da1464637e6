"""Two rounds of one quiz with prizes, for tests of lists that look at one another."""

from dataclasses import dataclass, replace

import pytest
from flask import Flask

from contest.accounts.rules import Role
from contest.contests.rules import RoundState, TrackKind
from contest.core.db import db, unit_of_work
from contest.quiz import service as quiz_service
from contest.results import service
from contest.results.models import Publication
from contest.results.service import NewPrize
from tests import pages
from tests.factories import make_account, make_contest, make_round
from tests.quiz.conftest import Quiz, bank_of
from tests.signed_in import sign_in

PRIZES = [NewPrize("Giải Nhất", 1, 4_000_000), NewPrize("Giải Nhì", 1, 2_000_000)]
RULES = {"questions": 10, "prediction": "none", "tie_breaks": ["score"], "best_prize_only": True}


@dataclass
class Rounds:
    """Two closed rounds of one quiz, by the same rules and prizes."""

    first: Quiz
    second: Quiz

    @property
    def app(self) -> Flask:
        return self.first.app

    def publish(self, quiz: Quiz) -> int:
        """Publish a round; its publication's id."""
        with self.app.app_context(), unit_of_work():
            return service.publish(
                round_id=quiz.round_id, title="Kết quả", actor_id=quiz.organizer_id, reason="Biên bản"
            ).id

    def revoke(self, publication_id: int) -> None:
        with self.app.app_context(), unit_of_work():
            service.revoke(publication_id=publication_id, actor_id=self.first.organizer_id, reason="Lập lại danh sách")

    def listed(self, publication_id: int) -> list[tuple[str, str]]:
        """Who has what in a publication."""
        with self.app.app_context():
            body = db.session.get_one(Publication, publication_id).body
        return [(row["name"], row["prize"]) for row in body["rows"]]

    def desk(self, quiz: Quiz) -> pages.Page:
        """The desk's page of a round's result."""
        client = self.app.test_client()
        sign_in(client, self.first.organizer_id)
        return pages.get(client, f"/ban-dieu-hanh/cong-bo/dot/{quiz.round_id}")


@pytest.fixture
def rounds(app: Flask) -> Rounds:
    """Two rounds without anybody in them yet."""
    with app.app_context(), unit_of_work():
        contest = make_contest(quiz=RoundState.OPEN, params={TrackKind.QUIZ: RULES})
        track = next(track for track in contest.tracks if track.kind is TrackKind.QUIZ)
        other = make_round(track, params=RULES)
        organizer = make_account(Role.ORGANIZER)
        first = Quiz(app, contest.id, track.rounds[0].id, make_account().id, organizer.id)
        second = replace(first, round_id=other.id)
        quiz_service.import_questions(contest_id=contest.id, questions=bank_of(24), actor_id=organizer.id)
        for round_ in track.rounds:
            quiz_service.prepare_round(round_id=round_.id, actor_id=organizer.id)
            service.set_prizes(round_id=round_.id, prizes=PRIZES, actor_id=organizer.id, reason="Kế hoạch")
    return Rounds(first, second)
