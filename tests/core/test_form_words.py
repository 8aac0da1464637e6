"""Every sentence of the form library is Vietnamese, in forms and in the rows of their tables, and a page shows sentences only."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import flask_wtf
import pytest
import wtforms
from flask import Flask, render_template_string
from wtforms import FieldList, FormField, IntegerField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional, ValidationError

import contest
from contest.core.form_words import COUNTED, VIETNAMESE, WORDS
from contest.core.forms import Form, Row, faults, own_errors
from tests import pages

HOLES = re.compile(r"%\(\w+\)[ds]|%s|\{\w+\}")
OUTSIDE = {"recaptcha"}  # A service of somebody else's that no form of ours uses.


def library_sentences() -> dict[str, str]:
    """Every literal that the library hands to its translations, with the name of the method."""
    found = {}
    for package in (wtforms, flask_wtf):
        for path in sorted(Path(package.__file__).parent.rglob("*.py")):
            if OUTSIDE & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if words and node.func.attr in ("gettext", "ngettext"):
                    found[words[-1]] = node.func.attr
    return found


def test_every_sentence_of_the_library_has_vietnamese_words_with_the_same_holes() -> None:
    sentences = library_sentences()
    assert len(sentences) > 30
    plain = {words for words, method in sentences.items() if method == "gettext"}
    counted = {words for words, method in sentences.items() if method == "ngettext"}

    assert (plain - WORDS.keys(), counted - COUNTED.keys()) == (set(), set())
    for english, vietnamese in (WORDS | COUNTED).items():
        assert HOLES.findall(english) == HOLES.findall(vietnamese)
    assert VIETNAMESE.gettext("Bạn ghi lý do.") == "Bạn ghi lý do."
    assert (
        VIETNAMESE.ngettext("", "Field cannot be longer than %(max)d characters.", 1) == "Ô này dài quá %(max)d ký tự."
    )


def every_form() -> list[type[PlainForm]]:
    """Every form of the product, rows of tables among them."""
    for module in pkgutil.walk_packages(contest.__path__, "contest."):
        if module.name.rpartition(".")[2] not in ("__main__",):
            importlib.import_module(module.name)
    found, waiting = set(), list(PlainForm.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("contest."):
            found.add(form)
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def test_every_form_and_row_speaks_vietnamese(app: Flask) -> None:
    forms = every_form()
    assert len(forms) > 20

    with app.test_request_context():
        speechless = [form for form in forms if form.Meta().get_translations(None) is not VIETNAMESE]

    assert speechless == []


def test_no_form_of_the_product_says_an_english_word(app: Flask) -> None:
    with app.test_request_context():
        for form in every_form():
            for name, unbound in form.__dict__.items():
                for validator in getattr(unbound, "kwargs", {}).get("validators", ()):
                    said = str(getattr(validator, "message", None) or "")
                    assert VIETNAMESE.gettext(said) == said, f"{form.__name__}.{name}"
                    assert not re.search(r"\b(the|not|must|is|valid|field|required)\b", said), f"{form.__name__}.{name}"


class _Prize(Row):
    amount = IntegerField("Tiền thưởng", validators=[Optional(), NumberRange(max=100, message="Nhiều nhất 100.")])


class _Table(Form):
    prizes = FieldList(FormField(_Prize), min_entries=3)
    number = IntegerField("Số")

    def validate_prizes(self, field: FieldList) -> None:
        raise ValidationError("Bảng cần một giải.")


@pytest.fixture
def refused(app: Flask) -> _Table:
    sent = {"prizes-0-amount": "x", "prizes-1-amount": "5", "prizes-2-amount": "500", "number": "y"}
    with app.test_request_context(method="POST", data=sent):
        form = _Table(meta={"csrf": False})
        form.validate()
    return form


def test_faults_of_rows_are_sentences_that_lead_to_their_fields(refused: _Table) -> None:
    assert [(fault.id, fault.words) for fault in faults(refused)] == [
        ("prizes", "Bảng cần một giải."),
        ("prizes-0-amount", "Bạn ghi một số nguyên, ví dụ 20. Nhiều nhất 100."),
        ("prizes-2-amount", "Nhiều nhất 100."),
        ("number", "Bạn ghi một số nguyên, ví dụ 20."),
    ]
    assert own_errors(refused.prizes) == ["Bảng cần một giải."]


def test_pages_show_faults_of_rows_as_sentences(app: Flask, refused: _Table) -> None:
    source = '{% from "components/field.html" import error_summary, field_error %}{{ error_summary(form) }}{{ field_error(form.prizes) }}'
    with app.test_request_context():
        shown = pages.parsed(render_template_string(source, form=refused))[0]
    said = pages.words(shown)

    assert "Cần sửa 4 chỗ" in said
    assert not {"{", "["} & set(said)
    assert said.count("Bảng cần một giải.") == 2  # at the head, and at the table
    assert [a.get("href") for a in shown.iter("a")] == ["#prizes", "#prizes-0-amount", "#prizes-2-amount", "#number"]
