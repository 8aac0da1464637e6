"""Whom a board names: who stands where a prize is, and whoever looks; all others have a code of the round that tells nothing. Boards call it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from contest.contests.rules import Eligible, QuizParams
from contest.entries.rules import ALPHABET
from contest.quiz.queries.kept import kept_for_all

_SLOT = "kv_prize_places"
_LETTERS = 8


def prizes_by(app: Flask, provider: Callable[[int], int]) -> None:
    """Let `provider` say how many prizes a round has; results stand above this room, so the wiring hands it down."""
    app.extensions[_SLOT] = provider


@dataclass(frozen=True)
class Names:
    """Who is named on the boards of one round: places up to `places`, if their points may win; `key` makes the codes of all others."""

    places: int
    fewest_points: int
    key: bytes

    def of(self, *, entrant_id: int, full_name: str, place: int, points: int, me: int | None = None) -> str:
        """What stands where a name would: the name of who is named or looks, else a code."""
        named = 0 < place <= self.places and points >= self.fewest_points
        return full_name if named or entrant_id == me else self.code(entrant_id)

    def code(self, entrant_id: int) -> str:
        """The person's code in this round; nobody can tell whose it is, nor which is theirs in another round."""
        digest = hashlib.blake2s(entrant_id.to_bytes(8), key=self.key, digest_size=_LETTERS).digest()
        letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)
        return f"Mã {letters[:4]}-{letters[4:]}"


def names_of(round_id: int, params: QuizParams) -> Names:
    """The rule of a round as it stands now; a prize table set just now counts some seconds later."""
    provider: Callable[[int], int] = current_app.extensions[_SLOT]
    places = kept_for_all(("prizes", round_id), lambda: provider(round_id))
    fewest = params.questions * params.points if params.eligible is Eligible.ALL_CORRECT_ONLY else 0
    key = hashlib.sha256(f"board {round_id}:{current_app.config['KV'].secret_key}".encode()).digest()
    return Names(places, fewest, key)
