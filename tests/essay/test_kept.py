"""Originals of an essay: one a draft, nothing of what is refused."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from contest.config import Config
from contest.core import storage
from contest.core.db import db
from contest.entries.models import EntryFile
from contest.essay import jobs, queries
from tests.essay.conftest import Browser, docx_of
from tests.essay.test_freed_numbers import upload_of


def kept(config: Config) -> set[str]:
    """Everything that lies in the store, by path."""
    folder = config.data_dir / "files"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def read(app: Flask, entry_id: int) -> None:
    upload = upload_of(app, entry_id)
    with app.app_context():
        jobs.read_upload(upload.entry_id, upload.file_id, upload.address)


def files(app: Flask, entry_id: int) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(EntryFile.id).where(EntryFile.entry_id == entry_id)))


@pytest.mark.both_databases
def test_replaced_original_is_let_go(app: Flask, browser: Browser) -> None:
    entry_id = browser.begin()
    for words in ("một", "hai", "ba"):
        assert browser.upload(entry_id, docx_of(words), replace="y").status_code == 303
        read(app, entry_id)
    with app.app_context():
        essay = queries.staff_essay(entry_id).essay
        assert (files(app, entry_id), essay.body) == ([essay.file_id], "ba")


def test_original_that_the_author_would_rather_not_have_read_is_let_go(app: Flask, browser: Browser) -> None:
    entry_id = browser.begin()
    browser.upload(entry_id, docx_of("một"))
    browser.post(f"/thi-viet/{entry_id}/tep/thoi")
    assert files(app, entry_id) == []


def test_refused_file_leaves_nothing(config: Config, browser: Browser) -> None:
    entry_id = browser.begin()
    browser.save(entry_id, body="chữ đang có")
    before = kept(config)
    assert browser.upload(entry_id, docx_of("chữ trong tệp")).status_code == 409
    assert browser.upload(entry_id, b"%PDF-1.7" + bytes(900_000)).status_code == 400
    for _ in range(2):
        browser.begin()
    reply = browser.post("/thi-viet/bai-moi", with_file="1", file=(io.BytesIO(docx_of("thừa")), "bai.docx"))
    assert reply.status_code == 409
    assert kept(config) == before


def test_old_word_file_with_a_password_is_told_wherever_it_says_so(browser: Browser) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600_000) + "EncryptedPackage".encode("utf-16-le")
    assert "mật khẩu" in browser.upload(browser.begin(), locked).get_data(as_text=True)


def test_large_essay_file_is_kept_byte_for_byte(app: Flask, browser: Browser) -> None:
    import zipfile

    box = io.BytesIO(docx_of("chữ"))
    with zipfile.ZipFile(box, "a") as archive:
        archive.writestr("word/media/anh.bin", bytes(range(256)) * 8000)
    entry_id = browser.begin()
    assert browser.upload(entry_id, box.getvalue()).status_code == 303
    with app.app_context():
        assert storage.get(upload_of(app, entry_id).address) == box.getvalue()
