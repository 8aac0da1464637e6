"""Moments of values with counts: variances, covariances and medians of a histogram; `statistics` calls it."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOOR = 1e-12  # below it a variance or covariance is nothing but rounding


class Spread:
    """Variances and covariances of one item from the counts of (mark, total); `own` leaves the mark in the rest."""

    def __init__(
        self, marks: "NDArray[np.float64]", totals: "NDArray[np.float64]", counts: "NDArray[np.int64]", *, own: bool
    ) -> None:
        seen = int(counts.sum())
        rest = totals if own else totals - marks
        self.mean = float(marks @ counts) / seen
        self.mark_variance: float | None = None
        self.rest_variance: float | None = None
        self.covariance: float | None = None
        self.covariance_max: float | None = None
        self.root: float | None = None
        if seen < 2:
            return
        off, off_rest, off_total = (deviations(values, counts) for values in (marks, rest, totals))
        self.mark_variance = clean(float((off * off) @ counts) / (seen - 1))
        self.rest_variance = clean(float((off_rest * off_rest) @ counts) / (seen - 1))
        self.covariance = float((off * off_rest) @ counts) / (seen - 1)
        self.covariance_max = sorted_product(off, off_rest, counts) / (seen - 1)
        with_total = float((off * off_total) @ counts) / (seen - 1)
        self.root = max(with_total, 0.0) ** 0.5 if with_total > -FLOOR else None

    @property
    def index(self) -> float | None:
        """The discrimination index in per cent."""
        if not self.mark_variance or not self.rest_variance or self.covariance is None:
            return None
        return 100 * self.covariance / (self.mark_variance * self.rest_variance) ** 0.5


def sorted_product(first: "NDArray[np.float64]", second: "NDArray[np.float64]", counts: "NDArray[np.int64]") -> float:
    """Σ first·second once each is sorted by itself: two step functions, multiplied where either has a step."""
    by_first, by_second = np.argsort(first, kind="stable"), np.argsort(second, kind="stable")
    ends_first, ends_second = np.cumsum(counts[by_first]), np.cumsum(counts[by_second])
    steps = np.unique(np.concatenate([ends_first, ends_second]))
    lengths = np.diff(steps, prepend=0)
    ordered_first = first[by_first][np.searchsorted(ends_first, steps)]
    ordered_second = second[by_second][np.searchsorted(ends_second, steps)]
    return float((ordered_first * ordered_second) @ lengths)


def median(values: "NDArray[np.float64]", counts: "NDArray[np.int64]") -> float:
    """The middle value, or the mean of the two in the middle."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(counts[order])
    size = int(ends[-1])
    low, high = (values[order][np.searchsorted(ends, rank)] for rank in ((size + 1) // 2, size // 2 + 1))
    return float(low + high) / 2


def deviations(values: "NDArray[np.float64]", counts: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """Each value less the mean of all."""
    size = int(counts.sum())
    return values - (values @ counts) / size if size else values


def clean(variance: float) -> float:
    """The variance, or 0 where it is nothing but rounding."""
    return variance if variance > FLOOR else 0.0


def root(variance: float | None) -> float | None:
    """The square root of a variance that may be undefined."""
    return None if variance is None else variance**0.5
