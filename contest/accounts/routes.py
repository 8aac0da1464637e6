"""Pages of the accounts room; HTTP only."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
