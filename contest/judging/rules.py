"""Pure decisions about judging: states of an assignment, rubric sums, even assignment, the mean."""

import enum
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from contest.core import numbers

TOTAL = 100


class AssignmentState(enum.StrEnum):
    """Where one judge stands with one entry."""

    OPEN = "open"
    SIGNED = "signed"
    CONFLICT = "conflict"
    TAKEN_BACK = "taken_back"


COUNTED = (AssignmentState.OPEN, AssignmentState.SIGNED)
"""The states in which a judge has an entry; in all others somebody else is wanted for it."""


class BadMarks(ValueError):
    """Marks that the rubric does not allow; the message is a Vietnamese sentence."""


def weights_are_whole(weights: Collection[int]) -> bool:
    """True when the weights of a rubric, each at least 1, sum to 100."""
    return bool(weights) and min(weights) >= 1 and sum(weights) == TOTAL


def check_marks(marks: Mapping[str, object], weights: Mapping[str, int]) -> dict[str, int]:
    """The marks that were given, by criterion id; raises BadMarks for an unknown criterion or points outside 0 to its weight."""
    clean: dict[str, int] = {}
    for criterion, points in marks.items():
        if criterion not in weights:
            raise BadMarks("Phiếu chấm có tiêu chí không thuộc thang điểm này.")
        if points is None or points == "":
            continue
        if isinstance(points, bool) or not isinstance(points, int | str):
            raise BadMarks("Điểm phải là số nguyên.")
        try:
            given = numbers.whole(points) if isinstance(points, str) else points
        except numbers.Unclear as error:
            raise BadMarks(str(error)) from None
        if not 0 <= given <= weights[criterion]:
            raise BadMarks(f"Điểm của tiêu chí này phải từ 0 đến {weights[criterion]}.")
        clean[criterion] = given
    return clean


def total_of(marks: Mapping[str, int], weights: Mapping[str, int]) -> int | None:
    """The sum of the marks once every criterion has one, else None."""
    return sum(marks.values()) if set(marks) == set(weights) else None


def levels(weight: int) -> list[int]:
    """Five quick marks for a criterion: 40, 55, 70, 80 and 95 % of its weight, rounded half up, each once."""
    shares = [
        int((Decimal(weight) * share / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        for share in (40, 55, 70, 80, 95)
    ]
    return list(dict.fromkeys(shares))


def tens(weight: int) -> list[int]:
    """The marks behind the keys 1 to 9 and 0: ten even steps up to the weight, rounded half up; each point once when the weight is under ten."""
    return [(weight * step + 5) // 10 for step in range(1, 11)] if weight >= 10 else list(range(1, weight + 1))


def mean(totals: Sequence[int]) -> Decimal:
    """The arithmetic mean of signed totals, to two decimals, half up; raises ValueError for none."""
    if not totals:
        raise ValueError("no totals")
    return (Decimal(sum(totals)) / len(totals)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def assign_evenly(
    entries: Sequence[int],
    judges: Sequence[int],
    *,
    per_entry: int,
    loads: Mapping[int, int],
    barred: Collection[tuple[int, int]] = (),
) -> list[tuple[int, int]]:
    """Give each entry to `per_entry` different judges so that no judge gets much more than another.

    `loads` is what each judge already has; `barred` holds (entry, judge) pairs that may not be. Each entry goes to the judges with the
    least so far; which of equals, and which entry comes first, is drawn from the system's secure source, so that nothing
    can be worked out from who has what. Without bars, loads that began equal end within one of each other. An
    entry for which too few judges are left gets those that there are. Returns (entry, judge) pairs.
    """
    order = random.SystemRandom()
    load = {judge: loads.get(judge, 0) for judge in judges}
    shuffled = list(entries)
    order.shuffle(shuffled)
    pairs: list[tuple[int, int]] = []
    for entry in shuffled:
        free = [judge for judge in judges if (entry, judge) not in barred]
        order.shuffle(free)
        for judge in sorted(free, key=load.__getitem__)[:per_entry]:
            load[judge] += 1
            pairs.append((entry, judge))
    return pairs


def first_with_ties(means: Mapping[int, Decimal], top: int) -> list[int]:
    """The keys of the `top` highest means, best first, with everybody who equals the last of them."""
    order = sorted(means, key=lambda key: (-means[key], key))
    return [key for key in order if means[key] >= means[order[min(top, len(order)) - 1]]]


def cuts(means: Sequence[Decimal]) -> list[tuple[Decimal, int, int]]:
    """Every mean that occurs, highest first, with how many have it and how many have it or more."""
    counts = sorted(Counter(means).items(), reverse=True)
    return [
        (value, count, so_far)
        for (value, count), so_far in zip(counts, accumulate(count for _, count in counts), strict=True)
    ]
