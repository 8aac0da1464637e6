"""Attempts of one round into counts, and the counts into the lines of its analysis; `service.analysis` calls it."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from contest.quiz.analysis import ChoiceLine, FlagLine, ItemLine, UnitLine
from contest.quiz.ledger import KeyRule
from contest.quiz.queries.keys import keys_by_version, masks_by_place, standing_changes
from contest.quiz.queries.papers import FrozenBank
from contest.units import queries as units
from question_bank import answers as codes
from question_bank import grading
from question_bank.bulk import draw_places
from question_bank.figures import ItemFigures, QuizFigures
from question_bank.schema import LETTERS

NOWHERE = "Chưa ghi đơn vị"
_SAME = [field.name for field in fields(ItemLine) if field.name not in ("version_id", "choices", "flags", "changed")]


class Count:
    """The counts of one round: papers follow from the seeds, marks from the answers and from the keys that hold now."""

    def __init__(self, round_id: int, bank: FrozenBank, points: int) -> None:
        # Statistics load NumPy, which a web process that shows no analysis does without.
        from question_bank.tally import Tally

        self._bank = bank
        self._points = points
        self._keys = keys_by_version(round_id, bank)
        self._rules = {which: change.rule for which, change in standing_changes(round_id).items()}
        self._masks = masks_by_place(bank, self._keys)
        self._tally = Tally(bank.blueprint.count)
        self._districts: dict[int | None, int] = {}

    @property
    def attempts(self) -> int:
        """How many attempts are counted so far."""
        return self._tally.attempts

    def add(self, rows: Sequence[Any]) -> None:
        """Count rows of seed, answers and unit."""
        import numpy as np

        places = draw_places(self._bank.blueprint, self._bank.prepared, [row.seed for row in rows])
        marked = grading.answer_masks([row.answers for row in rows])
        scheme = grading.Scheme(points_per_question=self._points)
        earned = grading.grade_masks(self._masks[places].reshape(-1, 1), marked.reshape(-1, 1), scheme).points
        self._tally.add(
            items=places,
            marks=earned.reshape(marked.shape),
            answers=marked,
            groups=np.array([self._district(row.unit_id) for row in rows], dtype=np.int64),
        )

    def lines(self) -> tuple[QuizFigures, tuple[ItemLine, ...], tuple[UnitLine, ...]]:
        """The totals, the questions in the order of the bank, the units by their names."""
        from question_bank.statistics import analyse

        found = analyse(self._tally, float(self._points))
        items = tuple(self._item(item) for item in found.items)
        lines = []
        for group in found.groups:
            of_items = {self._version(item): seen for item, seen in group.items.items()}
            lines.append(UnitLine(group.group, units.district_name(group.group) or NOWHERE, group.quiz, of_items))
        return found.quiz, items, tuple(sorted(lines, key=lambda line: -line.quiz.attempts))

    def _item(self, item: ItemFigures) -> ItemLine:
        from question_bank.flags import flags

        version_id = self._version(item.item)
        question = self._bank.questions[version_id]
        rule = self._rules.get(version_id)
        fixed = rule in (None, KeyRule.KEY)
        key = codes.chosen(self._keys[version_id]) if fixed else frozenset(range(len(question.choices)))
        return ItemLine(
            **{name: getattr(item, name) for name in _SAME},
            version_id=version_id,
            choices=tuple(
                ChoiceLine(LETTERS[choice.position], choice.position in key, choice.count, choice.mean_total)
                for choice in item.choices[: len(question.choices)]
            ),
            flags=tuple(
                FlagLine(flag.kind, flag.words, flag.reason)
                for flag in (flags(item, key=key, choice_count=len(question.choices)) if fixed else ())
            ),
            changed=rule.value if rule else "",
        )

    def _version(self, place: int) -> int:
        return self._bank.prepared.items[place].key

    def _district(self, unit_id: int | None) -> int:
        """The district of a unit by its id, 0 for none."""
        if unit_id not in self._districts:
            found = units.district_of(unit_id)
            self._districts[unit_id] = found.id if found else 0
        return self._districts[unit_id]
