"""The contest is made and described from the command line, on the record."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from contest import cli
from contest.contests import queries as contests
from contest.contests.models import Contest
from contest.contests.rules import TrackKind
from contest.core import audit
from contest.core.audit import AuditRow
from contest.core.db import db

Run = Callable[..., Result]
NAMED = ("--title", "Bắc Giang: Niềm tin và khát vọng", "--organizer", "Ban Tổ chức cuộc thi")


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on this test's application."""
    monkeypatch.setattr(cli, "_app", lambda: app)
    return lambda *words: CliRunner().invoke(cli.main, words)


@pytest.mark.both_databases
def test_contest_is_made_with_its_tracks_and_shown_at_once(app: Flask, run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "the-le.md"
    rules.write_text("\ufeff## Điều 1\n\nMọi người.", encoding="utf-8")

    done = run("create", *NAMED, "--phone", "0204 3 854 000", "--regulations", str(rules))

    assert done.exit_code == 0, done.output
    home = app.test_client().get("/").get_data(as_text=True)
    assert "Niềm tin và khát vọng" in home
    with app.app_context():
        made = contests.the_contest()
        assert (made.slug, made.phone) == ("bac-giang-niem-tin-va-khat-vong", "0204 3 854 000")
        assert made.regulations == "## Điều 1\n\nMọi người."
        assert [track.kind for track in made.tracks] == [TrackKind.ESSAY, TrackKind.QUIZ, TrackKind.PHOTO]
        assert [row.action for row in db.session.scalars(select(AuditRow))] == ["contest.create"]
        assert audit.verify() is None


def test_contest_of_one_track_has_that_track_alone(app: Flask, run: Run) -> None:
    assert run("create", *NAMED, "--track", "quiz").exit_code == 0

    with app.app_context():
        assert [track.kind for track in contests.the_contest().tracks] == [TrackKind.QUIZ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--title", "Cuộc thi"), "tên và đơn vị tổ chức"),
        (("--title", " ", "--organizer", "Ban"), "tên và đơn vị tổ chức"),
        (("--title", "!!!", "--organizer", "Ban"), "chữ hoặc số"),
        (("--title", "a" * 201, "--organizer", "Ban"), "dài quá 200 ký tự"),
        ((*NAMED, "--email", "không phải"), "not an e-mail address"),
    ],
)
def test_contest_that_cannot_be_is_refused_and_nothing_is_written(
    app: Flask, run: Run, words: tuple[str, ...], reason: str
) -> None:
    done = run("create", *words)

    assert done.exit_code == 1
    assert reason in done.output
    with app.app_context():
        assert db.session.scalars(select(Contest)).all() == []
        assert db.session.scalars(select(AuditRow)).all() == []


def test_second_contest_of_the_same_name_is_refused(app: Flask, run: Run) -> None:
    run("create", *NAMED)

    assert run("create", *NAMED).exit_code == 1
    with app.app_context():
        assert len(db.session.scalars(select(Contest)).all()) == 1


def test_regulations_that_are_no_text_are_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "the-le.docx"
    file.write_bytes(b"PK\x03\x04\xff\xfe\xff")

    done = run("create", *NAMED, "--regulations", str(file))

    assert done.exit_code == 1
    assert "not UTF-8 text" in done.output


def test_contacts_change_on_the_record_and_the_rest_stays(app: Flask, run: Run) -> None:
    run("create", *NAMED, "--phone", "0204 3 854 000")

    done = run("describe", "--phone", "0204 3 854 111", "--reason", "Đổi số trực")

    assert done.exit_code == 0, done.output
    assert run("describe", "--phone", "0204 3 854 111", "--reason", "Đổi số trực").output == "Nothing to change.\n"
    with app.app_context():
        assert (contests.the_contest().phone, contests.the_contest().organizer_name) == (
            "0204 3 854 111",
            "Ban Tổ chức cuộc thi",
        )
        rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
        assert [row.action for row in rows] == ["contest.create", "contest.describe"]
        assert rows[1].reason == "Đổi số trực"


@pytest.mark.parametrize(("parent", "letterhead"), [("Tỉnh ủy Bắc Giang", "party"), ("UBND tỉnh Bắc Giang", "state")])
def test_letterhead_is_told_by_the_bodies_and_changed_on_the_record(
    app: Flask, run: Run, parent: str, letterhead: str
) -> None:
    def now() -> str:
        with app.app_context():
            contests.forget()
            return contests.the_contest().letterhead

    other = {"party": "state", "state": "party"}[letterhead]
    run("create", *NAMED, "--parent-body", parent)
    assert now() == letterhead
    done = run("describe", "--letterhead", other, "--reason", "Theo văn phòng")
    assert done.output == "Changed: letterhead.\n"
    assert now() == other
    assert run("describe", "--letterhead", "other", "--reason", "x").exit_code == 2


def test_describing_without_a_contest_or_a_name_is_refused(run: Run) -> None:
    assert run("describe", "--phone", "1", "--reason", "x").exit_code == 1
    run("create", *NAMED)
    assert run("describe", "--title", "", "--reason", "x").exit_code == 1
    assert run("describe", "--title", "Tên khác").exit_code == 2
