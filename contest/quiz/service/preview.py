"""What a change of a key would do, before it is made: whose points and places move, the head of the ranking before and after; nothing is written."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, func, select
from sqlalchemy.schema import CreateTable, DropTable

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import db
from contest.quiz.ledger import KeyRule
from contest.quiz.queries.ranking import RankedAttempt, actual_now, named, ranked, rows_of
from contest.quiz.service.regrading import check_change, remarked_by

if TYPE_CHECKING:
    from contest.quiz.models import QuestionVersion

HEAD = 20


@dataclass(frozen=True)
class Preview:
    """What a change would do.

    `holders` attempts drew the question; the points of `up` rise and of `down` fall. `moved` people change places. `before` and `after` are the first
    places now and then, at least as many as there are prizes. `answer_before` and `answer_after` answer the prediction.
    """

    round: Round
    version: "QuestionVersion"
    holders: int
    up: int
    down: int
    moved: int
    before: list[RankedAttempt]
    after: list[RankedAttempt]
    answer_before: int | None
    answer_after: int | None

    def winners(self, prizes: int) -> tuple[list[RankedAttempt], list[RankedAttempt]]:
        """Who would come into the first places that win prizes, and who would drop out of them."""
        then, now = (
            {row.entrant_id: row for row in rows if row.position <= prizes and row.eligible}
            for rows in (self.after, self.before)
        )
        return [row for who, row in then.items() if who not in now], [
            row for who, row in now.items() if who not in then
        ]


def preview(*, round_id: int, version_id: int, rule: KeyRule, key: int, prizes: int = 0) -> Preview:
    """Work out a change without making it; raises what `change_key` raises, but for a missing reason."""
    round_, version = check_change(round_id=round_id, version_id=version_id, rule=rule, key=key)
    holders, parts = remarked_by(round_id, version_id, rule, key)
    closed = round_.state(clock.now()) is RoundState.CLOSED
    marks = _marks_table()
    db.session.execute(CreateTable(marks))
    try:
        for part in parts:
            rows = zip(part.ids.tolist(), part.correct.tolist(), part.points.tolist(), strict=True)
            lines = [{"attempt_id": which, "correct": correct, "points": points} for which, correct, points in rows]
            if lines:
                db.session.connection().execute(marks.insert(), lines)
        answers = (actual_now(round_), actual_now(round_, marks=marks)) if closed else (None, None)
        now = ranked(round_, final=closed, actual=answers[0])
        then = ranked(round_, final=closed, marks=marks, actual=answers[1])
        one, other = (select(places.c.entrant_id, places.c.place).subquery() for places in (now, then))
        moved = select(func.count()).select_from(one.join(other, one.c.entrant_id == other.c.entrant_id))
        wanted = max(HEAD, prizes)
        return Preview(
            round=round_,
            version=version,
            holders=holders,
            up=sum(int((part.moved > 0).sum()) for part in parts),
            down=sum(int((part.moved < 0).sum()) for part in parts),
            moved=db.session.scalar(moved.where(one.c.place != other.c.place)) or 0,
            before=rows_of(named(now).where(now.c.position <= wanted)),
            after=rows_of(named(then).where(then.c.position <= wanted)),
            answer_before=answers[0],
            answer_after=answers[1],
        )
    finally:
        db.session.execute(DropTable(marks))


def _marks_table() -> Table:
    return Table(
        "kv_marks_then",
        MetaData(),
        Column("attempt_id", BigInteger, primary_key=True),
        Column("correct", Integer),
        Column("points", Integer),
        prefixes=["TEMPORARY"],
    )
