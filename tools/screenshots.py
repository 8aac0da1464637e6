"""Photographs every page of each role at 360 and 1280 pixels into screenshots/, with a contact sheet; `make screenshots` calls it.

BASE_URL=http://127.0.0.1:8000 photographs a contest that runs already and holds the demo; without it one is started in a throw-away folder.
"""

import argparse
import html
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from contest.demo import people

ROOT = Path(__file__).resolve().parent.parent
TO = ROOT / "screenshots"
SCREENS = {"360": {"width": 360, "height": 740}, "1280": {"width": 1280, "height": 900}}
ROLES = {"khach": None, "thi-sinh": people.ENTRANT, "giam-khao": people.JUDGES[0], "to-chuc": people.ORGANIZER}
STARTS = {
    "khach": ["/", "/kieu-dang", "/dang-nhap", "/dang-ky", "/dat-lai-mat-khau", "/khong-co-trang-nay"],
    "thi-sinh": ["/bai-cua-toi", "/thi-trac-nghiem", "/thi-viet", "/thi-anh", "/tai-khoan"],
    "giam-khao": ["/ban-cham"],
    "to-chuc": ["/ban-dieu-hanh/"],
}
EACH = 2  # pages of the same shape
TALLEST = 7000  # pixels; browsers and viewers give up on pictures much taller
PATIENCE = 120.0  # seconds for the demo to be loaded
SETTLED = """async () => {
  for (const image of document.images) image.loading = "eager";
  await Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => {}))]);
}"""
NUMBERS = re.compile(r"(?<=/)[0-9a-f]{16}|\d+|(?<=/)[A-Z0-9]{2,}-[A-Z0-9-]+")


def main() -> int:
    """Photograph everything; returns the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--dark", action="store_true", help="photograph the dark theme")
    arguments.add_argument("--role", choices=ROLES, action="append", help="this role only")
    chosen = arguments.parse_args()
    path = os.environ.get("KV_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        print("Chromium is not installed: screenshots need it.", file=sys.stderr)
        return 1
    TO.mkdir(exist_ok=True)
    with site() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        taken = [
            file
            for role in chosen.role or ROLES
            for file in photograph(browser, url, role, "dark" if chosen.dark else "light")
        ]
        browser.close()
    contact_sheet()
    print(f"{len(taken)} pictures and index.html in {TO.relative_to(ROOT)}/")
    return 0


def photograph(browser: Browser, url: str, role: str, theme: str) -> Iterator[Path]:
    """Follow the role's links and photograph each kind of page at every size."""
    context = browser.new_context(viewport=SCREENS["1280"], color_scheme=theme, locale="vi-VN", reduced_motion="reduce")
    page = context.new_page()
    if ROLES[role]:
        sign_in(page, url, str(ROLES[role]))
    waiting, seen, kinds = deque(STARTS[role]), set[str](), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = NUMBERS.sub("N", urlsplit(path).path)
        if path in seen or kinds[kind] >= EACH or "/static/" in path:
            continue
        seen.add(path)
        kinds[kind] += 1
        if not reached(page, url + path):
            continue
        waiting.extend(links(page, url, role))
        for size, viewport in SCREENS.items():
            page.set_viewport_size(viewport)
            name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "trang-dau"
            yield from whole(page, f"{role}--{name[:80]}--{size}{'-dark' if theme == 'dark' else ''}")
    context.close()


def whole(page: Page, name: str) -> Iterator[Path]:
    """Photograph the whole page, a very long one in several pictures from the top to the bottom."""
    width, height = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    for part, top in enumerate(range(0, height, TALLEST), start=1):
        file = TO / (f"{name}.png" if part == 1 else f"{name}-{part}.png")
        clip = {"x": 0, "y": top, "width": width, "height": min(TALLEST, height - top)}
        page.screenshot(path=file, full_page=True, clip=clip if height > TALLEST else None)
        yield file


def reached(page: Page, address: str) -> bool:
    """Go there; False when it is a file rather than a page."""
    head = page.request.get(address, max_redirects=5)
    if "text/html" not in head.headers.get("content-type", ""):
        return False
    page.goto(address, wait_until="load")
    page.evaluate(SETTLED)
    return True


def links(page: Page, url: str, role: str) -> list[str]:
    """Paths of this site behind the page's links; staff stay at their desks."""
    found = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.getAttribute('href'))")
    paths = []
    for href in found:
        parts = urlsplit(urljoin(page.url, href))
        path = parts._replace(scheme="", netloc="", query="", fragment="").geturl()
        if f"{parts.scheme}://{parts.netloc}" != url or (
            role in ("giam-khao", "to-chuc") and not path.startswith("/ban-")
        ):
            continue
        paths.append(path)
    return list(dict.fromkeys(paths))


def sign_in(page: Page, url: str, identifier: str) -> None:
    """Sign in as a demo account."""
    page.goto(f"{url}/dang-nhap")
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill(identifier)
    page.get_by_label("Mật khẩu", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda address: "dang-nhap" not in address)


def contact_sheet() -> None:
    """Write index.html: every picture, by role."""
    figures = "\n".join(
        f'<figure><a href="{file.name}"><img loading="lazy" src="{file.name}" alt=""></a><figcaption>{html.escape(file.stem)}</figcaption></figure>'
        for file in sorted(TO.glob("*.png"))
    )
    (TO / "index.html").write_text(
        '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Ảnh các trang</title><h1>Ảnh các trang</h1>'
        "<style>body{font-family:sans-serif}figure{display:inline-block;width:300px;vertical-align:top;margin:8px}"
        "img{width:100%;max-height:480px;object-fit:cover;object-position:top;border:1px solid #ccc}</style>" + figures,
        encoding="utf-8",
    )


@contextmanager
def site() -> Iterator[str]:
    """The address of a running contest: BASE_URL, or one that is started for this."""
    if os.environ.get("BASE_URL"):
        yield os.environ["BASE_URL"].rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with TemporaryDirectory(prefix="kv-screenshots-") as folder:
        command = [str(Path(sys.executable).with_name("contest")), "run", "--port", str(port)]
        process = subprocess.Popen(command, env={**os.environ, "KV_DATA_DIR": folder}, start_new_session=True)
        try:
            wait_for(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Return once the contest answers; raises SystemExit when it ended or took too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{url}/healthz", timeout=5):  # nosec B310
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("The contest did not start; see above.")


if __name__ == "__main__":
    sys.exit(main())
