"""Finding a unit while one types: the reply behind the searchable field of forms."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from contest.accounts.access import public
from contest.core import clock, display
from contest.units import queries

bp = Blueprint("units", __name__, url_prefix="/don-vi")

_LONGEST_QUERY = 80
_MOST_FOUND = 12


@bp.get("/tim")
@public
def search() -> ResponseReturnValue:
    """The units that the words `q` may mean today, the likeliest first."""
    words = request.args.get("q", "")[:_LONGEST_QUERY]
    today = display.vietnam_time(clock.now()).date()
    found = queries.search(words, today, _MOST_FOUND)
    names = queries.paths(place.id for place in found)
    reply = jsonify(units=[{"id": place.id, "name": names[place.id]} for place in found])
    reply.cache_control.public = True
    reply.cache_control.max_age = 300
    return reply
