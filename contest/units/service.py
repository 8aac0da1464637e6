"""What changes the units: the seed of a new installation. Reads are in `queries`."""

from __future__ import annotations

from sqlalchemy import select

from contest.core.db import db
from contest.core.vietnamese import fold
from contest.units.data import seed_units
from contest.units.models import Unit
from contest.units.queries import forget
from contest.units.rules import UnitKind


def load_seed() -> int:
    """Add the units of the seed that are not there yet, and say how many; what organisers have changed stays as it is."""
    known = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    seed = seed_units()
    added = [unit for unit in seed if unit.code not in known]
    places = {unit.code: place for place, unit in enumerate(seed)}
    for unit in added:
        row = Unit(
            code=unit.code,
            name=unit.name,
            folded=fold(unit.name),
            kind=unit.kind,
            parent_id=known[unit.parent].id if unit.parent else None,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            position=places[unit.code],
        )
        db.session.add(row)
        known[unit.code] = row
        if unit.kind is not UnitKind.COMMUNE:
            db.session.flush()
    db.session.flush()
    for unit in added:
        if unit.merged_into:
            known[unit.code].merged_into_id = known[unit.merged_into].id
    db.session.flush()
    forget()
    return len(added)
