"""What a run of a Word document looks like: bold, underlined, coloured; the .docx reader asks for it."""

import re
from typing import Any

from question_bank.formats.office import Package, attribute, local

_OFF = frozenset(["0", "false", "off", "none"])
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_HEADING = re.compile(r"heading [1-9]", re.IGNORECASE)
_DARK = 0x50
_CHAIN = 12

# The properties that matter here, each as the kind of its mark, or "" where it is switched off.
Look = dict[str, str]


class Styles:
    """The named styles of a document."""

    def __init__(self, package: Package, parts: dict[str, tuple[str, str]]) -> None:
        self._looks: dict[str, tuple[str, Look]] = {}
        self._lists: dict[str, Any] = {}
        self._headings: set[str] = set()
        path = next((path for kind, path in parts.values() if kind == "styles"), "")
        for element in package.tree(path) if path else ():
            if local(element) != "style":
                continue
            name, based, own = attribute(element, "styleId"), "", Look()
            for child in element:
                if local(child) == "basedOn":
                    based = attribute(child, "val")
                elif local(child) == "rPr":
                    own = look(child)
                elif local(child) == "pPr":
                    self._lists[name] = child
                elif local(child) == "name" and _HEADING.fullmatch(attribute(child, "val")):
                    self._headings.add(name)
            self._looks[name] = (based, own)

    def of(self, name: str) -> Look:
        """The look that a style gives, those it builds on included."""
        chain: list[Look] = []
        while name in self._looks and len(chain) < _CHAIN:
            name, own = self._looks[name]
            chain.append(own)
        merged = Look()
        for own in reversed(chain):
            merged |= own
        return merged

    def heading(self, name: str) -> bool:
        """Whether a style is one of Word's headings, or builds on one."""
        for _ in range(_CHAIN):
            if name in self._headings:
                return True
            if name not in self._looks:
                return False
            name = self._looks[name][0]
        return False

    def paragraph(self, name: str) -> Any | None:
        """The paragraph properties of a style or of the nearest one that it builds on, where lists hide."""
        for _ in range(_CHAIN):
            if name in self._lists and any(local(child) == "numPr" for child in self._lists[name]):
                return self._lists[name]
            if name not in self._looks:
                return None
            name = self._looks[name][0]
        return None


def look(properties: Any) -> Look:
    """What run properties switch on and off."""
    found = Look()
    for child in properties:
        name, value = local(child), attribute(child, "val")
        if name in ("b", "i"):
            found[name] = "" if value in _OFF else {"b": "bold", "i": "italic"}[name]
        elif name == "u":
            found["u"] = "" if value in _OFF else "underline"
        elif name == "color":
            found["color"] = f"colour {value.upper()}" if _HEX.fullmatch(value) and not _dark(value) else ""
        elif name == "highlight":
            found["highlight"] = "" if value in ("none", "white", "") else f"highlight {value}"
        elif name == "shd":
            fill = attribute(child, "fill").upper()
            found["shd"] = f"shading {fill}" if _HEX.fullmatch(fill) and fill != "FFFFFF" else ""
        elif name in ("vanish", "webHidden"):
            found["hidden"] = "" if value in _OFF else "hidden"
        elif name == "caps":
            found["caps"] = "" if value in _OFF else "caps"
        elif name in ("strike", "dstrike"):
            found["struck"] = "" if value in _OFF else "struck"
        elif name == "vertAlign":
            found["raised"] = value if value in ("superscript", "subscript") else ""
        elif name == "rFonts":
            fonts = [attribute(child, "ascii"), attribute(child, "hAnsi")]
            found["font"] = next((font for font in fonts if font), "")
    return found


def marks(own: Look) -> tuple[str, ...]:
    """The kinds of emphasis of a look."""
    return tuple(kind for name in ("b", "i", "u", "color", "highlight", "shd") if (kind := own.get(name)))


def old_font(own: Look) -> bool:
    """Whether the font is one of those before Unicode, whose letters are read as others."""
    return own.get("font", "").lower().startswith((".vn", "vni-", "vni "))


def _dark(value: str) -> bool:
    return all(int(value[place : place + 2], 16) < _DARK for place in (0, 2, 4))
