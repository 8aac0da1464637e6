"""JSONL in the shape of the neutral collections and in the bank's own."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats import jsonl
from question_bank.schema import Choice, Difficulty, Question, Source, clean
from tests.question_bank.strategies import questions

GOOD = {"question": "Năm nào?", "options": ["1945", "1946"], "answer_index": 0}


@given(st.lists(questions(), max_size=4))
def test_what_is_written_reads_back_equal(written: list[Question]) -> None:
    assert jsonl.read(jsonl.write(written)).questions == tuple(written)


def test_a_combining_mark_after_a_line_end_survives_writing() -> None:
    written = Question("Dấu nào?\n\u0303", (Choice("a", True), Choice("b", False)))
    assert jsonl.read(jsonl.write([written]).encode()).questions == (written,)


def test_all_fields_are_read() -> None:
    row = GOOD | {
        "id": "C1",
        "chapter": "Chương I",
        "difficulty": "Khó",
        "source": {"document": "Kế hoạch", "locator": "Mục 2"},
        "tags": ["a"],
        "flags": ["nbsp"],
        "pinned": True,
        "explanation": "Vì thế.",
        "answer_index": [1],
        "feedbacks": ["", "đúng"],
    }
    (question,) = jsonl.read(json.dumps(row)).questions
    assert question.difficulty is Difficulty.HARD
    assert question.source == Source("Kế hoạch", "Mục 2")
    assert (question.tags, question.pinned, question.feedback, question.key) == (("a", "nbsp"), True, "Vì thế.", {1})
    assert question.choices[1].feedback == "đúng"


def test_an_array_is_read_like_lines() -> None:
    parsed = jsonl.read("[\n" + json.dumps(GOOD) + ",\n" + json.dumps({"options": []}) + "\n]")
    assert len(parsed.questions) == 1
    assert parsed.problems[0].line == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "không phải JSON"),
        ("[" * 100_000, "không phải JSON"),
        ("7", "đối tượng JSON"),
        (json.dumps(GOOD | {"answer_index": 2}), "số từ 0 đến 1"),
        (json.dumps(GOOD | {"answer_index": True}), "số từ 0 đến 1"),
        (json.dumps(GOOD | {"answer_index": None}), "chưa có đáp án"),
        (json.dumps(GOOD | {"answer_index": "A"}), "số từ 0 đến 1"),
        (json.dumps(GOOD | {"options": "ab"}), "“options”"),
        (json.dumps(GOOD | {"question": 5}), "“question”"),
        (json.dumps(GOOD | {"difficulty": "lắm"}), "“difficulty”"),
        (json.dumps(GOOD | {"tags": "x"}), "“tags”"),
        (json.dumps(GOOD | {"feedbacks": [1]}), "“feedbacks”"),
        (json.dumps(GOOD | {"question": " "}), "chưa có nội dung"),
    ],
    ids=range(13),
)
def test_one_bad_line_never_spoils_the_file(row: str, words: str) -> None:
    good = json.dumps(GOOD)
    parsed = jsonl.read(f"{good}\n\n{row}\n{good}\n")
    assert len(parsed.questions) == 2
    assert {problem.line for problem in parsed.problems} == {3}
    assert words in parsed.problems[0].message


@pytest.mark.parametrize("name", ["mcq_vi_history_vnhsge.jsonl", "mcq_vi_party_history_mit.jsonl"])
def test_shared_collections_are_read_whole(shared_data: Path, name: str) -> None:
    data = (shared_data / "mcq" / name).read_bytes()
    rows = [json.loads(line) for line in data.decode().split("\n") if line]
    parsed = jsonl.read(data)
    assert not parsed.problems
    assert [question.stem for question in parsed.questions] == [clean(row["question"]) for row in rows]
    assert [question.key for question in parsed.questions] == [{row["answer_index"]} for row in rows]
    assert parsed.questions[0].source == Source(rows[0]["source"], rows[0]["ref"])
