"""Pure decisions about time and the rule parameters of a round, with their usual values and ranges (sources: the field study of such contests)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self


class TrackKind(enum.StrEnum):
    """The three tracks."""

    QUIZ = "quiz"
    ESSAY = "essay"
    PHOTO = "photo"


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


def state_of(*, opens_at: datetime, closes_at: datetime, paused_at: datetime | None, now: datetime) -> RoundState:
    """Where a round stands: it is open from `opens_at` up to but not at `closes_at`."""
    if now < opens_at:
        return RoundState.SOON
    if now >= closes_at:
        return RoundState.CLOSED
    return RoundState.PAUSED if paused_at else RoundState.OPEN


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
    """A quiz round. `minutes` 0 is no limit; `attempts` 0 is unlimited; points are whole."""

    questions: int = 20
    minutes: int = 15
    attempts: int = 1
    points: int = 5
    counted: str = "best"
    prediction: str = "all_correct"
    tie_breaks: tuple[str, ...] = ("score", "prediction", "duration", "submitted")
    close_cuts_short: bool = True
    reveal_score: str = "now"
    reveal_key: str = "after_close"
    shuffle: bool = True


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
