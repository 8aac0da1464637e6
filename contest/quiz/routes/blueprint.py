"""The blueprint of the quiz room, on which its pages hang, and the address of one attempt."""

from flask import Blueprint

bp = Blueprint("quiz", __name__, url_prefix="/thi-trac-nghiem")
ATTEMPT = "/luot/<int(max=9223372036854775807):attempt_id>"
