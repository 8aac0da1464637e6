"""Pages of the photo room; HTTP only."""

from flask import Blueprint

bp = Blueprint("photo", __name__)
