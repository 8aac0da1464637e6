"""Pages of the accounts room, a module a noun, hung on one blueprint; HTTP only."""

from contest.accounts.routes import own, register, sign_in
from contest.accounts.routes.blueprint import bp

__all__ = ["bp", "own", "register", "sign_in"]
