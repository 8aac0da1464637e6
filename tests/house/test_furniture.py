"""Guards the furniture: services leave the commit to the edge, every module says what it is, nothing is called utils."""

import ast

import pytest

from tests.house.source import Tree, the_house, tree_of

BELOW_THE_EDGE = {"service", "queries", "rules", "models"}


def commits_below_the_edge(tree: Tree) -> list[str]:
    """Every commit, rollback or unit of work in a service, query, rule or model, as "module:line"."""
    found = []
    for name, module in tree.items():
        parts = name.split(".")
        if len(parts) < 3 or parts[0] != "contest" or parts[2] not in BELOW_THE_EDGE:
            continue
        for node in ast.walk(module):
            called = node.func if isinstance(node, ast.Call) else None
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if word in ("commit", "unit_of_work", "single_statement") or (word == "rollback" and _on_session(called)):
                found.append(f"{name}:{node.lineno} {word}")
    return found


def _on_session(called: ast.expr | None) -> bool:
    return isinstance(called, ast.Attribute) and "session" in ast.unparse(called.value)


def without_a_sentence(tree: Tree) -> list[str]:
    """Modules that do not open with a docstring."""
    return [name for name, module in tree.items() if not ast.get_docstring(module)]


def drawers(tree: Tree) -> list[str]:
    """Modules whose name says nothing."""
    return [name for name in tree if name.split(".")[-1] in ("utils", "util", "helpers", "helper", "common", "misc")]


def test_no_service_of_the_house_commits() -> None:
    assert commits_below_the_edge(the_house()) == []


@pytest.mark.parametrize(
    "line",
    [
        "db.session.commit()",
        "with unit_of_work():\n    pass",
        "with single_statement():\n    pass",
        "db.session.rollback()",
    ],
)
def test_guard_sees_a_service_that_commits(line: str) -> None:
    sample = tree_of({"contest.quiz.service": line, "contest.quiz.routes": line})

    assert [place.split(":")[0] for place in commits_below_the_edge(sample)] == ["contest.quiz.service"]


def test_guard_lets_a_savepoint_be_rolled_back() -> None:
    assert commits_below_the_edge(tree_of({"contest.quiz.service": "savepoint.rollback()"})) == []


def test_every_module_of_the_house_says_what_lives_in_it() -> None:
    assert without_a_sentence(the_house()) == []


def test_guard_sees_a_module_without_a_sentence() -> None:
    assert without_a_sentence(tree_of({"contest.quiz.rules": "x = 1"})) == ["contest.quiz.rules"]


def test_the_house_has_no_drawers() -> None:
    assert drawers(the_house()) == []


def test_guard_sees_a_drawer() -> None:
    assert drawers(tree_of({"contest.quiz.utils": ""})) == ["contest.quiz.utils"]
