"""Pure decisions about results: who stands where and why, and which prize each place takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Value:
    """One comparison value of a candidate: the criterion's code, its Vietnamese name, the number by which it is compared (smaller stands higher), and how it is shown."""

    criterion: str
    label: str
    order: int
    shown: str


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
class Win:
    """A placed candidate and the prize that its place takes."""

    placed: Placed
    prize: PrizeOffer


@dataclass(frozen=True)
class Straddle:
    """A shared place that reaches over the last place of a prize: people must decide, the rules' order cannot."""

    prize: PrizeOffer
    place: int
    names: tuple[str, ...]


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


def award(placed: Sequence[Placed], prizes: Sequence[PrizeOffer]) -> list[Win] | Straddle:
    """Fill the prizes' places in order; a Straddle when equals would have to be parted. A prize without takers stays empty."""
    wins: list[Win] = []
    taken = 0
    for prize in prizes:
        winners = placed[taken : taken + prize.places]
        rest = placed[taken + prize.places :]
        if winners and rest and winners[-1].place == rest[0].place:
            tied = tuple(p.candidate.name for p in placed if p.place == rest[0].place)
            return Straddle(prize=prize, place=rest[0].place, names=tied)
        wins += [Win(placed=p, prize=prize) for p in winners]
        taken += len(winners)
    return wins


def _first_difference(key: tuple[int, ...], other: tuple[int, ...] | None) -> int | None:
    if other is None:
        return None
    return next(place for place, (mine, theirs) in enumerate(zip(key, other, strict=True)) if mine != theirs)
