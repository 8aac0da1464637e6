"""Faults found before a question reaches a paper."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from question_bank import checks
from question_bank.fixed_order import speaks_of_others
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
        "A, B, C",
        "Cả A, B. C",
        "Cả A, B, C (lưu ý: xem lại bảng đáp án)",
        "Cả A lẫn B",
        "Câu A đúng, câu B sai",
        "Các câu A, B, C đều đúng",
        "Chỉ có A đúng",
        "Trừ phương án C",
        "Không phải A, B, C",
        "Không thuộc các phương án trên",
        "Không có ý nào",
        "Cả ba",
        "Hai câu trên đều đúng",
        "Ba đáp án trên đều sai",
        "Mọi phương án trên",
        "Tất cả các hành vi nêu trên",
        "Cả ba nhiệm vụ trên",
        "Đáp án khác",
        "Both A and B",
        "Hai phương án A và C",
        "Cả ABC",
        "ABC đều đúng",
        "Tất cả các phương án",
        "Tất cả các phương án A, B, C",
        "TẤT CẢ ĐÁP ÁN",
        "a, b đúng; c sai",
        "Kết hợp A và B",
        "Tất cả đều không đúng",
        "Không có trong các đáp án trên",
        "Có hai đáp án đúng",
        "Neither A nor B",
        "Only A",
        "A and B are correct",
        "All are correct",
        "All the above",
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
        "Tất cả các tổ chức quân sự trên thế giới",
        "Cả hai miền trên đất nước",
        "Mọi nội dung trên mặt báo",
        "Không có ý nghĩa",
        "Một nước khác",
        "2, 1, 3, 4",
        "C. Mác",
        "Giá cả và giá trị",
        "Tất cả phương án quy hoạch của tỉnh",
        "Hai tỉnh A và B",
        "ABC",
        "Cả ba mẹ con",
        "Only Vietnam",
        "Tất cả các cơ quan đều đúng quy trình",
    ],
)
def test_ordinary_words_do_not_pin(text: str) -> None:
    assert not checks.forbids_shuffling(question("một", text))


def test_missing_source_letters_and_length_are_warnings() -> None:
    found = checks.check([question("A. một", "B. " + "h" * 250, stem="x" * 501, source=False)])
    assert [finding.kind for finding in found] == ["lettered_choice", "no_source", "long_stem", "long_choice"]
    assert {finding.severity for finding in found} == {"warning"}


def test_no_choice_of_a_real_bank_pins_by_mistake_and_every_one_that_should_does(shared_data: Path) -> None:
    """The history bank holds none, each "Cả A, B, C" of the pasted bank is one."""
    plain = shared_data / "mcq" / "mcq_vi_history_vnhsge.jsonl"
    pasted = shared_data / "qbank" / "vi_word_paste" / "ktct.txt"
    if not plain.is_file() or not pasted.is_file():
        pytest.skip("the collections of questions are not on this machine")
    texts = [text for line in plain.read_text("utf-8").splitlines() for text in json.loads(line)["options"]]
    assert len(texts) > 7000
    assert [text for text in texts if speaks_of_others(text)] == []
    lines = unicodedata.normalize("NFC", pasted.read_text("utf-8", "replace")).splitlines()
    choices = [match[1] for line in lines if (match := re.match(r"^[•\s]*[A-D][.)] *(.*)", line.strip()))]
    both = [text for text in choices if re.match(r"(?i)(cả|tất cả) [a-d],? |cả [a-d] và ", text)]
    assert len(both) > 250
    assert [text for text in both if not speaks_of_others(text)] == []
    assert [text for text in choices if speaks_of_others(text) and text not in both] == []
