"""The shape of what a sitting sends: a packet of changed answers, as JSON from the page's script or as a plain form."""

from typing import Any

from werkzeug.datastructures import MultiDict

from contest.contests.checks import MOST_DECIMALS
from contest.core import numbers
from contest.core.errors import BadInput
from contest.core.forms import Form
from contest.quiz.rules import MOST_PREDICTED, MOST_QUESTIONS, NO_GUESS, Packet, is_answer_code, is_marks_code
from question_bank import answers as codes

MOST_BYTES = 8192
_KEPT = "Những câu đã lưu trước đó vẫn còn nguyên."


class PressForm(Form):
    """Carries nothing but its token: a button."""


def packet_of_json(data: Any) -> Packet:
    """Read {"sequence": 7, "changes": {"0": "4"}, "marked": "0100", "prediction": 1250}; raises BadInput for anything else.

    `answers`, the whole code, may stand beside or instead of `changes`; all but the sequence may be left out.
    """
    if not isinstance(data, dict):
        raise _unreadable()
    sequence, answers, marked = data.get("sequence"), data.get("answers"), data.get("marked")
    if type(sequence) is not int or not 0 < sequence < 2**30:
        raise _unreadable()
    if answers is not None and not (isinstance(answers, str) and is_answer_code(answers)):
        raise _unreadable()
    if marked is not None and not (isinstance(marked, str) and is_marks_code(marked)):
        raise _unreadable()
    return Packet(
        sequence=sequence,
        answers=answers,
        marked=marked,
        prediction=_prediction(data.get("prediction")),
        changes=_changes(data.get("changes", {})),
    )


def _changes(data: Any) -> dict[int, str]:
    if not isinstance(data, dict) or len(data) > MOST_QUESTIONS:
        raise _unreadable()
    found: dict[int, str] = {}
    for position, char in data.items():
        if not (position.isascii() and position.isdigit() and len(position) <= 2 and int(position) < MOST_QUESTIONS):
            raise _unreadable()
        if not isinstance(char, str) or len(char) != 1 or not is_answer_code(char):
            raise _unreadable()
        found[int(position)] = char
    return found


def packet_of_form(form: MultiDict[str, str]) -> Packet:
    """Read the whole-page form: answers in q0, q1 … (several ticks make one answer), marks in m0, m1 …; raises BadInput.

    `shown` and `shown_marks` are what the page showed: what stands as it was shown is no change, for another page may have changed it since.
    """
    changes: dict[int, str] = {}
    shown = form.get("shown", "")
    for position in range(MOST_QUESTIONS):
        values = form.getlist(f"q{position}")
        if not values:
            continue
        if any(len(value) != 1 or not is_answer_code(value) for value in values):
            raise _unreadable()
        mask = 0
        for value in values:
            mask |= codes.mask_of(value)
        if codes.of_mask(mask) != shown[position : position + 1]:
            changes[position] = codes.of_mask(mask)
    count = form.get("questions", type=int) or 0
    marked = "".join("1" if f"m{n}" in form else "0" for n in range(min(max(count, 0), MOST_QUESTIONS)))
    before = form["shown_marks"].ljust(len(marked), "0") if "shown_marks" in form else None
    decimals = min(max(form.get("decimals", 0, type=int), 0), MOST_DECIMALS)
    guess = _guess(form, decimals)
    if before is None:
        return Packet(changes=changes, marked=marked or None, prediction=guess)
    toggled = {n: char for n, char in enumerate(marked) if char != before[n]}
    return Packet(changes=changes, toggled=toggled, prediction=guess)


def _guess(form: MultiDict[str, str], decimals: int) -> int | None:
    """What the form guesses; None where it stands as `shown_prediction` showed it, NO_GUESS where it was emptied."""
    typed, shown = form.get("prediction", "").strip(), form.get("shown_prediction", "").strip()
    if typed == shown:
        return None
    return prediction_of(typed, decimals=decimals) if typed else NO_GUESS


def prediction_of(text: str, *, decimals: int = 0) -> int | None:
    """The number that a person typed, times 10 ** `decimals`; None for nothing; raises BadInput.

    It is read as `numbers.number` reads, and may have a % after it where it has decimals.
    """
    bare = text.strip().removesuffix("%" if decimals else "").rstrip()
    if not bare:
        return None
    try:
        typed = numbers.number(bare, places=decimals)
    except numbers.Unclear as error:
        raise BadInput(
            f"Số dự đoán phải là một số có nhiều nhất {decimals} chữ số sau dấu phẩy."
            if decimals
            else f"Số dự đoán phải là số nguyên từ 0 đến 1.000.000.000. {error}",
            kept=_KEPT,
            todo=f"Bạn gõ như ví dụ: {'12,5' if decimals else '1250'}.",
        ) from None
    return _prediction(int(typed.scaleb(decimals)))


def _prediction(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= MOST_PREDICTED:
        raise BadInput(
            "Số dự đoán phải là số nguyên từ 0 đến 1.000.000.000.",
            kept=_KEPT,
            todo="Bạn chỉ gõ chữ số, ví dụ 1250.",
        )
    return value


def _unreadable() -> BadInput:
    return BadInput("Máy chủ không đọc được bài vừa gửi.", kept=_KEPT, todo="Bạn tải lại trang rồi làm tiếp.")
