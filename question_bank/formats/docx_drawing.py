"""Pictures put into a Word document that is written, each with its alternative text; `docx` calls it."""

from typing import Any

from question_bank.formats import picture_size
from question_bank.schema import Picture

_PIXEL = 9_525  # English metric units, in which Word measures
_WIDEST, _HIGHEST = 5_400_000, 3_600_000  # 150 and 100 millimetres
_UNTOLD = (320, 240)
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


class Pictures:
    """The pictures of one document; those of the same bytes are kept once."""

    def __init__(self, document: Any) -> None:
        self._part = document.part
        self._held: dict[bytes, str] = {}
        self._count = 0

    def add(self, paragraph: Any, picture: Picture) -> None:
        """Show a picture at the end of a paragraph, as large as the page bears; nothing where it is of no known kind."""
        from docx.oxml.shape import CT_Inline
        from docx.shared import Emu

        if not picture.kind:
            return
        self._count += 1
        width, height = (side * _PIXEL for side in picture_size.size(picture) or _UNTOLD)
        shrunk = min(1.0, _WIDEST / width, _HIGHEST / height)
        inline = CT_Inline.new_pic_inline(
            self._count,
            self._related(picture),
            f"hinh{self._count}.{picture.kind}",
            Emu(max(1, int(width * shrunk))),
            Emu(max(1, int(height * shrunk))),
        )
        inline.docPr.set("descr", picture.alt)
        paragraph.add_run()._r.add_drawing(inline)

    def _related(self, picture: Picture) -> str:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        if picture.content not in self._held:
            word = f"hinh{len(self._held) + 1}"
            name = PackURI(f"/word/media/{word}.{picture.kind}")
            part = Part(name, _TYPES[picture.kind], picture.content, self._part.package)
            self._part.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, part, word)
            self._held[picture.content] = word
        return self._held[picture.content]
