"""Background work of the photo room: making thumbnails one account after another, and asking again for those that were lost."""

from contest.core import queue, storage, tickets
from contest.core.db import after_commit, unit_of_work
from contest.core.queue import Periodic
from contest.photo import service
from contest.photo.service import Task

SECONDS = 90


def ask_for_thumbnails(account_id: int, task: Task) -> None:
    """Ask for the thumbnails of an entrant's photograph once the open unit of work is committed; where other files of theirs wait, after those."""
    after_commit(lambda: _ask(account_id, task))


def make_thumbnails(photo_id: int, address: str) -> None:
    """Decode the original at `address` and keep its thumbnails if it is still that photograph's; may run twice, and may be killed anywhere."""
    try:
        _make(Task(photo_id, address))
    finally:
        _ask_next(tickets.leave())


def _make(task: Task) -> None:
    with unit_of_work():
        wanted = service.begin_thumbnails(task)
    if not wanted:
        return
    try:
        outcome = service.develop(task)
    except storage.Away:  # It counts as no try.
        with unit_of_work():
            service.put_off(task)
        raise
    with unit_of_work():
        service.keep_thumbnails(outcome)


def killed(photo_id: int, address: str, *, hopeless: bool) -> None:
    """The process that made these thumbnails was killed: tell the entrant where the picture is to blame, else try again at once."""
    task = Task(photo_id, address)
    with unit_of_work():
        account_id = service.entrant_of(task)
        if hopeless:
            service.give_up(task)
    _ask_next(account_id)


def ask_again() -> None:
    """Ask for the oldest picture of everybody who waits without a ticket for the queue: Redis lost the request, or a worker died."""
    for account_id, task in service.waiting_tasks():
        _ask(account_id, task)


def _ask_next(account_id: int | None) -> None:
    for _, task in service.waiting_tasks(account_id) if account_id is not None else ():
        _ask(account_id or 0, task)


def _ask(account_id: int, task: Task) -> bool:
    return tickets.ask(account_id, make_thumbnails, task.photo_id, task.address, timeout=SECONDS)


tickets.on_killed(make_thumbnails, killed)
PERIODIC: list[Periodic] = [Periodic(ask_again, queue.DEFAULT, every=5)]
