"""Item analysis after a round: how each question, each choice and the whole paper worked; the desk and scripts call it.

The formulas are those of Moodle's page "Quiz statistics calculations" (docs.moodle.org/dev) and of its code
(question/classes/statistics/questions/calculator.php, mod/quiz/report/statistics/classes/calculator.php). In them S is the
number of attempts, x the mark of an item in an attempt, T the attempt's total, R = T − x the rest, M the item's highest
mark, p the number of questions of a paper; variances and covariances divide by S − 1:

- facility = mean(x) / M
- sd = √Var(x)
- discrimination index = 100·Cov(x, R) / √(Var(x)·Var(R)), the correlation of item and rest in per cent. It is not the
  index of upper and lower groups.
- discriminative efficiency = 100·Cov(x, R) / Cov(x sorted, R sorted), of the most that the marks could have given
- intended weight = 100·M / ΣM, effective weight = 100·√Cov(x, T) / Σ√Cov(x, T), sums over one paper
- CIC (coefficient of internal consistency, Cronbach's alpha) = 100·p/(p − 1)·(1 − ΣVar(x) / Var(T)). It may be negative,
  and is given as it is.
- error ratio = 100·√(1 − CIC/100); standard error = error ratio·sd/100
- skewness = k3/k2^1.5 and kurtosis = k4/k2², with k2 = S·m2/(S−1), k3 = S²·m3/((S−1)(S−2)),
  k4 = S²·((S+1)·m4 − 3(S−1)·m2²)/((S−1)(S−2)(S−3)) of the central moments m of the totals

Where papers differ, an item's figures rest on the attempts that drew it. The sums of the weights then count each item as
often as it was drawn, so that a weight is the item's share of a paper that holds it; and the CIC takes the variance of
each place of the paper, as Moodle does for places with random questions. With one paper for all, in whatever order, both
are the formulas above.

A figure that is not defined (one attempt, no variance, a negative covariance under a root) is None.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from question_bank import moments
from question_bank.figures import NO_ATTEMPTS, Analysis, ChoiceCount, GroupFigures, ItemFigures, QuizFigures
from question_bank.schema import MAX_CHOICES
from question_bank.tally import Tally


def analyse(
    tally: Tally, max_marks: Mapping[int, float] | float, *, rest: str = "others", weights: bool = True
) -> Analysis:
    """Every figure of what was counted. `max_marks` is the highest mark of each item, or of all.

    `rest` "total" leaves an item's own mark in what it is compared with, and `weights` False leaves the weights out:
    so Moodle reports the questions behind a place with random questions.
    """
    if rest not in ("others", "total"):
        raise ValueError("rest is “others” or “total”")
    items = _items(tally, max_marks, own=rest == "total", weights=weights)
    same_paper = len(items) == tally.width and all(item.attempts == tally.attempts for item in items)
    variances = [item.mark_variance for item in items] if same_paper else None
    groups = _groups(tally, max_marks)
    return Analysis(quiz=_quiz(tally, None, variances), items=items, groups=groups)


def _items(
    tally: Tally, max_marks: Mapping[int, float] | float, *, own: bool, weights: bool
) -> tuple[ItemFigures, ...]:
    (item, mark, total), counts = tally.joint.rows()
    marks, totals = tally.marks.values[mark], tally.totals.values[total]
    numbers, starts = np.unique(item, return_index=True)
    bounds = [*starts.tolist(), len(item)]
    answers = _Answers(tally)
    raw: list[tuple[int, int, float, moments.Spread]] = []
    for place, number in enumerate(numbers.tolist()):
        part = slice(bounds[place], bounds[place + 1])
        highest = float(max_marks if isinstance(max_marks, int | float) else max_marks[number])
        spread = moments.Spread(marks[part], totals[part], counts[part], own=own)
        raw.append((number, int(counts[part].sum()), highest, spread))
    roots = {number: spread.root for number, _, _, spread in raw}
    share = max(tally.attempts, 1)
    paper_marks = sum(highest * seen for _, seen, highest, _ in raw) / share
    paper_roots = sum((roots[number] or 0.0) * seen for number, seen, _, _ in raw) / share
    return tuple(
        ItemFigures(
            item=number,
            attempts=seen,
            max_mark=highest,
            facility=spread.mean / highest if highest else None,
            sd=moments.root(spread.mark_variance),
            intended_weight=100 * highest / paper_marks if weights and paper_marks else None,
            effective_weight=_percent(roots[number], paper_roots) if weights else None,
            discrimination_index=spread.index,
            discriminative_efficiency=_percent(spread.covariance, spread.covariance_max),
            mark_variance=spread.mark_variance,
            rest_variance=spread.rest_variance,
            covariance=spread.covariance,
            covariance_max=spread.covariance_max,
            choices=answers.choices(number),
            blank=answers.blank(number),
        )
        for number, seen, highest, spread in raw
    )


class _Answers:
    """How often each choice was marked, and with what totals."""

    def __init__(self, tally: Tally) -> None:
        (item, mask, total), counts = tally.answers.rows()
        totals = tally.totals.values[total] * counts if len(total) else counts
        self._marked: dict[int, dict[int, tuple[int, float]]] = {}
        self._blank: dict[int, int] = {}
        key = item << MAX_CHOICES | mask
        keys, place = np.unique(key, return_inverse=True)
        seen = np.bincount(place, weights=counts, minlength=len(keys))
        points = np.bincount(place, weights=totals, minlength=len(keys))
        for pair, count, sum_ in zip(keys.tolist(), seen.tolist(), points.tolist(), strict=True):
            number, bits = pair >> MAX_CHOICES, pair & (1 << MAX_CHOICES) - 1
            choices = self._marked.setdefault(number, {})
            if not bits:
                self._blank[number] = int(count)
            for position in range(MAX_CHOICES):
                if bits >> position & 1:
                    had, with_points = choices.get(position, (0, 0.0))
                    choices[position] = (had + int(count), with_points + sum_)

    def choices(self, item: int) -> tuple[ChoiceCount, ...]:
        if item not in self._marked:
            return ()
        marked = self._marked[item]
        return tuple(
            ChoiceCount(position, count, points / count if count else None)
            for position in range(MAX_CHOICES)
            for count, points in (marked.get(position, (0, 0.0)),)
        )

    def blank(self, item: int) -> int:
        return self._blank.get(item, 0)


def _groups(tally: Tally, max_marks: Mapping[int, float] | float) -> tuple[GroupFigures, ...]:
    (group, item, mark), counts = tally.of_item.rows()
    points = tally.marks.values[mark] * counts if len(mark) else counts
    keys, place = np.unique(group << 20 | item, return_inverse=True)
    seen = np.bincount(place, weights=counts, minlength=len(keys))
    earned = np.bincount(place, weights=points, minlength=len(keys))
    found: dict[int, dict[int, tuple[int, float | None]]] = {}
    for key, count, sum_ in zip(keys.tolist(), seen.tolist(), earned.tolist(), strict=True):
        number = key & ((1 << 20) - 1)
        highest = max_marks if isinstance(max_marks, int | float) else max_marks[number]
        found.setdefault(key >> 20, {})[number] = (int(count), sum_ / count / highest if highest else None)
    return tuple(GroupFigures(group, _quiz(tally, group, None), items) for group, items in found.items())


def _quiz(tally: Tally, group: int | None, variances: "Sequence[float | None] | None") -> QuizFigures:
    """The totals of one group, or of all; `variances` are the items' own where all attempts had the same paper."""
    (groups, total), counts = tally.of_total.rows()
    if group is not None:
        total, counts = total[groups == group], counts[groups == group]
    size = int(counts.sum())
    if not size:
        return NO_ATTEMPTS
    values = tally.totals.values[total]
    off = moments.deviations(values, counts)
    m2, m3, m4 = (float(off**power @ counts) / size for power in (2, 3, 4))
    k2 = moments.clean(size * m2 / (size - 1)) if size > 1 else None
    k3 = size**2 * m3 / ((size - 1) * (size - 2)) if size > 2 else None
    k4 = (
        size**2 * ((size + 1) * m4 - 3 * (size - 1) * m2**2) / ((size - 1) * (size - 2) * (size - 3))
        if size > 3
        else None
    )
    if variances is None:
        variances = _place_variances(tally, group)
    cic = _cic(variances, k2, size)
    ratio = 100 * (1 - cic / 100) ** 0.5 if cic is not None else None
    sd = moments.root(k2)
    return QuizFigures(
        attempts=size,
        mean=float(values @ counts) / size,
        median=moments.median(values, counts),
        sd=sd,
        skewness=k3 / k2**1.5 if k2 and k3 is not None else None,
        kurtosis=k4 / k2**2 if k2 and k4 is not None else None,
        cic=cic,
        error_ratio=ratio,
        standard_error=ratio * sd / 100 if ratio is not None and sd is not None else None,
    )


def _cic(variances: "Sequence[float | None]", k2: float | None, size: int) -> float | None:
    places = len(variances)
    if places < 2 or size < 3 or not k2:
        return None
    # By rounding it could come out above 100, where it has no square root.
    return min(100.0, 100 * places / (places - 1) * (1 - sum(v or 0.0 for v in variances) / k2))


def _place_variances(tally: Tally, group: int | None) -> list[float | None]:
    (groups, place, mark), counts = tally.of_place.rows()
    marks = tally.marks.values[mark]
    found: list[float | None] = []
    for number in range(tally.width):
        here = (place == number) if group is None else (place == number) & (groups == group)
        size = int(counts[here].sum())
        off = moments.deviations(marks[here], counts[here])
        found.append(moments.clean(float(off**2 @ counts[here]) / (size - 1)) if size > 1 else None)
    return found


def _percent(part: float | None, whole: float | None) -> float | None:
    return 100 * part / whole if part is not None and whole and abs(whole) > moments.FLOOR else None
