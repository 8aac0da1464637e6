"""Pages of the backoffice room; HTTP only."""

from flask import Blueprint

bp = Blueprint("backoffice", __name__)
