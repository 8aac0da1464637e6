"""The blueprint of the organisers' desk; every file of this room hangs its pages on it."""

from flask import Blueprint

bp = Blueprint("backoffice", __name__, url_prefix="/ban-dieu-hanh")
ID = (
    "int(max=9223372036854775807)"  # a database's big integer: a longer number in an address is no page, never an error
)
