"""What the desk's lists are asked for in the address: words, numbers, choices; whatever cannot be meant is left out."""

import enum
import hashlib
import json
from typing import Any, TypeVar

from flask import request

from contest.core import numbers
from contest.core.errors import BadInput
from contest.core.forms import clean, clean_line

LONGEST_SEARCH = 100
LONGEST_REASON = 500
_LONGEST_NUMBER = 15  # digits: every such number fits a database's big integer

Choice = TypeVar("Choice", bound=enum.Enum)


def words(name: str = "tim") -> str:
    """The words searched for, on one line; an empty text when there are none."""
    return clean_line(request.args.get(name, ""))[:LONGEST_SEARCH].strip()


def number(name: str) -> int | None:
    """A whole number above nought; None for anything else."""
    return whole(request.args.get(name, ""))


def page() -> int:
    """The page asked for, from 1."""
    return number("page") or 1


def choice(name: str, kind: type[Choice]) -> Choice | None:
    """A member of `kind` by its value; None for anything else."""
    value = request.args.get(name, "")
    return next((member for member in kind if member.value == value), None)


def whole(text: str) -> int | None:
    """A whole number above nought that a database can hold; None for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        return None
    return int(text) or None


def count(name: str, *, blank: int = 0) -> int:
    """The whole number that was typed in the form's field of that name, `blank` for none; raises BadInput when it is unclear."""
    text = request.form.get(name, "").strip()
    try:
        return numbers.whole(text) if text else blank
    except numbers.Unclear as error:
        raise BadInput(str(error), kept="Chưa có gì thay đổi.", todo="Bạn quay lại và ghi lại số này.") from None


def stamp(*shown: Any) -> str:
    """A mark of what a form shows, which goes with it and comes back as `seen`: anything else shown is another mark."""
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def overtaken(now: str) -> bool:
    """Whether the form that was sent showed something else than what stands `now`. A press without the page's mark asks for nothing."""
    return request.form.get("seen", now) not in ("", now)


def reason(name: str = "reason") -> str:
    """The reason sent with an act in the field of that name; raises BadInput when it is missing or too long, before anything is changed."""
    text = clean(request.form.get(name, "")).strip()
    if not text:
        raise BadInput(
            "Thiếu lý do.", kept="Chưa có gì thay đổi.", todo="Bạn quay lại, ghi lý do để lưu vào nhật ký rồi bấm lại."
        )
    if len(text) > LONGEST_REASON:
        raise BadInput(
            f"Lý do dài quá {LONGEST_REASON} ký tự.", kept="Chưa có gì thay đổi.", todo="Bạn quay lại và rút gọn lý do."
        )
    return text
