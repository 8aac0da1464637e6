"""Background work of the essay room: reading uploaded files, and asking again for those that were forgotten."""

from dataclasses import astuple

from contest.core import queue, storage
from contest.core.db import unit_of_work
from contest.core.queue import Periodic
from contest.essay import docx_text, queries, service
from contest.essay.queries import Upload

TIMEOUT = 60


def read_upload(entry_id: int, file_id: int, address: str) -> None:
    """Read the original at `address` into the text of its draft if it is still that draft's; the reading itself holds no transaction."""
    upload = Upload(entry_id, file_id, address)
    with unit_of_work():
        wanted = service.start_reading(upload)
    if not wanted:
        return
    found, refusal = docx_text.Reading(""), ""
    try:
        found = docx_text.read(storage.get(address))
    except docx_text.Unreadable as error:
        refusal = f"{error.happened} {error.todo}"
    except FileNotFoundError:
        refusal = "Tệp không còn trong kho. Bạn tải lên lại."
    with unit_of_work():
        service.finish_reading(upload, text=found.text, told=found.told, refusal=refusal)


def sweep_uploads() -> None:
    """Ask again for files whose reading was lost with Redis or with a worker."""
    for upload in queries.forgotten_uploads():
        queue.send(queue.FILES, read_upload, *astuple(upload), once=f"essay-{upload.file_id}", timeout=TIMEOUT)


def ask_to_read(upload: Upload) -> None:
    """Ask for the reading of an upload after the open unit of work commits."""
    queue.enqueue(queue.FILES, read_upload, *astuple(upload), once=f"essay-{upload.file_id}", timeout=TIMEOUT)


PERIODIC: list[Periodic] = [Periodic(sweep_uploads, queue.DEFAULT, every=120)]
