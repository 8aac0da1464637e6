"""Fixtures of the browser's tests: Chromium, the running site, and people in front of phones and desktops."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.site import Site, running
from tests.browser.visitor import Visitor
from tests.fixtures.requirements import lacking

SCREENS = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
ZOOMED = {"width": 180, "height": 370}  # the phone at 200 %
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("KV_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 10_000  # milliseconds


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; tests are skipped, saying so, where there is none."""
    if not CHROMIUM:
        lacking("chromium", "Chromium is not installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, demo_folder: Path) -> Iterator[Site]:
    """The contest, running over its own copy of the demo; the tests of one process share it."""
    with running(demo_folder) as site:
        yield site


@pytest.fixture
def visitor(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Sits people down: `visitor("phone")`, `visitor("zoomed")`, `visitor("desktop", javascript=False)`; at the end no page may have had a problem."""
    seated: list[Visitor] = []

    def sit_down(screen: str, *, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport=SCREENS.get(screen, ZOOMED),
            java_script_enabled=javascript,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            has_touch=screen != "desktop",
        )
        context.set_default_timeout(PATIENCE)
        seated.append(Visitor(context.new_page(), site.url, javascript=javascript))
        return seated[-1]

    yield sit_down
    for person in seated:
        person.page.context.close()
    problems = [problem for person in seated for problem in person.problems]
    if any(problem.endswith(": 500") for problem in problems):
        problems.append(site.log())
    assert problems == [], "\n".join(problems)


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    """The phone's screen, then the desktop's."""
    return str(request.param)
