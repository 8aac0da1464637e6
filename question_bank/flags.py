"""What the figures of a question say in words, for people to weigh; the page of item analysis shows them first.

The bounds stand in one place, `Bounds`. Those of the discrimination index and the facility follow the table of Moodle's
page "Quiz statistics report" (docs.moodle.org): below 0 "question probably invalid", below 20 "weak"; 20 or less of
facility "difficult", 95 or more "extremely easy". An index of few attempts says little: it counts as below a bound only
when it lies below by `errors` standard errors, 100/√S per cent each, as a correlation of S pairs has near 0.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from question_bank.figures import ChoiceCount, ItemFigures
from question_bank.schema import LETTERS

FlagKind = Literal["key", "hard", "easy", "weak", "unused"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on a figure is told. Facility and shares from 0 to 1, the index in per cent."""

    fewest_attempts: int = 30
    index_of_wrong_key: float = 0.0
    weak_index: float = 20.0
    errors: float = 1.64
    easy: float = 0.95
    hard: float = 0.20
    hardly_chosen: float = 0.01

    def surely_below(self, item: ItemFigures, bound: float) -> bool:
        """Whether the item's discrimination index lies below the bound by more than chance."""
        index = item.discrimination_index
        return index is not None and index < bound - self.errors * 100 / item.attempts**0.5


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at: `words` names it in short, `reason` says from which figures."""

    kind: FlagKind
    words: str
    reason: str


def flags(item: ItemFigures, *, key: Collection[int], choice_count: int, bounds: Bounds = BOUNDS) -> list[Flag]:
    """What stands out, the gravest first; nothing below `fewest_attempts`. `key` holds the right ORIGINAL positions."""
    if item.attempts < bounds.fewest_attempts or item.facility is None:
        return []
    found = _key(item, key, bounds)
    if item.facility <= bounds.hard:
        found.append(Flag("hard", "Quá khó", f"Chỉ đạt {_percent(item.facility)} số điểm của câu."))
    if item.facility >= bounds.easy:
        found.append(Flag("easy", "Quá dễ", f"Đạt {_percent(item.facility)} số điểm của câu."))
    if not found and bounds.surely_below(item, bounds.weak_index):
        reason = f"Độ phân biệt {_number(item.discrimination_index)}%: người làm tốt cả đề không làm tốt câu này hơn bao nhiêu."
        found.append(Flag("weak", "Phân biệt kém", reason))
    return found + _unused(item, key, choice_count, bounds)


def _key(item: ItemFigures, key: Collection[int], bounds: Bounds) -> list[Flag]:
    rival = _rival(item, key)
    if rival is not None:
        reason = f"Người chọn {LETTERS[rival.position]} đông hơn và có điểm cả đề cao hơn người chọn đáp án."
        return [Flag("key", "Khoá có thể sai", reason)]
    if bounds.surely_below(item, bounds.index_of_wrong_key):
        reason = f"Độ phân biệt {_number(item.discrimination_index)}%: người làm tốt cả đề lại hay sai câu này."
        return [Flag("key", "Khoá có thể sai", reason)]
    return []


def _rival(item: ItemFigures, key: Collection[int]) -> ChoiceCount | None:
    """A wrong choice that more people marked than any right one, and people with higher totals."""
    right = [choice for choice in item.choices if choice.position in key]
    most = max((choice.count for choice in right), default=0)
    best = max((choice.mean_total for choice in right if choice.mean_total is not None), default=0.0)
    rivals = [
        choice
        for choice in item.choices
        if choice.position not in key and choice.count > most and (choice.mean_total or 0.0) > best
    ]
    return max(rivals, key=lambda choice: choice.count, default=None)


def _unused(item: ItemFigures, key: Collection[int], choice_count: int, bounds: Bounds) -> list[Flag]:
    wrong = [choice for choice in item.choices[:choice_count] if choice.position not in key]
    none = [LETTERS[choice.position] for choice in wrong if not choice.count]
    few = [LETTERS[choice.position] for choice in wrong if 0 < choice.count < bounds.hardly_chosen * item.attempts]
    found = []
    if none:
        found.append(Flag("unused", "Phương án nhiễu không ai chọn", f"Không ai chọn {', '.join(none)}."))
    if few:
        reason = f"Dưới {_percent(bounds.hardly_chosen)} số lượt chọn {', '.join(few)}."
        found.append(Flag("unused", "Phương án nhiễu ít người chọn", reason))
    return found


def _percent(share: float) -> str:
    return f"{_number(100 * share)}%"


def _number(value: float | None) -> str:
    """One decimal at most, with the comma and the minus sign of Vietnamese text."""
    return "–" if value is None else f"{value:.1f}".removesuffix(".0").replace(".", ",").replace("-", "−")
