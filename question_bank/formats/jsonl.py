"""Questions as JSON, one object a line (or one array); the demo bank and neutral collections come this way.

Fields read: `question`, `options` (list of texts), `answer_index` (from 0; a list where several are correct), and as
far as present `id`, `explanation`, `chapter`, `difficulty` ("easy", "medium", "hard" or 1 to 3), `source` (a text, with
`ref` as the place in it, or an object of `document` and `locator`), `tags`, `flags` (kept as tags), `pinned`,
`feedbacks` (one for each option). Other fields are left alone.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from question_bank import shortening
from question_bank.formats.decoding import decode, normalize
from question_bank.schema import (
    MAX_ITEMS,
    TOO_MANY,
    Choice,
    Difficulty,
    Parsed,
    Problem,
    Question,
    QuestionError,
    Source,
)

_OPENS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_DIFFICULTIES: dict[object, Difficulty] = {
    **{difficulty.name.lower(): difficulty for difficulty in Difficulty},
    **{difficulty.label.lower(): difficulty for difficulty in Difficulty},
    **{difficulty.value: difficulty for difficulty in Difficulty},
}


def recognises(_data: bytes, head: str) -> bool:
    """Whether the beginning of a file is that of JSON objects or of a list of them."""
    return bool(_OPENS.match(head))


def read(data: str | bytes) -> Parsed:
    """The questions of a JSONL text; a line that cannot be used is a Problem and the next one is read."""
    text, problems = decode(data, compose=False) if isinstance(data, bytes) else (normalize(data, compose=False), ())
    if text.strip() and text.lstrip()[0] not in "{[":
        message = "Tệp không đúng dạng JSONL: mỗi dòng phải là một câu hỏi trong dấu { }."
        return Parsed(problems=(*problems, Problem(1, message)))
    questions: list[Question] = []
    found: list[Problem] = list(problems)
    long_chapters: set[str] = set()
    rows = _array(text) if text.lstrip().startswith("[") else _lines(text)
    for count, (line, row) in enumerate(rows):
        if count == MAX_ITEMS:
            found.append(Problem(line, TOO_MANY))
            break
        if isinstance(row, Problem):
            found.append(row)
            continue
        try:
            question = _question(row)
        except QuestionError as error:
            found.extend(Problem(line, message) for message in error.messages)
        else:
            questions.append(question)
            found.extend(
                Problem(line, message, kept=True) for message in shortening.told(question, long_chapters).values()
            )
    return Parsed(tuple(questions), tuple(found))


def write(questions: Iterable[Question]) -> str:
    """The questions as JSONL in UTF-8 letters; reading it gives equal questions."""
    return "".join(json.dumps(_row(question), ensure_ascii=False) + "\n" for question in questions)


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            yield number, Problem(number, "Dòng này không phải JSON đúng quy cách nên bị bỏ qua.")


def _array(text: str) -> Iterator[tuple[int, Any]]:
    decoder = json.JSONDecoder()
    position, line = text.index("[") + 1, 1 + text.count("\n", 0, text.index("["))
    while True:
        start = position
        while position < len(text) and text[position] in " \t\n,":
            position += 1
        line += text.count("\n", start, position)
        if position == len(text):
            yield line, Problem(line, "Danh sách câu hỏi thiếu dấu ] ở cuối tệp.", kept=True)
            return
        if text[position] == "]":
            return
        try:
            row, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            yield line, Problem(line, "Từ dòng này trở đi tệp không phải JSON đúng quy cách nên không đọc được.")
            return
        yield line, row
        line += text.count("\n", position, end)
        position = end


def _question(row: object) -> Question:
    if not isinstance(row, dict):
        raise QuestionError(["Mỗi câu hỏi phải là một đối tượng JSON trong dấu { }."])
    faults: list[str] = []
    options = row.get("options")
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        raise QuestionError(["Trường “options” phải là danh sách các phương án."])
    keys = _keys(row.get("answer_index"), len(options), faults)
    feedbacks = row.get("feedbacks") or []
    if not isinstance(feedbacks, list) or not all(isinstance(item, str) for item in feedbacks):
        faults.append("Trường “feedbacks” phải là danh sách lời giải thích.")
        feedbacks = []
    feedbacks += [""] * (len(options) - len(feedbacks))
    difficulty = _difficulty(row.get("difficulty"), faults)
    fields: dict[str, Any] = {
        "stem": _text(row, "question", faults),
        "choices": tuple(
            Choice(option, index in keys, feedback)
            for index, (option, feedback) in enumerate(zip(options, feedbacks, strict=False))
        ),
        "chapter": _text(row, "chapter", faults),
        "difficulty": difficulty,
        "source": _source(row, faults),
        "tags": _strings(row, "tags", faults) + _strings(row, "flags", faults),
        "pinned": row.get("pinned") is True,
        "code": str(row["id"]) if isinstance(row.get("id"), int) else _text(row, "id", faults),
        "feedback": _text(row, "explanation", faults),
    }
    if faults:
        raise QuestionError(faults)
    return Question(**fields)


def _keys(value: object, count: int, faults: list[str]) -> set[int]:
    listed = value if isinstance(value, list) else [value]
    if value is None or value == []:
        faults.append("Câu hỏi chưa có đáp án: thiếu trường “answer_index”.")
        return set()
    keys = {item for item in listed if isinstance(item, int) and not isinstance(item, bool) and 0 <= item < count}
    if len(keys) != len(listed):
        faults.append(f"Trường “answer_index” phải là số từ 0 đến {count - 1}, đếm phương án từ 0.")
    return keys


def _difficulty(value: object, faults: list[str]) -> Difficulty:
    if value is None or value == "":
        return Difficulty.MEDIUM
    name = value.strip().lower() if isinstance(value, str) else value
    found = _DIFFICULTIES.get(name) if isinstance(name, str | int) and not isinstance(name, bool) else None
    if found is None:
        faults.append("Trường “difficulty” phải là easy, medium hoặc hard.")
        return Difficulty.MEDIUM
    return found


def _source(row: dict[str, Any], faults: list[str]) -> Source | None:
    value = row.get("source")
    if isinstance(value, dict):
        return Source(_text(value, "document", faults), _text(value, "locator", faults))
    return Source(_text(row, "source", faults), _text(row, "ref", faults))


def _text(row: dict[str, Any], field: str, faults: list[str]) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        faults.append(f"Trường “{field}” phải là một đoạn văn bản.")
        return ""
    return value


def _strings(row: dict[str, Any], field: str, faults: list[str]) -> tuple[str, ...]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        faults.append(f"Trường “{field}” phải là danh sách các đoạn văn bản.")
        return ()
    return tuple(value)


def _row(question: Question) -> dict[str, Any]:
    keys = sorted(question.key)
    row: dict[str, Any] = {
        "id": question.code,
        "chapter": question.chapter,
        "difficulty": question.difficulty.name.lower(),
        "question": question.stem,
        "options": [choice.text for choice in question.choices],
        "answer_index": keys[0] if len(keys) == 1 else keys,
        "explanation": question.feedback,
        "feedbacks": [choice.feedback for choice in question.choices],
        "source": question.source and {"document": question.source.document, "locator": question.source.locator},
        "tags": list(question.tags),
        "pinned": question.pinned,
    }
    if not any(row["feedbacks"]):
        del row["feedbacks"]
    if not question.pinned:
        del row["pinned"]
    return {field: value for field, value in row.items() if value not in ("", None, [])}
