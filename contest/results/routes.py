"""Pages of the results room; HTTP only."""

from flask import Blueprint

bp = Blueprint("results", __name__)
