"""A page of a wanted size made of layout, macros and rows; the Flask + Jinja yardstick and Y-start render it."""

from dataclasses import dataclass

from flask import Flask, render_template

LINKS = [{"url": f"/{n}", "name": f"Mục số {n}"} for n in range(8)]
WORDS = "Bắc Giang niềm tin và khát vọng vươn lên trong thời kỳ mới "


@dataclass(frozen=True)
class Row:
    """One question of the page."""

    number: int
    stem: str
    choices: tuple[str, ...]


def rows_for(app: Flask, size: int) -> list[Row]:
    """Twenty rows whose page has `size` bytes, within one per cent; fewer rows for a small page."""

    def rows(count: int, letters: int) -> list[Row]:
        text = (WORDS * (letters // len(WORDS) + 1))[:letters]
        return [Row(n, text, (text[: letters // 3],) * 4) for n in range(1, count + 1)]

    with app.app_context():
        for count in (20, 5, 1):
            low, high = 0, size
            while low < high:
                middle = (low + high + 1) // 2
                if len(page(rows(count, middle)).encode()) <= size:
                    low = middle
                else:
                    high = middle - 1
            if low:
                break
    return rows(count, low)


def page(rows: list[Row]) -> str:
    """The page as HTML."""
    return render_template("page.html", rows=rows, links=LINKS)
