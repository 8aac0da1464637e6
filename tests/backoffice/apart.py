"""Presses a button of a form whose fields stand elsewhere on the page and name it by its id, as bulk acts and the blueprint do."""

from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from werkzeug.datastructures import MultiDict

from tests import pages


def press(page: pages.Page, form_id: str, button: str, *, status: int = 200, **values: Any) -> pages.Page:
    """Press the button with these words that belongs to the form of that id; `values` as in `Page.submit`."""
    form = next(form for form in page.root.iter("form") if form.get("id") == form_id)
    pressed = next(
        one
        for one in page.root.iter("button")
        if button in pages.words(one) and (one.get("form") == form_id or one in list(form.iter()))
    )
    data = _held(page.root, form, form_id)
    if pressed.get("name"):
        data.add(pressed.get("name"), pressed.get("value", ""))
    for name, value in values.items():
        data.poplist(name)
        for one in value if isinstance(value, list) else [value]:
            data.add(name, one)
    address = urljoin(page.url, pressed.get("formaction") or form.get("action") or page.url)
    return pages.inspected(page.client, page.client.post(address, data=data, follow_redirects=True), status)


def _held(root: Element, form: Element, form_id: str) -> "MultiDict[str, Any]":
    outside = Element("form")
    outside.extend(control for control in root.iter() if control.get("form") == form_id)
    data = pages.held(form)
    data.update(pages.held(outside))
    return data
