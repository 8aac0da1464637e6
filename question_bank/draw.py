"""Papers drawn from a bank by a seed: the quiz stores the seed alone and draws the same paper again whenever it likes.

The same blueprint, bank and seed give the same paper for ever. To that end nothing here rests on Python's own
generators: the numbers are the SHAKE-256 stream (FIPS 202) of a fixed label and the seed, read as big-endian 32-bit
words; whole numbers below n come from them by rejection, so every outcome is equally likely. Golden papers in the
tests hold the recipe still. A change to it would need a new label kept beside the old one.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256
from itertools import permutations
from math import factorial
from typing import NamedTuple

from question_bank.schema import Difficulty

SEED_BITS = 63
LABEL = b"khat-vong draw 1\0"
_FIRST_WORDS = 128
_LISTED = 6  # choices whose orders are kept as a list; ten have over three million
_ORDERS: tuple[tuple[tuple[int, ...], ...], ...] = tuple(
    tuple(permutations(range(count))) for count in range(_LISTED + 1)
)


class DrawError(ValueError):
    """A paper that cannot be drawn; `shortfalls` says which quotas the bank cannot fill."""

    def __init__(self, shortfalls: "Sequence[Shortfall]") -> None:
        super().__init__(" ".join(shortfall.message for shortfall in shortfalls))
        self.shortfalls = tuple(shortfalls)


class BankItem(NamedTuple):
    """What drawing needs to know of a question: `key` is the caller's own number for it, such as a row id."""

    key: int
    chapter: str
    difficulty: int
    choice_count: int
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """So many questions of one chapter and one difficulty; None stands for any."""

    count: int
    chapter: str | None = None
    difficulty: Difficulty | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a quota asks for at least one question")

    def admits(self, item: BankItem) -> bool:
        """Whether the question may fill this quota."""
        return (self.chapter is None or item.chapter == self.chapter) and (
            self.difficulty is None or item.difficulty == self.difficulty
        )

    @property
    def breadth(self) -> int:
        """0 when chapter and difficulty are both named, 1 when one is, 2 when neither."""
        return (self.chapter is None) + (self.difficulty is None)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Which questions make a paper. A question never fills two quotas, even where they overlap."""

    quotas: tuple[Quota, ...]
    shuffle_questions: bool = True
    shuffle_choices: bool = True

    @property
    def count(self) -> int:
        """The number of questions of the paper."""
        return sum(quota.count for quota in self.quotas)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A quota that the bank cannot fill: `wanted` questions, of which at most `available` can be found."""

    quota: Quota
    wanted: int
    available: int

    @property
    def message(self) -> str:
        """One Vietnamese sentence for the organiser."""
        parts = []
        if self.quota.chapter is not None:
            parts.append(f"chương “{self.quota.chapter}”")
        if self.quota.difficulty is not None:
            parts.append(f"mức {self.quota.difficulty.label.lower()}")
        where = ", ".join(parts) or "toàn ngân hàng"
        return f"Ma trận đề cần {self.wanted} câu ({where}) nhưng chỉ có thể lấy {self.available} câu."


class PaperItem(NamedTuple):
    """One question of a paper.

    `place` is its position in `PreparedBank.items`; `choice_order[s]` is the ORIGINAL position of the choice shown at
    position s.
    """

    place: int
    key: int
    choice_order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions drawn for one attempt, in the order shown."""

    seed: int
    items: tuple[PaperItem, ...]


class PreparedBank:
    """A frozen bank sorted by key, with the candidates of each quota kept once found.

    Build it once for a bank version and keep it for as long as that version serves; drawing then costs some tens of
    microseconds. The order in which the items are given does not matter. Raises ValueError for a repeated key.
    """

    def __init__(self, items: Sequence[BankItem]) -> None:
        self.items: tuple[BankItem, ...] = tuple(sorted(items, key=lambda item: item.key))
        if len({item.key for item in self.items}) != len(self.items):
            raise ValueError("two items of the bank have the same key")
        self._plans: dict[tuple[Quota, ...], _Plan] = {}

    def plan(self, quotas: tuple[Quota, ...]) -> "_Plan":
        """The candidates of each quota, worked out on the first call."""
        plan = self._plans.get(quotas)
        if plan is None:
            plan = self._plans[quotas] = _plan(self.items, quotas)
        return plan


class Stream:
    """Whole numbers from a seed of 0 to 2**63 − 1; see the head of the module for the recipe."""

    __slots__ = ("_position", "_seed", "_words")

    def __init__(self, seed: int) -> None:
        if not 0 <= seed < 1 << SEED_BITS:
            raise ValueError(f"a seed lies between 0 and 2**{SEED_BITS} - 1")
        self._seed = seed.to_bytes(8, "big")
        self._words = self._read(_FIRST_WORDS)
        self._position = 0

    def below(self, bound: int) -> int:
        """A number from 0 to bound − 1, each equally likely; bound is 1 to 2**32. A bound of 1 uses no word."""
        if bound == 1:
            return 0
        limit = 0x1_0000_0000 - 0x1_0000_0000 % bound
        while True:
            if self._position == len(self._words):
                self._words = self._read(2 * len(self._words))
            word = self._words[self._position]
            self._position += 1
            if word < limit:
                return word % bound

    def sample(self, pool: list[int], count: int) -> list[int]:
        """`count` members of `pool` in random order: the first steps of a Fisher-Yates shuffle, done in place."""
        size = len(pool)
        for place in range(min(count, size - 1)):
            other = place + self.below(size - place)
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:count]

    def _read(self, words: int) -> tuple[int, ...]:
        # A longer SHAKE output begins with the shorter one, so reading on never changes what was read.
        return struct.unpack(f">{words}I", shake_256(LABEL + self._seed).digest(4 * words))


class _Plan(NamedTuple):
    quotas: tuple[Quota, ...]
    pools: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    disjoint: bool


def feasibility(blueprint: Blueprint, bank: PreparedBank | Sequence[BankItem]) -> list[Shortfall]:
    """The quotas that cannot be filled; an empty list means that every seed yields a paper.

    Overlapping quotas are weighed together: the most questions that can be placed are placed, narrow quotas first.
    """
    plan = _prepared(bank).plan(blueprint.quotas)
    filled = _fill(plan, None)
    return [
        Shortfall(quota=quota, wanted=quota.count, available=len(taken))
        for quota, taken in zip(plan.quotas, filled, strict=True)
        if len(taken) < quota.count
    ]


def draw(blueprint: Blueprint, bank: PreparedBank | Sequence[BankItem], seed: int) -> Paper:
    """The paper of this seed (0 to 2**63 − 1). Raises DrawError when the bank cannot fill the blueprint.

    Unless questions are shuffled they stand in the order of the quotas and, within one, of their keys.
    """
    prepared = _prepared(bank)
    plan = prepared.plan(blueprint.quotas)
    stream = Stream(seed)
    filled = _fill(plan, stream)
    if any(len(taken) < quota.count for quota, taken in zip(plan.quotas, filled, strict=True)):
        raise DrawError(feasibility(blueprint, prepared))
    if blueprint.shuffle_questions:
        indices = [index for taken in filled for index in taken]
        indices = stream.sample(indices, len(indices))
    else:
        indices = [index for taken in filled for index in sorted(taken)]
    drawn = []
    for index in indices:
        item = prepared.items[index]
        free = blueprint.shuffle_choices and not item.pinned
        number = stream.below(factorial(item.choice_count)) if free else 0
        drawn.append(PaperItem(index, item.key, _order(item.choice_count, number)))
    return Paper(seed=seed, items=tuple(drawn))


def _order(count: int, number: int) -> tuple[int, ...]:
    """The order of that number among all orders of `count` choices, as a dictionary would list them."""
    if count <= _LISTED:
        return _ORDERS[count][number]
    left, found = list(range(count)), list[int]()
    for place in range(count, 0, -1):
        taken, number = divmod(number, factorial(place - 1))
        found.append(left.pop(taken))
    return tuple(found)


def _prepared(bank: PreparedBank | Sequence[BankItem]) -> PreparedBank:
    return bank if isinstance(bank, PreparedBank) else PreparedBank(bank)


def _plan(items: Sequence[BankItem], quotas: tuple[Quota, ...]) -> _Plan:
    pools = tuple(tuple(index for index, item in enumerate(items) if quota.admits(item)) for quota in quotas)
    union = {index for pool in pools for index in pool}
    # Narrow quotas choose first, so that a wide one does not eat what only they can use.
    order = tuple(sorted(range(len(quotas)), key=lambda place: (quotas[place].breadth, place)))
    return _Plan(quotas, pools, order, disjoint=len(union) == sum(map(len, pools)))


def _fill(plan: _Plan, stream: Stream | None) -> list[list[int]]:
    """For each quota the indices that fill it, as many as can be had; without a stream, the first that fit."""
    filled: list[list[int]] = [[] for _ in plan.quotas]
    taken: set[int] = set()
    for place in plan.order:
        count = plan.quotas[place].count
        pool = list(plan.pools[place]) if plan.disjoint else [i for i in plan.pools[place] if i not in taken]
        filled[place] = stream.sample(pool, count) if stream else pool[:count]
        if plan.disjoint:
            continue
        taken.update(filled[place])
        while len(filled[place]) < count and _make_room(plan, filled, taken, place):
            pass
    return filled


def _make_room(plan: _Plan, filled: list[list[int]], taken: set[int], place: int) -> bool:
    """Give the quota at `place` one more question by moving others along (an augmenting path, breadth first).

    Quotas that cross, one naming a chapter and another a difficulty, can block each other after an unlucky pick;
    a path exists whenever the blueprint can be met at all.
    """
    came_from: dict[int, tuple[int, int] | None] = {place: None}
    queue = [place]
    for current in queue:
        free = next((index for index in plan.pools[current] if index not in taken), None)
        if free is not None:
            taken.add(free)
            _pass_along(filled, came_from, current, free)
            return True
        own = set(plan.pools[current])
        for other, held in enumerate(filled):
            moved_index = next((index for index in held if index in own), None)
            if other not in came_from and moved_index is not None:
                came_from[other] = (current, moved_index)
                queue.append(other)
    return False


def _pass_along(filled: list[list[int]], came_from: dict[int, tuple[int, int] | None], holder: int, free: int) -> None:
    """Hand `free` to `holder`, the question it gives up to the quota before it on the path, and so on to the start."""
    step = came_from[holder]
    while step is not None:
        receiver, moved = step
        filled[holder][filled[holder].index(moved)] = free
        holder, free = receiver, moved
        step = came_from[holder]
    filled[holder].append(free)
