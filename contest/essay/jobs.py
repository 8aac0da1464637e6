"""Background work of the essay room: reading uploaded files, and asking again for those that were forgotten."""

from dataclasses import astuple

from contest.core import queue, storage, tickets
from contest.core.db import after_commit, unit_of_work
from contest.core.queue import Periodic
from contest.essay import docx_text, queries, rules, service
from contest.essay.queries import Upload

TIMEOUT = 60


def read_upload(entry_id: int, file_id: int, address: str) -> None:
    """Read the original at `address` into the text of its draft if it is still that draft's; the reading itself holds no transaction."""
    try:
        _read(Upload(entry_id, file_id, address))
    finally:
        _ask_next(tickets.leave())


def _read(upload: Upload) -> None:
    with unit_of_work():
        wanted = service.start_reading(upload)
    if not wanted:
        return
    found, refusal = docx_text.Reading(""), ""
    try:
        content = storage.fetched(upload.address)
        found = docx_text.read(content)
    except docx_text.Unreadable as error:
        refusal = f"{error.happened} {error.todo}"
    except FileNotFoundError:
        refusal = "Tệp không còn trong kho. Bạn tải lên lại."
    except storage.Away:  # It counts as no try.
        with unit_of_work():
            service.put_off_reading(upload)
        raise
    with unit_of_work():
        service.finish_reading(upload, text=found.text, told=found.told, refusal=refusal)


def killed(entry_id: int, file_id: int, address: str, *, hopeless: bool) -> None:
    """The process that read this file was killed: tell the author where the file is to blame, else try again at once."""
    upload = Upload(entry_id, file_id, address)
    with unit_of_work():
        account_id = queries.entrant_of(upload)
        if hopeless:
            service.finish_reading(upload, refusal=rules.TOO_COSTLY)
    _ask_next(account_id)


def sweep_uploads() -> None:
    """Ask for the oldest file of everybody who waits without a ticket for the queue: Redis lost the request, or a worker died."""
    for account_id, upload in queries.waiting_uploads():
        _ask(account_id, upload)


def ask_to_read(account_id: int, upload: Upload) -> None:
    """Ask for the reading of an entrant's upload after the open unit of work commits; where other files of theirs wait, after those."""
    after_commit(lambda: _ask(account_id, upload))


def _ask_next(account_id: int | None) -> None:
    for _, upload in queries.waiting_uploads(account_id) if account_id is not None else ():
        _ask(account_id or 0, upload)


def _ask(account_id: int, upload: Upload) -> bool:
    return tickets.ask(account_id, read_upload, *astuple(upload), timeout=TIMEOUT)


tickets.on_killed(read_upload, killed)
PERIODIC: list[Periodic] = [Periodic(sweep_uploads, queue.DEFAULT, every=5)]
