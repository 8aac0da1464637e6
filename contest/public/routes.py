"""Pages of the public room; HTTP only."""

from flask import Blueprint

bp = Blueprint("public", __name__)
