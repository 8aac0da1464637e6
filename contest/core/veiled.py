"""Numbers in addresses that do not tell how many there are: a row's id goes out as sixteen signs that only this site can read back.

A difference of two ids would give away what people are asked to guess, how many attempts there were, and what judges must not know, which entry came
before which. `security` puts the converter in place.
"""

import hashlib

from flask import current_app
from werkzeug.routing import BaseConverter, Map, ValidationError

_ROUNDS = range(4)
_HALF = 0xFFFFFFFF


def veil(number: int, key: bytes) -> str:
    """An id below 2⁶³ as sixteen hexadecimal digits: a keyed permutation of 64 bits, four Feistel rounds (Luby and Rackoff, 1988)."""
    left, right = number >> 32, number & _HALF
    for turn in _ROUNDS:
        left, right = right, left ^ _mixed(turn, right, key)
    return f"{left << 32 | right:016x}"


def unveil(text: str, key: bytes) -> int:
    """The number that `veil` made `text` of; any sixteen hexadecimal digits are some number below 2⁶⁴."""
    left, right = int(text[:8], 16), int(text[8:], 16)
    for turn in reversed(_ROUNDS):
        left, right = right ^ _mixed(turn, left, key), left
    return left << 32 | right


def converter(secret: str) -> type[BaseConverter]:
    """The part `<veiled:…>` of an address, for a site of that secret; `<veiled(kind):…>` keeps the addresses of one kind of row apart from all others.

    Another secret gives other addresses, and so does another kind: who knows an attempt's number and address learns nothing of a scorecard's.
    """

    class Veiled(BaseConverter):
        regex = "[0-9a-f]{16}"

        def __init__(self, url_map: Map, kind: str = "address") -> None:
            super().__init__(url_map)
            self._key = hashlib.sha256(f"{kind}:{secret}".encode()).digest()

        def to_python(self, value: str) -> int:
            number = unveil(value, self._key)
            if number >> 63:
                raise ValidationError()
            return number

        def to_url(self, value: int) -> str:
            return veil(int(value), self._key)

    return Veiled


def sort_key(number: int, kind: str) -> str:
    """Where a row of that kind stands among its like in an order that tells nothing: the order of the addresses that this site gives them."""
    return current_app.url_map.converters["veiled"](current_app.url_map, kind).to_url(number)


def _mixed(turn: int, half: int, key: bytes) -> int:
    return int.from_bytes(hashlib.blake2s(bytes([turn]) + half.to_bytes(4), key=key, digest_size=4).digest())
