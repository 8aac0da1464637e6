"""Pictures of questions on the desk: taking one in, carrying it signed through a form, serving it; the editor and the question's page use it."""

from typing import Any

from flask import Response, current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from contest.accounts.access import organizer
from contest.backoffice.blueprint import bp
from contest.core import storage
from contest.core.errors import NotFound
from contest.quiz import pictures
from contest.quiz import queries as quiz
from contest.quiz.drafts import Picture

_A_YEAR = "private, max-age=31536000, immutable"


def take_in(content: bytes) -> str:
    """Draw the picture anew, keep it, and return the token that carries it through a form; raises pictures.Unreadable."""
    drawn = pictures.redraw(content)
    return hold(Picture(storage.put(drawn.content), "", drawn.width, drawn.height))


def hold(picture: Picture) -> str:
    """The token of a picture that is kept already."""
    return _signer().dumps([picture.address, picture.width, picture.height])


def held(token: str, alt: str) -> Picture | None:
    """The picture behind a token with these words; None for a token that is empty or not ours."""
    try:
        address, width, height = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    return Picture(address, alt, width, height)


def shown_at(picture: Picture | None) -> str:
    """The address at which the desk shows a picture, kept in a version or only in a form."""
    return url_for("backoffice.bank_picture", token=hold(picture)) if picture else ""


@bp.get("/cau-hoi/hinh/<token>")
@organizer
def bank_picture(token: str) -> Response:
    """A picture by its signed token, or by its address once a question bears it; the content never changes."""
    picture: Any = held(token, "")
    address = picture.address if picture else token
    if (picture is None and not quiz.has_picture(address)) or not storage.exists(address):
        raise NotFound("Không có hình này.")
    reply = Response(storage.stream(address), mimetype=pictures.MEDIA_TYPE)
    reply.headers["Cache-Control"] = _A_YEAR
    return reply


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="backoffice.bank.picture")
