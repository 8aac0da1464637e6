"""The pictures that a Word document shows: their bytes in the package, and the words that Word keeps for them; `docx_lines` calls it."""

from typing import Any

from question_bank.formats import images
from question_bank.formats.office import Package, Unreadable, attribute, local
from question_bank.schema import Picture

_FRAMES = ("inline", "anchor")


class Pictures:
    """Finds the pictures of one part of a package; `parts` is what the part refers to inside the file."""

    def __init__(self, package: Package, parts: dict[str, tuple[str, str]]) -> None:
        self._package = package
        self._parts = parts
        self._members = images.Members(package.content, Unreadable)

    def of(self, element: Any) -> Picture:
        """The picture that a blip, or an imagedata of older documents, shows. Raises images.Lost."""
        name = attribute(element, "embed") or attribute(element, "id")
        if not name and attribute(element, "link"):
            raise images.Lost(images.OUTSIDE)
        kind, path = self._parts.get(name, ("", ""))
        if kind != "image":
            raise images.Lost(images.OUTSIDE if attribute(element, "link") else images.DAMAGED)
        content = self._members.get(path, self._package.size(path))
        return Picture(images.sound(content), _alt(element))


def _alt(element: Any) -> str:
    if local(element) == "imagedata":
        shape = element.getparent()
        return attribute(element, "title") or ("" if shape is None else attribute(shape, "alt"))
    for frame in element.iterancestors():
        if local(frame) in _FRAMES:
            told = next((child for child in frame if local(child) == "docPr"), None)
            return "" if told is None else attribute(told, "descr")
    return ""
