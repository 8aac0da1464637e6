"""A page client: fetches as a browser without JavaScript does, and inspects every HTML page that it fetches.

`page = pages.get(client, "/the-le")`, then `page.h1`, `page.text`, `page.links`, `page.submit("Đăng ký", full_name="…")`.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests import enter

HERE = "http://localhost"
NEEDS_LABEL = ("input", "select", "textarea", "meter", "progress")
NO_LABEL = ("hidden", "submit", "button", "reset", "image")
# html5lib is older than these and complains without cause.
HARMLESS = {"unexpected-end-tag-implies-table-voodoo"}
# Endpoints whose HTML is a piece of a page, put into it by a script; every other HTML is a page.
FRAGMENTS = {"backoffice.bank_edit_preview"}
Fields = dict[str, Any]


class Visitor(FlaskClient):
    """The client of every test: it refuses HTML that is no page, whatever the test looks for in it.

    The inspection is the cheap half of `inspected`: enough to tell a page from a piece of one, or from a page that was escaped.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        reply = super().open(*args, **kwargs)
        shown = reply.status_code != 204 and not 300 <= reply.status_code < 400 and reply.request.method != "HEAD"
        if reply.mimetype == "text/html" and shown:
            wrong = [] if self._is_no_page_of_ours(reply) else no_page(reply.text)
            assert wrong == [], f"{reply.request.method} {reply.request.full_path}: {wrong}"
        return reply

    def _is_no_page_of_ours(self, reply: TestResponse) -> bool:
        """True for a piece named in FRAGMENTS, and for what a test added to the site."""
        try:
            endpoint, _ = self.application.url_map.bind("localhost").match(reply.request.path, reply.request.method)
        except HTTPException:
            return False
        added = self.application.view_functions[endpoint].__module__.startswith("tests.")
        return reply.status_code == 200 and (added or endpoint in FRAGMENTS)


def no_page(html: str) -> list[str]:
    """What keeps these words from being a page."""
    outside = re.sub(r"<svg.*?</svg>", "", html, flags=re.S)
    counted = {tag: len(re.findall(rf"<{tag}[\s>]", outside)) for tag in ("main", "h1", "title")}
    return [f"{count} {tag} instead of one" for tag, count in counted.items() if count != 1]


@dataclass
class Page:
    """One fetched page that passed inspection."""

    client: FlaskClient
    reply: TestResponse
    url: str
    root: Element
    _texts: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return self.reply.status_code

    @property
    def h1(self) -> str:
        return words(next(self.root.iter("h1")))

    @property
    def title(self) -> str:
        return words(next(self.root.iter("title")))

    @property
    def text(self) -> str:
        """Everything that a reader sees, with runs of blanks as one space."""
        if "body" not in self._texts:
            self._texts["body"] = words(next(self.root.iter("body")))
        return self._texts["body"]

    @property
    def links(self) -> list[str]:
        """Addresses of this site behind its links, absolute paths with their queries, in order, each once."""
        found = (urlsplit(urljoin(HERE + self.url, a.get("href", ""))) for a in self.root.iter("a") if a.get("href"))
        ours = (
            part._replace(scheme="", netloc="", fragment="").geturl() for part in found if part.netloc == "localhost"
        )
        return list(dict.fromkeys(ours))

    def link(self, text: str) -> str:
        """The address behind the first link with these words."""
        for a in self.root.iter("a"):
            if text in words(a):
                return urljoin(self.url, a.get("href", ""))
        raise AssertionError(f"no link says {text!r} at {self.url}")

    def submit(self, button: str, *, status: int = 200, **values: Any) -> "Page":
        """Press the button with these words; its form goes with what it holds and with `values`; redirects are followed.

        A value of None leaves the field out; unknown fields are refused, so that a test cannot send what no person could.
        """
        form, pressed = self._form_of(button)
        data = held(form)
        if pressed.get("name"):
            data.add(pressed.get("name"), pressed.get("value", ""))
        named = {control.get("name") for control in form.iter() if control.get("name")}
        for name, value in values.items():
            assert name in named, f"the form of {button!r} has no field {name!r}: {sorted(n for n in named if n)}"
            data.poplist(name)
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    data.add(name, one)
        action = pressed.get("formaction") or form.get("action") or self.url
        address = urljoin(self.url, action)
        if form.get("method", "get").lower() == "get":
            reply = self.client.get(address, query_string=data, follow_redirects=True)
        else:
            files = form.get("enctype") == "multipart/form-data"
            kind = "multipart/form-data" if files else "application/x-www-form-urlencoded"
            reply = self.client.post(address, data=data, content_type=kind, follow_redirects=True)
        return inspected(self.client, reply, status)

    def _form_of(self, text: str) -> tuple[Element, Element]:
        forms = {form.get("id"): form for form in self.root.iter("form") if form.get("id")}
        inside = [(form, button) for form in self.root.iter("form") for button in form.iter("button")]
        outside = [
            (forms[button.get("form")], button) for button in self.root.iter("button") if button.get("form") in forms
        ]
        for form, button in [*outside, *inside]:
            if text in words(button) and button.get("type", "submit") == "submit":
                return form, button
        raise AssertionError(f"no button says {text!r} at {self.url}")


def get(client: FlaskClient, url: str, *, status: int = 200) -> Page:
    """Fetch `url` as a person does, following redirects; the page at the end must have `status` and pass inspection."""
    return inspected(client, client.get(url, follow_redirects=True), status)


def inspected(client: FlaskClient, reply: TestResponse, status: int = 200) -> Page:
    """The page of `reply`, or an AssertionError that lists all that is wrong with it."""
    parts = urlsplit(reply.request.url)
    url = parts._replace(scheme="", netloc="").geturl()
    assert reply.status_code == status, f"{url}: {reply.status_code} instead of {status}"
    assert reply.mimetype == "text/html", f"{url}: {reply.mimetype}"
    root, errors = parsed(reply.text)
    wrong = [*_faults(root, errors), *header_faults(reply)]
    assert wrong == [], f"{url}: {wrong}"
    return Page(client, reply, url, root)


def faults(html: str) -> list[str]:
    """Everything that is wrong with a page: for readers, for machines that read aloud, for the security policy."""
    return _faults(*parsed(html))


def _faults(root: Element, errors: list[tuple[Any, str, Any]]) -> list[str]:
    return [
        *(f"invalid HTML at {where}: {code} {detail or ''}".rstrip() for where, code, detail in errors),
        *_heading_faults(root),
        *_label_faults(root),
        *_policy_faults(root),
        *_id_faults(root),
        *enter.faults(root),
    ]


def header_faults(reply: TestResponse) -> list[str]:
    """What the reply's headers lack."""
    policy = reply.headers.get("Content-Security-Policy", "")
    wrong = (
        [] if "script-src 'self'" in policy and "style-src 'self'" in policy else ["no strict Content-Security-Policy"]
    )
    if "unsafe" in policy:
        wrong.append("the Content-Security-Policy allows what is unsafe")
    if reply.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("no X-Content-Type-Options")
    return wrong


def parsed(html: str) -> tuple[Element, list[tuple[Any, str, Any]]]:
    """The page's tree and what a strict parser finds wrong."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(html)
    return root, [error for error in parser.errors if error[1] not in HARMLESS]


def words(element: Element) -> str:
    """The text inside, with runs of blanks as one space."""
    return " ".join("".join(_texts(element)).split())


def held(form: Element) -> "MultiDict[str, Any]":
    """What a browser would send of a form that nobody touched, without its buttons."""
    data: MultiDict[str, Any] = MultiDict()
    for control in form.iter():
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        if control.tag == "textarea":
            data.add(name, re.sub(r"^\n", "", "".join(control.itertext())))
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            for option in chosen:
                data.add(name, option.get("value", words(option)))
        elif control.tag == "input" and control.get("type") not in ("submit", "button", "file", "image"):
            if control.get("type") in ("checkbox", "radio") and control.get("checked") is None:
                continue
            data.add(name, control.get("value", "on" if control.get("type") == "checkbox" else ""))
    return data


def _texts(element: Element) -> list[str]:
    if element.tag in ("script", "style", "template") or not isinstance(element.tag, str):
        return [element.tail or ""]
    inner = [element.text or ""]
    for child in element:
        inner += _texts(child) if isinstance(child.tag, str) else []
        inner.append(child.tail or "" if not isinstance(child.tag, str) or child.tag not in ("script", "style") else "")
    return inner


def _heading_faults(root: Element) -> list[str]:
    wrong = []
    if root.get("lang") != "vi":
        wrong.append("the page does not say that it is in Vietnamese")
    headings = [words(h1) for h1 in root.iter("h1")]
    titles = [words(title) for title in root.iter("title")]
    if len(headings) != 1:
        wrong.append(f"{len(headings)} h1 instead of one: {headings}")
    elif not headings[0]:
        wrong.append("the h1 is empty")
    elif not titles or not titles[0].startswith(headings[0]):
        wrong.append(f"the title {titles} does not begin with the h1 {headings[0]!r}")
    if len(list(root.iter("main"))) != 1:
        wrong.append("not one main")
    return wrong


def _label_faults(root: Element) -> list[str]:
    labelled = {label.get("for") for label in root.iter("label") if words(label)}
    within = {id(control) for label in root.iter("label") if words(label) for control in label.iter()}
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    wrong = []
    for control in (element for element in root.iter() if element.tag in NEEDS_LABEL):
        if control.tag == "input" and control.get("type") in NO_LABEL:
            continue
        by = (control.get("aria-labelledby") or "").split()
        named = control.get("aria-label") or (by and set(by) <= ids)
        if not named and control.get("id") not in labelled and id(control) not in within:
            wrong.append(f"no label for {control.tag} {control.get('name') or control.get('id')!r}")
    for control in root.iter("button"):
        if not words(control) and not control.get("aria-labelledby") and not _spoken(control):
            wrong.append(f"a button without words: {control.attrib}")
    for link in root.iter("a"):
        pictures = any(image.get("alt") for image in link.iter("img")) or any(True for _ in link.iter("title"))
        hidden = link.get("aria-hidden") == "true" and link.get("tabindex") == "-1"
        if link.get("href") and not hidden and not words(link) and not _spoken(link) and not pictures:
            wrong.append(f"a link without words: {link.get('href')}")
    wrong += [f"no alt for {image.get('src')}" for image in root.iter("img") if image.get("alt") is None]
    pointed = (
        (e, name) for e in root.iter() for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for")
    )
    for element, name in pointed:
        lost = set((element.get(name) or "").split()) - ids
        if lost:
            wrong.append(f"{name} points at nothing: {sorted(lost)}")
    return wrong


def _spoken(element: Element) -> bool:
    """True when it, or a drawing inside it, has words of its own for those who listen."""
    return any(inner.get("aria-label") for inner in element.iter())


def _policy_faults(root: Element) -> list[str]:
    wrong = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not element.get("src") and "json" not in element.get("type", ""):
            wrong.append("an inline script")
        if element.tag == "style":
            wrong.append("a style element")
        if element.tag == "input" and element.get("type") in ("number", "range"):
            wrong.append(f"a wheel changes the number in {element.get('name') or element.get('id')!r}")
        for name, value in element.attrib.items():
            if name == "style" or re.fullmatch(r"on[a-z]+", str(name)):
                wrong.append(f"{element.tag} has {name}=")
            if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith("javascript:"):
                wrong.append(f"{element.tag} has a javascript address")
    return wrong


def _id_faults(root: Element) -> list[str]:
    counted = Counter(element.get("id") for element in root.iter() if element.get("id"))
    return [f"id {name!r} stands {number} times" for name, number in counted.items() if number > 1]
