"""Paragraphs of a document that is printed; its files and letterheads are made of them."""

from typing import Any


def line(
    place: Any,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
    before: float = 0,
    after: float = 6,
) -> Any:
    """A paragraph at the end of a document or cell."""
    from docx.shared import Pt

    paragraph = place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def ruled(paragraph: Any, indent: Any) -> None:
    """A line under a paragraph, drawn in from both sides."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent // 4
    borders, under = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for word, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        under.set(qn(f"w:{word}"), value)
    borders.append(under)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
