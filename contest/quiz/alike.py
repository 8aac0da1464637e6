"""Pure search for attempts that share their errors: same wrong choices on the same questions, handed in within minutes of each other by different people."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from question_bank.answers import MASKS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MINUTES = 10
LEAST_SHARED = 4
LEAST_SHARE = 0.8
_BLOCK = 1000


@dataclass(frozen=True)
class Sat:
    """What is compared of attempts of one unit, in the order of hand-in: whose they are, seconds, questions drawn (places in the bank), marks given and wanted as masks."""

    ids: "NDArray[np.int64]"
    people: "NDArray[np.int64]"
    seconds: "NDArray[np.float64]"
    places: "NDArray[Any]"
    given: "NDArray[np.uint16]"
    wanted: "NDArray[np.uint16]"


@dataclass(frozen=True)
class Group:
    """Attempts linked by shared errors, and the most and least that a linked pair shares."""

    attempt_ids: tuple[int, ...]
    least: int
    most: int


def groups_alike(sat: Sat, questions: int) -> list[Group]:
    """The groups among these attempts; `questions` is the size of the bank."""
    pairs = []
    starts = range(0, len(sat.ids), _BLOCK)
    for start in starts:
        pairs += _pairs(sat, slice(start, min(start + 2 * _BLOCK, len(sat.ids))), questions)
    return _groups(sorted(set(pairs)))


def _pairs(sat: Sat, part: slice, questions: int) -> list[tuple[int, int, int]]:
    """The pairs of one stretch of time: both ids and how many errors they share."""
    import numpy as np

    ids, places, given, wanted = sat.ids[part], sat.places[part].astype(np.int64), sat.given[part], sat.wanted[part]
    wrong = (given != 0) & (given != wanted) & (wanted < MASKS)
    busy = wrong.sum(axis=1) >= LEAST_SHARED
    if busy.sum() < 2:
        return []
    ids, places, given, wrong = ids[busy], places[busy], given[busy].astype(np.int64), wrong[busy]
    seconds, people = sat.seconds[part][busy], sat.people[part][busy]
    rows = np.repeat(np.arange(len(ids)), places.shape[1]).reshape(places.shape)
    answered = np.zeros((len(ids), questions), dtype=np.float32)
    answered[rows, places] = given != 0
    errors = np.zeros_like(answered)
    errors[rows, places] = wrong
    kinds, which = np.unique((places * MASKS + given)[wrong], return_inverse=True)
    picks = np.zeros((len(ids), len(kinds)), dtype=np.float32)
    picks[rows[wrong], which] = 1
    shared = picks @ picks.T
    either = errors @ answered.T
    either = either + either.T - errors @ errors.T
    near = np.abs(seconds[:, None] - seconds[None, :]) <= MINUTES * 60
    apart = people[:, None] != people[None, :]
    found = np.triu(near & apart & (shared >= LEAST_SHARED) & (shared >= LEAST_SHARE * either), 1)
    return [(int(ids[a]), int(ids[b]), int(shared[a, b])) for a, b in zip(*np.nonzero(found), strict=True)]


def _groups(pairs: Sequence[tuple[int, int, int]]) -> list[Group]:
    """Pairs that hang together, one group each."""
    parent: dict[int, int] = {}

    def root(which: int) -> int:
        while parent.setdefault(which, which) != which:
            parent[which] = parent[parent[which]]
            which = parent[which]
        return which

    for one, other, _ in pairs:
        parent[root(other)] = root(one)
    members: dict[int, set[int]] = {}
    shared: dict[int, list[int]] = {}
    for one, other, count in pairs:
        members.setdefault(root(one), set()).update((one, other))
        shared.setdefault(root(one), []).append(count)
    return [Group(tuple(sorted(found)), min(shared[key]), max(shared[key])) for key, found in members.items()]


def stretches(units: Sequence[int | None]) -> list[slice]:
    """Where each unit begins and ends in a list sorted by unit; those without one are left out."""
    edges = [0, *(n for n in range(1, len(units)) if units[n] != units[n - 1]), len(units)]
    return [slice(a, b) for a, b in pairwise(edges) if b - a > 1 and units[a] is not None]
