"""The desk's pages of results: what hinders, the ranking with its trace, the prize table, publishing and revoking with a reason."""

from itertools import chain

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, compared, sheets
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.forms import PrizesForm
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import unit_of_work
from contest.core.display import lower_first
from contest.core.errors import NotFound
from contest.core.forms import clean_line
from contest.results import queries, service

SHOWN = 30  # places, and always those of the prizes with as many below them
_LONGEST_TITLE = 200


@bp.get("/cong-bo")
@organizer
def results() -> ResponseReturnValue:
    """Every round and how far its result has come; every publication."""
    now = clock.now()
    publications = queries.publications()
    standing = {found.round_id: found for found in publications if not found.revoked_at}
    rounds = [(track, round_) for track in contests.the_contest().tracks for round_ in track.rounds]
    return render_template(
        "backoffice/results.html",
        lines=[(track, round_, round_.state(now), standing.get(round_.id)) for track, round_ in rounds],
        publications=publications,
        titles={round_.id: f"{track.title}, {lower_first(round_.title)}" for track, round_ in rounds},
    )


@bp.get(f"/cong-bo/dot/<{ID}:round_id>")
@organizer
def results_round(round_id: int) -> ResponseReturnValue:
    """One round: hindrances, prizes, the ranking as it stands, publishing."""
    return _page(round_id, PrizesForm(formdata=None)), 200


@bp.get(f"/cong-bo/dot/<{ID}:round_id>/dong-hang-<int(max=2147483647):place>.xlsx")
@organizer
def results_equals(round_id: int, place: int) -> Response:
    """Everybody who shares a place, as a spreadsheet; that it was taken is on the record."""
    round_ = contests.round_by_id(round_id)
    candidates = queries.sharing(round_, clock.now(), place)
    first = next(candidates, None)
    if first is None:
        raise NotFound("Không có ai ở hạng này.", todo="Bạn quay lại trang kết quả của đợt để xem hạng lúc này.")
    with unit_of_work():
        audit.record("export.equals", actor_id=access.actor_id(), subject=f"round:{round_id}", detail={"place": place})
    return sheets.equals(
        place,
        chain((first,), candidates),
        [value.label for value in first.values],
        works=round_.track.kind is not TrackKind.QUIZ,
    )


@bp.post(f"/cong-bo/dot/<{ID}:round_id>/giai-thuong")
@organizer
def results_prizes(round_id: int) -> ResponseReturnValue:
    """Set the prize table."""
    contests.round_by_id(round_id)
    form = PrizesForm()
    if not form.validate_on_submit():
        return _page(round_id, form), 422
    try:
        with unit_of_work():
            service.set_prizes(
                round_id=round_id,
                prizes=form.table(),
                actor_id=access.actor_id(),
                reason=form.reason.data or "",
                seen=request.form.get("seen"),
            )
    except service.PrizesOvertaken as overtaken:
        form.form_errors.append(f"{overtaken.happened} {overtaken.kept} {overtaken.todo}")
        return _page(round_id, form, overtaken=True), 409
    flash("Đã lưu cơ cấu giải.", "success")
    return redirect(url_for("backoffice.results_round", round_id=round_id))


@bp.post(f"/cong-bo/dot/<{ID}:round_id>/cong-bo")
@organizer
def results_publish(round_id: int) -> ResponseReturnValue:
    """Freeze the award list under the next number."""
    reason = asking.reason()
    title = clean_line(request.form.get("title", ""))[:_LONGEST_TITLE]
    with unit_of_work():
        found = service.publish(
            round_id=round_id,
            title=title,
            actor_id=access.actor_id(),
            reason=reason,
            seen=request.form.get("seen", ""),
        )
        number = found.number
    flash(f"Đã công bố, số {number:02d}. Trang công khai đã có danh sách.", "success")
    return redirect(url_for("backoffice.results"))


@bp.post(f"/cong-bo/<{ID}:publication_id>/thu-hoi")
@organizer
def results_revoke(publication_id: int) -> ResponseReturnValue:
    """Take a publication back; its page stays and says so."""
    reason = asking.reason()
    with unit_of_work():
        number = service.revoke(publication_id=publication_id, actor_id=access.actor_id(), reason=reason).number
    flash(f"Đã thu hồi công bố số {number:02d}. Trang công khai ghi rõ lý do.", "success")
    return redirect(url_for("backoffice.results"))


def _page(round_id: int, form: PrizesForm, *, overtaken: bool = False) -> str:
    round_ = contests.round_by_id(round_id)
    prizes = queries.prizes_of(round_id)
    if not form.is_submitted():
        form.show(prizes)
    now = clock.now()
    ranking = queries.ranking(round_, now, below=SHOWN)
    standing = queries.standing_publication(round_id)
    hindrances = queries.hindrances(round_, now)
    found = compared.compared(round_, ranking, standing, hindrances)
    listed = found.listed
    winners = {win.placed.candidate.account_id: win.placed.candidate.name for win in listed.wins}
    shown = ranking.placed[: len(listed.wins) + len(listed.passed) + SHOWN]
    given = queries.published(standing) if standing else compared.given(round_, listed)
    prizes_given = {line.subject: line.prize for line in given}
    passed = standing.body.get("passed", []) if standing else [service.passed_line(line) for line in listed.passed]
    told = {(line["name"], line["ground"]) for line in passed}
    return render_template(
        "backoffice/results_round.html",
        round=round_,
        hindrances=hindrances,
        prizes=prizes,
        # What was sent with a faulty table is still what its writer saw.
        prizes_seen=service.prizes_mark(prizes)
        if overtaken or not form.is_submitted()
        else request.form.get("seen", ""),
        overtaken=overtaken,
        form=form,
        placed=shown,
        ranked=ranking.ranked,
        prize_of={row.candidate.id: prizes_given.get(compared.subject(row, round_)) for row in shown},
        ground_of={
            p.placed.candidate.id: p.ground for p in listed.passed if (p.placed.candidate.name, p.ground) in told
        },
        wins=listed.wins,
        seen=service.list_mark(listed),
        passed=passed,
        gives_up=[win for win in listed.wins if win.gives_up],
        ahead=[(winners[who], other, place) for who, other, place in queries.unpublished_places(round_, winners)],
        bettered=queries.bettered(standing, round_) if standing else [],
        changes=found.changes if standing else [],
        tie=found.tie,
        veiled=queries.is_veiled(round_),
        standing=standing,
        number=queries.next_number(round_.track.contest_id),
    )
