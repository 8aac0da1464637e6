"""Measures the first view of pages on a slow phone: bytes sent, first paint and layout shift; run as `python -m tools.first_view`.

360 pixels wide, 400 kbit/s with 400 ms there and back, a processor four times slower, nothing kept from before. BASE_URL=http://127.0.0.1:8000
measures a contest that runs already and holds the demo; without it one is started in a throw-away folder. Further paths may be named; status 1 says
that the home page or a layout shift breaks its promise.
"""

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from contest.demo import people
from tools.screenshots import sign_in, site

PHONE = {"width": 360, "height": 740}
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 4
HOME_BYTES, HOME_PAINT, SHIFT = 140_000, 5.0, 0.05  # promised at most: bytes, seconds, share of the screen
QUIET = 3000  # milliseconds without a word from the network, after which the page is taken as whole
PUBLIC = ("/", "/the-le", "/dang-nhap", "/thu-vien-anh", "/thi-trac-nghiem/bang-xep-hang", "/thi-trac-nghiem")
WATCH = """window.kvShift = 0; window.kvShifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.kvShift += entry.value;
    for (const source of entry.sources) {
      if (source.node) window.kvShifts.push(`${entry.value.toFixed(3)} ${source.node.nodeName} ${source.node.className || ""}`);
    }
  }
}).observe({ type: "layout-shift", buffered: true });"""
SEEN = """() => ({
  paint: (performance.getEntriesByName("first-contentful-paint")[0] || { startTime: 0 }).startTime / 1000,
  shift: window.kvShift,
  shifts: window.kvShifts,
})"""


@dataclass
class View:
    """What one first view cost: requests, bytes over the wire (headers included), seconds to the first paint and to the last byte, the sum of shifts."""

    path: str
    requests: int
    sent: int
    paint: float
    whole: float
    shift: float
    shifts: list[str]

    def kept(self) -> bool:
        """Whether the promises hold."""
        home = self.path != "/" or (self.sent <= HOME_BYTES and self.paint <= HOME_PAINT)
        return home and self.shift <= SHIFT


def main() -> int:
    """Measure and print a table; returns the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("paths", nargs="*", default=PUBLIC, help="pages for everybody")
    arguments.add_argument(
        "--quiz", action="store_true", help="the quiz paper too; starts an attempt of the demo's entrant"
    )
    arguments.add_argument("--desk", action="store_true", help="the organisers' desk too")
    arguments.add_argument("--shifts", action="store_true", help="name what moved")
    chosen = arguments.parse_args()
    path = os.environ.get("KV_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        print("Chromium is not installed: measuring needs it.", file=sys.stderr)
        return 1
    views = []
    with site() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        views += [first_view(browser, url, page) for page in chosen.paths]
        if chosen.quiz:
            state, paper = begun(browser, url)
            views.append(first_view(browser, url, paper, state))
        if chosen.desk:
            state = signed_in(browser, url, people.ORGANIZER)
            views.append(first_view(browser, url, "/ban-dieu-hanh/", state))
        browser.close()
    print(f"{'page':44}{'requests':>9}{'bytes':>10}{'paint s':>9}{'whole s':>9}{'CLS':>7}")
    for view in views:
        print(
            f"{view.path:44}{view.requests:>9}{view.sent:>10,}{view.paint:>9.2f}{view.whole:>9.2f}{view.shift:>7.3f}"
            f"{'' if view.kept() else '  broken'}"
        )
        for moved in view.shifts if chosen.shifts else ():
            print(f"    {moved}")
    return 0 if all(view.kept() for view in views) else 1


def first_view(browser: Browser, url: str, path: str, state: Any = None) -> View:
    """Open the page in a browser that has seen nothing yet, and wait until it is whole."""
    context = phone(browser, state)
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    sizes: dict[str, int] = {}
    ends = [0.0]
    starts: list[float] = []

    def asked(event: dict[str, Any]) -> None:
        starts.append(event["timestamp"])

    def came(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])
        ends.append(event["timestamp"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": False})
    wire.send("Network.emulateNetworkConditions", SLOW_3G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url + path, wait_until="load")
    before = -1
    while before != len(sizes):
        before = len(sizes)
        page.wait_for_timeout(QUIET)
    seen = page.evaluate(SEEN)
    context.close()
    return View(
        path, len(sizes), sum(sizes.values()), seen["paint"], max(ends) - min(starts), seen["shift"], seen["shifts"]
    )


def phone(browser: Browser, state: Any = None) -> BrowserContext:
    """A phone's browser with nothing but these cookies."""
    return browser.new_context(viewport=PHONE, storage_state=state, locale="vi-VN", has_touch=True, is_mobile=True)


def signed_in(browser: Browser, url: str, identifier: str) -> Any:
    """The cookies of a demo account."""
    context = phone(browser)
    page = context.new_page()
    sign_in(page, url, identifier)
    state = context.storage_state()
    context.close()
    return state


def begun(browser: Browser, url: str) -> tuple[Any, str]:
    """The cookies of the demo's entrant and the address of an open paper."""
    context = phone(browser, signed_in(browser, url, people.ENTRANT))
    page = context.new_page()
    page.goto(f"{url}/thi-trac-nghiem")
    page.get_by_role("button", name="Bắt đầu làm bài").or_(page.get_by_role("link", name="Làm tiếp")).first.click()
    page.wait_for_url("**/luot/*")
    address = page.url.removeprefix(url).partition("#")[0]
    state = context.storage_state()
    context.close()
    return state, address


if __name__ == "__main__":
    sys.exit(main())
