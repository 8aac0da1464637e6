"""The units that a new installation begins with, read from the files beside this one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from importlib import resources

from contest.units.rules import UnitKind

FILES = ("bac_giang.json", "organisations.json")


@dataclass(frozen=True, slots=True)
class SeedUnit:
    """One unit of a seed file; other units are named by their codes."""

    code: str
    name: str
    kind: UnitKind
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    merged_into: str | None


def seed_units() -> list[SeedUnit]:
    """Every unit of the seed in order; a parent always comes before what lies in it."""
    folder = resources.files("contest.units") / "data"
    return [
        SeedUnit(
            code=unit["code"],
            name=unit["name"],
            kind=UnitKind(unit["kind"]),
            parent=unit["parent"],
            valid_from=_day(unit.get("from")),
            valid_to=_day(unit.get("until")),
            merged_into=unit.get("into"),
        )
        for name in FILES
        for unit in json.loads((folder / name).read_text(encoding="utf-8"))["units"]
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
