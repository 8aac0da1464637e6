"""The browser itself is killed in the middle of a sitting: what it had kept on the disk is sent by the browser that is started again."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE, SCREENS
from tests.browser.site import Site
from tests.browser.test_quiz import begin, choose, chosen, saved
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOOKS = 600  # a tenth of a second apart


def test_answers_given_offline_outlive_a_killed_browser(chromium: Browser, site: Site, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    before = started(chromium, profile)
    person = Visitor(before.pages[0], site.url)
    begin(person)
    address = person.page.url
    choose(person, 0)
    saved(person)
    before.set_offline(True)
    person.page.locator(".navigator a").nth(3).click()
    choose(person, 3)
    person.says("đang giữ trong máy này")
    wait_until_on_disk(profile, b'"3":')

    cookies = before.cookies()
    kill(profile)
    after = started(chromium, profile)
    after.add_cookies(cookies)  # as if signed in again: the browser writes them half a minute late

    again = Visitor(after.pages[0], site.url)
    again.page.goto(address)
    for place in (0, 3):
        expect(chosen(again, place)).to_be_checked()
    saved(again)
    again.page.evaluate("localStorage.clear()")  # what is there now comes from the server
    again.page.reload()
    for place in (0, 3):
        expect(chosen(again, place)).to_be_checked()
    after.close()
    assert again.problems == []


def started(chromium: Browser, profile: Path) -> BrowserContext:
    """A browser of its own over a profile that stays on the disk."""
    context = chromium.browser_type.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport=SCREENS["phone"], locale="vi-VN"
    )
    context.set_default_timeout(PATIENCE)
    return context


def wait_until_on_disk(profile: Path, words: bytes) -> None:
    """Wait until the browser has written these words of the page's storage, which it does some seconds late."""
    folder = profile / "Default" / "Local Storage" / "leveldb"
    for _ in range(LOOKS):
        if any(words in file.read_bytes() for file in folder.glob("*.log")):
            return
        time.sleep(0.1)
    raise AssertionError("the browser did not write them")


def kill(profile: Path) -> None:
    """Kill every process of the browser that has this profile, and wait until they are gone."""

    def pids() -> list[int]:
        found = [file for file in Path("/proc").glob("[0-9]*/cmdline") if f"--user-data-dir={profile}" in read(file)]
        return [int(file.parent.name) for file in found]

    while running := pids():
        for pid in running:
            with suppress(ProcessLookupError):  # gone since it was listed
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
