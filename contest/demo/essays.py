"""The demo's essays: composed from hand-written paragraphs, the same for ever, no two of them alike."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

INTRODUCTIONS = "Giới thiệu Bắc Giang"
IDEAS = "Ý tưởng mới cho Bắc Giang"
THEMES = (INTRODUCTIONS, IDEAS)
COUNT = 30

_FILES = {INTRODUCTIONS: "introductions.md", IDEAS: "ideas.md"}
_SHARED = ("opening", "reflection", "closing")


class Essay(NamedTuple):
    """One essay; its paragraphs are parted by an empty line."""

    theme: str
    title: str
    text: str


def essay(number: int) -> Essay:
    """The essay of this number from 0 to 29; even numbers introduce the province, odd ones propose something. Else IndexError."""
    if not 0 <= number < COUNT:
        raise IndexError(f"there is no demo essay {number}")
    theme = THEMES[number % 2]
    place = number // 2
    parts = _parts(theme)
    titles = [title for title in parts if title not in _SHARED]
    openings, reflections, closings = (parts[name] for name in _SHARED)
    # Two essays of a theme have at most one of these three in common.
    lap = place // len(openings)
    paragraphs = [
        openings[place % len(openings)],
        *parts[titles[place]],
        reflections[(place + lap) % len(reflections)],
        closings[(place + 2 * lap) % len(closings)],
    ]
    return Essay(theme, titles[place], "\n\n".join(paragraphs))


def essays() -> list[Essay]:
    """All thirty."""
    return [essay(number) for number in range(COUNT)]


@cache
def _parts(theme: str) -> dict[str, list[str]]:
    text = (resources.files("contest.demo") / "texts" / _FILES[theme]).read_text(encoding="utf-8")
    sections = (section.strip().split("\n\n") for section in text.split("=== ")[1:])
    return {title.strip(): [paragraph.strip() for paragraph in paragraphs] for title, *paragraphs in sections}
