"""The pictures of a workbook that stand on a row, each with the cell that its corner lies in; `spreadsheet_xlsx` calls it."""

from collections.abc import Iterator
from typing import Any

from question_bank.formats import images
from question_bank.formats.office import Package, Unreadable, attribute, local
from question_bank.formats.spreadsheet_cells import Shown
from question_bank.schema import Picture

_ANCHORS = ("twoCellAnchor", "oneCellAnchor")
_SHOWN_MOST = 20_000
UNREAD = "Hình của trang tính “{}” bị hỏng nên không được nhập; chữ trong ô vẫn được đọc."
UNPLACED = (
    "Tệp có hình đặt trong ô hoặc ở đầu trang nên không được nhập. "
    "Trong Excel, hãy đặt hình nổi (Place over Cells) trên dòng của câu rồi lưu lại."
)


class Pictures:
    """Finds the pictures of a package's sheets; all together within bounds."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._members = images.Members(package.content, Unreadable)
        self.count = 0

    def of(self, sheet: str) -> dict[int, list[Shown]]:
        """What stands on each row of a sheet, by the row's number, from the top left. Raises Unreadable."""
        found: dict[int, list[Shown]] = {}
        for kind, path in self._package.related(sheet).values():
            if kind == "drawing":
                parts = self._package.related(path)
                for line, shown in self._anchored(self._package.tree(path), parts):
                    found.setdefault(line, []).append(shown)
        for row in found.values():
            row.sort(key=lambda shown: shown.column)
        return found

    def _anchored(self, drawing: Any, parts: dict[str, tuple[str, str]]) -> Iterator[tuple[int, Shown]]:
        for anchor in drawing:
            corner = next((child for child in anchor if local(child) == "from"), None)
            if local(anchor) not in _ANCHORS or corner is None:
                continue
            row, column = (_number(corner, name) for name in ("row", "col"))
            for blip in anchor.iter():
                if local(blip) == "blip":
                    self.count += 1
                    if self.count > _SHOWN_MOST:
                        return
                    yield row + 1, self._shown(blip, column, parts)

    def _shown(self, blip: Any, column: int, parts: dict[str, tuple[str, str]]) -> Shown:
        try:
            kind, path = parts.get(attribute(blip, "embed"), ("", ""))
            if kind != "image":
                raise images.Lost(images.OUTSIDE if attribute(blip, "link") else images.DAMAGED)
            content = self._members.get(path, self._package.size(path))
            return Shown(column, Picture(images.sound(content), _alt(blip)))
        except images.Lost as error:
            return Shown(column, lost=str(error))


def _number(corner: Any, name: str) -> int:
    text = next((child.text or "" for child in corner if local(child) == name), "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _alt(blip: Any) -> str:
    for frame in blip.iterancestors():
        if local(frame) == "pic":
            told = next((part for part in frame.iter() if local(part) == "cNvPr"), None)
            return "" if told is None else attribute(told, "descr")
    return ""
