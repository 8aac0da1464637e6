"""The desk's pages of people: a list to search, and one person's record for answering them on the telephone."""

from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts import queries as accounts
from contest.accounts.access import organizer
from contest.accounts.contacts import shown_phone
from contest.backoffice import allowances, asking, queries, sheets, words
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.entries import PAGE_OF_KIND
from contest.contests import queries as contests
from contest.core import audit, clock
from contest.core.db import unit_of_work
from contest.core.display import vietnam_time
from contest.entries import queries as entries
from contest.entries.rules import receipt_of
from contest.quiz import queries as quiz
from contest.results import queries as results
from contest.units import queries as units


@bp.get("/nguoi-du-thi")
@organizer
def entrants() -> ResponseReturnValue:
    """People by name, phone, e-mail or receipt, and by unit."""
    search, unit_id = asking.words(), asking.number("don-vi")
    page = accounts.entrants_page(page=asking.page(), **_wanted(search, unit_id))
    today = vietnam_time(clock.now()).date()
    return render_template(
        "backoffice/entrants.html",
        page=page,
        search=search,
        unit_id=unit_id,
        unit_choices=[(place.id, place.name) for place in units.top_level(today)],
        shown_phone=shown_phone,
        paths=units.paths(row.unit_id for row in page.rows if row.unit_id),
    )


@bp.get(f"/nguoi-du-thi/<{ID}:account_id>")
@organizer
def entrants_show(account_id: int) -> ResponseReturnValue:
    """One person's record; that it was looked at is on the record, too."""
    person = accounts.entrant(account_id)
    with unit_of_work():
        audit.record("account.view", actor_id=access.actor_id(), subject=f"account:{account_id}")
    now = clock.now()
    return render_template(
        "backoffice/entrant.html",
        person=person,
        unit=units.path(person.unit_id) if person.unit_id else "",
        attempts=quiz.my_attempts(account_id),
        entries=entries.my_entries(account_id),
        awards=results.awards_of(account_id),
        consents=accounts.consents(account_id),
        sessions=queries.sessions_of(account_id, now),
        acts=[act for act in queries.acts_on(f"account:{account_id}") if act.row.action != "account.view"],
        of_action=words.of_action,
        allowed=allowances.allowed(account_id),
        shown_phone=shown_phone,
        page_of_kind=PAGE_OF_KIND,
    )


@bp.get("/nguoi-du-thi/tai-xlsx")
@organizer
def entrants_sheet() -> Response:
    """The entrants that the list was asked for, as a spreadsheet; that it was taken, and by what it was narrowed, is on the record."""
    search, unit_id = asking.words(), asking.number("don-vi")
    narrowed = [
        *([("Tìm", search)] if search else []),
        *([("Đơn vị", units.path(unit_id) or "không có đơn vị này")] if unit_id else []),
    ]
    with unit_of_work():
        audit.record(
            "export.entrants",
            actor_id=access.actor_id(),
            subject=f"contest:{contests.the_contest().id}",
            detail={"narrowed": [name for name, _ in narrowed]},
        )
    found = accounts.found_entrants(**_wanted(search, unit_id))
    return sheets.entrants(queries.people_for_sheet(found), narrowed)


def _wanted(search: str, unit_id: int | None) -> dict[str, Any]:
    """What the address asks of the list, for the query."""
    unit_ids = units.descendants(unit_id) if unit_id else None
    return {"search": search, "holder_id": _holder_of(search), "unit_ids": unit_ids}


def _holder_of(search: str) -> int | None:
    """Whose receipt these words are."""
    receipt = receipt_of(search)
    if receipt is None:
        return None
    holder = entries.holder_of(receipt)
    if holder:
        return holder
    attempt = quiz.attempt_by_receipt(receipt)
    return attempt.attempt.entrant_id if attempt else None
