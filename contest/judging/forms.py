"""The shape of what a judge sends."""

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from contest.core.errors import BadInput
from contest.core.forms import Form, clean


class ConflictForm(Form):
    """Why a judge steps back from an entry."""

    reason = TextAreaField(
        "Lý do",
        validators=[DataRequired("Bạn ghi lý do xung đột."), Length(max=500, message="Lý do dài quá 500 ký tự.")],
    )


class ScorecardForm(Form):
    """Carries the token of the scorecard's form; the marks are read by `marks_of`, for their names follow the rubric."""

    sequence = HiddenField()


def marks_of(form: MultiDict[str, str]) -> dict[str, str]:
    """The marks of a posted form, by criterion id, blanks included."""
    return {name.removeprefix("mark-"): value.strip() for name, value in form.items() if name.startswith("mark-")}


def packet() -> tuple[Mapping[str, Any], str, int]:
    """Marks, comment and sequence of a JSON save; raises BadInput for anything else."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadInput()
    marks, comment = body.get("marks"), body.get("comment", "")
    if not isinstance(marks, dict) or not isinstance(comment, str):
        raise BadInput()
    return marks, clean(comment), whole(body.get("sequence"))


def whole(value: object) -> int:
    """A sequence number; raises BadInput for anything but a whole number that a database can hold."""
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise BadInput()
    return int(text)
