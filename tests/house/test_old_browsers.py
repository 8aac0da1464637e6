"""Scripts and styles keep to what browsers of 2021 know (Chrome 86, Safari 15, Firefox 90): a cheap phone is not renewed each year."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
# What came later: the script would stop in the middle of its work, which is worse than no script.
LATER = re.compile(
    r"AbortSignal\.(timeout|any)|\.requestSubmit\(|\.at\(|structuredClone|Object\.(hasOwn|groupBy)|\.findLast|\.to(Sorted|Reversed|Spliced)\("
    r"|Array\.fromAsync|Promise\.withResolvers|crypto\.randomUUID|\.showPicker\(|navigation\.|startViewTransition\((?!.*\?\.)|^\s*static \{"
)
RULES = re.compile(r"([^{}]+)\{")


@pytest.mark.parametrize("script", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_script_calls_nothing_that_browsers_of_2021_lack(script: Path) -> None:
    found = [line.strip() for line in script.read_text().splitlines() if LATER.search(line)]

    assert found == []


@pytest.mark.parametrize("sheet", sorted((STATIC / "css").glob("*.css")), ids=lambda path: path.name)
def test_selector_that_old_browsers_drop_stands_alone(sheet: Path) -> None:
    """One unknown selector in a list makes them drop the whole rule, with what they would have known."""
    lists = [rule.strip() for rule in RULES.findall(sheet.read_text()) if "," in re.sub(r"\([^()]*\)", "", rule)]

    assert [rule for rule in lists if ":has(" in rule] == []
