"""Pure decisions about entries: their states and codes."""

import enum
import hashlib
import secrets

# Without letters and digits that are misread on paper or over the telephone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class EntryState(enum.StrEnum):
    """Where an entry stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


def new_receipt(prefix: str) -> str:
    """A receipt number such as "BV2-7K4M-92XD": `prefix` and forty random bits."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"{prefix}-{''.join(letters[:4])}-{''.join(letters[4:])}"


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
    return state is EntryState.HANDED_IN and round_open


def digest_of(*, theme: str, title: str, parts: list[str]) -> str:
    """SHA-256 in hex over what was handed in: theme, title, then each part (a text, or a file's address), length before each."""
    seal = hashlib.sha256()
    for part in (theme, title, *parts):
        data = part.encode()
        seal.update(f"{len(data)}:".encode())
        seal.update(data)
    return seal.hexdigest()
