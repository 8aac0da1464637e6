"""What stands published beside what the data would give now; the page of a round's result, the dashboard and the reopening of a card show it."""

from dataclasses import dataclass, field
from datetime import datetime

from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.results import queries, service
from contest.results.models import Publication
from contest.results.queries import Ranking
from contest.results.rules import Awarded, Change, Given, Placed, called, changes, rank
from contest.results.service import Straddled


@dataclass(frozen=True)
class Compared:
    """The list as it would be now, or the tie that keeps it from being one; `changes` are whom a standing publication treats differently."""

    listed: Awarded = field(default_factory=lambda: Awarded([], []))
    tie: Straddled | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """True when the publication is not what would be published now."""
        return bool(self.changes or self.tie)


def compared(round_: Round, ranking: Ranking, standing: Publication | None, hindrances: list[str]) -> Compared:
    """The award list of a ranking beside the publication that stands, if one does.

    Of works it is told also while something hinders publishing, for a card that is open again takes its work out of the ranking; of a quiz
    only once every attempt is marked.
    """
    try:
        listed = service.award_list(round_, ranking)
    except Straddled as error:
        return Compared(tie=error)
    if standing is None or (hindrances and per_person(round_)):
        return Compared(listed)
    return Compared(listed, changes=changes(queries.published(standing), given(round_, listed)))


def now_differs(round_: Round, standing: Publication, now: datetime) -> Compared:
    """How a standing publication differs from the round's data at `now`."""
    hindrances = queries.hindrances(round_, now)
    if hindrances and per_person(round_):
        return Compared()
    return compared(round_, queries.ranking(round_, now), standing, hindrances)


def without(round_: Round, entry_id: int, standing: Publication, now: datetime) -> Compared:
    """Whom it would move if a work left the ranking, as it does while one of its cards is open."""
    placed = rank([row.candidate for row in queries.ranking(round_, now).placed if row.candidate.id != entry_id])
    return compared(round_, Ranking(placed, len(placed)), standing, [])


def given(round_: Round, listed: Awarded) -> list[Given]:
    """A list's awards, as `changes` compares them."""
    return [
        Given(
            subject(win.placed, round_),
            called(win.placed.candidate.name, win.placed.candidate.title),
            win.prize.id,
            win.prize.name,
            win.placed.candidate.unit,
        )
        for win in listed.wins
    ]


def subject(placed: Placed, round_: Round) -> int:
    """Who or what a prize goes to, as `Given` tells it."""
    return placed.candidate.account_id if per_person(round_) else placed.candidate.id


def per_person(round_: Round) -> bool:
    """True where people win, not works."""
    return round_.track.kind is TrackKind.QUIZ
