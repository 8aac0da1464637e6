"""The browser itself is killed in the middle of a sitting: what it had kept on the disk is sent by the browser that is started again."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE, SCREENS
from tests.browser.site import Site
from tests.browser.test_quiz import begin, choose, chosen, saved
from tests.browser.visitor import Visitor
from tests.tools.running import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
    eventually(lambda: any(words in file.read_bytes() for file in folder.glob("*.log")))


def kill(profile: Path) -> None:
    """Kill every process of the browser that has this profile, and wait until they are gone."""

    def none_left() -> bool:
        found = [file for file in Path("/proc").glob("[0-9]*/cmdline") if f"--user-data-dir={profile}" in read(file)]
        for file in found:
            with suppress(ProcessLookupError):  # gone since it was listed
                os.kill(int(file.parent.name), signal.SIGKILL)
        return not found

    eventually(none_left)


def read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
