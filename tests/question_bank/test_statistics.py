"""Item analysis: an outside oracle's figures, different papers, batches, and what is not defined."""

import csv
import json
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest

from question_bank.figures import Analysis, ChoiceCount, ItemFigures
from question_bank.flags import flags
from question_bank.statistics import analyse
from question_bank.tally import Tally

CLOSE = 1e-5


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def marks_of(folder: Path) -> np.ndarray:
    return np.array(
        [[float(row[f"slots.{slot}.mark"]) for slot in range(1, 8)] for row in rows(folder / "results00.csv")]
    )


def analysed(marks: np.ndarray, items: np.ndarray | None = None, **how: object) -> Analysis:
    tally = Tally(marks.shape[1])
    tally.add(items=np.arange(marks.shape[1]) if items is None else items, marks=marks)
    return analyse(tally, 1.0, **how)  # type: ignore[arg-type]


@pytest.fixture
def fixture00(shared_data: Path) -> Path:
    folder = shared_data / "moodle_stats"
    if not folder.is_dir():
        pytest.skip("the outside oracle (../shared/data/moodle_stats) is not on this machine")
    return folder


def agree(found: object, wanted: str) -> None:
    if wanted == "**NULL**":
        assert found is None
    elif wanted:
        assert found == pytest.approx(float(wanted), rel=CLOSE)


def test_item_figures_are_those_of_the_oracle(fixture00: Path) -> None:
    marks = marks_of(fixture00)
    drawn = [row["randqs.1"] == "numerical" for row in rows(fixture00 / "steps00.csv")]
    variants = [row["variants.2"] for row in rows(fixture00 / "steps00.csv")]
    whole = analysed(marks)
    for row in rows(fixture00 / "qstats00.csv"):
        slot = int(row["slot"]) - 1
        if row["subqname"]:
            item = analysed(marks[drawn], rest="total", weights=False).items[slot]
        elif row["variant"]:
            some = [variant == row["variant"] for variant in variants]
            item = analysed(marks[some], weights=False).items[slot]
        else:
            item = whole.items[slot]
        found = {
            "s": item.attempts,
            "facility": item.facility,
            "sd": item.sd,
            "effectiveweight": item.effective_weight,
            "covariance": item.covariance,
            "markvariance": item.mark_variance,
            "othermarkvariance": item.rest_variance,
            "discriminationindex": item.discrimination_index,
            "covariancemax": item.covariance_max,
            "discriminativeefficiency": item.discriminative_efficiency,
            "maxmark": item.max_mark,
        }
        for name, value in found.items():
            agree(value, row[name])


def test_quiz_figures_are_those_of_the_oracle_and_a_negative_cic_stays(fixture00: Path) -> None:
    wanted = json.loads((fixture00 / "expected_quiz_stats_00.json").read_text())["expected"]
    quiz = analysed(marks_of(fixture00)).quiz
    assert quiz.attempts == wanted["allattemptscount"]
    assert quiz.cic is not None
    assert quiz.cic < 0
    names = {"mean": "allattemptsavg", "sd": "standarddeviation", "error_ratio": "errorratio"}
    names |= {"standard_error": "standarderror"}
    for name in ("mean", "median", "sd", "skewness", "kurtosis", "cic", "error_ratio", "standard_error"):
        assert getattr(quiz, name) == pytest.approx(wanted[names.get(name, name)], rel=CLOSE), name


def test_figures_equal_the_plain_formulas() -> None:
    marks = np.random.default_rng(3).integers(0, 3, (200, 6)).astype(float)
    total = marks.sum(axis=1)
    found = analyse(_tally(marks), 2.0)
    for slot, item in enumerate(found.items):
        mark, rest = marks[:, slot], total - marks[:, slot]
        assert item.facility == pytest.approx(mark.mean() / 2)
        assert item.discrimination_index == pytest.approx(100 * np.corrcoef(mark, rest)[0, 1])
        covariance, most = np.cov(mark, rest)[0, 1], np.cov(np.sort(mark), np.sort(rest))[0, 1]
        assert item.discriminative_efficiency == pytest.approx(100 * covariance / most)
        assert item.intended_weight == pytest.approx(100 / 6)
    assert found.quiz.median == np.median(total)
    assert found.quiz.cic == pytest.approx(100 * 6 / 5 * (1 - marks.var(axis=0, ddof=1).sum() / total.var(ddof=1)))


def _numbers(item: ItemFigures) -> list[float | None]:
    return [value for name, value in asdict(item).items() if name != "choices"]


def _tally(marks: np.ndarray, batch: int = 10_000) -> Tally:
    tally = Tally(marks.shape[1])
    for start in range(0, len(marks), batch):
        tally.add(items=np.arange(marks.shape[1]), marks=marks[start : start + batch])
    return tally


def test_batches_and_the_order_on_each_paper_change_nothing() -> None:
    rng = np.random.default_rng(5)
    marks = (rng.random((300, 5)) < [0.9, 0.7, 0.5, 0.3, 0.1]).astype(float)
    whole = analyse(_tally(marks), 1.0)
    order = rng.permuted(np.tile(np.arange(5), (300, 1)), axis=1)
    shuffled = Tally(5)
    for part in (slice(0, 7), slice(7, 190), slice(190, 300)):
        shuffled.add(items=order[part], marks=np.take_along_axis(marks, order, axis=1)[part])
    found = analyse(shuffled, 1.0)
    assert asdict(found.quiz) == pytest.approx(asdict(whole.quiz))
    assert [item.attempts for item in found.items] == [300] * 5
    for item, same in zip(found.items, whole.items, strict=True):
        assert _numbers(item) == pytest.approx(_numbers(same))


def test_a_question_drawn_by_some_rests_on_their_attempts_alone() -> None:
    rng = np.random.default_rng(7)
    items = np.array([rng.permutation(12)[:4] for _ in range(400)])
    marks = (rng.random(items.shape) < 0.6).astype(float)
    found = {item.item: item for item in analysed(marks, items).items}
    holds = (items == 5).any(axis=1)
    mark = marks[holds][items[holds] == 5]
    rest = marks[holds].sum(axis=1) - mark
    assert found[5].attempts == holds.sum()
    assert found[5].discrimination_index == pytest.approx(100 * np.corrcoef(mark, rest)[0, 1])
    assert found[5].intended_weight == pytest.approx(25)
    shares = [(item.effective_weight or 0) * item.attempts / 400 for item in found.values()]
    assert sum(shares) == pytest.approx(100)


def test_choices_blanks_and_units_are_counted() -> None:
    tally = Tally(2)
    answers = np.array([[1, 2], [1, 1], [4, 0], [3, 2]])
    marks = (answers == [1, 2]).astype(float)
    tally.add(items=np.array([8, 9]), marks=marks, answers=answers, groups=np.array([0, 1, 1, 1]))
    found = analyse(tally, 1.0)
    first, second = found.items
    assert [choice.count for choice in first.choices][:4] == [3, 1, 1, 0]
    assert first.choices[0].mean_total == pytest.approx((2 + 1 + 1) / 3)
    assert first.choices[3].mean_total is None
    assert (first.blank, second.blank) == (0, 1)
    assert found.groups[0].items == {8: (1, 1.0), 9: (1, 1.0)}
    assert found.groups[1].items[8] == (3, 1 / 3)
    assert [group.quiz.attempts for group in found.groups] == [1, 3]


def test_one_attempt_leaves_spread_undefined() -> None:
    found = analysed(np.array([[1.0, 0.0, 1.0]]))
    assert (found.quiz.mean, found.quiz.median) == (2, 2)
    assert (found.quiz.sd, found.quiz.skewness, found.quiz.cic, found.quiz.standard_error) == (None,) * 4
    item = found.items[0]
    assert (item.facility, item.sd, item.discrimination_index, item.effective_weight) == (1.0, None, None, None)


def test_no_variance_leaves_what_divides_by_it_undefined() -> None:
    found = analysed(np.full((40, 3), 0.8))
    assert found.quiz.sd == 0
    assert (found.quiz.skewness, found.quiz.kurtosis, found.quiz.cic) == (None, None, None)
    assert {item.discrimination_index for item in found.items} == {None}
    assert {item.discriminative_efficiency for item in found.items} == {None}


def test_no_attempt_gives_no_figures() -> None:
    found = analyse(Tally(3), 1.0)
    assert (found.quiz.attempts, found.quiz.mean, found.items, found.groups) == (0, None, (), ())


def test_a_negative_covariance_leaves_the_weight_undefined() -> None:
    found = analysed(np.array([[1, 0, 0, 0], [0, 1, 1, 1], [1, 0, 0, 1], [0, 1, 1, 0]], dtype=float))
    assert found.items[0].effective_weight is None
    assert found.items[1].effective_weight is not None


def test_marks_that_do_not_fit_the_paper_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit papers of 3 questions"):
        Tally(3).add(items=np.arange(2), marks=np.zeros((4, 2)))


def item(**figures: object) -> ItemFigures:
    plain = {"item": 1, "attempts": 200, "max_mark": 1.0, "facility": 0.6, "sd": 0.4, "discrimination_index": 35.0}
    rest = dict.fromkeys(field.name for field in fields(ItemFigures) if field.name not in {*plain, "choices", "blank"})
    return ItemFigures(**(rest | plain | figures))  # type: ignore[arg-type]


def choices(*counted: tuple[int, float]) -> tuple[ChoiceCount, ...]:
    return tuple(ChoiceCount(place, count, mean if count else None) for place, (count, mean) in enumerate(counted))


SOUND = choices((120, 8.0), (40, 6.0), (40, 5.0))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"choices": SOUND}, []),
        ({"choices": SOUND, "discrimination_index": -14.0}, ["Khoá có thể sai"]),
        ({"choices": SOUND, "discrimination_index": -4.0}, ["Phân biệt kém"]),
        ({"choices": SOUND, "discrimination_index": -4.0, "attempts": 2500}, ["Khoá có thể sai"]),
        ({"choices": choices((40, 5.0), (150, 8.0), (10, 4.0)), "facility": 0.2}, ["Khoá có thể sai", "Quá khó"]),
        ({"choices": SOUND, "facility": 0.97, "discrimination_index": 3.0}, ["Quá dễ"]),
        ({"choices": SOUND, "facility": 0.15}, ["Quá khó"]),
        ({"choices": SOUND, "discrimination_index": 6.0}, ["Phân biệt kém"]),
        ({"choices": SOUND, "discrimination_index": 12.0}, []),
        ({"choices": choices((120, 8.0), (80, 6.0), (0, 0.0))}, ["Phương án nhiễu không ai chọn"]),
        ({"choices": choices((120, 8.0), (79, 6.0), (1, 5.0))}, ["Phương án nhiễu ít người chọn"]),
        ({"choices": choices((5, 5.0), (20, 8.0), (0, 0.0)), "attempts": 25, "facility": 0.2}, []),
        ({"discrimination_index": None, "facility": 0.5}, []),
    ],
)
def test_flags_say_in_words_what_stands_out(figures: dict[str, object], words: list[str]) -> None:
    assert [flag.words for flag in flags(item(**figures), key={0}, choice_count=3)] == words


def test_a_flag_names_the_choice_and_the_figure() -> None:
    (key, _) = flags(item(choices=choices((40, 5.0), (150, 8.0), (10, 4.0)), facility=0.2), key={0}, choice_count=3)
    assert key.reason == "Người chọn B đông hơn và có điểm cả đề cao hơn người chọn đáp án."
    (weak,) = flags(item(choices=SOUND, discrimination_index=-14.25), key={0}, choice_count=3)
    assert weak.reason == "Độ phân biệt −14,2%: người làm tốt cả đề lại hay sai câu này."
