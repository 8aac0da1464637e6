"""The base of every form: NFC on every text, no invisible control characters, Vietnamese messages, CSRF that lasts as long as its session."""

import unicodedata
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Field, IntegerField, StringField
from wtforms.validators import ValidationError

_KEPT_CONTROLS = "\t\n\r"
_LARGEST = 2**63 - 1


def clean(text: str) -> str:
    """NFC text with newlines as \\n and without control characters, lone surrogates or NUL, which no database and no reader can use."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """`clean`, on one line, with runs of blanks (no-break ones too) as one space."""
    return " ".join(clean(text).split())


def bounded(number: int | None) -> int | None:
    """A whole number as far as a database counts; beyond that the last one, so that checking a range never fails on hundreds of digits."""
    return None if number is None else max(-_LARGEST, min(number, _LARGEST))


class Form(FlaskForm):
    """A form of ours. Text fields arrive cleaned; `StringField`s on one line."""

    class Meta(FlaskForm.Meta):
        """Cleans the text of every text field, but for passwords, which are only normalised."""

        locales = ["vi"]

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """As Flask-WTF does, but for JSON, which no form of ours takes and which would reach the fields in any shape."""
            wrapped: Any = (
                ImmutableMultiDict() if formdata is _Auto and request.is_json else super().wrap_formdata(form, formdata)
            )
            return wrapped

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            cls = unbound_field.field_class
            if issubclass(cls, StringField) and not getattr(cls, "no_cleaning", False):
                single = cls.widget.__class__.__name__ not in ("TextArea", "PasswordInput")
                filters.append(lambda v: (clean_line(v) if single else clean(v)) if isinstance(v, str) else v)
            if issubclass(cls, IntegerField):
                filters.append(bounded)
            return unbound_field.bind(form=form, filters=filters, **options)


class MustBeTicked:
    """A box that has to be ticked, with a sentence of its own when it is not."""

    field_flags: dict[str, Any] = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: object, field: Field) -> None:
        if not field.data:
            raise ValidationError(self.message)
