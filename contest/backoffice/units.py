"""The desk's page of units: the tree as it stands today, with how many entrants name each unit."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import queries
from contest.backoffice.blueprint import bp
from contest.core import clock
from contest.core.display import vietnam_time
from contest.units import queries as units
from contest.units.rules import Place


@dataclass(frozen=True)
class Branch:
    """A unit with what lies in it; `total` counts the entrants of all of them."""

    place: Place
    own: int
    total: int
    inner: list["Branch"]


@bp.get("/don-vi", endpoint="units")
@organizer
def tree_of_units() -> ResponseReturnValue:
    """The tree of units."""
    today = vietnam_time(clock.now()).date()
    children: dict[int | None, list[Place]] = {}
    for place in units.tree().by_id.values():
        if place.exists_on(today):
            children.setdefault(place.parent_id, []).append(place)
    counts = queries.entrants_by_unit()

    def branch(place: Place) -> Branch:
        inner = [branch(child) for child in children.get(place.id, ())]
        own = counts.get(place.id, 0)
        return Branch(place=place, own=own, total=own + sum(b.total for b in inner), inner=inner)

    roots = [branch(place) for place in children.get(None, ())]
    return render_template("backoffice/units.html", roots=roots, total=sum(root.total for root in roots))
