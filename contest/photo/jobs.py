"""Background work of the photo room: making thumbnails, and asking again for those that were lost."""

from contest.core import queue
from contest.core.db import unit_of_work
from contest.core.queue import Periodic
from contest.photo import service
from contest.photo.service import Task

SECONDS = 90


def ask_for_thumbnails(task: Task) -> None:
    """Ask for the thumbnails of a photograph once the open unit of work is committed."""
    queue.enqueue(queue.FILES, make_thumbnails, task.photo_id, task.address, timeout=SECONDS)


def make_thumbnails(photo_id: int, address: str) -> None:
    """Decode the original at `address` and keep its thumbnails if it is still that photograph's; may run twice, and may be killed anywhere."""
    task = Task(photo_id, address)
    with unit_of_work():
        wanted = service.begin_thumbnails(task)
    if not wanted:
        return
    outcome = service.develop(task)
    with unit_of_work():
        service.keep_thumbnails(outcome)


def ask_again() -> None:
    """Ask again for thumbnails whose request Redis lost or whose worker died."""
    with unit_of_work():
        for task in service.lost_requests():
            ask_for_thumbnails(task)


PERIODIC: list[Periodic] = [Periodic(ask_again, queue.DEFAULT, every=60)]
