"""Pure decisions about entries: their states and codes."""

import enum
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
