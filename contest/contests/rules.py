"""Pure decisions about time and the rule parameters of a round, with their usual values and ranges (sources: the field study of such contests)."""

import enum
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self


class TrackKind(enum.StrEnum):
    """The three tracks."""

    QUIZ = "quiz"
    ESSAY = "essay"
    PHOTO = "photo"


class Letterhead(enum.StrEnum):
    """Whose way of setting documents a contest's papers follow."""

    STATE = "state"
    PARTY = "party"


_PARTY_BODIES = (
    "tỉnh ủy",
    "tỉnh uỷ",
    "thành ủy",
    "thành uỷ",
    "huyện ủy",
    "huyện uỷ",
    "đảng ủy",
    "đảng uỷ",
    "trung ương đảng",
    "ban tuyên giáo",
)


def letterhead_for(*bodies: str) -> Letterhead:
    """What papers of these bodies are set like, as long as nobody says otherwise."""
    words = " ".join(bodies).casefold()
    return Letterhead.PARTY if any(name in words for name in _PARTY_BODIES) else Letterhead.STATE


class RoundState(enum.StrEnum):
    """Where a round stands at a moment."""

    SOON = "soon"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class TieBreak(enum.StrEnum):
    """What may decide between equals, in the order that the rules list."""

    SCORE = "score"
    PREDICTION = "prediction"
    DURATION = "duration"
    SUBMITTED = "submitted"
    STARTED = "started"
    PERFECT = "perfect"
    LOT = "lot"


class Counted(enum.StrEnum):
    """Which of an entrant's attempts in a round counts."""

    BEST = "best"
    FIRST = "first"
    LAST = "last"


class Predicted(enum.StrEnum):
    """What the prediction question asks to guess about the round: people, attempts (lượt), people all correct, or their percentage."""

    NONE = "none"
    PARTICIPANTS = "participants"
    ATTEMPTS = "attempts"
    ALL_CORRECT = "all_correct"
    ALL_CORRECT_PERCENT = "all_correct_percent"


class Eligible(enum.StrEnum):
    """Who may win a prize of the round."""

    ALL_CORRECT_ONLY = "all_correct_only"
    EVERYONE = "everyone"


class Reveal(enum.StrEnum):
    """When an entrant sees points, or the key."""

    NOW = "now"
    AFTER_CLOSE = "after_close"
    NEVER = "never"


def state_of(*, opens_at: datetime, closes_at: datetime, paused_at: datetime | None, now: datetime) -> RoundState:
    """Where a round stands: open from `opens_at` up to but not at `closes_at`. A paused one stays paused past its close, which moves when it goes on."""
    if now < opens_at:
        return RoundState.SOON
    if paused_at and paused_at < closes_at:
        return RoundState.PAUSED
    return RoundState.CLOSED if now >= closes_at else RoundState.OPEN


def ticking(now: datetime, paused_at: datetime | None) -> datetime:
    """What a round's clock shows: it stands still while the round is paused."""
    return min(now, paused_at) if paused_at else now


@dataclass(frozen=True)
class Params:
    """Base of a round's parameters: read from JSON, unknown names refused."""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """From the round's JSON; raises ValueError naming a parameter that does not exist."""
        known = {f.name for f in fields(cls)}
        strange = set(values) - known
        if strange:
            raise ValueError(f"unknown parameters: {', '.join(sorted(strange))}")
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


@dataclass(frozen=True)
class QuizParams(Params):
    """A quiz round. `minutes` 0 is no limit; `attempts` 0 is unlimited; points are whole; `min_seconds` 0 flags nothing.

    Papers draw questions of so many `choices` alone, 0 is any number, and without `several_right` those alone of which one choice is right.

    Predictions and what they are compared with are whole numbers scaled by 10 ** `prediction_decimals`. `all_answered` asks for every question
    answered if an attempt is to count; `hide_counters` keeps the figures that a prediction guesses from everybody until the round is over.
    With `best_prize_only` who wins in several rounds of the track keeps the best prize, and who comes next takes the others.
    """

    questions: int = 20
    choices: int = 0
    several_right: bool = True
    minutes: int = 15
    attempts: int = 1
    counted: Counted = Counted.BEST
    all_answered: bool = False
    points: int = 5
    prediction: Predicted = Predicted.ALL_CORRECT
    prediction_decimals: int = 0
    tie_breaks: tuple[TieBreak, ...] = (TieBreak.SCORE, TieBreak.PREDICTION, TieBreak.DURATION, TieBreak.SUBMITTED)
    eligible: Eligible = Eligible.EVERYONE
    min_seconds: int = 0
    reveal_score: Reveal = Reveal.NOW
    reveal_key: Reveal = Reveal.AFTER_CLOSE
    close_cuts_short: bool = True
    shuffle: bool = True
    hide_counters: bool = True
    best_prize_only: bool = False

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """From the round's JSON, words turned into their enums; raises ValueError for a name or a word that does not exist."""
        return super().read({name: _WORDS[name](value) if name in _WORDS else value for name, value in values.items()})

    def as_json(self) -> dict[str, Any]:
        """What `read` reads: every parameter by name, words as plain texts."""
        return {
            name: [str(word) for word in value] if isinstance(value, tuple) else _plain(value)
            for name, value in vars(self).items()
        }

    def admits(self, *, choices: int, right: int) -> bool:
        """Whether a paper may draw a question of so many choices of which so many are right."""
        return self.choices in (0, choices) and (self.several_right or right == 1)

    @property
    def scale(self) -> int:
        """How many steps of a prediction make one."""
        return int(10**self.prediction_decimals)

    @property
    def order(self) -> tuple[TieBreak, ...]:
        """What decides places, without a prediction that nobody is asked for."""
        return tuple(
            w for w in self.tie_breaks if w is not TieBreak.PREDICTION or self.prediction is not Predicted.NONE
        )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


PAPER = ("questions", "choices", "several_right", "shuffle")
"""Parameters by which papers are drawn: what was frozen for others no longer serves."""


def changed(before: QuizParams, after: QuizParams) -> list[str]:
    """The names of the parameters that differ, in the order of the regulations."""
    return [f.name for f in fields(QuizParams) if getattr(before, f.name) != getattr(after, f.name)]


def asks_other_papers(names: Collection[str]) -> bool:
    """Whether a change of these parameters asks for other papers than those that were frozen."""
    return not set(PAPER).isdisjoint(names)


_WORDS: dict[str, Callable[[Any], Any]] = {
    "counted": Counted,
    "prediction": Predicted,
    "tie_breaks": lambda names: tuple(TieBreak(name) for name in names),
    "eligible": Eligible,
    "reveal_score": Reveal,
    "reveal_key": Reveal,
}


@dataclass(frozen=True)
class EssayParams(Params):
    """An essay round. Words are counted as Word counts them; bytes are whole megabytes."""

    themes: tuple[str, ...] = ("Giới thiệu Bắc Giang", "Ý tưởng mới cho Bắc Giang")
    words_min: int = 1500
    words_max: int = 2000
    entries: int = 3
    megabytes: int = 20
    judges: int = 2


@dataclass(frozen=True)
class PhotoParams(Params):
    """A photo round: single photographs in this edition. Pixels of the long edge, megabytes a file, words of a caption."""

    themes: tuple[str, ...] = ("Thành tựu", "Cảnh đẹp", "Con người")
    entries: int = 5
    long_edge: int = 3000
    megabytes: int = 20
    caption_words: int = 90
    judges: int = 2


PARAMS: dict[TrackKind, type[QuizParams] | type[EssayParams] | type[PhotoParams]] = {
    TrackKind.QUIZ: QuizParams,
    TrackKind.ESSAY: EssayParams,
    TrackKind.PHOTO: PhotoParams,
}
