"""What one entrant needs in every round; the services of this room and the quiz, and the desk, hand it on as one value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Needs:
    """So much more time than the rules give, in per cent, and large print; as it stands, nothing."""

    extra_percent: int = 0
    large_print: bool = False
