"""What item analysis counts of a round's attempts, batch by batch; `statistics` turns the counts into figures.

Every figure follows from how often each combination of question, answer, mark and total occurs. So the counts are
exact, they do not depend on how the attempts were cut into batches, and their size follows from the number of
questions and of different marks, not from the number of attempts.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from question_bank.schema import MAX_CHOICES

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ITEM, _GROUP, _PLACE, _MASK, _MARK, _TOTAL = 20, 20, 7, MAX_CHOICES, 12, 16  # bits of a packed key
_FOLD_AT = 2_000_000


class Counts:
    """How often each combination of a few small whole numbers came; `widths` are their sizes in bits."""

    def __init__(self, *widths: int) -> None:
        self._widths = widths
        self._keys: list[NDArray[np.int64]] = []
        self._counts: list[NDArray[np.int64]] = []
        self._held = 0

    def add(self, *columns: "NDArray[np.int64]") -> None:
        """Count the rows of equally long columns."""
        key = np.zeros(len(columns[0]), dtype=np.int64)
        for column, width in zip(columns, self._widths, strict=True):
            if len(column) and (int(column.min()) < 0 or int(column.max()) >> width):
                raise ValueError(f"a number to count lies outside 0 to 2**{width} - 1")
            key = (key << width) | column
        keys, counts = np.unique(key, return_counts=True)
        self._keep(keys, counts.astype(np.int64))
        if self._held > _FOLD_AT:
            self._fold()

    def rows(self) -> tuple[list["NDArray[np.int64]"], "NDArray[np.int64]"]:
        """The columns of the different rows, in rising order, and how often each came."""
        self._fold()
        key, counts = self._keys[0], self._counts[0]
        columns = []
        for width in reversed(self._widths):
            columns.append(key & ((1 << width) - 1))
            key = key >> width
        return columns[::-1], counts

    def _keep(self, keys: "NDArray[np.int64]", counts: "NDArray[np.int64]") -> None:
        self._keys.append(keys)
        self._counts.append(counts)
        self._held += len(keys)

    def _fold(self) -> None:
        if len(self._keys) == 1:
            return
        held = np.concatenate([np.zeros(0, dtype=np.int64), *self._keys])
        keys, place = np.unique(held, return_inverse=True)
        counts = np.zeros(len(keys), dtype=np.int64)
        np.add.at(counts, place, np.concatenate([np.zeros(0, dtype=np.int64), *self._counts]))
        self._keys, self._counts, self._held = [], [], 0
        self._keep(keys, counts)


class Levels:
    """The different values that came, each with a number that stays; marks that differ by less than 1e-9 are one."""

    def __init__(self) -> None:
        self._numbers: dict[float, int] = {}

    def numbers(self, values: "NDArray[np.float64]") -> "NDArray[np.int64]":
        """The number of each value, in the shape of `values`."""
        distinct, place = np.unique(np.round(values, 9), return_inverse=True)
        known = np.array([self._numbers.setdefault(float(v), len(self._numbers)) for v in distinct], dtype=np.int64)
        found: NDArray[np.int64] = known[place].reshape(values.shape) if len(distinct) else np.zeros(values.shape, int)
        return found

    @property
    def values(self) -> "NDArray[np.float64]":
        """The values by their numbers."""
        return np.array(list(self._numbers), dtype=np.float64)


class Tally:
    """The counts of any number of attempts at papers of `width` questions."""

    def __init__(self, width: int) -> None:
        if not 1 <= width < 1 << _PLACE:
            raise ValueError(f"a paper has 1 to {(1 << _PLACE) - 1} questions")
        self.width = width
        self.attempts = 0
        self.marks = Levels()
        self.totals = Levels()
        self.joint = Counts(_ITEM, _MARK, _TOTAL)
        self.answers = Counts(_ITEM, _MASK, _TOTAL)
        self.of_total = Counts(_GROUP, _TOTAL)
        self.of_place = Counts(_GROUP, _PLACE, _MARK)
        self.of_item = Counts(_GROUP, _ITEM, _MARK)

    def add(
        self,
        *,
        items: "NDArray[Any]",
        marks: "NDArray[Any]",
        answers: "NDArray[Any] | None" = None,
        groups: "NDArray[Any] | None" = None,
        totals: "NDArray[Any] | None" = None,
    ) -> None:
        """Count a batch of n attempts at p = `width` questions each.

        `items` (n, p), or (p,) for one paper for all, says which question stood at each place, by the caller's number
        from 0 to 2**20 − 1; papers may differ in questions and in order. `marks` (n, p) holds what each answer
        earned, `answers` (n, p) the bit masks of the choices marked, `groups` (n,) whose attempt it was (a unit, from
        0), `totals` (n,) the whole attempt's points, where they are not the sum of the marks.
        """
        marks = np.asarray(marks, dtype=np.float64)
        count = len(marks)
        if marks.shape != (count, self.width):
            raise ValueError(f"marks of shape {marks.shape} do not fit papers of {self.width} questions")
        if not count:
            return
        items = np.broadcast_to(np.asarray(items, dtype=np.int64), marks.shape)
        total = marks.sum(axis=1) if totals is None else np.asarray(totals, dtype=np.float64)
        group = np.zeros(count, dtype=np.int64) if groups is None else np.asarray(groups, dtype=np.int64)
        level, total_level = self.marks.numbers(marks), self.totals.numbers(total)
        wide_total, wide_group = (np.repeat(column, self.width) for column in (total_level, group))
        item, mark = items.ravel(), level.ravel()
        self.attempts += count
        self.joint.add(item, mark, wide_total)
        self.of_total.add(group, total_level)
        self.of_place.add(wide_group, np.tile(np.arange(self.width, dtype=np.int64), count), mark)
        self.of_item.add(wide_group, item, mark)
        if answers is not None:
            self.answers.add(item, np.asarray(answers, dtype=np.int64).ravel(), wide_total)
