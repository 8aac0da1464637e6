"""Pages of the essay room; HTTP only."""

from flask import Blueprint

bp = Blueprint("essay", __name__)
