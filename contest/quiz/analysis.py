"""The item analysis of a round as it is kept and shown: figures by question and unit, in JSON and back; the analysis service and queries use it."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from question_bank.figures import QuizFigures


@dataclass(frozen=True)
class Scope:
    """Which graded attempts are counted: all of a round, or each person's first that was not annulled alone."""

    round_id: int
    first_only: bool = True

    @property
    def word(self) -> str:
        """How the scope is written in keys and addresses."""
        return "first" if self.first_only else "all"


@dataclass(frozen=True)
class FlagLine:
    """One thing to look at: its kind, its words, and from which figures."""

    kind: str
    words: str
    reason: str


@dataclass(frozen=True)
class ChoiceLine:
    """One choice in the ORIGINAL order: in how many attempts it was marked, and their mean points."""

    letter: str
    right: bool
    count: int
    mean_total: float | None


@dataclass(frozen=True)
class ItemLine:
    """One question as it stood in the round. `facility` goes from 0 to 1, weights, index and efficiency are in per cent.

    `changed` names the rule by which it is marked where that was changed after the fact, else it is empty.
    """

    version_id: int
    attempts: int
    facility: float | None
    sd: float | None
    intended_weight: float | None
    effective_weight: float | None
    discrimination_index: float | None
    discriminative_efficiency: float | None
    blank: int
    choices: tuple[ChoiceLine, ...]
    flags: tuple[FlagLine, ...]
    changed: str = ""


@dataclass(frozen=True)
class UnitLine:
    """One unit: the totals of its attempts, and (attempts, facility) of each question drawn in it, by version id."""

    unit_id: int
    name: str
    quiz: QuizFigures
    items: Mapping[int, tuple[int, float | None]]


@dataclass(frozen=True)
class RoundAnalysis:
    """All of it. `stamp` tells whether it still speaks of the same attempts and keys; `at` is when it was worked out."""

    scope: Scope
    stamp: str
    at: datetime
    questions: int
    most_points: int
    quiz: QuizFigures
    items: tuple[ItemLine, ...]
    units: tuple[UnitLine, ...]

    def item(self, version_id: int) -> ItemLine | None:
        """The line of one question; None when no counted attempt drew it."""
        return next((line for line in self.items if line.version_id == version_id), None)


def packed(found: RoundAnalysis) -> bytes:
    """The analysis as compressed JSON."""
    body = asdict(found) | {"at": found.at.isoformat()}
    return zlib.compress(json.dumps(body, ensure_ascii=False).encode(), 6)


def unpacked(content: bytes) -> RoundAnalysis:
    """The reverse of `packed`."""
    body: dict[str, Any] = json.loads(zlib.decompress(content))
    return RoundAnalysis(
        scope=Scope(**body["scope"]),
        stamp=body["stamp"],
        at=datetime.fromisoformat(body["at"]),
        questions=body["questions"],
        most_points=body["most_points"],
        quiz=QuizFigures(**body["quiz"]),
        items=tuple(_item(line) for line in body["items"]),
        units=tuple(_unit(line) for line in body["units"]),
    )


def _item(line: dict[str, Any]) -> ItemLine:
    choices = tuple(ChoiceLine(**choice) for choice in line.pop("choices"))
    flags = tuple(FlagLine(**flag) for flag in line.pop("flags"))
    return ItemLine(**line, choices=choices, flags=flags)


def _unit(line: dict[str, Any]) -> UnitLine:
    items = {int(version_id): (seen, facility) for version_id, (seen, facility) in line["items"].items()}
    return UnitLine(line["unit_id"], line["name"], QuizFigures(**line["quiz"]), items)
