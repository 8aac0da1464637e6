"""Pure decisions about accounts: roles, who may do what, ages."""

import enum
from datetime import date


class Role(enum.StrEnum):
    """What an account is for; an admin may do all that an organiser may."""

    ENTRANT = "entrant"
    JUDGE = "judge"
    ORGANIZER = "organizer"
    ADMIN = "admin"


STAFF = frozenset({Role.JUDGE, Role.ORGANIZER, Role.ADMIN})


def may_act_as(role: Role, wanted: Role) -> bool:
    """True when an account of `role` may open pages marked for `wanted`."""
    return role == wanted or (role == Role.ADMIN and wanted == Role.ORGANIZER)


def age_on(birth_date: date, day: date) -> int:
    """Completed years on `day`; a birthday on 29 February is reached on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
