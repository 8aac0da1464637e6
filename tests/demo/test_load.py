"""The demo contest: what a load leaves behind, that it is the same again, and that it is never half there."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from rich.progress import Progress
from sqlalchemy import func, select

from contest.accounts import passwords
from contest.accounts.models import Account, Consent
from contest.accounts.rules import OCCUPATIONS, ROLE_NAMES, SEXES, Role, age_on
from contest.config import Config
from contest.contests.models import Contest, Round, Track
from contest.contests.rules import RoundState, TrackKind
from contest.core import audit, clock, storage
from contest.core.db import db
from contest.core.errors import Refused
from contest.demo import load, people
from contest.entries.models import Entry, EntryFile
from contest.entries.rules import EntryState
from contest.judging import queries as judging
from contest.judging.models import Assignment
from contest.judging.rules import AssignmentState
from contest.photo.models import Photo
from contest.photo.queries import gallery
from contest.photo.rules import PhotoState
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from contest.results import service as results
from contest.results.models import Award, Publication
from tests.fixtures.demo import demo_config

TINY = load.Size(people=12, essays=5, photos=3)


class Stops(Progress):
    """A progress bar at which somebody presses Ctrl-C at a certain step."""

    def __init__(self, at: int) -> None:
        super().__init__(disable=True)
        self.left = at

    def advance(self, task_id: Any, advance: float = 1) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.fixture
def demo(demo_app: Flask) -> Any:
    """The small demo with its context pushed."""
    with demo_app.app_context():
        yield demo_app


def quiet() -> Progress:
    return Progress(disable=True)


def rounds(kind: TrackKind) -> list[Round]:
    query = select(Round).join(Track, Track.id == Round.track_id).where(Track.kind == kind).order_by(Round.number)
    return list(db.session.scalars(query))


def visitor() -> Account:
    return db.session.scalars(select(Account).where(Account.email == people.ENTRANT)).one()


@pytest.mark.both_databases
def test_a_second_load_is_refused_and_changes_nothing(app_context: Flask) -> None:
    load.load(quiet(), TINY)
    accounts = db.session.scalar(select(func.count()).select_from(Account))
    assert audit.verify() is None
    assert db.session.scalar(select(func.count()).select_from(Publication)) == 1
    with pytest.raises(Refused):
        load.load(quiet(), TINY)
    assert db.session.scalar(select(func.count()).select_from(Account)) == accounts


def test_a_load_that_is_stopped_leaves_nothing_and_may_be_run_again(app_context: Flask) -> None:
    with pytest.raises(KeyboardInterrupt):
        load.load(Stops(TINY.photos + TINY.people + 3), TINY)
    for table in (Contest, Account, Attempt, audit.AuditRow):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    load.load(quiet(), TINY)
    assert audit.verify() is None


def test_two_loads_give_the_same_people_scores_and_marks(
    make_app: Callable[[Config], Flask], tmp_path: Path, sqlite_template: Path, redis_url: str
) -> None:
    seen = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(sqlite_template, folder / "contest.sqlite3")
        with make_app(demo_config(folder, redis_url)).app_context():
            load.load(quiet(), TINY)
            names = db.session.execute(
                select(Account.full_name, Account.birth_date, Account.unit_id).order_by(Account.id)
            )
            scores = db.session.execute(
                select(
                    Attempt.entrant_id,
                    Attempt.seed,
                    Attempt.answers,
                    Attempt.points,
                    Attempt.prediction,
                    Attempt.duration_ms,
                )
                .where(Attempt.state != AttemptState.OPEN)
                .order_by(Attempt.id)
            )
            seen.append([list(names), list(scores)])
    assert seen[0] == seen[1]


def test_rounds_stand_before_within_and_after_their_time(demo: Flask) -> None:
    now = clock.now()
    states = {kind: [round_.state(now) for round_ in rounds(kind)] for kind in TrackKind}
    assert states[TrackKind.QUIZ] == [RoundState.CLOSED, RoundState.OPEN, RoundState.SOON]
    assert states[TrackKind.ESSAY] == [RoundState.CLOSED, RoundState.OPEN]
    assert states[TrackKind.PHOTO] == [RoundState.CLOSED, RoundState.CLOSED, RoundState.OPEN]


def test_gallery_shows_the_judged_photographs_and_none_that_is_before_a_judge(demo: Flask) -> None:
    shown, judged, _ = rounds(TrackKind.PHOTO)
    assert (shown.gallery_released_at is not None, judged.gallery_released_at) == (True, None)
    assert {
        work.entry.round_id
        for work in gallery(
            order="0" * 16,
        ).rows
    } == {shown.id}
    assert judging.is_judged(shown.id)
    assert not judging.is_judged(judged.id)


def test_every_account_is_marked_as_demo_and_each_printed_one_opens_with_the_printed_password(demo: Flask) -> None:
    lines = "\n".join(load.account_lines())
    assert people.PASSWORD in lines
    assert all(db.session.scalars(select(Account.is_demo)))
    for address, role in (
        (people.ENTRANT, Role.ENTRANT),
        (people.JUDGES[0], Role.JUDGE),
        (people.ORGANIZER, Role.ORGANIZER),
        (people.ADMIN, Role.ADMIN),
    ):
        account = db.session.scalars(select(Account).where(Account.email == address)).one()
        assert account.role is role
        assert passwords.matches(account.password_hash, people.PASSWORD)
        assert address in lines
        assert ROLE_NAMES[role] in lines


def test_entrants_say_only_what_the_forms_allow_and_children_have_a_guardian(demo: Flask) -> None:
    contest = db.session.scalars(select(Contest)).one()
    for account in db.session.scalars(select(Account).where(Account.role == Role.ENTRANT)):
        assert account.occupation in OCCUPATIONS
        assert account.sex in SEXES
        assert account.unit_id is not None
        assert account.birth_date is not None
        age = age_on(account.birth_date, account.created_at.date())
        assert age >= contest.min_age
        purposes = db.session.scalars(select(Consent.by_guardian).where(Consent.account_id == account.id)).all()
        assert sorted(purposes) == ([False, True] if age < contest.guardian_age else [False])
        assert bool(account.guardian_name) is (age < contest.guardian_age)


def test_the_visitor_has_a_graded_attempt_and_may_sit_the_open_round(demo: Flask) -> None:
    over, running, _ = rounds(TrackKind.QUIZ)
    own = db.session.scalars(select(Attempt).where(Attempt.entrant_id == visitor().id)).all()
    assert [(attempt.round_id, attempt.points) for attempt in own] == [(over.id, 80)]
    assert running.is_open(clock.now())
    entries = db.session.scalars(select(Entry).where(Entry.entrant_id == visitor().id)).all()
    assert {entry.state for entry in entries if entry.kind is TrackKind.ESSAY} == {
        EntryState.DRAFT,
        EntryState.HANDED_IN,
    }
    assert any(entry.kind is TrackKind.PHOTO for entry in entries)


def test_attempts_are_as_the_quiz_leaves_them(demo: Flask) -> None:
    open_now = db.session.scalars(select(Attempt).where(Attempt.state == AttemptState.OPEN)).all()
    assert all(attempt.receipt is None and attempt.round_id == rounds(TrackKind.QUIZ)[1].id for attempt in open_now)
    for attempt in db.session.scalars(select(Attempt).where(Attempt.state != AttemptState.OPEN)):
        assert attempt.receipt
        assert attempt.digest
        assert attempt.handed_in_at is not None
        assert attempt.graded_at is not None
        assert attempt.handed_in_at <= attempt.deadline
        assert attempt.graded_at > attempt.handed_in_at
        assert attempt.duration_ms is not None
        assert 180_000 <= attempt.duration_ms <= 900_000
        assert attempt.points == 5 * (attempt.correct or 0)


def test_the_publication_bears_the_digest_of_its_frozen_list(demo: Flask) -> None:
    publication = db.session.scalars(select(Publication)).one()
    assert publication.number == 1
    assert publication.digest == results.digest(publication.body)
    awards = db.session.scalar(select(func.count()).select_from(Award))
    assert awards == len(publication.body["rows"]) == 14


def test_thumbnails_bear_no_exif_though_originals_do(demo: Flask) -> None:
    photos = db.session.scalars(select(Photo)).all()
    assert photos
    for photo in photos:
        assert photo.state is PhotoState.READY
        original = storage.get(db.session.get_one(EntryFile, photo.file_id).address)
        assert Image.open(io.BytesIO(original)).getexif()
        for address in photo.thumbnails.values():
            picture = Image.open(io.BytesIO(storage.get(address)))
            assert not picture.getexif()
            assert picture.width > picture.height


def test_judges_are_half_way_and_the_printed_one_has_both_signed_and_waiting(demo: Flask) -> None:
    states = db.session.scalars(select(Assignment.state)).all()
    assert 0.3 < states.count(AssignmentState.SIGNED) / len(states) < 0.8
    judge = db.session.scalars(select(Account).where(Account.email == people.JUDGES[0])).one()
    own = db.session.scalars(select(Assignment.state).where(Assignment.judge_id == judge.id)).all()
    assert {AssignmentState.SIGNED, AssignmentState.OPEN} <= set(own)
