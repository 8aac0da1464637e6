"""Background work of the essay room: reading uploaded files, and asking again for those that were forgotten."""

from contest.core import queue, storage
from contest.core.db import unit_of_work
from contest.core.queue import Periodic
from contest.essay import docx_text, queries, service

TIMEOUT = 60


def read_upload(entry_id: int, file_id: int) -> None:
    """Read the original of a draft into its text; the reading itself holds no transaction."""
    with unit_of_work():
        address = service.start_reading(entry_id=entry_id, file_id=file_id)
    if address is None:
        return
    text, refusal = "", ""
    try:
        text = docx_text.text_of(storage.get(address))
    except docx_text.Unreadable as error:
        refusal = f"{error.happened} {error.todo}"
    except FileNotFoundError:
        refusal = "Tệp không còn trong kho. Bạn tải lên lại."
    with unit_of_work():
        service.finish_reading(entry_id=entry_id, file_id=file_id, text=text, refusal=refusal)


def sweep_uploads() -> None:
    """Ask again for files whose reading was lost with Redis or with a worker."""
    for entry_id, file_id in queries.forgotten_uploads():
        queue.send(queue.FILES, read_upload, entry_id, file_id, once=f"essay-{file_id}", timeout=TIMEOUT)


def ask_to_read(entry_id: int, file_id: int) -> None:
    """Ask for the reading of an upload after the open unit of work commits."""
    queue.enqueue(queue.FILES, read_upload, entry_id, file_id, once=f"essay-{file_id}", timeout=TIMEOUT)


PERIODIC: list[Periodic] = [Periodic(sweep_uploads, queue.DEFAULT, every=120)]
