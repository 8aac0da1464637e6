"""Guards the words: no file of the project names a path of one machine, a package registry or a secret."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT

# Spelt in two halves, so that this file does not find itself.
FORBIDDEN = {
    "path of one machine": re.compile(r"(?<![\w.<{])/(" + "work" + r"|home/\w+|Users/\w+|root)/|C:\\" + "Users", re.I),
    "package registry": re.compile(
        "py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + "js|proxy.golang" + r"\.org"
    ),
    "private key": re.compile("BEGIN (RSA |EC |OPENSSH )?PRIVATE " + "KEY"),
    "unfinished work": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?!-)"),
}
FOLDERS = (".ci", "bench", "contest", "docs", "migrations", "question_bank", "static", "templates", "tests", "tools")
TEXTS = {".py", ".md", ".html", ".js", ".css", ".toml", ".txt", ".json", ".jsonl", ".lua", ".mako", ".ini", ".csv", ""}


def faults(text: str) -> list[str]:
    """What the text names and must not."""
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def our_files(root: Path) -> Iterator[Path]:
    """Every text file of ours: what others wrote (static/vendor) is guarded by its hashes, and .git is a file of Git's own in a linked worktree."""
    here = (path for path in sorted(root.iterdir()) if path.name != ".git")
    yield from (path for path in here if path.is_file() and path.suffix in TEXTS)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXTS and not {"vendor", "__pycache__"} & set(path.parts):
                yield path


def test_no_file_names_what_it_must_not() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): wrong
        for path in our_files(ROOT)
        if (wrong := faults(path.read_text(encoding="utf-8", errors="replace")))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("open('/wo" + "rk/main/x')", "path of one machine"),
        ("cd /ho" + "me/lan/khat-vong", "path of one machine"),
        ("https://py" + "pi.org/simple", "package registry"),
        ("# TO" + "DO later", "unfinished work"),
    ],
)
def test_guard_sees_a_forbidden_word(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_guard_lets_routes_and_relative_paths_pass() -> None:
    assert faults("url_for('/trang/work/') tests/work/ {{ root }}/x https://example.vn/home") == []
