"""Acts that take somebody out of a ranking, or bring them back, say first whom they move; the desk's pages of attempts and of entries make them so.

The act is tried in its unit of work with the ranking before and after. Where it moves nobody else, or what it moves was seen and confirmed, it stands;
otherwise everything is rolled back and the page shows what it would move.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from contest.backoffice import asking, compared
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import queries as quiz
from contest.quiz import rules
from contest.quiz.models import QuizRound
from contest.results import queries as results
from contest.results.rules import Change, Given, Placed, called, changes

SEEN = "da-xem"
BELOW = 100  # places below the prizes that are compared
SHOWN = 10


@dataclass(frozen=True)
class Move:
    """Somebody whose place changes; 0 before for who comes into view, 0 after for who leaves it."""

    name: str
    unit: str
    before: int
    after: int


@dataclass(frozen=True)
class Foreseen:
    """What an act does to one closed round: the prizes and places that change, and the answer of its prediction in steps."""

    round: Round
    prizes: list[Change]
    moves: list[Move]
    answers: tuple[int | None, int | None]
    publication: int | None

    @property
    def answer_moves(self) -> bool:
        """Whether the number that was to be predicted becomes another."""
        return self.answers[0] != self.answers[1]

    @property
    def is_nothing(self) -> bool:
        """Whether nobody but who is acted on is touched."""
        return not (self.prizes or self.moves or self.answer_moves)


@dataclass(frozen=True)
class _Picture:
    given: list[Given]
    places: Mapping[int, Placed]
    answer: int | None


class _LookFirst(Exception):
    """Rolls the act back: what it moves has not been seen."""

    def __init__(self, found: list[Foreseen]) -> None:
        self.found = found


def made_or_foreseen(
    round_ids: Collection[int], act: Callable[[], object], *, people: Collection[int]
) -> list[Foreseen]:
    """Make the act in a unit of work of its own and return nothing; or leave everything as it was and return what it would move.

    `people` are the accounts that the act is about, who are not told of as moved. Rounds that are not closed have no places yet; those of very many
    people are not counted in a request.
    """
    try:
        with unit_of_work():
            before = {round_.id: (round_, _picture(round_)) for round_ in _foreseeable(round_ids)}
            act()
            db.session.flush()
            pairs = [(round_, then, _picture(round_)) for round_, then in before.values()]
            found = [_foreseen(round_, then, now, people) for round_, then, now in pairs]
            found = [one for one in found if not one.is_nothing]
            if found and request.form.get(SEEN) != _mark(found):
                raise _LookFirst(found)
    except _LookFirst as look:
        return look.found
    return []


def page(found: list[Foreseen], *, heading: str, verb: str, back: str) -> ResponseReturnValue:
    """What the act would move, and a form that sends it again as it was sent, with the mark of what was shown."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in (SEEN, "csrf_token")]
    return render_template(
        "backoffice/foresight.html",
        heading=heading,
        verb=verb,
        back=back,
        found=found,
        shown=SHOWN,
        seen=_mark(found),
        overtaken=SEEN in request.form,
        sent=sent,
        address=request.full_path.rstrip("?"),
    )


def _foreseeable(round_ids: Collection[int]) -> list[Round]:
    now = clock.now()
    rounds = [contests.round_by_id(round_id) for round_id in sorted(set(round_ids))]
    return [
        round_
        for round_ in rounds
        if round_.state(now) is RoundState.CLOSED
        and not (compared.per_person(round_) and quiz.graded_count(round_.id) >= rules.LARGE)
    ]


def _picture(round_: Round) -> _Picture:
    ranking = results.ranking(round_, clock.now(), below=BELOW)
    listed = compared.compared(round_, ranking, None, []).listed
    places = {compared.subject(row, round_): row for row in ranking.placed}
    answer = db.session.scalar(select(QuizRound.actual).where(QuizRound.round_id == round_.id))
    return _Picture(compared.given(round_, listed), places, answer)


def _foreseen(round_: Round, then: _Picture, now: _Picture, people: Collection[int]) -> Foreseen:
    subjects = {*people} if compared.per_person(round_) else set()
    moves = [
        Move(called(row.candidate.name, row.candidate.title), row.candidate.unit, then.places[subject].place, row.place)
        for subject, row in now.places.items()
        if subject in then.places and subject not in subjects and then.places[subject].place != row.place
    ]
    standing = results.standing_publication(round_.id)
    return Foreseen(
        round_,
        changes(then.given, now.given),
        sorted(moves, key=lambda move: move.after),
        (then.answer, now.answer),
        standing.number if standing else None,
    )


def _mark(found: list[Foreseen]) -> str:
    return asking.stamp(
        [
            [
                one.round.id,
                [[c.name, c.before, c.after] for c in one.prizes],
                [[m.name, m.before, m.after] for m in one.moves],
                one.answers,
            ]
            for one in found
        ]
    )
