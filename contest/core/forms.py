"""The base of every form: NFC on every text, no invisible control characters, Vietnamese messages, CSRF that lasts as long as its session."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Field, FieldList, FormField, IntegerField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from contest.core.form_words import VIETNAMESE, Vietnamese

if TYPE_CHECKING:
    from flask import Flask

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

        def get_translations(self, form: Any) -> Vietnamese:
            return VIETNAMESE

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


class Row(PlainForm):
    """Base of a row of a table inside a form: its texts arrive cleaned, on one line but for those of a text area."""

    class Meta:
        """Cleans every text; the token is the form's, not the row's."""

        def get_translations(self, form: Any) -> Vietnamese:
            return VIETNAMESE

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, TextAreaField):
                options["filters"] = [lambda v: clean(v).strip() if isinstance(v, str) else v]
            elif issubclass(kind, StringField):
                options["filters"] = [lambda v: clean_line(v) if isinstance(v, str) else v]
            elif issubclass(kind, IntegerField):
                options["filters"] = [bounded]
            return unbound_field.bind(form=form, **options)


@dataclass(frozen=True)
class Fault:
    """One sentence about one field: `id` is its control's, empty for what concerns the form as a whole."""

    id: str
    words: str


def faults(form: PlainForm) -> list[Fault]:
    """All that is wrong with a form that was turned down, in the order of its fields, those of its tables' rows among them."""
    return [
        *(fault for field in form for fault in _faults_of(field)),
        *(Fault("", str(words)) for words in form.form_errors),
    ]


def own_errors(field: Field) -> list[str]:
    """What is wrong with a field itself: a table's errors also hold a dict for each of its rows, which no reader is shown."""
    return [str(error) for error in field.errors if not isinstance(error, dict | list | tuple)]


def _faults_of(field: Field) -> Iterator[Fault]:
    if isinstance(field, FormField):
        yield from faults(field.form)
        return
    first = (
        f"{field.id}-0"
        if field.widget.__class__.__name__ == "ListWidget" and not isinstance(field, FieldList)
        else field.id
    )
    if own := own_errors(field):
        yield Fault(first, " ".join(own))
    if isinstance(field, FieldList):
        for row in field:
            yield from _faults_of(row)


def init_app(app: "Flask") -> None:
    """Let the templates ask what is wrong with a form."""
    app.jinja_env.globals |= {"faults": faults, "own_errors": own_errors}


class MustBeTicked:
    """A box that has to be ticked, with a sentence of its own when it is not."""

    field_flags: dict[str, Any] = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: object, field: Field) -> None:
        if not field.data:
            raise ValidationError(self.message)
