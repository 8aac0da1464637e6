"""A person before Chromium: opens pages, and has each looked at by axe in light and in dark, for its console and for its width."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Locator, Page, Response, Route, expect

from contest.demo.people import PASSWORD

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LOOK = """async () => {
  // Colours are all that the theme changes.
  const rules = { light: {}, dark: { runOnly: ["color-contrast"] } };
  const found = {};
  const before = document.documentElement.getAttribute("data-bs-theme");
  for (const theme of ["light", "dark"]) {
    document.documentElement.setAttribute("data-bs-theme", theme);
    for (const one of (await axe.run(document, { resultTypes: ["violations"], ...rules[theme] })).violations) {
      found[`${theme}: ${one.id}`] = one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} (${node.failureSummary})`);
    }
  }
  if (before) document.documentElement.setAttribute("data-bs-theme", before);
  else document.documentElement.removeAttribute("data-bs-theme");
  return found;
}"""
ANSWERED = """async (words) => {
  for (let left = 60; left; left--) {
    if ((await (await fetch(location.href)).text()).includes(words)) return;
    await new Promise((go) => setTimeout(go, 250));
  }
}"""
WIDTH = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Visitor:
    """One browser window. `problems` gathers what no page may have; the test fails on any at its end."""

    page: Page
    url: str
    javascript: bool = True
    problems: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)

    def open(self, path: str) -> None:
        """Go to the path, which must be there, and look at the page."""
        reply = self.page.goto(self.url + path)
        if reply and reply.status != 200:
            self.problems.append(f"{path}: {reply.status}")
        self.look()

    def look(self) -> None:
        """Have axe look at the page in light and in dark, and see that nothing sticks out at the side."""
        if self.javascript:
            self._look_at(self.page)
        else:
            with _twin(self.page) as twin:
                self._look_at(twin)

    def _look_at(self, page: Page) -> None:
        where = page.url.removeprefix(self.url)
        expect(page.locator("h1")).to_have_count(1)
        sticking_out = page.evaluate(WIDTH)
        if sticking_out > 0:
            self.problems.append(f"{where} is {sticking_out} px wider than the screen")
        page.evaluate(AXE)
        found: dict[str, Any] = page.evaluate(LOOK)
        self.problems += [f"{where} {rule}: {nodes}" for rule, nodes in found.items()]

    def another_tab(self) -> "Visitor":
        """The same person in a new tab of the same browser."""
        return Visitor(
            self.page.context.new_page(),
            self.url,
            javascript=self.javascript,
            problems=self.problems,
            forgiven=self.forgiven,
        )

    def comes(self, words: str) -> None:
        """Wait until the server answers this page's address with these words, and load the page anew."""
        self.page.evaluate(ANSWERED, words)
        self.page.reload()
        self.says(words)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button or follow the link with these words, wait for the page that comes, and look at it."""
        place = within or self.page.locator("body")
        target = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        target.filter(visible=True).first.click()
        self.page.wait_for_load_state()
        self.look()

    def sign_in(self, identifier: str, password: str = PASSWORD) -> None:
        """Sign in on the page for it."""
        self.open("/dang-nhap")
        self.page.get_by_label("Số điện thoại hoặc thư điện tử").fill(identifier)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(lambda address: "dang-nhap" not in address)

    def says(self, words: str) -> None:
        """Wait until the page shows these words."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()

    def heading(self, words: str) -> None:
        """Wait until the page's heading has these words."""
        expect(self.page.locator("h1")).to_contain_text(words)

    def _heard(self, message: ConsoleMessage) -> None:
        forgiven = ("the server responded with a status", *self.forgiven)  # `_answered` judges those.
        if message.type == "error" and not any(words in message.text for words in forgiven):
            self.problems.append(f"{self.page.url} console: {message.text}")

    def _answered(self, reply: Response) -> None:
        part_of_a_page = reply.request.resource_type not in ("document", "fetch", "xhr")
        if reply.status >= (400 if part_of_a_page else 500):
            self.problems.append(f"{reply.url}: {reply.status}")


@contextmanager
def _twin(page: Page) -> Iterator[Page]:
    """The page as it stands, in a window whose JavaScript works but which loads no script: axe needs the one, the page must lack the other."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=page.viewport_size, locale="vi-VN", reduced_motion="reduce")
    html = page.content()

    def answer(route: Route) -> None:
        match route.request.resource_type:
            case "document":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            case "script":
                route.abort()
            case _:
                route.continue_()

    try:
        context.route("**/*", answer)
        twin = context.new_page()
        twin.goto(page.url)
        yield twin
    finally:
        context.close()
