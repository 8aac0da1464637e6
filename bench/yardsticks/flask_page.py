"""Flask + Jinja: a page with extends and macros, as large as the product's home page (BENCH_PAGE_BYTES)."""

import os

from flask import Flask

from bench.yardsticks import pages

app = Flask(__name__)
ROWS = pages.rows_for(app, int(os.environ.get("BENCH_PAGE_BYTES", "24700")))


@app.get("/")
def home() -> str:
    """The page."""
    return pages.page(ROWS)
