"""How question files that were sent travel through the desk's pages: their token, the places that were chosen, the words for pictures; `bank_import` uses it.

Between the look and the import the files lie in storage under their hashes, and so do their pictures, drawn anew; the addresses of the files and
of what became of their pictures, or of the list that a job reads, travel in a signed token.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from contest.core.errors import NotFound
from contest.core.forms import clean_line
from contest.quiz.service import looks
from contest.quiz.service.looks import Sent
from question_bank.schema import MAX_ALT

TOKEN_LASTS = 24 * 3600  # seconds
MOST_FILES = 20
MOST_LISTED = 100_000
_LONGEST_LIST = 200_000


def keep(files: Iterable[tuple[str, bytes]]) -> str:
    """Put files into storage and return the token that finds them again."""
    sent = looks.keep_files(files)
    return _signer("").dumps([sent.pictures, sent.files, sent.word])


def sent(token: str) -> Sent:
    """What a token finds; raises NotFound for one that is not ours or is too old."""
    pictures, files, word = _opened("", token)
    return Sent(tuple((address, name) for address, name in files), pictures, word)


def order_token(word: str) -> str:
    """The token of an import that was asked for."""
    return _signer(".order").dumps(word)


def ordered(token: str) -> str:
    """The word of the import behind a token; raises NotFound as `sent` does."""
    word: str = _opened(".order", token)
    return word


def alts(form: Mapping[str, str], places: Iterable[int]) -> dict[str, str]:
    """The words that were sent for the pictures of these places."""
    fields = ((str(place), form.get(f"alt-{place}")) for place in places)
    return {place: clean_line(words)[:MAX_ALT] for place, words in fields if words is not None}


def ranges(places: Iterable[int]) -> str:
    """Places as short text: "0-19,22"."""
    found: list[list[int]] = []
    for place in sorted(set(places)):
        if found and place == found[-1][1] + 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def places_of(text: str, most: int = MOST_LISTED) -> list[int]:
    """The reverse of `ranges`, at most so many numbers; whatever is no number is left out."""
    found: set[int] = set()
    for part in text[:_LONGEST_LIST].split(","):
        first, _, last = part.partition("-")
        last = last or first
        if all(end.isascii() and end.isdecimal() and len(end) < 16 for end in (first, last)):
            start = int(first)
            found.update(range(start, min(int(last) + 1, start + most - len(found))))
    return sorted(found)


def _opened(kind: str, token: str) -> Any:
    try:
        return _signer(kind).loads(token, max_age=TOKEN_LASTS)
    except BadSignature:
        raise NotFound("Lần xem trước này không còn.", todo="Bạn gửi lại tệp câu hỏi.") from None


def _signer(kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"backoffice.bank.look{kind}")
