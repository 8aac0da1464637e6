"""The blueprint of the quiz room, on which its pages hang, and the address of one attempt, which tells nobody how many there are."""

from flask import Blueprint

bp = Blueprint("quiz", __name__, url_prefix="/thi-trac-nghiem")
ATTEMPT = "/luot/<veiled:attempt_id>"
