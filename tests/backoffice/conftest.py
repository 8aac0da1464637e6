"""A contest in the middle of its life: a quiz round that runs, an essay round that is judged, a photo round that is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.rules import Role
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock, storage
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.entries.models import Entry, EntryFile
from contest.entries.rules import EntryState
from contest.essay.models import Essay
from contest.judging import service as judging
from contest.judging.models import Assignment, Scorecard
from contest.judging.rules import AssignmentState
from contest.photo.models import Photo
from contest.photo.rules import PhotoState
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from tests.factories import make_account, make_contest, make_unit, round_of
from tests.signed_in import sign_in

SEAL = "ab" * 32


@dataclass(frozen=True)
class Scene:
    """The ids of what was made."""

    contest: int
    quiz: int
    essay_round: int
    photo_round: int
    organizer: int
    judge: int
    entrant: int
    unit: int
    attempt: int
    finished: int
    essay: int
    photo: int
    stage: int
    signed: int


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Everything once, ready to be looked at and acted upon."""
    with app.app_context(), unit_of_work():
        contest = make_contest(essay=RoundState.CLOSED, photo=RoundState.CLOSED)
        quiz, essay_round, photo_round = (round_of(contest, kind) for kind in TrackKind)
        unit = make_unit(name="Đảng bộ thử Lục Nam")
        organizer = make_account(Role.ORGANIZER, full_name="Trần Thị Điều Hành")
        judges = [make_account(Role.JUDGE, full_name=f"Giám Khảo {name}") for name in ("Ân", "Bích", "Chi")]
        entrant = make_account(full_name="Nguyễn Thị Ánh Tuyết", phone="+84912345678", unit_id=unit.id)
        attempt = add_attempt(quiz.id, entrant.id, unit.id)
        finished = add_attempt(quiz.id, make_account(full_name="Vi Văn Long").id, unit.id, receipt="TN1-AAAA-BBBB")
        essay = add_entry(essay_round.id, entrant.id, TrackKind.ESSAY, "BV-000417", "BV1-CCCC-DDDD")
        db.session.add(
            Essay(entry_id=essay.id, body="Quê hương tôi.\n\nVải thiều chín đỏ.", words=7, saved_at=clock.now())
        )
        photo = add_entry(photo_round.id, entrant.id, TrackKind.PHOTO, "AV-000230", "AV1-EEEE-FFFF")
        add_photo(photo.id, photo_round.id)
        stage = judging.open_stage(
            round_id=essay_round.id,
            title="Sơ khảo",
            rubric=[judging.NewCriterion("Nội dung", "", 60), judging.NewCriterion("Hình thức", "", 40)],
            judge_ids=[judge.id for judge in judges],
            judges_per_entry=2,
            actor_id=organizer.id,
        )
        judging.assign(stage_id=stage.id, actor_id=organizer.id)
        signed = db.session.scalars(select(Assignment).order_by(Assignment.id)).first()
        assert signed
        signed.state = AssignmentState.SIGNED
        db.session.add(
            Scorecard(assignment_id=signed.id, marks={}, total=81, saved_at=clock.now(), signed_at=clock.now())
        )
        return Scene(
            contest=contest.id,
            quiz=quiz.id,
            essay_round=essay_round.id,
            photo_round=photo_round.id,
            organizer=organizer.id,
            judge=judges[0].id,
            entrant=entrant.id,
            unit=unit.id,
            attempt=attempt.id,
            finished=finished.id,
            essay=essay.id,
            photo=photo.id,
            stage=stage.id,
            signed=signed.id,
        )


@pytest.fixture
def desk(client: FlaskClient, scene: Scene) -> FlaskClient:
    """A client with the organiser signed in."""
    sign_in(client, scene.organizer)
    return client


@pytest.fixture
def acts(app: Flask) -> Callable[[str], list[AuditRow]]:
    """The rows of the record of one kind of act, oldest first."""

    def of(action: str) -> list[AuditRow]:
        with app.app_context():
            rows = db.session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id)).all()
            return list(rows)

    return of


def add_attempt(round_id: int, entrant_id: int, unit_id: int | None, receipt: str = "", points: int = 90) -> Attempt:
    """An attempt that runs, or with a receipt one that was handed in and graded."""
    now = clock.now()
    done = {
        "state": AttemptState.HANDED_IN,
        "handed_in_at": now,
        "receipt": receipt,
        "digest": SEAL,
        "duration_ms": 600_000,
        "correct": points // 5,
        "points": points,
        "graded_at": now,
    }
    attempt = Attempt(
        round_id=round_id,
        entrant_id=entrant_id,
        unit_id=unit_id,
        number=1,
        seed=7,
        started_at=now - timedelta(minutes=10),
        deadline=now + timedelta(minutes=5),
        answers="1" * 18 + "00",
        marked="0" * 20,
        **(done if receipt else {}),
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def add_entry(round_id: int, entrant_id: int, kind: TrackKind, code: str, receipt: str, slot: int = 1) -> Entry:
    """An entry that was handed in."""
    now = clock.now()
    entry = Entry(
        round_id=round_id,
        entrant_id=entrant_id,
        kind=kind,
        slot=slot,
        state=EntryState.HANDED_IN,
        title="Mùa vải chín",
        blind_code=code,
        receipt=receipt,
        digest=SEAL,
        created_at=now,
        updated_at=now,
        handed_in_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def add_photo(entry_id: int, round_id: int) -> None:
    """The picture of a photo entry, its thumbnails standing for themselves."""
    now = clock.now()
    address = storage.put(b"picture")
    file = EntryFile(entry_id=entry_id, address=address, size=7, media_type="image/jpeg", created_at=now)
    db.session.add(file)
    db.session.flush()
    thumbnails = {str(size): address for size in (320, 960, 1920)}
    db.session.add(
        Photo(
            entry_id=entry_id,
            file_id=file.id,
            state=PhotoState.READY,
            width=4000,
            height=3000,
            thumbnails=thumbnails,
            asked_at=now,
            created_at=now,
        )
    )
