"""The rows of a board, filled into shapes that the template's macro draws once in a process; the board's page calls it.

A closed round has thousands of pages that nobody asked for before, and half of what such a page cost was drawing fifty rows.
"""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup, escape

from contest.core.display import clock, vn_number
from contest.quiz.named import Names
from contest.quiz.queries.board import BoardPage, BoardRow

# Control characters, which no name can hold, stand for what differs from row to row.
_FIELDS = [chr(code) for code in range(1, 8)]


def rows_html(
    board: BoardPage,
    *,
    names: Names,
    number: int,
    bloc: int | None,
    guessed: bool,
    scale: int,
    decimals: int,
    me: int | None,
) -> Markup:
    """The rows of a page of the board of round `number`; `names` says who is named, `me` is the entrant who looks, `scale` the steps of a prediction in one."""
    within = "" if bloc is None else "&amp;khoi=ngoai-tinh"
    address = f"?dot={number}&amp;page={board.page}{within}&amp;xem="
    return Markup(  # nosec B704: the shapes are the template's, and what is filled in is a number or escaped.
        "".join(
            _shape(board.final, guessed, row.prediction_error is None, row.entrant_id == me, row.equal > 0).format(
                f"{address}{row.position}#vi-sao",
                vn_number(row.place if bloc is None else row.bloc_place),
                escape(_name(row, names, me)),
                escape(row.unit_name) or "Không ghi",
                vn_number(row.points),
                _error(row, scale, decimals) if guessed else "",
                clock(row.duration_ms / 1000),
            )
            for row in board.rows
        )
    )


def _name(row: BoardRow, names: Names, me: int | None) -> str:
    return names.of(entrant_id=row.entrant_id, full_name=row.full_name, place=row.place, points=row.points, me=me)


def _error(row: BoardRow, scale: int, decimals: int) -> str:
    return "không đoán" if row.prediction_error is None else vn_number(row.prediction_error / scale, decimals)


@lru_cache(maxsize=32)
def _shape(final: bool, guessed: bool, unguessed: bool, me: bool, shared: bool) -> str:
    """A row to be filled in by `format` with address, place, name, unit, points, error and time."""
    macros = current_app.jinja_env.get_template("quiz/_place_row.html").module
    shape = str(macros.place_row(final, guessed, unguessed, me, shared, *_FIELDS))  # type: ignore[attr-defined]
    shape = shape.replace("{", "{{").replace("}", "}}")
    for index, field in enumerate(_FIELDS):
        shape = shape.replace(field, f"{{{index}}}")
    return shape
