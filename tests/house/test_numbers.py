"""Guards number fields: text that one function reads, never the browser's own, which drops separators and lets a wheel change the number."""

import re

import pytest
from flask import Flask
from wtforms.widgets import NumberInput, RangeInput

from tests.core.test_form_words import every_form
from tests.house.source import ROOT

OWN = re.compile(r"""type\s*=\s*["']?(number|range)\b""")


def browsers_own(text: str) -> bool:
    """Whether a template or a script makes a number field of the browser's."""
    return bool(OWN.search(text))


def test_no_template_and_no_script_makes_a_number_field_of_the_browser() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js")]

    assert [file.relative_to(ROOT).as_posix() for file in files if browsers_own(file.read_text(encoding="utf-8"))] == []


def test_no_form_of_the_product_has_a_number_field_of_the_browser(app: Flask) -> None:
    with app.test_request_context():
        found = [
            f"{form.__name__}.{name}"
            for form in every_form()
            for name, unbound in form.__dict__.items()
            if isinstance(getattr(getattr(unbound, "field_class", None), "widget", None), NumberInput | RangeInput)
        ]

    assert found == []


@pytest.mark.parametrize("text", ['<input type="number">', "<input type=number>", "input.type = 'number'"])
def test_guard_sees_a_number_field_of_the_browser(text: str) -> None:
    assert browsers_own(text)
