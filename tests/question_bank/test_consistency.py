"""Internal consistency where everybody has everything right or nothing: it is 100, and never more by rounding."""

import numpy as np
import pytest

from question_bank.statistics import analyse
from question_bank.tally import Tally


@pytest.mark.parametrize("questions", [*range(2, 31), 64])
@pytest.mark.parametrize(("people", "right"), [(3, 2), (30, 13)])
@pytest.mark.parametrize("points", [1, 7])
def test_all_or_nothing_has_no_error_at_all(questions: int, people: int, right: int, points: int) -> None:
    tally = Tally(questions)
    marks = np.zeros((people, questions))
    marks[:right] = points
    tally.add(items=np.tile(np.arange(questions), (people, 1)), marks=marks)

    quiz = analyse(tally, float(points)).quiz

    assert quiz.cic is not None
    assert quiz.cic == pytest.approx(100)
    assert quiz.cic <= 100
    assert quiz.error_ratio == pytest.approx(0, abs=1e-4)
    assert quiz.standard_error == pytest.approx(0, abs=1e-4)
