"""GIFT text cut into questions, each with its first line, chapter and marks; only `gift` calls it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from question_bank.formats.moodle import chapter_of

BRACE = re.compile(r"\\.|([{}])")
_META = re.compile(r"\[(?:(pinned)|(id|tag|difficulty|source|locator):((?:\\.|[^\[\]\\])*))\]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")


@dataclass(slots=True)
class Block:
    """The lines of one question as they stand in the file, without comments."""

    line: int
    chapter: str
    meta: list[tuple[str, str]]
    lines: list[str] = field(default_factory=list)


def blocks(text: str) -> Iterator[Block]:
    """The questions and descriptions of a text with LF line ends, in order, comments and categories taken out."""
    lines = text.split("\n")
    closes = _closing_ahead(lines)
    chapter, meta = "", list[tuple[str, str]]()
    block: Block | None = None
    depth = groups = 0
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("//"):
            found = [(pin or name, re.sub(r"\\(.)", r"\1", value)) for pin, name, value in _META.findall(line)]
            (block.meta if block else meta).extend(found)
            continue
        category = _CATEGORY.match(line) if not depth else None
        ends = not line.strip() and not (depth and closes[number - 1])
        restarts = bool(block and groups and not depth and line.lstrip().startswith("::"))
        if block and (ends or restarts or category):
            yield block
            block, depth, groups = None, 0, 0
        if category:
            chapter = chapter_of(category[1])
            continue
        if block is None:
            if not line.strip():
                continue
            block, meta = Block(number, chapter, meta), []
        block.lines.append(line)
        for brace in _braces(line):
            depth = 1 if brace == "{" else 0
            groups += brace == "}"
    if block:
        yield block


def _braces(line: str) -> Iterator[str]:
    return (match[1] for match in BRACE.finditer(line) if match[1])


def _closing_ahead(lines: list[str]) -> list[bool]:
    """For each line, whether the first brace on it or below it closes; tells a gap inside braces from a lost one."""
    ahead = [False] * len(lines)
    closing = False
    for index in range(len(lines) - 1, -1, -1):
        if not lines[index].lstrip().startswith("//"):
            first = next(_braces(lines[index]), None)
            closing = closing if first is None else first == "}"
        ahead[index] = closing
    return ahead
