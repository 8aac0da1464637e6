"""Words read from a file never land in another person's draft: not when one is discarded and the next is begun while the job reads."""

import io

import pytest
from flask import Flask

from contest.core import storage
from contest.core.db import unit_of_work
from contest.essay import jobs, queries, service
from contest.essay.queries import Upload
from contest.essay.rules import FileState
from tests.essay.conftest import Browser, docx_of

pytestmark = pytest.mark.both_databases


def upload_of(app: Flask, entry_id: int) -> Upload:
    """What is asked for a draft's file."""
    with app.app_context():
        staff = queries.staff_essay(entry_id)
        assert staff.file
        return Upload(entry_id, staff.file.id, staff.file.address)


def sent(browser: Browser, *words: str) -> int:
    """A new draft with a file of these words."""
    reply = browser.post("/thi-viet/bai-moi", with_file="1", file=(io.BytesIO(docx_of(*words)), "bai.docx"))
    return int(reply.location.rsplit("/", 1)[1])


def test_words_of_a_discarded_draft_never_fill_the_next_one(app: Flask, browser: Browser, make_browser) -> None:
    other = make_browser()
    first = sent(browser, "Bài của người thứ nhất.")
    upload = upload_of(app, first)
    with app.app_context(), unit_of_work():
        assert service.start_reading(upload)
    browser.post(f"/thi-viet/{first}/bo")
    second = sent(other, "Bài của người thứ hai.")

    with app.app_context():
        with unit_of_work():
            service.finish_reading(upload, text="Bài của người thứ nhất.")
        assert queries.staff_essay(second).essay.file_state is FileState.READING
        jobs.read_upload(*vars(upload_of(app, second)).values())
        assert queries.staff_essay(second).essay.body == "Bài của người thứ hai."
    assert second != first


def test_job_for_other_content_does_nothing(app: Flask, browser: Browser) -> None:
    entry_id = sent(browser, "Bài của tôi.")
    upload = upload_of(app, entry_id)
    with app.app_context():
        jobs.read_upload(upload.entry_id, upload.file_id, storage.put(docx_of("Bài khác.")))
        assert queries.staff_essay(entry_id).essay.file_state is FileState.READING
