"""The project's own Python files as the guards read them: a mapping from module name to syntax tree."""

import ast
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Tree = Mapping[str, ast.Module]


def tree_of(sources: Mapping[str, str]) -> Tree:
    """Modules written out in a test: name → source."""
    return {name: ast.parse(source) for name, source in sources.items()}


def the_house() -> Tree:
    """Every module of the product, as it stands in the checkout."""
    return {
        _name(path): ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for package in ("contest", "question_bank")
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def imports(name: str, module: ast.Module, tree: Tree) -> set[str]:
    """The modules of ours that `module` imports, wherever in it: at its top, inside functions, for type checkers."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(name, node, tree)
            members = {f"{origin}.{alias.name}" for alias in node.names}
            inner = {member for member in members if member in tree}
            found |= inner
            if inner != members:
                found.add(origin)
    return found


def _origin(name: str, node: ast.ImportFrom, tree: Tree) -> str:
    if not node.level:
        return node.module or ""
    is_package = any(other.startswith(f"{name}.") for other in tree)
    steps = node.level - 1 if is_package else node.level
    base = name.split(".")[: len(name.split(".")) - steps]
    return ".".join([*base, *([node.module] if node.module else [])])


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
