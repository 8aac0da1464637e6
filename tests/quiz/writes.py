"""Every write of the quiz and its bank as a browser sends it, a line each in an order in which all of them succeed; tests of misfortune walk this list."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.backoffice import bank_look
from contest.contests import service as rounds
from contest.contests.models import Track
from contest.contests.rules import QuizParams, TrackKind
from contest.core import clock
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import KeyRule, Signal, SignalKind
from contest.quiz.queries.previews import Wanted
from tests.addresses import of_attempt
from tests.backoffice.test_rounds import filled
from tests.quiz.conftest import QUESTIONS, Quiz

DESK, SITTING = "/ban-dieu-hanh", "/thi-trac-nghiem"
REASON = "Theo Công văn số 12-CV/BTC"
GIFT = "::MOI-1:: Sông nào chảy qua thành phố? {\n=Sông Thương\n~Sông Cầu\n~Sông Lô\n}\n"


@dataclass(frozen=True)
class Write:
    """One press: where it goes, what it carries, what it leaves on the record, and what pressing it again is answered with and leaves there."""

    path: str
    form: dict[str, Any] = field(default_factory=dict)
    action: str = ""
    again: int = 302
    more: int = 0
    answer: int = 302


@dataclass
class World:
    """A running round with an attempt that is open and one that is graded, two rounds to come, a bank, a signal, a file that was looked at."""

    quiz: Quiz
    ids: dict[str, Any]

    def press(self, write: Write, client: FlaskClient, **changed: Any) -> TestResponse:
        """Send it as the browser does."""
        form = {self.worded(name): self.worded(value) for name, value in (write.form | changed).items()}
        return client.post(self.worded(write.path), data=form)

    def worded(self, value: Any) -> Any:
        """The text with the ids of this world."""
        return value.format_map(self.ids) if isinstance(value, str) and "{" in value else value

    def acts(self, action: str) -> int:
        """How many rows the record has of that act."""
        with self.quiz.app.app_context():
            return len(db.session.scalars(select(AuditRow.id).where(AuditRow.action == action)).all())

    def rows(self) -> dict[str, list[Any]]:
        """Everything that the database holds but sessions."""
        with self.quiz.app.app_context():
            return {
                table.name: sorted(map(repr, db.session.execute(select(table)).all()))
                for table in db.metadata.sorted_tables
                if table.name != "account_session"
            }


def world(quiz: Quiz) -> World:
    """Make it, in a round of the usual rules."""
    quiz.app.config["WTF_CSRF_ENABLED"] = False
    other, fresh = quiz.entrants(2)
    running, finished = quiz.begin(), quiz.begin(other)
    quiz.hand_in(finished, sequence=1, answers=quiz.key(finished))
    with quiz.app.app_context():
        jobs.grade()
        with unit_of_work():
            track_id = db.session.scalar(
                select(Track.id).where(Track.contest_id == quiz.contest_id, Track.kind == TrackKind.QUIZ)
            )
            to_come = [
                rounds.create(
                    track_id=track_id or 0,
                    title="",
                    opens_at=clock.now() + timedelta(days=days),
                    closes_at=clock.now() + timedelta(days=days + 1),
                    params=QuizParams(questions=QUESTIONS),
                    actor_id=quiz.organizer_id,
                ).id
                for days in (1, 3)
            ]
            signal = Signal(
                round_id=quiz.round_id,
                kind=SignalKind.FAST,
                mark=f"fast:{finished}",
                attempt_ids=[finished],
                evidence={"seconds": 3, "correct": QUESTIONS, "questions": QUESTIONS, "least": 30},
                found_at=clock.now(),
            )
            db.session.add(signal)
            db.session.flush()
            signal_id = signal.id
        codes = queries.codes(quiz.contest_id)
        version_id = next(iter(queries.frozen_bank(quiz.round_id).questions))
        seen = service.preview_of(Wanted(quiz.round_id, version_id, KeyRule.DROPPED, 0))
        assert seen
        ids = {
            "quiz": quiz.round_id,
            "soon": to_come[0],
            "spare": to_come[1],
            "running": running,
            "paper": of_attempt(quiz.app, running),
            "finished": finished,
            "entrant": quiz.entrant_id,
            "fresh": fresh,
            "signal": signal_id,
            "version": version_id,
            "ground": seen.ground.token,
            "question": codes["T000"],
            "several": bank_look.ranges([codes["T001"], codes["T002"]]),
            "token": bank_look.keep([("moi.gift", GIFT.encode())]),
            "later": datetime_local(clock.now() + timedelta(days=40)),
        }
    return World(quiz, ids)


def _question(**changed: Any) -> dict[str, Any]:
    choices = {"choices-0-text": "Một", "choices-0-correct": "y", "choices-1-text": "Hai", "choices-2-text": "Ba"}
    return {"stem": "Đại hội lần thứ mấy?", "difficulty": "2", "reason": REASON, **choices, **changed}


def _bulk(act: str, **more: str) -> Write:
    action = {"retire": "question.retire", "restore": "question.restore"}.get(act, "question.edit")
    return Write(
        f"{DESK}/cau-hoi/nhieu-cau/lam", {"act": act, "ids": "{several}", "reason": REASON, **more}, action, more=0
    )


def _round(name: str, word: str, action: str, again: int, more: int = 0, **form: Any) -> Write:
    return Write(f"{DESK}/dot-thi/{{{name}}}/{word}", {"reason": REASON, **form}, action, again=again, more=more)


_RULES = {"title": None, "opens_at": None, "closes_at": None, "questions": str(QUESTIONS), "attempts": "2"}
STAFF = {
    "grant time": Write(
        f"{DESK}/luot-thi/{{running}}/them-gio",
        {"minutes": "10", "reason": REASON, "seen": "0"},
        "attempt.grant_time",
        again=409,
    ),
    "grant time to several": Write(
        f"{DESK}/luot-thi/nhieu-luot",
        {"act": "grant", "reason_grant": REASON, "minutes": "5", "chosen": "{running}", "seen-{running}": "600"},
        "attempt.grant_time",
        again=409,
    ),
    "grant an attempt": Write(
        f"{DESK}/nguoi-du-thi/{{entrant}}/them-luot",
        {"round_id": "{quiz}", "attempts": "1", "reason": REASON},
        "account.allow_attempts",
        more=1,
    ),
    "accommodate": Write(
        f"{DESK}/nguoi-du-thi/{{entrant}}/ho-tro",
        {"extra_percent": "50", "large_print": "y", "reason": REASON},
        "account.accommodate",
        more=1,
    ),
    "objection": Write(
        f"{DESK}/luot-thi/{{finished}}/khieu-nai", {"kind": "complaint", "body": REASON}, "attempt.note", again=409
    ),
    "answer to an objection": Write(
        f"{DESK}/luot-thi/{{finished}}/khieu-nai", {"kind": "upheld", "body": REASON}, "attempt.note", again=409
    ),
    "annul": Write(f"{DESK}/luot-thi/{{finished}}/huy", {"reason": REASON}, "attempt.annul"),
    "undo an annulment": Write(
        f"{DESK}/luot-thi/{{finished}}/khoi-phuc", {"reason": REASON}, "attempt.restore", again=409
    ),
    "change a key": _round("quiz", "cham-lai/{version}", "quiz.change_key", 409, cach="dropped", xem="{ground}"),
    "judge a signal": Write(
        f"{DESK}/tin-hieu/{{signal}}", {"state": "seen", "note": "Đã hỏi đơn vị"}, "signal.judge", more=1
    ),
    "pause": _round("quiz", "tam-dung", "round.pause", 409),
    "resume": _round("quiz", "thi-tiep", "round.resume", 409),
    "extend": _round("quiz", "gia-han", "round.extend", 400, until="{later}"),
    "make a round": Write(f"{DESK}/dot-thi/moi", filled(questions=str(QUESTIONS)), "round.create", again=422),
    "edit a round": Write(
        f"{DESK}/dot-thi/{{soon}}/sua", filled(questions=str(QUESTIONS), minutes="20"), "round.edit", more=1
    ),
    "freeze a paper": _round("soon", "chot-de", "quiz.prepare", 302, 1),
    "freeze a blueprint": _round("soon", "ma-tran", "quiz.prepare", 302, 1, **{"act": "freeze", "n-x-0": "10"}),
    "open a round": _round("soon", "mo", "round.open", 409),
    "close a round": _round("soon", "dong", "round.close", 409),
    "delete a round": _round("spare", "xoa", "round.delete", 404),
    "change rules": Write(
        f"{DESK}/dot-thi/{{quiz}}/dieu-chinh-the-le",
        filled(minutes="25", reason=REASON, **_RULES),
        "round.change_rules",
        again=422,
    ),
    "write a question": Write(f"{DESK}/cau-hoi/moi", _question(), "question.add", again=409),
    "write a version": Write(
        f"{DESK}/cau-hoi/{{question}}/sua", _question(stem="Đại hội lần thứ tư?", base="1"), "question.edit"
    ),
    "put into a chapter": _bulk("chapter", chapter="Chương mới"),
    "set a difficulty": _bulk("difficulty", difficulty="3"),
    "tag": _bulk("tag", tag="ôn tập"),
    "retire": _bulk("retire"),
    "bring back": _bulk("restore"),
    "import": Write(f"{DESK}/cau-hoi/nhap/{{token}}", {"places": "0", "reason": REASON}, "bank.import", again=400),
}
SITTER = {
    "save": Write("{paper}/luu", {"q0": "4", "questions": "10"}, again=303, answer=303),
    "hand in": Write("{paper}/nop", {"prediction": "7"}, again=303, answer=303),
    "start": Write(f"{SITTING}/dot/{{quiz}}/bat-dau", {"number": "2"}, again=303, answer=200),
}
