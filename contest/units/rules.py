"""What a unit is, and every question about the tree that needs no database."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from contest.core.vietnamese import fold
from contest.units import elsewhere


class UnitKind(enum.StrEnum):
    """What sort of place or organisation a unit is."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    PARTY_COMMITTEE = "party_committee"
    OUTSIDE = "outside"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """One unit as a value; `folded` is its name without marks, for finding it."""

    id: int
    code: str
    name: str
    folded: str
    kind: UnitKind
    parent_id: int | None
    valid_from: date | None
    valid_to: date | None
    merged_into_id: int | None
    position: int

    def exists_on(self, day: date) -> bool:
        """Whether the unit bore this name in this place on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of a plain select and the units under it, as (id, shown name)."""

    label: str
    units: list[tuple[int, str]]


class Tree:
    """All units of all dates at once; built from rows, asked many times, never changed."""

    def __init__(self, places: Iterable[Place]) -> None:
        ordered = sorted(places, key=lambda place: (place.position, place.id))
        self.by_id: dict[int, Place] = {place.id: place for place in ordered}
        self._children: dict[int | None, list[Place]] = {}
        for place in ordered:
            self._children.setdefault(place.parent_id, []).append(place)
        provinces = [place.name for place in ordered if place.kind is UnitKind.PROVINCE]
        self._elsewhere = elsewhere.words(provinces[0] if provinces else "")
        self._whole = {place.id: fold(self.path(place.id)) for place in ordered}

    def __len__(self) -> int:
        return len(self.by_id)

    def chain(self, unit_id: int) -> list[Place]:
        """The unit and what it lies in, from the inside out; empty for an unknown id."""
        found: list[Place] = []
        place = self.by_id.get(unit_id)
        while place is not None and place not in found:
            found.append(place)
            place = self.by_id.get(place.parent_id) if place.parent_id is not None else None
        return found

    def path(self, unit_id: int) -> str:
        """ "Xã Đại Lâm, huyện Lạng Giang": the name for people. The province itself is left out below it."""
        chain = self.chain(unit_id)
        named = [place for place in chain[1:] if place.kind is UnitKind.DISTRICT and chain[0].kind is UnitKind.COMMUNE]
        return ", ".join([place.name for place in chain[:1]] + [_lower_first(place.name) for place in named])

    def district_of(self, unit_id: int) -> Place | None:
        """The unit by which statistics count it: the highest one below the province, or itself where there is none."""
        below = [place for place in self.chain(unit_id) if place.kind is not UnitKind.PROVINCE]
        return below[-1] if below else None

    def shown_of(self, unit_id: int) -> Place | None:
        """The unit that stands beside a person's name in public: a commune's district, and every organisation as itself."""
        chain = self.chain(unit_id)
        if not chain or chain[0].kind is not UnitKind.COMMUNE:
            return chain[0] if chain else None
        return next((place for place in chain if place.kind is UnitKind.DISTRICT), chain[0])

    def descendants(self, unit_id: int) -> set[int]:
        """The ids of the unit and of everything in it, of all dates; what was merged into it counts as in it."""
        heirs: dict[int, list[Place]] = {}
        for place in self.by_id.values():
            if place.merged_into_id is not None:
                heirs.setdefault(place.merged_into_id, []).append(place)
        found: set[int] = set()
        waiting = [unit_id] if unit_id in self.by_id else []
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting += [place.id for place in (*self._children.get(current, ()), *heirs.get(current, ()))]
        return found

    def top_level(self, day: date) -> list[Place]:
        """What statistics show a line for: districts and groups of the province, then what lies outside it."""
        return [
            place
            for root in self._children.get(None, ())
            for place in (self._children.get(root.id, ()) if root.kind is UnitKind.PROVINCE else (root,))
            if place.exists_on(day)
        ]

    def leaves(self, day: date) -> Iterator[Place]:
        """Every unit that a person may name as theirs: neither the province nor a mere heading."""
        for top in self.top_level(day):
            inner = list(self._inside(top.id, day))
            if top.kind is UnitKind.DISTRICT or not inner:
                yield top
            yield from inner

    def may_choose(self, unit_id: int, day: date) -> bool:
        """Whether a person may name this unit as theirs on that day."""
        return any(place.id == unit_id for place in self.leaves(day))

    def groups(self, day: date) -> list[Group]:
        """The choices of a plain select, grouped; the few that stand alone come last under one heading."""
        grouped: list[Group] = []
        alone: list[tuple[int, str]] = []
        for top in self.top_level(day):
            inner = [(place.id, place.name) for place in self._inside(top.id, day)]
            own = [(top.id, f"{top.name} (không rõ xã, phường)")] if top.kind is UnitKind.DISTRICT else []
            if inner:
                grouped.append(Group(top.name, inner + own))
            else:
                alone.append((top.id, top.name))
        return [*grouped, Group("Nơi khác", alone)] if alone else grouped

    def also(self, unit_id: int) -> tuple[str, ...]:
        """What else this unit is called by, without marks and blanks: the one for people from outside by every other province."""
        place = self.by_id.get(unit_id)
        return self._elsewhere if place is not None and place.kind is UnitKind.OUTSIDE else ()

    def search(self, text: str, day: date, limit: int = 12) -> list[Place]:
        """Units that hold every word of the text, marks or none; those whose name begins so come first."""
        wanted = fold(text).replace(",", " ").split()
        if not wanted or limit < 1:
            return []
        found = []
        for place in self.leaves(day):
            whole = self._whole[place.id]
            rank = _rank(" ".join(wanted), wanted, place.folded, whole)
            outside = elsewhere.rank(text, self.also(place.id))
            if outside is not None:
                rank = min(rank if rank is not None else _LAST, _OUTSIDE_RANKS[outside])
            if rank is not None:
                found.append((rank, place.kind is not UnitKind.DISTRICT, place.position, place))
        return [place for *_, place in sorted(found, key=lambda hit: hit[:3])[:limit]]

    def _inside(self, unit_id: int, day: date) -> Iterator[Place]:
        for place in self._children.get(unit_id, ()):
            if place.exists_on(day):
                yield place
                yield from self._inside(place.id, day)


_LAST = 5
_OUTSIDE_RANKS = (1, _LAST)  # by another province's whole name, and by its beginning


def bare_name(folded: str) -> str:
    """The folded name without the word for its kind: "dai lam" of "xa dai lam"."""
    for kind in ("thanh pho ", "thi xa ", "thi tran ", "huyen ", "phuong ", "xa ", "dang bo "):
        if folded.startswith(kind):
            return folded.removeprefix(kind)
    return folded


def _rank(text: str, words: list[str], folded: str, whole: str) -> int | None:
    bare = bare_name(folded)
    if text in (folded, bare):
        return 0
    if folded.startswith(text) or bare.startswith(text):
        return 1
    if whole.startswith(text) or bare_name(whole).startswith(text):
        return 2
    held = whole.replace(",", "").split()
    if all(any(word.startswith(wanted) for word in held) for wanted in words):
        return 3
    return 4 if text in whole else None


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
