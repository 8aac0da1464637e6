"""Previews of a changed key as kept: what was asked for, how far it has come, what it found and whether that still holds; the desk and the service ask.

A preview lives in Redis for an hour, by numbers alone: names are read when it is shown.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import db
from contest.quiz.ledger import KeyChange, KeyRule, RoundLedger
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.queries.ranking import params_of
from contest.quiz.ranks import rules_digest
from contest.quiz.rules import FINISHED
from contest.quiz.waiting import Waiting

LASTS = timedelta(hours=1)
WAITING = Waiting("kv:keypreview", lasts=LASTS)


@dataclass(frozen=True)
class Wanted:
    """A change to be looked at: a question of a round under another rule, and how many prizes the round has."""

    round_id: int
    version_id: int
    rule: KeyRule
    key: int
    prizes: int = 0

    @property
    def word(self) -> str:
        """How it is written in Redis."""
        return f"{self.round_id}:{self.version_id}:{self.rule.value}:{self.key}:{self.prizes}"

    @property
    def mark(self) -> str:
        """A digest of the change alone: another question, rule or key is another."""
        return _digest([self.round_id, self.version_id, self.rule.value, self.key])

    @classmethod
    def read(cls, word: str) -> "Wanted":
        """The reverse of `word`."""
        round_id, version_id, rule, key, prizes = word.split(":")
        return cls(int(round_id), int(version_id), KeyRule(rule), int(key), int(prizes))


@dataclass(frozen=True)
class Ground:
    """What a preview rests on, as digests: the change that was looked at, the rules, the keys that hold, and the standing, which moves while a round
    runs and so is "" then."""

    change: str
    rules: str
    keys: str
    standing: str
    at: datetime

    @property
    def token(self) -> str:
        """How the page that shows the preview hands it back."""
        return f"{self.change}.{self.rules}.{self.keys}.{self.standing}.{int(self.at.timestamp())}"

    @classmethod
    def read(cls, token: str) -> "Ground | None":
        """The reverse of `token`; None for anything else."""
        parts = token.split(".")
        if len(parts) != 5 or not (parts[4].isascii() and parts[4].isdecimal() and len(parts[4]) < 11):
            return None
        change, rules, keys, standing, moment = parts
        return cls(change, rules, keys, standing, datetime.fromtimestamp(int(moment), UTC))


@dataclass(frozen=True)
class Line:
    """One person near the head of the ranking: place, position without gaps, points and whether the rules let it win, before and after the change."""

    entrant_id: int
    place_before: int
    place_after: int
    position_before: int
    position_after: int
    points_before: int
    points_after: int
    eligible_before: bool
    eligible_after: bool
    full_name: str = ""

    def wins_before(self, prizes: int) -> bool:
        """Whether it stands among the first who win, as things are."""
        return self.position_before <= prizes and self.eligible_before

    def wins_after(self, prizes: int) -> bool:
        """Whether it would stand there after the change."""
        return self.position_after <= prizes and self.eligible_after


@dataclass(frozen=True)
class Preview:
    """What a change would do.

    `holders` attempts drew the question; the points of `up` rise and of `down` fall. `rising` people come to a better place and `falling` to a worse.
    `lines` are those who stand among the first before or after, in the order after, at least as many as there are prizes.
    """

    ground: Ground
    holders: int
    up: int
    down: int
    rising: int
    falling: int
    ranked: int
    lines: Sequence[Line]
    answer_before: int | None
    answer_after: int | None

    @property
    def moved(self) -> int:
        """How many people change places."""
        return self.rising + self.falling

    def winners(self, prizes: int) -> tuple[list[Line], list[Line]]:
        """Who would come into the first places that win prizes, and who would drop out of them."""
        into = [line for line in self.lines if line.wins_after(prizes) and not line.wins_before(prizes)]
        return into, [line for line in self.lines if line.wins_before(prizes) and not line.wins_after(prizes)]


@dataclass(frozen=True)
class Progress:
    """How far a preview has come, in parts of a hundred; 0 while it waits for a worker."""

    done: int


def ground_of(round_: Round, wanted: Wanted) -> Ground:
    """What a preview of that change made now rests on."""
    params = params_of(round_)
    now = clock.now()
    drawn = db.session.execute(
        select(QuizRound.frozen_at, QuizRound.actual, RoundLedger.lot_seed)
        .outerjoin(RoundLedger, RoundLedger.round_id == QuizRound.round_id)
        .where(QuizRound.round_id == round_.id)
    ).first()
    frozen_at, actual, seed = drawn or (None, None, None)
    rules = [rules_digest(params, actual=None, lot_seed=seed), params.points, str(frozen_at)]
    newest, made, done = db.session.execute(
        select(func.max(KeyChange.id), func.count(), func.count(KeyChange.done_at)).where(
            KeyChange.round_id == round_.id
        )
    ).one()
    standing: list[Any] = []
    if round_.state(now) is RoundState.CLOSED:
        counts = select(func.count(), func.sum(Attempt.id), func.sum(Attempt.points))
        row = db.session.execute(
            counts.where(Attempt.round_id == round_.id, Attempt.state.in_(FINISHED), Attempt.points.is_not(None))
        ).one()
        standing = [actual, *(int(figure or 0) for figure in row)]
    return Ground(
        wanted.mark, _digest(rules), _digest([newest, made, done]), _digest(standing) if standing else "", now
    )


def changed_since(seen: Ground, now: Ground) -> list[str]:
    """What has changed under a preview, in words."""
    return [
        *(["thể lệ của đợt"] if seen.rules != now.rules else []),
        *(["đáp án đang dùng"] if seen.keys != now.keys else []),
        *(["điểm hoặc các lượt được xếp hạng"] if seen.standing != now.standing else []),
    ]


def graded_count(round_id: int) -> int:
    """How many attempts of a round have marks."""
    query = select(func.count()).where(Attempt.round_id == round_id, Attempt.graded_at.is_not(None))
    return db.session.scalar(query) or 0


def kept_preview(wanted: Wanted) -> Preview | None:
    """What was worked out last; None where there is nothing, where it was left too long, or Redis is silent."""
    content = WAITING.kept(wanted.word)
    return named(unpacked(content)) if content else None


def preview_progress(wanted: Wanted) -> Progress | None:
    """How far the preview that was asked for has come; None when none was, or no worker took it for so long that it is asked for anew."""
    return Progress(int(WAITING.told(wanted.word) or 0)) if WAITING.waits(wanted.word) else None


def named(found: Preview) -> Preview:
    """The preview with the names of its people as they are now."""
    ids = [line.entrant_id for line in found.lines]
    names: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        query = select(Account.id, Account.full_name).where(Account.id.in_(ids[start : start + 500]))
        names |= dict(db.session.execute(query).all())
    return replace(found, lines=[replace(line, full_name=names.get(line.entrant_id, "")) for line in found.lines])


def packed(found: Preview) -> bytes:
    """The preview as JSON, without names."""
    body = asdict(found) | {"ground": found.ground.token}
    body["lines"] = [list(asdict(line).values())[:-1] for line in found.lines]
    return json.dumps(body).encode()


def unpacked(content: bytes) -> Preview:
    """The reverse of `packed`."""
    body: dict[str, Any] = json.loads(content)
    ground = Ground.read(body.pop("ground"))
    assert ground
    return Preview(ground=ground, lines=[Line(*line) for line in body.pop("lines")], **body)


def _digest(body: list[Any]) -> str:
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()[:16]
