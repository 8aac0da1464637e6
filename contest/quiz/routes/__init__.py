"""Pages of the quiz room, a module a noun, hung on one blueprint; HTTP only."""

from contest.quiz.routes import board, hand_in, picture, result, sitting, track
from contest.quiz.routes.blueprint import bp

__all__ = ["board", "bp", "hand_in", "picture", "result", "sitting", "track"]
