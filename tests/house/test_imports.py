"""Guards the floors: imports run downwards between rooms, and from routes to rules inside a room."""

import pytest

from tests.house.source import Tree, imports, the_house, tree_of

FLOORS = {
    "core": 0,
    "units": 1,
    "accounts": 1,
    "contests": 2,
    "entries": 3,
    "essay": 4,
    "photo": 4,
    "quiz": 4,
    "judging": 5,
    "results": 6,
    "backoffice": 7,
    "public": 7,
}
TOP = max(FLOORS.values())
PRIVATE = {"routes", "forms", "jobs", "commands"}
LAYERS = {"rules": 0, "models": 1, "queries": 2, "service": 3, "routes": 4, "forms": 4, "jobs": 4, "commands": 4}
BANK_READERS = {"quiz", "backoffice"}
SHEETS = "contest.core.sheets"  # shares with the bank the one rule of what a spreadsheet would run
OUTSIDE_RULES = ("flask", "sqlalchemy", "flask_sqlalchemy", "redis", "rq", "flask_login", "wtforms")
MEANT = {
    ("contest.core.security", "contest.config"): "configuration is a value; core is wired with it",
    (
        "contest.units.routes",
        "contest.accounts.access",
    ): "the tree of units is served by a route, and routes bear marks",
    **dict.fromkeys(
        [
            ("contest.essay.docx_body", "question_bank.formats.docx_fields"),
            ("contest.essay.docx_body", "question_bank.formats.formulas"),
            ("contest.essay.docx_body", "question_bank.formats.symbol_fonts"),
            ("contest.essay.docx_text", "question_bank.formats.old_fonts"),
        ],
        "what fonts and fields of Word draw is read in essays as it is in questions",
    ),
}


def wrong_imports(tree: Tree) -> list[str]:
    """Every import that the plan of the house does not allow, as "importer → imported: why not"."""
    wrong = []
    for name, module in tree.items():
        for imported in sorted(imports(name, module, tree)):
            why = None if (name, imported) in MEANT else _why_not(name, imported)
            if why:
                wrong.append(f"{name} → {imported}: {why}")
    return wrong


def _why_not(name: str, imported: str) -> str | None:
    outside = imported.split(".", maxsplit=1)[0]
    if outside in OUTSIDE_RULES and (name.startswith("question_bank") or _layer(name) == "rules"):
        return "rules and the question bank are plain Python"
    if outside == "question_bank":
        return _why_not_bank(name)
    if outside != "contest":
        return None
    if name.startswith("question_bank"):
        return "the basement knows nothing above it"
    if _is_wiring(name):
        return None
    if _is_wiring(imported):
        return "no room imports the wiring"
    here, there = _room(name), _room(imported)
    return _why_not_inside(name, imported) if here == there else _why_not_between(here, there, imported)


def _why_not_bank(name: str) -> str | None:
    if name.startswith("question_bank") or _is_wiring(name) or _room(name) in BANK_READERS or name == SHEETS:
        return None
    return "only quiz and backoffice read the question bank"


def _why_not_between(here: str, there: str, imported: str) -> str | None:
    if _layer(imported) in PRIVATE:
        return "another room's routes, forms, jobs and commands are private"
    if (here, there) == ("accounts", "units") or FLOORS[there] < FLOORS[here]:
        return None
    return "imports run only downwards, never sideways"


def _why_not_inside(name: str, imported: str) -> str | None:
    low, high = LAYERS.get(_layer(name)), LAYERS.get(_layer(imported))
    if low is None and FLOORS[_room(name)] == TOP:
        return None  # On the top floor a file per noun is itself an edge.
    if low is None and _layer(imported) in PRIVATE:
        return "only the edge knows the edge"
    if low is not None and high is not None and high > low:
        return "inside a room imports run from routes to rules"
    return None


def _is_wiring(name: str) -> bool:
    parts = name.split(".")
    return parts[0] == "contest" and (len(parts) == 1 or parts[1] not in FLOORS)


def _room(name: str) -> str:
    return name.split(".")[1]


def _layer(name: str) -> str:
    parts = name.split(".")
    return parts[2] if len(parts) > 2 and parts[0] == "contest" and parts[1] != "core" else ""


def test_every_import_of_the_house_runs_downwards() -> None:
    assert wrong_imports(the_house()) == []


def test_every_room_stands_on_a_floor() -> None:
    packages = {name.split(".")[1] for name in the_house() if name.count(".") > 1 and name.startswith("contest.")}

    assert packages - {"demo"} == set(FLOORS)


@pytest.mark.parametrize(
    ("importer", "line", "imported"),
    [
        ("contest.core.db", "from contest.quiz import service", "contest.quiz.service"),
        ("contest.entries.service", "from contest.judging import queries", "contest.judging.queries"),
        ("contest.entries.service", "def f():\n    import contest.judging.queries", "contest.judging.queries"),
        ("contest.essay.queries", "from contest.photo.models import Photo", "contest.photo.models"),
        ("contest.public.routes", "from contest.backoffice import queries", "contest.backoffice.queries"),
        ("contest.units.service", "from contest.accounts.models import Account", "contest.accounts.models"),
        ("contest.judging.routes", "from contest.essay import forms", "contest.essay.forms"),
        ("contest.judging.service", "from contest.quiz.jobs import grade", "contest.quiz.jobs"),
        ("contest.quiz.rules", "from contest.quiz import models", "contest.quiz.models"),
        ("contest.quiz.queries", "from contest.quiz.service import hand_in", "contest.quiz.service"),
        ("contest.quiz.service", "from . import jobs", "contest.quiz.jobs"),
        ("contest.photo.pictures", "from contest.photo.forms import UploadForm", "contest.photo.forms"),
        ("contest.photo.service", "from contest import worker", "contest.worker"),
        ("contest.photo.service", "from contest.demo import load", "contest.demo.load"),
        ("contest.essay.rules", "import sqlalchemy", "sqlalchemy"),
        ("contest.results.service", "from question_bank import draw", "question_bank.draw"),
        ("question_bank.draw", "from flask import current_app", "flask"),
        ("question_bank.draw", "from contest.core import clock", "contest.core.clock"),
    ],
)
def test_guard_sees_an_import_that_runs_the_wrong_way(importer: str, line: str, imported: str) -> None:
    found = wrong_imports(tree_of({importer: line, imported: ""}))

    assert [text.split(":")[0] for text in found] == [f"{importer} → {imported}"]


@pytest.mark.parametrize(
    ("importer", "line", "imported"),
    [
        ("contest.accounts.service", "from contest.units import queries", "contest.units.queries"),
        ("contest.judging.queries", "from contest.essay.models import Essay", "contest.essay.models"),
        ("contest.quiz.routes", "from contest.quiz import jobs", "contest.quiz.jobs"),
        ("contest.quiz.service", "from question_bank import draw", "question_bank.draw"),
        ("contest.worker", "from contest.quiz import jobs", "contest.quiz.jobs"),
        ("contest.demo.load", "from contest.results import service", "contest.results.service"),
    ],
)
def test_guard_lets_downward_imports_pass(importer: str, line: str, imported: str) -> None:
    assert wrong_imports(tree_of({importer: line, imported: ""})) == []
