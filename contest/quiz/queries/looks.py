"""Large files of questions that a job reads and imports, as kept: what they are read into, how far that has come, what an import brought; desk and service ask.

What was read lies in storage; Redis knows where, for as long as the desk's token finds the files.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from contest.quiz.waiting import Waiting

LASTS = timedelta(days=1)
READING = Waiting("kv:bankfile", lasts=timedelta(hours=1))  # the addresses of lists of files
IMPORTING = Waiting("kv:bankimport", lasts=timedelta(hours=1))  # the addresses of orders


@dataclass(frozen=True)
class Kept:
    """Where the index of a look lies in storage, and the state of the bank that the files were compared with."""

    stamp: str
    index: str


@dataclass(frozen=True)
class Imported:
    """How many questions were added, how many of them as the next version of one that was there, and how many were there word for word."""

    added: int
    known: int
    versions: int = 0


@dataclass(frozen=True)
class Progress:
    """How far a job has come, in what it counts; 0 while it waits for a worker."""

    done: int
    total: int


def kept_look(word: str) -> Kept | None:
    """Where what was read last lies, however old; None where nothing was or Redis is silent."""
    content = READING.kept(word)
    return Kept(*json.loads(content)) if content else None


def reading_progress(word: str) -> Progress | None:
    """How far reading has come, in parts of a hundred; None when nobody asked for it."""
    return Progress(int(READING.told(word) or 0), 100) if READING.waits(word) else None


def importing_progress(word: str, total: int) -> Progress | None:
    """How many of the questions of an order were seen to; None when it waits no more."""
    return Progress(int((IMPORTING.told(word) or b"0").split(b":")[0]), total) if IMPORTING.waits(word) else None


def imported(word: str) -> Imported | None:
    """What an order brought; None while it brought nothing yet or Redis forgot it."""
    content = IMPORTING.kept(word)
    return Imported(*json.loads(content)) if content else None
