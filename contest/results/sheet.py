"""The award list as a spreadsheet; the public page and the organisers' desk offer it."""

import io
from typing import Any

import xlsxwriter

from contest.results.models import Publication

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CLEAN_STARTS = "'"


def neutral(text: str) -> str:
    """`text` such that no spreadsheet takes it for a formula, even after it was saved as CSV."""
    return _CLEAN_STARTS + text if text.startswith(_FORMULA_STARTS) else text


def award_sheet(publication: Publication) -> bytes:
    """An .xlsx of the frozen list: heading, one row an award, set up for A4 paper across."""
    body: dict[str, Any] = publication.body
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {"title": body["title"], "author": body["organizer"], "created": publication.published_at.replace(tzinfo=None)}
    )
    sheet = book.add_worksheet("Danh sách đạt giải")
    plain = book.add_format(
        {"font_name": "Times New Roman", "font_size": 12, "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    money = book.add_format(
        {"font_name": "Times New Roman", "font_size": 12, "border": 1, "num_format": "#,##0", "valign": "vcenter"}
    )
    head = book.add_format(
        {
            "font_name": "Times New Roman",
            "font_size": 12,
            "border": 1,
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    title = book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True, "align": "center"})
    note = book.add_format({"font_name": "Times New Roman", "font_size": 12, "italic": True, "align": "center"})
    works = body["kind"] != "quiz"
    columns = [
        "STT",
        "Hạng",
        "Họ và tên",
        "Đơn vị",
        *(["Tác phẩm"] if works else []),
        *body["criteria"],
        "Giải",
        "Tiền thưởng (đồng)",
    ]
    widths = [6, 7, 28, 26, *([34] if works else []), *(16 for _ in body["criteria"]), 18, 20]
    last = len(columns) - 1
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, last, neutral(body["organizer"]), note)
    sheet.merge_range(1, 0, 1, last, neutral(body["title"]), title)
    state = f"Công bố số {publication.number:02d}" + (", ĐÃ THU HỒI" if publication.revoked_at else "")
    sheet.merge_range(2, 0, 2, last, neutral(f"{body['contest']}. {state}"), note)
    for place, words in enumerate(columns):
        sheet.write_string(4, place, words, head)
    for line, row in enumerate(body["rows"], start=5):
        texts = [
            row["name"],
            row["unit"],
            *([row["work"]] if works else []),
            *(v["shown"] for v in row["values"]),
            row["prize"],
        ]
        sheet.write_number(line, 0, row["row"], plain)
        sheet.write_number(line, 1, row["place"], plain)
        for place, text in enumerate(texts, start=2):
            sheet.write_string(line, place, neutral(text), plain)
        sheet.write_number(line, last, row["amount"], money)
    below = 6 + len(body["rows"])
    for passed in body.get("passed", []):
        words = f"Hạng {passed['place']}, {passed['name']}, không xét {passed['prize']}. {passed['ground']}"
        sheet.write_string(below, 0, words)
        below += 1
    sheet.write_string(below, 0, f"Dấu niêm phong SHA-256: {publication.digest}")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(4)
    sheet.freeze_panes(5, 0)
    book.close()
    return target.getvalue()
