"""Background work of the photo room: making thumbnails, and asking again for those that were lost."""

from contest.core import queue
from contest.core.db import unit_of_work
from contest.core.queue import Periodic
from contest.photo import service

SECONDS = 90


def ask_for_thumbnails(photo_id: int) -> None:
    """Ask for the thumbnails of a photograph once the open unit of work is committed."""
    queue.enqueue(queue.FILES, make_thumbnails, photo_id, timeout=SECONDS)


def make_thumbnails(photo_id: int) -> None:
    """Decode a photograph and keep its thumbnails; may run twice, and may be killed anywhere."""
    with unit_of_work():
        task = service.begin_thumbnails(photo_id)
    if task is None:
        return
    outcome = service.develop(task)
    with unit_of_work():
        service.keep_thumbnails(outcome)


def ask_again() -> None:
    """Ask again for thumbnails whose request Redis lost or whose worker died."""
    with unit_of_work():
        for photo_id in service.lost_requests():
            ask_for_thumbnails(photo_id)


PERIODIC: list[Periodic] = [Periodic(ask_again, queue.DEFAULT, every=60)]
