"""Counting the places of closed rounds and keeping them: drawing the lot, the standing, the boards of units; the sweep calls it."""

import secrets
from typing import cast

from sqlalchemy import Table, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import Predicted, RoundState, TrackKind
from contest.core import audit, clock
from contest.core.db import after_commit, db
from contest.quiz import ranks
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.models import QuizRound
from contest.quiz.queries.attempts import open_count, ungraded_count
from contest.quiz.queries.ranking import params_of, ranked
from contest.quiz.queries.standings import draws_lots
from contest.quiz.queries.taking_part import tables_of
from contest.quiz.service.places_copy import lose_places

_LEDGER = cast("Table", RoundLedger.__table__)
_PLACES = cast("Table", Standing.__table__)


def standing_changed(round_id: int) -> None:
    """Have the places of a round counted anew; nothing where they were never counted."""
    db.session.execute(
        update(_LEDGER).where(_LEDGER.c.round_id == round_id, ~_LEDGER.c.standing_due).values(standing_due=True)
    )


def rounds_to_rank() -> list[int]:
    """The closed rounds, graded to the last, whose places are not counted or no longer hold."""
    over = (
        select(Round.id, RoundLedger.standing_due, RoundLedger.ranked_by, RoundLedger.lot_seed, QuizRound.actual)
        .join(QuizRound, QuizRound.round_id == Round.id)
        .outerjoin(RoundLedger, RoundLedger.round_id == Round.id)
        .where(Round.closes_at <= clock.now(), Round.paused_at.is_(None))
    )
    found = []
    for round_id, due, ranked_by, seed, actual in db.session.execute(over).all():
        params = params_of(contests.round_by_id(round_id, TrackKind.QUIZ))
        if params.prediction is not Predicted.NONE and actual is None:
            continue
        if due or ranked_by != ranks.rules_digest(params, actual=actual, lot_seed=seed):
            found.append(round_id)
    return [round_id for round_id in found if not (open_count(round_id) or ungraded_count(round_id))]


def rank_round(round_id: int) -> int:
    """Count the places of a closed round and keep them; returns how many. Safe to repeat; readers see the old places until the new ones are whole.

    The round's paper is locked meanwhile, as by whoever changes who counts: such a change is in the count, or comes after it and asks for another.
    Whoever moves its hours waits or is waited for: a round that is open again has no places.
    """
    hours = select(Round.id).where(Round.id == round_id).with_for_update(read=True, key_share=True)
    db.session.execute(hours)
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    db.session.refresh(round_)
    if round_.state(clock.now()) is not RoundState.CLOSED:
        return 0
    drawn = db.session.get(QuizRound, round_id, with_for_update=True, populate_existing=True)
    ledger = ledger_for_change(round_id)
    if draws_lots(round_) and ledger.lot_seed is None:
        ledger.lot_seed, ledger.lot_drawn_at = secrets.token_hex(16), clock.now()
        audit.record("quiz.lot", actor_id=None, subject=f"round:{round_id}", detail={"seed": ledger.lot_seed})
    ledger.standing_due = False
    db.session.flush()
    actual = drawn.actual if drawn else None
    places = ranked(round_, final=True)
    columns = {
        "round_id": literal(round_id),
        "position": places.c.position,
        "place": places.c.place,
        "entrant_id": places.c.entrant_id,
        "attempt_id": places.c.id,
        "bloc": places.c.bloc,
        "bloc_position": places.c.bloc_position,
        "bloc_place": places.c.bloc_place,
        "prediction_error": places.c.error,
        "perfect": places.c.perfect,
        "lot": places.c.lot,
        "depths": func.ltrim(places.c.depths),
    }
    db.session.execute(delete(_PLACES).where(_PLACES.c.round_id == round_id))
    db.session.execute(insert(_PLACES).from_select(list(columns), select(*columns.values())))
    in_bloc = select(_PLACES.c.bloc, func.count()).where(_PLACES.c.round_id == round_id).group_by(_PLACES.c.bloc)
    ranked_in = [{"id": bloc, "people": people} for bloc, people in db.session.execute(in_bloc)]
    ledger.total = sum(line["people"] for line in ranked_in)
    ledger.tables = tables_of(round_) | {"ranked": ranked_in}
    ledger.ranked_by = ranks.rules_digest(params_of(round_), actual=actual, lot_seed=ledger.lot_seed)
    ledger.ranked_at = clock.now()
    after_commit(lambda: lose_places(round_id))
    return ledger.total


def ledger_for_change(round_id: int) -> RoundLedger:
    """The round's ledger, made if there is none, locked until the end of the unit of work."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    blank = {"standing_due": True, "ranked_by": "", "total": 0, "tables": {}, "indexed_to": 0}
    db.session.execute(dialect.insert(_LEDGER).values(round_id=round_id, **blank).on_conflict_do_nothing())
    query = select(RoundLedger).where(RoundLedger.round_id == round_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
