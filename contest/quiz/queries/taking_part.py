"""Who took part in a round, by unit, occupation and bloc; counted once for the kept places of a closed round, and by the report before that."""

from collections import Counter
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.core.db import db
from contest.quiz.ledger import Standing
from contest.quiz.models import Attempt
from contest.quiz.queries.ranking import params_of
from contest.quiz.queries.standings import IN_PROVINCE, OUTSIDE
from contest.quiz.rules import FINISHED
from contest.units import queries as units

TABLES = ("units", "occupations", "blocs")


def tables_of(round_: Round) -> dict[str, Any]:
    """The boards of units, occupations and blocs: people, attempts and people who had everything right, most people first.

    Whoever has a kept place is counted by the unit of the attempt that has it, as on the board.
    """
    params = params_of(round_)
    people = (
        select(
            Attempt.entrant_id,
            func.max(Attempt.unit_id).label("unit_id"),
            func.count().label("attempts"),
            func.max(Attempt.correct).label("correct"),
        )
        .where(Attempt.round_id == round_.id, Attempt.state.in_(FINISHED))
        .group_by(Attempt.entrant_id)
        .subquery()
    )
    ranked = aliased(Attempt)
    unit = case((ranked.id.is_not(None), ranked.unit_id), else_=people.c.unit_id)
    query = (
        select(
            unit,
            Account.occupation,
            func.count(),
            func.sum(people.c.attempts),
            func.count().filter(people.c.correct == params.questions),
        )
        .join(Account, Account.id == people.c.entrant_id)
        .outerjoin(Standing, (Standing.round_id == round_.id) & (Standing.entrant_id == people.c.entrant_id))
        .outerjoin(ranked, ranked.id == Standing.attempt_id)
        .group_by(unit, Account.occupation)
    )
    sums: dict[str, Counter[tuple[Any, str]]] = {"units": Counter(), "occupations": Counter(), "blocs": Counter()}
    for unit_id, occupation, number, attempts, perfect in db.session.execute(query):
        district = units.district_of(unit_id)
        bloc = OUTSIDE if district and district.kind.value == "outside" else IN_PROVINCE
        for table, name in (
            ("units", district.name if district else "Chưa ghi đơn vị"),
            ("occupations", occupation or "Chưa ghi nghề nghiệp"),
            ("blocs", bloc),
        ):
            for figure, value in (("people", number), ("attempts", attempts), ("perfect", perfect)):
                sums[table][name, figure] += int(value)
    return {table: _lines(found) for table, found in sums.items()}


def _lines(sums: Counter[tuple[Any, str]]) -> list[dict[str, Any]]:
    names = {name for name, _ in sums}
    figures = ("people", "attempts", "perfect")
    lines = [{"id": name, **{figure: sums[name, figure] for figure in figures}} for name in names]
    return sorted(lines, key=lambda line: (-line["people"], str(line["id"])))
