"""Forgets stored content that nothing refers to, such as the originals of discarded drafts; the scheduler and `contest storage sweep` call it.

Content is set aside when nothing refers to it a day after it was written, and forgotten two days after that: longer than the desk's signed
tokens carry an address. Whoever uploads the same
bytes meanwhile finds them: what is set aside is still read, is put back by the next sweep once a row refers to it, and what is put anew is
another object. Each step may be repeated or cut off anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

from contest.core import clock, queue, storage
from contest.core.queue import Periodic
from contest.entries import queries as entries
from contest.photo import queries as photos
from contest.quiz import queries as quiz

REST, ASIDE = timedelta(days=1), timedelta(days=2)
_BATCH = 500


@dataclass
class Swept:
    """How many contents a sweep set aside, put back and forgot, and the bytes that were freed."""

    set_aside: int = 0
    put_back: int = 0
    forgotten: int = 0
    freed: int = 0


def sweep(*, dry_run: bool = False) -> Swept:
    """Go through the store once; with `dry_run` only count."""
    done = Swept()
    if not dry_run:
        storage.forget_waiting(before=clock.now() - REST)
    for kept, wanted in _rested():
        if kept.aside and wanted:
            done.put_back += 1
            act = storage.take_back
        elif kept.aside:
            done.forgotten += 1
            done.freed += kept.size
            act = storage.forget_aside
        elif not wanted:
            done.set_aside += 1
            act = storage.set_aside
        else:
            continue
        if not dry_run:
            act(kept.address)
    return done


def sweep_storage() -> None:
    """The periodic job."""
    done = sweep()
    structlog.get_logger(__name__).info("storage_swept", **vars(done))


def _rested() -> Iterator[tuple[storage.Kept, bool]]:
    """What was written, or set aside, long enough ago, with whether anything refers to it."""
    now = clock.now()
    old = [kept for kept in storage.listed() if kept.written_at < now - (ASIDE if kept.aside else REST)]
    pictures = photos.thumbnail_addresses()
    for start in range(0, len(old), _BATCH):
        batch = old[start : start + _BATCH]
        originals = entries.file_addresses([kept.address for kept in batch])
        for kept in batch:
            yield kept, kept.address in originals or kept.address in pictures or quiz.has_picture(kept.address)


PERIODIC = [Periodic(sweep_storage, queue.LONG, every=24 * 3600, timeout=queue.LONGEST)]
