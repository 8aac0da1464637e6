"""Pages of the judging room; HTTP only."""

from flask import Blueprint

bp = Blueprint("judging", __name__)
