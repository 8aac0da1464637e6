"""Reads of the tree of units; kept in the process, so that finding a unit asks the database nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from flask import current_app, has_app_context
from sqlalchemy import event, select
from sqlalchemy.orm import Mapper

from contest.core.db import db
from contest.units.models import Unit
from contest.units.rules import Group, Place, Tree

_SLOT = "units.tree"
_KEPT_SECONDS = 60.0


def tree() -> Tree:
    """All units. It is read again after a change in this process, and after a minute for what another process changed."""
    kept: tuple[float, Tree] | None = current_app.extensions.get(_SLOT)
    if kept is not None and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    fresh = Tree(Place(**row) for row in db.session.execute(_ROWS).mappings())
    if len(fresh):
        current_app.extensions[_SLOT] = (time.monotonic(), fresh)
    return fresh


def forget() -> None:
    """Read the tree again the next time it is wanted."""
    if has_app_context():
        current_app.extensions.pop(_SLOT, None)


def search(text: str, on: date, limit: int = 12) -> list[Place]:
    """The units that a person may mean by these words, the likeliest first; marks do not matter."""
    return tree().search(text, on, limit)


def path(unit_id: int) -> str:
    """ "Xã Đại Lâm, huyện Lạng Giang"; an empty text for an unknown id."""
    return tree().path(unit_id)


def paths(unit_ids: Iterable[int]) -> dict[int, str]:
    """The path of each of these units."""
    known = tree()
    return {unit_id: known.path(unit_id) for unit_id in unit_ids}


def top_level(on: date) -> list[Place]:
    """The lines of statistics by unit on that day."""
    return tree().top_level(on)


def descendants(unit_id: int) -> set[int]:
    """The ids of the unit, of all in it, and of what was merged into it."""
    return tree().descendants(unit_id)


def district_of(unit_id: int | None) -> Place | None:
    """The unit below the province by which this one is counted; None for none."""
    return tree().district_of(unit_id) if unit_id else None


def district_name(unit_id: int | None) -> str:
    """The name of the unit by which a person is counted; an empty text for none."""
    found = district_of(unit_id)
    return found.name if found else ""


def shown_name(unit_id: int | None) -> str:
    """The name of the unit beside a person's name in public; an empty text for none."""
    found = tree().shown_of(unit_id) if unit_id else None
    return found.name if found else ""


def choices(on: date) -> list[Group]:
    """The grouped choices of a plain select."""
    return tree().groups(on)


def also(unit_id: int) -> tuple[str, ...]:
    """What else people call this unit by, without marks and blanks."""
    return tree().also(unit_id)


def may_choose(unit_id: int, on: date) -> bool:
    """Whether a person may name this unit as theirs on that day."""
    return tree().may_choose(unit_id, on)


def by_code(code: str) -> Place | None:
    """The unit with this code."""
    return next((place for place in tree().by_id.values() if place.code == code), None)


def _changed(mapper: Mapper[Unit], connection: object, unit: Unit) -> None:
    forget()


for _happening in ("after_insert", "after_update", "after_delete"):
    event.listen(Unit, _happening, _changed)

_ROWS = select(
    Unit.id,
    Unit.code,
    Unit.name,
    Unit.folded,
    Unit.kind,
    Unit.parent_id,
    Unit.valid_from,
    Unit.valid_to,
    Unit.merged_into_id,
    Unit.position,
)
