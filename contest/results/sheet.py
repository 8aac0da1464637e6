"""The award list as a spreadsheet; the public page and the organisers' desk offer it."""

import io
from typing import Any

import xlsxwriter

from contest.core.sheets import OPTIONS, Cells
from contest.results.models import Publication


def award_sheet(publication: Publication) -> bytes:
    """An .xlsx of the frozen list: heading, one row an award, set up for A4 paper across."""
    body: dict[str, Any] = publication.body
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **OPTIONS})
    book.set_properties(
        {"title": body["title"], "author": body["organizer"], "created": publication.published_at.replace(tzinfo=None)}
    )
    sheet = book.add_worksheet("Danh sách đạt giải")
    face = {"font_name": "Times New Roman", "font_size": 12}
    cells = Cells(book, {**face, "border": 1, "text_wrap": True, "valign": "vcenter"})
    heads = Cells(book, {**face, "border": 1, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"})
    titles = Cells(book, {"font_name": "Times New Roman", "font_size": 14, "bold": True, "align": "center"})
    notes = Cells(book, {**face, "italic": True, "align": "center"})
    below_list = Cells(book)
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
    sheet.merge_range(0, 0, 0, last, body["organizer"], notes.of(body["organizer"]))
    sheet.merge_range(1, 0, 1, last, body["title"], titles.of(body["title"]))
    state = f"Công bố số {publication.number:02d}" + (", ĐÃ THU HỒI" if publication.revoked_at else "")
    sheet.merge_range(2, 0, 2, last, f"{body['contest']}. {state}", notes.of(body["contest"]))
    for place, words in enumerate(columns):
        heads.write(sheet, 4, place, words)
    for line, row in enumerate(body["rows"], start=5):
        cells.write(sheet, line, 0, row["row"])
        cells.write(sheet, line, 1, row["place"])
        texts = [row["name"], row["unit"], *([row["work"]] if works else [])]
        for place, text in enumerate(texts, start=2):
            cells.write(sheet, line, place, text)
        first = 2 + len(texts)
        for place, value in enumerate(row["values"], start=first):
            if value["criterion"] == "lot":
                cells.write(sheet, line, place, value["shown"])
            else:
                cells.write_shown(sheet, line, place, value["shown"])
        cells.write(sheet, line, last - 1, row["prize"])
        cells.write(sheet, line, last, row["amount"], shape="#,##0")
    below = 6 + len(body["rows"])
    for passed in body.get("passed", []):
        words = f"Hạng {passed['place']}, {passed['name']}, không xét {passed['prize']}. {passed['ground']}"
        below_list.write(sheet, below, 0, words)
        below += 1
    sheet.write_string(below, 0, f"Mã đối chiếu SHA-256: {publication.digest}")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(4)
    sheet.freeze_panes(5, 0)
    book.close()
    return target.getvalue()
