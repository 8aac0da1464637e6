"""Pure decisions about judging: states of an assignment, rubric sums, even assignment, the mean."""

import enum


class AssignmentState(enum.StrEnum):
    """Where one judge stands with one entry."""

    OPEN = "open"
    SIGNED = "signed"
    CONFLICT = "conflict"
