"""The desk's pages of keys changed after the fact: the round's questions, one question with a preview of what another key would do, and the change itself."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core.db import unit_of_work
from contest.core.errors import DomainError
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.ledger import KeyRule
from contest.quiz.queries.keys import round_question, round_questions
from contest.results import queries as results
from question_bank.schema import LETTERS


@bp.get(f"/dot-thi/<{ID}:round_id>/cham-lai")
@organizer
def regrade(round_id: int) -> ResponseReturnValue:
    """The questions of a round, to choose the one whose key was wrong, and every change so far with how far it has come."""
    search = asking.words()
    drawn = quiz.quiz_round(round_id)
    return render_template(
        "backoffice/regrade.html",
        round=contests.round_by_id(round_id, TrackKind.QUIZ),
        page=round_questions(round_id, search=search, page=asking.page()) if drawn and drawn.frozen_at else None,
        search=search,
        changes=quiz.key_changes(round_id),
        codes={change.version_id: round_question(round_id, change.version_id) for change in quiz.key_changes(round_id)},
        letters=LETTERS,
    )


@bp.get(f"/dot-thi/<{ID}:round_id>/cham-lai/<{ID}:version_id>")
@organizer
def regrade_question(round_id: int, version_id: int) -> ResponseReturnValue:
    """One question; with another rule in the address, who would gain, lose and change places."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    question = round_question(round_id, version_id)
    rule = asking.choice("cach", KeyRule)
    key = _mask(request.args.getlist("dung")) if rule is KeyRule.KEY else 0
    offered = results.offers(round_id)
    prizes = sum(prize.places for prize in offered)
    said, refused, status = None, None, 200
    if rule is not None:
        try:
            said = service.preview(round_id=round_id, version_id=version_id, rule=rule, key=key, prizes=prizes)
        except DomainError as error:
            refused, status = error, 422
    return (
        render_template(
            "backoffice/regrade_question.html",
            round=round_,
            question=question,
            rule=rule,
            key=key,
            said=said,
            refused=refused,
            prizes=prizes,
            moves=said.winners(prizes) if said else ([], []),
            publication=results.standing_publication(round_id),
            letters=LETTERS,
        ),
        status,
    )


@bp.post(f"/dot-thi/<{ID}:round_id>/cham-lai/<{ID}:version_id>")
@organizer
def regrade_change(round_id: int, version_id: int) -> ResponseReturnValue:
    """Change the key; marking anew begins within seconds and its progress stands on the round's page of changes."""
    reason = asking.reason()
    rule = next((rule for rule in KeyRule if rule.value == request.form.get("cach")), KeyRule.KEY)
    key = _mask(request.form.getlist("dung")) if rule is KeyRule.KEY else 0
    with unit_of_work():
        service.change_key(
            round_id=round_id,
            version_id=version_id,
            rule=rule,
            key=key,
            actor_id=access.actor_id(),
            reason=reason,
        )
    flash("Đã ghi đáp án mới. Máy bắt đầu chấm lại trong vài giây.", "success")
    return redirect(url_for("backoffice.regrade", round_id=round_id))


def _mask(places: list[str]) -> int:
    """The bit mask of the choices that were ticked, by their positions from 0; strange ones are left out."""
    known = {str(place): 1 << place for place in range(len(LETTERS))}
    return sum(known[place] for place in set(places) if place in known)
