"""The pictures of questions; HTTP only."""

from flask import Response
from flask.typing import ResponseReturnValue

from contest.accounts.access import public
from contest.core import storage
from contest.core.errors import NotFound
from contest.quiz import pictures, queries
from contest.quiz.routes.blueprint import bp


@bp.get("/hinh/<address>")
@public
def picture(address: str) -> ResponseReturnValue:
    """The picture of a question, by the hash of its content, which nobody can guess before a paper shows it."""
    if not queries.has_picture(address) or not storage.exists(address):
        raise NotFound("Không có hình này.")
    reply = Response(storage.stream(address), mimetype=pictures.MEDIA_TYPE)
    reply.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return reply
