"""Use cases of contests, by noun: the contest itself, a round's hours, its rules from making to changing, what one person is allowed beyond them."""

from contest.contests.service.editions import create_contest, describe_contest
from contest.contests.service.hours import (
    Stretch,
    close_gallery,
    close_now,
    extend,
    open_now,
    pause,
    release_gallery,
    resume,
)
from contest.contests.service.locking import locked
from contest.contests.service.people import accommodate, allow_attempts
from contest.contests.service.rounds import change_rules, create, delete, edit

__all__ = [
    "Stretch",
    "accommodate",
    "allow_attempts",
    "change_rules",
    "close_gallery",
    "close_now",
    "create",
    "create_contest",
    "delete",
    "describe_contest",
    "edit",
    "extend",
    "locked",
    "open_now",
    "pause",
    "release_gallery",
    "resume",
]
