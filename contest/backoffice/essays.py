"""The desk's pages of essays: the list, one essay with its author, its original file."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import entries, queries, words
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.essay import queries as essay
from contest.units import queries as units


@bp.get("/bai-viet")
@organizer
def essays() -> ResponseReturnValue:
    """Essays by name, receipt or blind code, by state and round."""
    found = entries.asked(TrackKind.ESSAY)
    return render_template(
        "backoffice/essays.html",
        **found,
        round_options=queries.round_options(TrackKind.ESSAY, contests.the_contest().id),
        words=essay.words_of([row.id for row in found["page"].rows]),
    )


@bp.get(f"/bai-viet/<{ID}:entry_id>")
@organizer
def essays_show(entry_id: int) -> ResponseReturnValue:
    """One essay: who, when, receipt, the text, what was done with it."""
    found = essay.staff_essay(entry_id)
    entries.open_on_record(entry_id)
    return render_template(
        "backoffice/essay.html",
        found=found,
        entry=found.entry,
        unit=units.path(found.entry.unit_id) if found.entry.unit_id else "",
        acts=entries.acts_on(entry_id),
        of_action=words.of_action,
    )


@bp.get(f"/bai-viet/<{ID}:entry_id>/tep-goc")
@organizer
def essays_file(entry_id: int) -> Response:
    """The file that the author sent, as it came; offered for saving, never shown in the browser."""
    file = essay.staff_essay(entry_id).file
    entries.open_on_record(entry_id)
    return entries.original(file, f"bai-viet-{entry_id}")
