"""Formulas on one line: MathML and raised or lowered letters in characters that any phone shows; `markup` calls it."""

import re
from typing import Any

_UP = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_DOWN = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SPACED = frozenset(
    [
        "=",
        "≠",
        "<",
        ">",
        "≤",
        "≥",
        "≈",
        "≡",
        "∼",
        "+",
        "−",
        "-",
        "±",
        "∓",
        "×",
        "÷",
        "∈",
        "∉",
        "⊂",
        "⊆",
        "∪",
        "∩",
        "→",
        "⇒",
        "⇔",
        "↔",
        "∧",
        "∨",
        "≪",
        "≫",
        "∝",
        "⊥",
        "∥",
        "|",
        ":=",
        "*",
    ]
)
_UNSEEN = "\u2061\u2062\u2063\u2064\u200b"
_SILENT = frozenset(["annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"])
_ACCENTS = {
    "→": "\u20d7",
    "⃗": "\u20d7",
    "¯": "\u0304",
    "‾": "\u0304",
    "_": "\u0304",
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "˙": "\u0307",
    "˘": "\u0306",
}
_SIGN = re.compile(r"(^|[(\[=<>] ?)([-−+±]) ")
_DEPTH = 60


def linear(element: Any) -> str:
    """A MathML element as one line, such as "x² + √(2y) = (a + b)/c"."""
    return _SIGN.sub(r"\1\2", " ".join(_inside(element, 0).split()))


def raised(text: str) -> str:
    """The text as a superscript: Unicode letters where each has one, else after "^"."""
    return _script(text, _UP, "^")


def lowered(text: str) -> str:
    """The text as a subscript: Unicode letters where each has one, else after "_"."""
    return _script(text, _DOWN, "_")


def fraction(top: str, bottom: str) -> str:
    """A fraction on one line, such as "(a + b)/c"."""
    return f"{_grouped(top)}/{_grouped(bottom)}"


def root(radicand: str, index: str = "") -> str:
    """A root on one line: the square root without an index."""
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(index)
    return f"{sign or raised(index) + '√'}{_grouped(radicand)}"


def _script(text: str, letters: dict[str, str], mark: str) -> str:
    text = " ".join(text.split())
    close = text.replace(" ", "")
    if close and all(char in letters for char in close):
        return "".join(letters[char] for char in close)
    if close in ("°", "′", "″", "'", "*", "∗", "†"):
        return close
    if not text:
        return ""
    return mark + (text if text.isalnum() else f"({text})")


def _node(element: Any, depth: int) -> str:
    if not isinstance(element.tag, str):
        return ""
    name = element.tag.rpartition("}")[2].lower()
    if name in _SILENT:
        return ""
    if depth > _DEPTH:
        return "".join(element.itertext())
    parts = [child for child in element if isinstance(child.tag, str)]
    if name in ("mi", "mn", "mtext", "ms", "mo"):
        return _token(name, element, depth)
    if name == "mspace":
        return " "
    if name == "semantics":
        return _node(parts[0], depth + 1) if parts else ""
    if name in ("mtable", "mtr", "mlabeledtr", "mfenced"):
        return _several(name, element, parts, depth + 1)
    if name == "msqrt":
        return root(_inside(element, depth))
    if _SHAPES.get(name) != len(parts):
        return _inside(element, depth)
    return _shaped(name, [_node(part, depth + 1).strip() for part in parts])


def _inside(element: Any, depth: int) -> str:
    if not len(element):
        return element.text or ""
    pieces = [(element.text or "").strip()]
    for child in element:
        pieces += [_node(child, depth + 1), (child.tail or "").strip()]
    return "".join(pieces)


def _token(name: str, element: Any, depth: int) -> str:
    text = " ".join(_inside(element, depth).split()).strip(_UNSEEN)
    if name == "mo" and text in _SPACED:
        return f" {text} "
    return f"{text} " if name == "mo" and text in (",", ";") else text


def _several(name: str, element: Any, parts: list[Any], depth: int) -> str:
    read = [_node(part, depth).strip() for part in parts]
    if name == "mtable":
        return "[" + "; ".join(read) + "]"
    if name == "mfenced":
        return element.get("open", "(") + ", ".join(read) + element.get("close", ")")
    return ", ".join(read)


_SHAPES = {
    "mfrac": 2,
    "msup": 2,
    "msub": 2,
    "msubsup": 3,
    "mroot": 2,
    "mover": 2,
    "munder": 2,
    "munderover": 3,
}


def _shaped(name: str, read: list[str]) -> str:
    base, first, *_ = read
    last = read[-1]
    match name:
        case "mfrac":
            return fraction(base, first)
        case "msup":
            return _base(base) + raised(last)
        case "msub" | "munder":
            return _base(base) + lowered(last)
        case "mroot":
            return root(base, last)
        case "mover":
            return base + _ACCENTS[last] if last in _ACCENTS and len(base) == 1 else _base(base) + raised(last)
        case _:
            return _base(base) + lowered(first) + raised(last)


def _base(text: str) -> str:
    return text if len(text) <= 1 else _grouped(text)


def _grouped(text: str) -> str:
    text = " ".join(text.split())
    if (
        len(text) == 1
        or text.replace(",", "").replace(".", "").isdigit()
        or (text[:1] == "(" and text[-1:] == ")" and ")" not in text[:-1])
    ):
        return text
    return f"({text})"
