"""Public results: the list of publications, one award list, its grounds, its files; HTTP only."""

import io
from itertools import groupby
from operator import itemgetter

import segno
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import public
from contest.contests.rules import TieBreak
from contest.core.errors import NotFound
from contest.core.security import public_address
from contest.results import queries, service
from contest.results.models import Publication
from contest.results.sheet import award_sheet

bp = Blueprint("results", __name__, url_prefix="/ket-qua")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@public
def publications() -> ResponseReturnValue:
    """Every publication, newest first."""
    return render_template("results/publications.html", publications=queries.publications())


@bp.get("/<int(max=2147483647):number>")
@public
def publication(number: int) -> ResponseReturnValue:
    """One award list."""
    found = queries.publication_by_number(number)
    groups = [(prize, list(rows)) for prize, rows in groupby(found.body["rows"], key=itemgetter("prize", "amount"))]
    return render_template(
        "results/publication.html",
        publication=found,
        body=found.body,
        earlier=queries.replaces(found),
        later=queries.replaced_by(found),
        groups=groups,
        shown=_shown(found),
        seal=seal(found),
        numeric=_numeric,
    )


@bp.get("/<int(max=2147483647):number>/hang-<int(max=2147483647):row>")
@public
def grounds(number: int, row: int) -> ResponseReturnValue:
    """Why one row of the list stands where it does."""
    found = queries.publication_by_number(number)
    rows = found.body["rows"]
    if not 1 <= row <= len(rows):
        raise NotFound("Danh sách này không có dòng đó.")
    place = rows[row - 1]["place"]
    lines = sorted([*rows, *found.body.get("passed", [])], key=itemgetter("place"))
    return render_template(
        "results/grounds.html",
        publication=found,
        body=found.body,
        row=rows[row - 1],
        above=next((line for line in reversed(lines) if line["place"] < place), None),
        below=next((line for line in lines if line["place"] > place), None),
    )


@bp.get("/<int(max=2147483647):number>.xlsx")
@public
def sheet(number: int) -> ResponseReturnValue:
    """The award list as a spreadsheet."""
    found = queries.publication_by_number(number)
    reply = Response(award_sheet(found), mimetype=XLSX)
    reply.headers["Content-Disposition"] = f'attachment; filename="cong-bo-{found.number:02d}.xlsx"'
    return reply


@bp.get("/<int(max=2147483647):number>.json")
@public
def body(number: int) -> ResponseReturnValue:
    """The exact bytes whose SHA-256 is the publication's seal."""
    found = queries.publication_by_number(number)
    return Response(service.canonical(found.body), mimetype="application/json")


@bp.get("/<int(max=2147483647):number>/ma-qr.svg")
@public
def qr(number: int) -> ResponseReturnValue:
    """A QR code that leads to the publication's page."""
    found = queries.publication_by_number(number)
    target = io.BytesIO()
    address = public_address("results.publication", number=found.number)
    segno.make(address, error="m").save(
        target, kind="svg", scale=4, border=2, dark="#221b16", light="#ffffff", xmldecl=False
    )
    return Response(target.getvalue(), mimetype="image/svg+xml")


def seal(found: Publication) -> str:
    """The first sixteen digits of the digest in groups of four, as on the page."""
    return " ".join(found.digest[i : i + 4] for i in range(0, 16, 4))


def _shown(found: Publication) -> list[str]:
    """The comparison values that the list itself shows; moments of the clock are left to each row's grounds, where they matter."""
    moments = {
        v["label"]
        for row in found.body["rows"]
        for v in row["values"]
        if v["criterion"] in (TieBreak.SUBMITTED, TieBreak.STARTED)
    }
    return [label for label in found.body["criteria"] if label not in moments]


def _numeric(labels: list[str]) -> list[tuple[str, str]]:
    """Headings of number columns, set to the right."""
    return [(label, "r") for label in labels]
