"""Pure decisions about attempts: states, deadlines, what a packet may hold, what a paper is drawn by, what may be seen when."""

import enum
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from contest.contests.rules import QuizParams, ticking
from contest.core.display import vn_number
from contest.quiz import sentences as said
from question_bank import answers as codes
from question_bank.draw import Blueprint, Quota
from question_bank.schema import Difficulty

MOST_QUESTIONS = 64
MOST_PREDICTED = 1_000_000_000
LARGE = 20_000  # attempts; what looks at so many and more is worked out in a job, not while somebody waits
_CODE = re.compile(rf"{codes.PATTERN}{{1,64}}")
_MARKS = re.compile(r"[01]{0,64}")
sentences = said.sentences
prediction_question = said.prediction_question


class AttemptState(enum.StrEnum):
    """Where an attempt stands. An expired one was handed in by the sweep with what it held."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    EXPIRED = "expired"
    ANNULLED = "annulled"


class NoteKind(enum.StrEnum):
    """The steps of an objection about an attempt."""

    COMPLAINT = "complaint"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    REMARK = "remark"


FINISHED = (AttemptState.HANDED_IN, AttemptState.EXPIRED)


class Clocked:
    """Base of what is read of an attempt whose clock may run; it stands still while the round is paused."""

    __slots__ = ()

    state: AttemptState
    deadline: datetime
    paused_at: datetime | None

    def over(self, now: datetime) -> bool:
        """Whether nothing more can be saved."""
        return self.state is not AttemptState.OPEN or self.deadline <= ticking(now, self.paused_at)

    def remaining_ms(self, now: datetime) -> int:
        """Milliseconds left at `now`."""
        return remaining_ms(now, deadline=self.deadline, paused_at=self.paused_at)


NO_GUESS = -1  # a prediction that takes back what was guessed before


@dataclass(frozen=True)
class Packet:
    """What a sitting sends: `changes` are position in the paper → answer character, `answers` the whole code; None is "as before".

    `marked` are all the marks, `toggled` those that a page without script changed: another page may have changed others since.
    `sequence` rises with each packet of one page. None is a form that a person sent by hand, which is always the newest.
    """

    sequence: int | None = None
    answers: str | None = None
    marked: str | None = None
    prediction: int | None = None
    changes: Mapping[int, str] = field(default_factory=dict)
    toggled: Mapping[int, str] = field(default_factory=dict)


def deadline(
    *,
    started_at: datetime,
    minutes: int,
    extra_seconds: int,
    closes_at: datetime,
    close_cuts_short: bool,
    extra_percent: int = 0,
    paused_ms: int = 0,
) -> datetime:
    """The last moment at which a save or a hand-in counts.

    The limit, longer by `extra_percent`, runs from the start and stood still for `paused_ms`; the round's close, which pauses have moved
    already, cuts it short where the rules say so; granted time comes on top of either.
    """
    extra = timedelta(seconds=extra_seconds)
    if not minutes:
        return closes_at + extra
    own = started_at + timedelta(seconds=minutes * 60 * (100 + extra_percent) // 100, milliseconds=paused_ms)
    return (min(own, closes_at) if close_cuts_short else own) + extra


def is_answer_code(text: str) -> bool:
    """True for a compact code of up to 64 answers."""
    return _CODE.fullmatch(text) is not None


def is_marks_code(text: str) -> bool:
    """True for a text of noughts and ones, a character a question: which ones the entrant wants to see again."""
    return _MARKS.fullmatch(text) is not None


def fits_shape(shape: str, changes: Mapping[int, str]) -> bool:
    """Whether every answer marks only choices that its question has; an attempt from before shapes were kept has none ("")."""
    return not shape or all(
        position >= len(shape) or codes.fits(char, int(shape[position], 16)) for position, char in changes.items()
    )


def merged(answers: str, packet: Packet) -> str:
    """The code held, with what a packet brings; a whole code of another length, and positions beyond the end, are left out."""
    whole = packet.answers if packet.answers is not None and len(packet.answers) == len(answers) else answers
    chars = list(whole)
    for position, char in packet.changes.items():
        if position < len(chars):
            chars[position] = char
    return "".join(chars)


def toggled(marked: str, packet: Packet, *, questions: int) -> str | None:
    """The marks held, with those that a packet changes; all of its own where it brings them, None for "as before"."""
    if not packet.toggled:
        return packet.marked
    chars = list(marked.ljust(questions, "0"))
    for position, char in packet.toggled.items():
        if position < len(chars):
            chars[position] = char
    return "".join(chars)


def sealed(*, receipt: str, answers: str, prediction: int | None, handed_in_at: datetime) -> str:
    """What a seal is made of: receipt, answers, prediction ("-" for none) and moment in UTC, joined by line feeds."""
    guess = "-" if prediction is None else str(prediction)
    moment = handed_in_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{receipt}\n{answers}\n{guess}\n{moment}"


def seal(*, receipt: str, answers: str, prediction: int | None, handed_in_at: datetime) -> str:
    """SHA-256 in hex of `sealed`."""
    text = sealed(receipt=receipt, answers=answers, prediction=prediction, handed_in_at=handed_in_at)
    return hashlib.sha256(text.encode()).hexdigest()


def shown_prediction(prediction: int | None, params: QuizParams) -> str:
    """A prediction as people write it; "" for none."""
    return "" if prediction is None else vn_number(prediction / params.scale, params.prediction_decimals)


def milliseconds(began: datetime, ended: datetime) -> int:
    """Whole milliseconds between two moments, never below 0."""
    return max(0, (ended - began) // timedelta(milliseconds=1))


def remaining_ms(now: datetime, *, deadline: datetime, paused_at: datetime | None) -> int:
    """Milliseconds left at `now`; a paused round's clock stands still."""
    return milliseconds(ticking(now, paused_at), deadline)


def blueprint_json(blueprint: Blueprint) -> dict[str, Any]:
    """What `blueprint_of` reads."""
    return {
        "quotas": [
            {"count": q.count, "chapter": q.chapter, "difficulty": int(q.difficulty) if q.difficulty else None}
            for q in blueprint.quotas
        ]
    }


def blueprint_of(stored: Mapping[str, Any], *, shuffle: bool) -> Blueprint:
    """The blueprint kept as JSON: {"quotas": [{"count": 20, "chapter": …, "difficulty": 1–3}]}, the last two where they are named."""
    quotas = tuple(
        Quota(
            count=quota["count"],
            chapter=quota.get("chapter"),
            difficulty=Difficulty(quota["difficulty"]) if quota.get("difficulty") else None,
        )
        for quota in stored["quotas"]
    )
    return Blueprint(quotas=quotas, shuffle_questions=shuffle, shuffle_choices=shuffle)


def may_see_score(params: QuizParams, *, over: bool) -> bool:
    """Whether an entrant may see the points of a handed-in attempt; a round is over once it is closed and nobody sits any more."""
    return params.reveal_score == "now" or (params.reveal_score == "after_close" and over)


def may_see_key(params: QuizParams, *, over: bool) -> bool:
    """Whether an entrant may see which answers were right; never while others may still draw the same questions, or sit."""
    return params.reveal_key in ("now", "after_close") and over
