"""How the runs of a .docx are drawn, as far as it decides what can be read: hidden or not, in which font; docx_body asks."""

from dataclasses import dataclass
from typing import Any

_OFF = ("0", "false", "off")
_OLD_FONTS = (".vn", "vni-", "vni ")
_DEEPEST = 20


@dataclass(frozen=True)
class Look:
    """Whether a run is hidden, and its font."""

    hidden: bool
    font: str

    @property
    def old_font(self) -> bool:
        """True for the fonts of TCVN3 and VNI."""
        return self.font.lower().startswith(_OLD_FONTS)


class Looks:
    """The looks that styles give, from the root of the part of styles, if there is one."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._defaults: Any | None = None
        self._default_style = ""
        for child in root if root is not None else ():
            if local(child) == "style":
                self._styles[told_by(child, "styleId")] = child
                if told_by(child, "type") == "paragraph" and told_by(child, "default") == "1":
                    self._default_style = told_by(child, "styleId")
            elif local(child) == "docDefaults":
                self._defaults = next((found for found in child.iter() if local(found) == "rPr"), None)

    def of(self, run: Any, paragraph_style: str) -> Look:
        """The look of a run in a paragraph of that style."""
        own = _child(run, "rPr")
        layers = [own, *self._chain(_value(own, "rStyle")), *self._chain(paragraph_style or self._default_style)]
        layers.append(self._defaults)
        return Look(
            hidden=next((found for layer in layers if (found := _hidden(layer)) is not None), False),
            font=next((font for layer in layers if (font := _font(layer))), ""),
        )

    def _chain(self, style: str) -> list[Any]:
        """The properties of a style and of those it rests on, the nearest first."""
        found: list[Any] = []
        for _ in range(_DEEPEST):
            element = self._styles.get(style)
            if element is None:
                break
            found.append(_child(element, "rPr"))
            style = _value(element, "basedOn")
        return found


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def told_by(element: Any, name: str) -> str:
    """The attribute of that local name; empty where there is none."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rsplit("}", 1)[-1] == name), "")


def _child(element: Any | None, name: str) -> Any | None:
    return next((child for child in element if local(child) == name), None) if element is not None else None


def _value(element: Any | None, name: str) -> str:
    found = _child(element, name)
    return told_by(found, "val") if found is not None else ""


def _hidden(properties: Any | None) -> bool | None:
    found = _child(properties, "vanish")
    return None if found is None else told_by(found, "val").lower() not in _OFF


def _font(properties: Any | None) -> str:
    found = _child(properties, "rFonts")
    return (told_by(found, "ascii") or told_by(found, "hAnsi")) if found is not None else ""
