"""The page of styles, where every component stands in every state; shown in development only, registered by create_app."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from contest.accounts.access import public
from contest.core import clock
from contest.public.forms import StyleSampleForm

bp = Blueprint("kieu_dang", __name__)


@dataclass(frozen=True)
class SamplePage:
    """A page of a long list, as the pager wants it."""

    page: int = 1
    pages: int = 165
    total: int = 1644
    first: int = 1
    last: int = 10


@bp.get("/kieu-dang")
@public
def show() -> ResponseReturnValue:
    """Every component, with a form that is empty and one that was sent with mistakes."""
    if not current_app.config["KV"].development:
        abort(404)
    wrong = StyleSampleForm(
        MultiDict({"loi-full_name": "Người dự thi mẫu", "loi-phone": "0912 345"}), prefix="loi", meta={"csrf": False}
    )
    del wrong.password, wrong.prediction
    wrong.validate()
    closes_at = clock.now() + timedelta(days=2, hours=18, minutes=56)
    return render_template(
        "kieu_dang.html", form=StyleSampleForm(), wrong=wrong, page=SamplePage(), closes_at=closes_at
    )
