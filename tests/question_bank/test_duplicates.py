"""Questions that repeat an earlier one, or nearly: what is told, and that a date apart is never called a duplicate."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from question_bank import duplicates, formats, nearness, wording
from question_bank.findings import Finding
from question_bank.schema import Choice, Question

STEM = "Đại hội Đảng bộ tỉnh Bắc Giang lần thứ mười họp vào năm 1976 ở đâu?"


def question(stem: str = STEM, *texts: str, key: int = 0) -> Question:
    texts = texts or ("Thị xã Bắc Giang", "Huyện Lạng Giang", "Huyện Yên Dũng")
    return Question(stem, tuple(Choice(text, place == key) for place, text in enumerate(texts)))


def told(*questions: Question) -> list[Finding]:
    return duplicates.find(questions)


def test_the_same_words_are_a_duplicate_whatever_the_order_of_choices() -> None:
    twin = question(STEM.upper(), "Huyện Yên Dũng.", "thị xã Bắc Giang", "Huyện Lạng Giang", key=1)
    (found,) = told(question(), twin)
    assert (found.kind, found.severity, found.index, found.others) == ("duplicate", "warning", 1, (0,))


def test_one_date_apart_is_near_and_says_which_dates() -> None:
    (found,) = told(question(), question(STEM.replace("1976", "1975")))
    assert (found.kind, found.severity) == ("near_duplicate", "warning")
    assert found.message == "Gần giống câu 1, khác nhau ở “1976” và “1975”."


def test_one_name_apart_is_near_and_says_which_names() -> None:
    (found,) = told(question(), question(STEM.replace("Bắc Giang", "Hà Bắc")))
    assert found.message == "Gần giống câu 1, khác nhau ở “Bắc Giang” và “Hà Bắc”."


def test_a_word_left_out_says_where_it_stands() -> None:
    (found,) = told(question(), question(STEM.replace("tỉnh ", "")))
    assert found.message == "Gần giống câu 1, khác nhau ở “tỉnh” (chỉ có ở câu kia)."


def test_accents_and_the_two_spellings_of_one_letter_are_near_not_the_same() -> None:
    bare = question("Dai hoi Dang bo tinh Bac Giang lan thu muoi hop vao nam 1976 o dau?")
    (found,) = told(question(), bare)
    assert found.kind == "near_duplicate"
    (found,) = told(question("Nước Mĩ tuyên bố độc lập năm nào?"), question("Nước Mỹ tuyên bố độc lập năm nào?"))
    assert found.message == "Gần giống câu 1, khác cách viết “Mĩ” và “Mỹ”."


def test_the_same_question_with_another_key_is_an_error() -> None:
    (found,) = told(question(), question(key=1))
    assert (found.kind, found.severity) == ("contradiction", "error")


def test_the_same_stem_with_another_answer_names_both_answers() -> None:
    (found,) = told(question(), question(STEM, "Huyện Hiệp Hòa", "Thị xã Bắc Giang", "Huyện Tân Yên"))
    assert (found.kind, found.severity) == ("same_stem", "warning")
    assert found.message == "Cùng câu dẫn với câu 1 nhưng đáp án khác: “Thị xã Bắc Giang” và “Huyện Hiệp Hòa”."


def test_the_same_stem_and_answer_with_another_choice_names_the_choices() -> None:
    (found,) = told(question(), question(STEM, "Thị xã Bắc Giang", "Huyện Lạng Giang", "Huyện Lục Ngạn"))
    assert found.kind == "near_duplicate"
    assert found.message == "Cùng câu dẫn và đáp án với câu 1, khác phương án: “Huyện Yên Dũng” và “Huyện Lục Ngạn”."


@pytest.mark.parametrize(
    ("one", "other"),
    [("2 + 2 bằng mấy?", "2 - 2 bằng mấy?"), ("Nếu a > b thì?", "Nếu a < b thì?"), ("Ở −5 độ?", "Ở 5 độ?")],
)
def test_stems_that_a_sign_of_reckoning_sets_apart_do_not_contradict_each_other(one: str, other: str) -> None:
    (found,) = told(question(one, "4", "0"), question(other, "4", "0", key=1))
    assert (found.kind, found.severity) == ("same_stem", "warning")
    (found,) = told(question(one, "4", "0"), question(other, "4", "0"))
    assert found.message == "Gần giống câu 1, chỉ khác dấu, chữ hoa hoặc vài chữ của phương án."


def test_dashes_between_numbers_and_bullets_set_nothing_apart() -> None:
    (found,) = told(question("- Giai đoạn 1945–1975 ở đâu?"), question("Giai đoạn 1945 - 1975 ở đâu"))
    assert found.kind == "duplicate"


def test_short_stems_that_every_bank_repeats_are_not_told() -> None:
    assert told(question("Chọn đáp án sai:", "một", "hai"), question("Chọn đáp án sai:", "ba", "bốn")) == []
    assert told(question("Chọn đáp án sai:", "một", "hai"), question("Chọn đáp án đúng:", "một", "hai")) == []


def test_questions_with_other_words_are_not_told() -> None:
    assert told(question(), question("Ai là Bí thư Tỉnh ủy đầu tiên của tỉnh Bắc Giang trong năm 1945?")) == []


def test_the_nearest_of_several_is_named_and_each_question_once() -> None:
    found = told(question(), question(STEM.replace("mười", "chín")), question(STEM.replace("1976", "1979")))
    assert [(item.index, item.others) for item in found] == [(1, (0,)), (2, (0,))]


def test_the_bank_is_looked_into_and_named_by_its_codes() -> None:
    bank = [question(), question("Sông Thương chảy qua mấy huyện của tỉnh?")]
    found = duplicates.find([question(), question(STEM.replace("1976", "1975"))], bank=bank, bank_names=["A1", "A2"])
    assert [item.message for item in found] == [
        "Trùng với câu A1.",
        "Gần giống câu A1, khác nhau ở “1976” và “1975”.",
    ]
    assert [item.others for item in found] == [(), ()]


def test_an_empty_list_and_stems_of_marks_alone_are_borne() -> None:
    assert told() == []
    assert [found.kind for found in told(question("???", "a", "b"), question("!!!", "c", "d"))] == []


def nearest_of_all(questions: Sequence[Question]) -> dict[int, int]:
    """For each question the nearest earlier one, each compared with each: what is found fast must be this."""
    stems = [re.findall(r"\w+", wording.bare(question.stem)) for question in questions]
    choices = [
        {" ".join(re.findall(r"\w+", wording.bare(c.text))) or c.text for c in question.choices}
        for question in questions
    ]
    found = {}
    for place, stem in enumerate(stems):
        ranked = []
        for other in range(place):
            longer = max(len(stem), len(stems[other]))
            most = max(1, longer // duplicates.WORDS_PER_CHANGE) if longer >= duplicates.SHORT_STEM else 0
            distance = Levenshtein.distance(stem, stems[other], score_cutoff=most)
            shared = len(choices[place] & choices[other])
            if stem and distance <= most and (shared or longer >= duplicates.SHORT_STEM):
                ranked.append((distance, -shared, other))
        if ranked:
            found[place] = min(ranked)[2]
    return found


def found_near(questions: Sequence[Question]) -> dict[int, int]:
    return {f.index: f.others[0] for f in duplicates.find(questions) if f.kind in ("near_duplicate", "same_stem")}


WORDS = st.lists(st.sampled_from(["một", "hai", "ba", "bốn", "năm", "sáu"]), max_size=26).map(" ".join)
STEMS = st.lists(st.tuples(WORDS, st.sampled_from(["một", "hai", "ba"])), min_size=2, max_size=14)


@settings(max_examples=300)
@given(STEMS)
def test_nothing_near_is_missed(drawn: list[tuple[str, str]]) -> None:
    asked = [question(stem or "?", f"{choice} {place}", choice) for place, (stem, choice) in enumerate(drawn)]
    assert found_near(asked) == nearest_of_all(asked)


@settings(max_examples=300)
@given(STEMS, st.integers(0, 14))
def test_nothing_near_in_a_bank_is_missed(drawn: list[tuple[str, str]], first: int) -> None:
    asked = [question(stem or "?", f"{choice} {place}", choice) for place, (stem, choice) in enumerate(drawn)]
    names = [str(place) for place in range(len(asked))]
    whole = [found for found in duplicates.find(asked, names=names) if found.index >= first]
    parted = duplicates.find(asked[first:], names=names[first:], bank=asked[:first], bank_names=names[:first])
    assert [(found.index + first, found.kind, found.message) for found in parted] == [
        (found.index, found.kind, found.message) for found in whole
    ]


@settings(max_examples=300)
@given(st.lists(st.sampled_from("abcdef"), min_size=5, max_size=40), st.data())
def test_a_stem_with_as_many_changes_as_are_near_is_found(words: list[str], data: st.DataObject) -> None:
    changed = list(words)
    for _ in range(max(1, len(words) // duplicates.WORDS_PER_CHANGE)):
        place = data.draw(st.integers(0, len(changed) - 1))
        new = data.draw(st.sampled_from(["x", "a", ""]))
        changed[place : place + 1 - data.draw(st.integers(0, 1))] = [new] if new else []
    asked = [question(" ".join(words)), question(" ".join(changed), "Kế", "Chũ")]
    assert found_near(asked) == nearest_of_all(asked)


@pytest.fixture
def collection(shared_data: Path) -> list[Question]:
    names = ("mcq_vi_history_vnhsge.jsonl", "mcq_vi_party_history_mit.jsonl")
    folder = shared_data / "mcq"
    if not folder.is_dir():
        pytest.skip("the collection of questions (../shared/data/mcq) is not on this machine")
    return [question for name in names for question in formats.read(name, (folder / name).read_bytes()).questions]


def test_known_pairs_of_a_real_bank_are_found(collection: list[Question]) -> None:
    """Places in the joined files; each pair was read by a person."""
    found = {finding.index + 1: finding for finding in duplicates.find(collection)}
    assert len(collection) == 2161
    known = {
        672: ("near_duplicate", "“ra” và “ký”"),
        1049: ("near_duplicate", "“ở Việt Nam” (chỉ có ở câu kia)"),
        1793: ("near_duplicate", "“1919 - 1929” (chỉ có ở câu kia)"),
        1930: ("near_duplicate", "“Tám” và “8”"),
        708: ("same_stem", "“nhiệm vụ trước mắt.” và “hình thức đấu tranh.”"),
        1444: ("same_stem", "“Việt Nam Giải phóng quân.” và “Mặt trận Việt Minh.”"),
    }
    for place, (kind, words) in known.items():
        assert (found[place].kind, words in found[place].message) == (kind, True), found[place].message


def test_the_nearest_of_a_real_bank_is_what_comparing_each_with_each_finds(collection: list[Question]) -> None:
    sample = [question for question in collection if len(question.stem.split()) < 16][::2]
    changed = [
        replace(question, stem=" ".join((*words[:3], "nào", *words[4:])))
        for question in sample[::9]
        if len(words := question.stem.split()) > 4
    ]
    asked = [*sample, *changed]
    exact = {found.index for found in duplicates.find(asked) if found.kind in ("duplicate", "contradiction")}
    expected = {place: other for place, other in nearest_of_all(asked).items() if place not in exact}
    assert found_near(asked) == expected
    assert len(expected) > 20


def test_one_year_changed_in_any_question_of_a_real_bank_is_near_and_never_a_duplicate(
    collection: list[Question],
) -> None:
    dated = [q for q in collection if q.stem.count("1945") == 1 and len(q.stem.split()) >= 8]
    assert len(dated) > 100
    for asked in dated:
        (found,) = duplicates.find([replace(asked, stem=asked.stem.replace("1945", "1947"))], bank=[asked])
        assert found.kind == "near_duplicate"
        assert "1945" in found.message
        assert "1947" in found.message


def test_pairs_are_what_is_found_without_the_sentences(collection: list[Question]) -> None:
    found = [(finding.index, finding.others[0], finding.kind) for finding in duplicates.find(collection)]
    assert [(pair.index, pair.other, pair.kind) for pair in duplicates.pairs(collection)] == found


def test_progress_is_told_while_a_list_is_compared() -> None:
    told: list[int] = []
    duplicates.pairs([question(f"Câu {place}") for place in range(600)], told.append)
    assert told == sorted(told)
    assert told[0] < told[-1] < 600


def test_crowd_of_stems_that_differ_in_one_number_is_told_without_comparing_each_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearness, "CROWD", 20)
    seen = list[int]()
    extract: Callable[..., object] = process.extract

    def counted(text: str, candidates: list[str], **more: object) -> object:
        seen.append(len(candidates))
        return extract(text, candidates, **more)

    monkeypatch.setattr(process, "extract", counted)
    found = duplicates.pairs([question(f"Thủ phủ thứ {place} đặt ở đâu?") for place in range(300)])
    assert [pair.index for pair in found] == list(range(1, 300))
    assert max(seen) <= 40
