"""Guards the pages: nothing inline, nothing unescaped, every page in a layout, no script that turns data into markup."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=[\"']application/(ld\+)?json)[^>]*>", re.I),
    "style element": re.compile(r"<style[\s>]", re.I),
    "style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "event handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=\s*[\"'{]", re.I),
    "javascript address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "unescaped value": re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false|Markup\("),
    "address elsewhere": re.compile(r"<(script|link|img|iframe)[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", re.I),
}
# What the server rendered and escaped itself comes back as markup in these, and nothing else does.
RENDERED_BY_US = {"essay-editor.js", "photo-keeper.js"}
SCRIPT_FORBIDDEN = {
    "markup from data": re.compile(r"\b(innerHTML|outerHTML)\s*\+?=(?!=)|insertAdjacentHTML|document\.write"),
    "code from data": re.compile(r"\beval\s*\(|new\s+Function\b|set(Timeout|Interval)\s*\(\s*[\"'`]"),
    "style from script": re.compile(r"createElement\(\s*[\"']style[\"']|setAttribute\(\s*[\"']style[\"']|\.cssText\b"),
}
COMMENT = re.compile(r"\{#.*?#\}", re.S)
WHOLE = ("layouts", "components")


def faults(text: str) -> list[str]:
    """What is wrong in one template's text."""
    bare = COMMENT.sub("", text)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(bare)]


def homeless(folder: Path) -> list[str]:
    """Pages outside layouts and components that extend no layout; files that begin with _ are parts of pages."""
    return [
        page.relative_to(folder).as_posix()
        for page in sorted(folder.rglob("*.html"))
        if page.relative_to(folder).parts[0] not in WHOLE
        and not page.name.startswith("_")
        and not re.search(r"\{%-?\s*extends\s", page.read_text(encoding="utf-8"))
    ]


def script_faults(text: str) -> list[str]:
    """What is wrong in one script's text."""
    return [name for name, pattern in SCRIPT_FORBIDDEN.items() if pattern.search(text)]


def templates() -> list[str]:
    return [page.relative_to(ROOT).as_posix() for page in sorted((ROOT / "templates").rglob("*.*"))]


def scripts() -> list[str]:
    return [file.relative_to(ROOT).as_posix() for file in sorted((ROOT / "static" / "js").rglob("*.js"))]


@pytest.mark.parametrize("page", templates())
def test_template_holds_nothing_inline_or_unescaped(page: str) -> None:
    assert faults((ROOT / page).read_text(encoding="utf-8")) == []


def test_every_page_extends_a_layout() -> None:
    # Maintenance must show while nothing else works.
    assert homeless(ROOT / "templates") == ["errors/maintenance.html"]


@pytest.mark.parametrize("script", scripts())
def test_script_makes_no_markup_or_code_from_data(script: str) -> None:
    allowed = {"markup from data"} if Path(script).name in RENDERED_BY_US else set()

    assert set(script_faults((ROOT / script).read_text(encoding="utf-8"))) <= allowed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ('<script type="module">import "x"</script>', "inline script"),
        ("<style>b{}</style>", "style element"),
        ('<p class="a" style="color: red">', "style attribute"),
        ('<button type="button" onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "javascript address"),
        ("{{ essay.text | safe }}", "unescaped value"),
        ("{% autoescape false %}", "unescaped value"),
        ('<img alt="" src="https://example.vn/a.png">', "address elsewhere"),
    ],
)
def test_guard_sees_a_faulty_template(text: str, fault: str) -> None:
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "<script type=\"module\" src=\"{{ url_for('static', filename='js/page.js') }}\"></script>",
        '<p data-style="a" data-on="b">style="…"</p>',
        "{# <style> and style= are forbidden #}",
        '<a href="{{ url }}" class="btn">onward = "x"</a>',
    ],
)
def test_guard_lets_a_clean_template_pass(text: str) -> None:
    assert faults(text) == []


def test_guard_sees_a_page_without_a_layout(tmp_path: Path) -> None:
    (tmp_path / "quiz").mkdir()
    (tmp_path / "quiz" / "start.html").write_text("<h1>Bắt đầu</h1>", encoding="utf-8")
    (tmp_path / "quiz" / "_part.html").write_text("<p></p>", encoding="utf-8")

    assert homeless(tmp_path) == ["quiz/start.html"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("box.innerHTML = reply.name;", "markup from data"),
        ("eval(reply)", "code from data"),
        ("setTimeout('go()', 1)", "code from data"),
        ("node.setAttribute('style', 'x')", "style from script"),
    ],
)
def test_guard_sees_a_faulty_script(text: str, fault: str) -> None:
    assert script_faults(text) == [fault]
