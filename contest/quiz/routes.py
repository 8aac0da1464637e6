"""Pages of the quiz room; HTTP only."""

from flask import Blueprint

bp = Blueprint("quiz", __name__)
