"""Guards the words of the pages: what docs/page_words.md says is not said, no page, script or sentence says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT

GLOSSARY = ROOT / "docs" / "page_words.md"
ROW = re.compile(r"^\| (?P<say>[^|]+) \| (?P<instead>[^|]+) \|", re.M)


def unsaid() -> dict[str, str]:
    """What is not said, with what is said instead."""
    rows = [row for row in ROW.finditer(GLOSSARY.read_text(encoding="utf-8")) if row["say"] != "say"]
    return {words.strip(): row["say"] for row in rows for words in row["instead"].split(" · ")}


def faults(text: str) -> list[str]:
    """Each word of the text that has another for it. Words that are small in the table are found in capitals too, but where capitals are what is said."""
    found = []
    for words, instead in unsaid().items():
        exact = words.lower() == instead.lower()
        whole = re.sub(re.escape(instead), "", text, flags=0 if exact else re.I)
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", whole, 0 if exact else re.I):
            found.append(f"{words!r}: say {instead!r}")
    return found


def sentences(path: Path) -> Iterator[str]:
    """What a file may say to people: every string of code but its docstrings, and the whole of anything else."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield text
        return
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def shown_files() -> Iterator[Path]:
    for folder, kinds in (("templates", {".html", ".txt"}), ("contest", {".py", ".md"}), ("static/js", {".js"})):
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in kinds)


def test_pages_say_what_the_glossary_says() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): wrong
        for path in shown_files()
        if (wrong := sorted({fault for text in sentences(path) for fault in faults(text)}))
    }

    assert len(unsaid()) > 10
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "Gọi ban tổ chức",
        "Ban tổ chức mở lại",
        "DẤU NIÊM PHONG",
        "Lệch dự đoán",
        "ở một thẻ khác",
        "{{ 3 }} điều của đợt",
    ],
)
def test_guard_sees_a_word_that_is_not_said(text: str) -> None:
    assert len(faults(text)) >= 1


def test_guard_lets_the_words_of_the_glossary_pass() -> None:
    said = "Ban Tổ chức. Sao chép mã. Mã đối chiếu, chênh lệch dự đoán, thẻ căn cước. Người ngoài tỉnh, theo Điều 4."
    assert faults(said) == []
