"""Pure decisions about results: who stands where and why, and which prize each place takes."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Value:
    """One comparison value of a candidate: the criterion's code, its Vietnamese name, the number by which it is compared (smaller stands higher), and how it is shown.

    What is shown stands `alone`, without the name before it, where it says that there is nothing to compare.
    """

    criterion: str
    label: str
    order: int
    shown: str
    alone: bool = False


@dataclass(frozen=True)
class Candidate:
    """Who or what is ranked: an attempt's or an entry's id, its person, and its values in the rules' order."""

    id: int
    account_id: int
    name: str
    name_key: str
    unit: str
    title: str
    values: tuple[Value, ...]
    unit_id: int | None = None

    @property
    def key(self) -> tuple[int, ...]:
        """What decides: the values in the rules' order."""
        return tuple(value.order for value in self.values)


@dataclass(frozen=True)
class Placed:
    """A candidate with its place. Equals on every value share a place and the next is skipped (1, 2, 2, 4).

    `decided_above` and `decided_below` are the criteria, by index into the values, that parted it from the nearest candidate of another place on
    either side; None at the ends.
    """

    place: int
    candidate: Candidate
    shared: bool
    decided_above: int | None
    decided_below: int | None


@dataclass(frozen=True)
class PrizeOffer:
    """A prize on offer: how many places, VND for each."""

    id: int
    name: str
    places: int
    amount: int


@dataclass(frozen=True)
class Held:
    """A prize that a person has in another round: VND, its position among that round's prizes (1 is the highest), and where it was published."""

    name: str
    amount: int
    position: int
    round_title: str
    number: int

    @property
    def worth(self) -> tuple[int, int]:
        """What prizes of different rounds are compared by, greater is better: the money, then the position."""
        return self.amount, -self.position


@dataclass(frozen=True)
class Win:
    """A placed candidate and the prize that its place takes; `gives_up` is the lesser prize that the person has in another round."""

    placed: Placed
    prize: PrizeOffer
    gives_up: Held | None = None


@dataclass(frozen=True)
class Passed:
    """A placed candidate passed over for a prize, because the person has one that is as good or better in another round."""

    placed: Placed
    prize: PrizeOffer
    held: Held
    equal: bool

    @property
    def ground(self) -> str:
        """Why, as a Vietnamese sentence."""
        worth = "ngang bằng" if self.equal else "cao hơn"
        return f"Đã nhận giải {worth} ở {self.held.round_title}: {self.held.name}, Công bố số {self.held.number:02d}."


@dataclass(frozen=True)
class Awarded:
    """Who wins what, and who was passed over, both in the order of the ranking."""

    wins: list[Win]
    passed: list[Passed]


@dataclass(frozen=True)
class Straddle:
    """A shared place that reaches over the last place of a prize: people must decide, the rules' order cannot."""

    prize: PrizeOffer
    place: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """A prize as a list gives it: `subject` is the person in a quiz, elsewhere the entry."""

    subject: int
    name: str
    prize_id: int
    prize: str
    unit: str = ""


@dataclass(frozen=True)
class Change:
    """Somebody whose prize two lists tell differently; an empty text for none. The unit tells namesakes apart."""

    name: str
    before: str
    after: str
    unit: str = ""


def called(name: str, work: str) -> str:
    """A winner as a list calls them: by the work too where works win, for one person may have several."""
    return f"{name}, “{work}”" if work else name


def changes(before: Sequence[Given], after: Sequence[Given]) -> list[Change]:
    """Whom two lists treat differently, in the order of the first, then of the second."""
    then, now = ({given.subject: given for given in listed} for listed in (before, after))
    return [
        Change(
            given.name,
            then[subject].prize if subject in then else "",
            now[subject].prize if subject in now else "",
            given.unit,
        )
        for subject, given in {**then, **now}.items()
        if not (subject in then and subject in now and then[subject].prize_id == now[subject].prize_id)
    ]


def rank(candidates: Sequence[Candidate]) -> list[Placed]:
    """Everybody in order, highest first; equals are listed by name the Vietnamese way, which changes nobody's place."""
    ordered = sorted(candidates, key=lambda c: (c.key, c.name_key, c.id))
    counts: dict[tuple[int, ...], int] = {}
    for candidate in ordered:
        counts[candidate.key] = counts.get(candidate.key, 0) + 1
    distinct = list(counts)
    below = dict(pairwise(distinct))
    above = {lower: higher for higher, lower in pairwise(distinct)}
    placed: list[Placed] = []
    place = 1
    for key in distinct:
        for candidate in ordered[place - 1 : place - 1 + counts[key]]:
            placed.append(
                Placed(
                    place=place,
                    candidate=candidate,
                    shared=counts[key] > 1,
                    decided_above=_first_difference(key, above.get(key)),
                    decided_below=_first_difference(key, below.get(key)),
                )
            )
        place += counts[key]
    return placed


def award(
    placed: Sequence[Placed], prizes: Sequence[PrizeOffer], held: Mapping[int, Held] | None = None
) -> Awarded | Straddle:
    """Fill the prizes' places in order; a Straddle when equals would have to be parted. A prize without takers stays empty.

    `held` is what people have in other rounds, by account, where one person keeps only the best prize: who has one as good as the prize whose turn
    it is, is passed over, and does not count among equals.
    """
    wins: list[Win] = []
    passed: list[Passed] = []
    line = deque(placed)
    for position, prize in enumerate(prizes, start=1):
        room = prize.places
        while line and room:
            better = _as_good(line[0], prize, position, held or {})
            if better:
                passed.append(better)
            else:
                room -= 1
                wins.append(Win(line[0], prize, (held or {}).get(line[0].candidate.account_id)))
            line.popleft()
        last = wins[-1].placed.place if wins and wins[-1].prize is prize else None
        equals = [p for p in line if p.place == last]
        barred = [_as_good(p, prize, position, held or {}) for p in equals]
        if not all(barred):
            names = [
                p.candidate.name for p in placed if p.place == last and not _as_good(p, prize, position, held or {})
            ]
            return Straddle(prize=prize, place=equals[0].place, names=tuple(names))
        passed += [better for better in barred if better]
        for _ in barred:
            line.popleft()
    return Awarded(wins, passed)


def _as_good(placed: Placed, prize: PrizeOffer, position: int, held: Mapping[int, Held]) -> Passed | None:
    """How a candidate is passed over for the prize at `position`; None for who may take it."""
    other = held.get(placed.candidate.account_id)
    if other is None or other.worth < (prize.amount, -position):
        return None
    return Passed(placed, prize, other, equal=other.worth == (prize.amount, -position))


def _first_difference(key: tuple[int, ...], other: tuple[int, ...] | None) -> int | None:
    if other is None:
        return None
    return next(place for place, (mine, theirs) in enumerate(zip(key, other, strict=True)) if mine != theirs)
