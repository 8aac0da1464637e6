"""Pages of the accounts room, a module a noun, hung on one blueprint; HTTP only."""

from contest.accounts.routes import own, recovery, register, sign_in
from contest.accounts.routes.blueprint import bp

__all__ = ["bp", "own", "recovery", "register", "sign_in"]
