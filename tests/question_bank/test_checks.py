"""Faults found before a question reaches a paper."""

import pytest

from question_bank import checks
from question_bank.schema import Choice, Question, Source


def question(*texts: str, keys: tuple[int, ...] = (0,), stem: str = "Năm nào?", source: bool = True) -> Question:
    choices = tuple(Choice(text, place in keys) for place, text in enumerate(texts))
    return Question(stem, choices, source=Source("Kế hoạch") if source else None)


def kinds(*asked: Question, multiple: bool = False) -> list[str]:
    return [finding.kind for finding in checks.check(asked, multiple=multiple)]


def test_a_sound_question_raises_nothing() -> None:
    assert kinds(question("1945", "1946", "1947")) == []


def test_keys_are_counted() -> None:
    assert kinds(question("a1", "b2", keys=())) == ["no_key"]
    assert kinds(question("a1", "b2", "c3", keys=(0, 1))) == ["several_keys"]
    assert kinds(question("a1", "b2", "c3", keys=(0, 1)), multiple=True) == []
    assert kinds(question("a1", "b2", keys=(0, 1)), multiple=True) == ["all_keys"]


def test_choices_that_differ_only_in_case_spaces_or_a_stop_are_repeated() -> None:
    (finding,) = checks.check([question("Bắc  Giang", "bắc giang.", "Bắc Ninh")])
    assert finding.message == "Các phương án A, B giống nhau."
    assert kinds(question("2 + 2", "2 - 2")) == []


def test_the_same_question_twice_is_told_once_with_the_first_ones_number() -> None:
    twice = [question("một", "hai"), question("Hai", "Một.", keys=(1,), stem="NĂM nào")]
    (finding,) = checks.check(twice)
    assert (finding.index, finding.kind, finding.others) == (1, "duplicate", (0,))
    assert finding.message == "Trùng với câu 1."


def test_the_same_question_with_another_key_is_a_contradiction() -> None:
    (finding,) = checks.check([question("một", "hai"), question("một", "hai", keys=(1,))])
    assert (finding.kind, finding.severity) == ("contradiction", "error")


@pytest.mark.parametrize(
    "text",
    [
        "Cả A và B",
        "Cả A, B và C",
        "A và B đúng",
        "A, B đều đúng",
        "Phương án A và C",
        "Chỉ A và C đúng",
        "Câu a và b",
        "Cả 3 ý trên",
        "Tất cả các phương án trên",
        "Tất cả đều đúng",
        "Cả ba đáp án trên đều sai",
        "Không có đáp án nào đúng",
        "Các phương án trên đều sai",
        "All of the above",
    ],
)
def test_a_choice_that_speaks_of_the_others_pins_the_order(text: str) -> None:
    asked = question("một", "hai", text)
    assert kinds(asked) == ["unpinned"]
    assert checks.pin(asked).pinned
    assert kinds(checks.pin(asked)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Cả nước và Đảng",
        "Vitamin A và C trong sữa",
        "Tất cả các nước Đông Nam Á",
        "Cả hai nước đều là trụ cột",
        "Ý Đảng và lòng dân",
        "Cấp huyện, cấp xã",
    ],
)
def test_ordinary_words_do_not_pin(text: str) -> None:
    assert not checks.forbids_shuffling(question("một", text))


def test_missing_source_letters_and_length_are_warnings() -> None:
    found = checks.check([question("A. một", "B. " + "h" * 250, stem="x" * 501, source=False)])
    assert [finding.kind for finding in found] == ["lettered_choice", "no_source", "long_stem", "long_choice"]
    assert {finding.severity for finding in found} == {"warning"}
