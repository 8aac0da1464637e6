"""The figures of an item analysis as values; `statistics` works them out by its formulas, flags, the desk and scripts read them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """The totals of all attempts, in points; `cic`, `error_ratio` in per cent, `standard_error` in points."""

    attempts: int
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    error_ratio: float | None
    standard_error: float | None


NO_ATTEMPTS = QuizFigures(0, *[None] * 8)


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """One choice at its ORIGINAL position: in how many attempts it was marked, and the mean total of those attempts."""

    position: int
    count: int
    mean_total: float | None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question: `facility` from 0 to 1, weights, index and efficiency in per cent, the rest in points or points².

    `choices` is empty where no answers were counted; `blank` is in how many attempts nothing was marked.
    """

    item: int
    attempts: int
    max_mark: float
    facility: float | None
    sd: float | None
    intended_weight: float | None
    effective_weight: float | None
    discrimination_index: float | None
    discriminative_efficiency: float | None
    mark_variance: float | None
    rest_variance: float | None
    covariance: float | None
    covariance_max: float | None
    choices: tuple[ChoiceCount, ...] = ()
    blank: int = 0


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group (a unit): its totals, and for each item drawn in it (attempts, facility)."""

    group: int
    quiz: QuizFigures
    items: Mapping[int, tuple[int, float | None]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole of it; items and groups by their numbers."""

    quiz: QuizFigures
    items: tuple[ItemFigures, ...]
    groups: tuple[GroupFigures, ...]
