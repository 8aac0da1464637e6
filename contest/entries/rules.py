"""Pure decisions about entries: their states and codes."""

import enum
import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta

# Without letters and digits that are misread on paper or over the telephone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# What such a sign must have been where it is typed all the same: among the letters, and in the round's number.
_MISREAD = str.maketrans({"0": "Q", "O": "Q", "1": "L", "I": "L"})
_MISREAD_NUMBER = str.maketrans({"O": "0", "I": "1", "L": "1"})
_RECEIPT = re.compile(r"([A-Z]{2})([0-9OIL]{1,6})([A-Z0-9]{8})")
_BLIND_CODE = re.compile(r"([A-Z]{2})([0-9]{6})")

UPLOAD_HOUR = timedelta(hours=1)
UPLOADED_MOST = (
    300_000_000  # bytes of files that one account may send in an hour; five photographs of the largest size, thrice
)


class EntryState(enum.StrEnum):
    """Where an entry stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    HELD = "held"  # handed in, but it says whose it is: judges see it once a clerk has let it pass
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


SUBMITTED = frozenset([EntryState.HANDED_IN, EntryState.HELD])


def new_receipt(prefix: str) -> str:
    """A receipt number such as "BV2-7K4M-92XD": `prefix` and forty random bits."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"{prefix}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def receipt_of(text: str) -> str | None:
    """The receipt number that a person typed, as the tables keep it; None for what cannot be one.

    Whatever stands between letters and digits does not matter, nor do small letters, nor signs that no receipt has and that look like one of its own.

    >>> receipt_of(" bv2 – 7k4m 92xd") == receipt_of("BV27K4M92XD") == "BV2-7K4M-92XD"
    True
    """
    found = _RECEIPT.fullmatch(_bare(text))
    if found is None:
        return None
    prefix, number, letters = found[1], found[2].translate(_MISREAD_NUMBER), found[3].translate(_MISREAD)
    return f"{prefix}{number}-{letters[:4]}-{letters[4:]}"


def blind_code_of(text: str) -> str | None:
    """The blind code that a person typed, as the tables keep it; None for what cannot be one."""
    found = _BLIND_CODE.fullmatch(_bare(text))
    return f"{found[1]}-{found[2]}" if found else None


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def new_blind_code(prefix: str) -> str:
    """A blind code such as "BV-0417" with six random digits; random, so that it says nothing about the order of arrival."""
    return f"{prefix}-{secrets.randbelow(10**6):06d}"


def free_slot(taken: set[int], limit: int) -> int | None:
    """The lowest free slot from 1 to `limit`; None when the entrant has used them all. `limit` 0 is no limit."""
    slot = 1
    while slot in taken:
        slot += 1
    return slot if not limit or slot <= limit else None


def can_edit(*, state: EntryState, round_open: bool) -> bool:
    """True while an entry's content may change."""
    return state is EntryState.DRAFT and round_open


def can_withdraw(*, state: EntryState, round_open: bool) -> bool:
    """True while the entrant may take a handed-in entry back: until the round closes."""
    return state in SUBMITTED and round_open


def digest_of(*, theme: str, title: str, parts: list[str]) -> str:
    """SHA-256 in hex over what was handed in: theme, title, then each part (a text, or a file's address), length before each."""
    seal = hashlib.sha256()
    for part in (theme, title, *parts):
        data = part.encode()
        seal.update(f"{len(data)}:".encode())
        seal.update(data)
    return seal.hexdigest()
