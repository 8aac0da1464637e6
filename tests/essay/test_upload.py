"""Files from strangers: read by the real worker into the draft, or refused with a sentence; never a 5xx, never a hang."""

import io
import struct
import zipfile

import pytest
from flask import Flask

from contest.contests.models import Round
from contest.core import queue
from contest.core.db import unit_of_work
from contest.essay import docx_text, jobs, queries
from contest.essay.rules import READING_TRIES, FileState
from tests.essay.conftest import Browser, docx_of, shared_data

DATA = shared_data()
FILES = sorted(path for folder in ("docs", "photos") if DATA for path in (DATA / folder).rglob("*") if path.is_file())


def state(app: Flask, entry_id: int) -> tuple[FileState, str, str]:
    """How the reading went: state, note, body."""
    with app.app_context():
        essay = queries.staff_essay(entry_id).essay
        return essay.file_state, essay.file_note, essay.body


def test_a_docx_fills_the_draft_tables_and_all(app: Flask, browser: Browser, work):
    entry_id = browser.begin()
    content = docx_of("Quê tôi bên sông Thương.", table=(("Ô một", "Ô hai"), ("Ô ba", "Ô bốn")))
    reply = browser.upload(entry_id, content, "Nguyễn Thử - bài dự thi.docx")
    assert reply.status_code == 303
    assert "Đang đọc tệp" in browser.page(f"/thi-viet/{entry_id}")
    assert browser.save(entry_id).status_code == 409
    work()
    page = browser.page(f"/thi-viet/{entry_id}")
    assert "Nội dung dưới đây lấy từ tệp .docx" in page
    assert "Nguyễn Thử" not in page
    assert state(app, entry_id) == (FileState.READ, "", "Quê tôi bên sông Thương.\nÔ một\nÔ hai\nÔ ba\nÔ bốn")
    assert browser.save(entry_id, sequence=1, body="Quê tôi bên sông Thương, một hai").status_code == 200
    assert browser.hand_in(entry_id, 2).status_code == 303
    with app.app_context():
        blind = queries.blind_essay(entry_id)
    assert "Nguyễn Thử" not in repr(blind)
    assert blind.paragraphs == ["Quê tôi bên sông Thương, một hai"]


def test_an_upload_on_the_tracks_page_begins_a_draft(app: Flask, browser: Browser, work):
    content = docx_of("Một bài viết sẵn.")
    reply = browser.post("/thi-viet/bai-moi", with_file="1", file=(io.BytesIO(content), "bai.docx"))
    assert reply.status_code == 303
    work()
    assert "Một bài viết sẵn." in browser.page(reply.location)


def test_a_refused_file_on_the_tracks_page_begins_nothing(browser: Browser):
    reply = browser.post("/thi-viet/bai-moi", with_file="1", file=(io.BytesIO(b"%PDF-1.7"), "bai.docx"))
    assert reply.status_code == 400
    assert "Đây là tệp PDF" in reply.get_data(as_text=True)
    assert browser.post("/thi-viet/bai-moi", with_file="1").status_code == 400
    assert "Bạn chưa có bài viết nào" in browser.page("/thi-viet")


def test_a_text_in_the_draft_is_replaced_only_when_asked(app: Flask, browser: Browser, work):
    entry_id = browser.begin()
    browser.save(entry_id, body="chữ đang có")
    content = docx_of("chữ trong tệp")
    assert browser.upload(entry_id, content).status_code == 409
    assert state(app, entry_id)[2] == "chữ đang có"
    assert browser.upload(entry_id, content, replace="y").status_code == 303
    work()
    assert state(app, entry_id)[2] == "chữ trong tệp"
    late = browser.save(entry_id, sequence=1, body="chữ đang có, gõ thêm ở thẻ cũ")
    assert late.status_code == 409
    assert late.json["held"]["body"] == "chữ trong tệp"


def test_who_would_rather_write_is_not_overwritten_by_a_late_reading(app: Flask, browser: Browser, work):
    entry_id = browser.begin()
    browser.upload(entry_id, docx_of("chữ trong tệp"))
    assert browser.post(f"/thi-viet/{entry_id}/tep/thoi").status_code == 303
    work()
    assert state(app, entry_id) == (FileState.NONE, "", "")


def test_the_waiting_page_answers_its_script(browser: Browser, work):
    entry_id = browser.begin()
    browser.upload(entry_id, docx_of("chữ"))
    look = {"headers": {"Accept": "application/json"}}
    assert browser.client.get(f"/thi-viet/{entry_id}/tep", **look).json == {"state": "reading"}
    work()
    assert browser.client.get(f"/thi-viet/{entry_id}/tep", **look).json == {"state": "read"}


def test_a_reading_that_redis_lost_is_asked_for_again(app: Flask, browser: Browser, redis, work):
    entry_id = browser.begin()
    browser.upload(entry_id, docx_of("chữ trong tệp"))
    redis.flushall()
    with app.app_context():
        jobs.sweep_uploads()
        jobs.sweep_uploads()
        assert queue.queue(queue.FILES).count == 1
    work()
    assert state(app, entry_id)[2] == "chữ trong tệp"


def test_a_file_that_kills_its_reader_each_time_is_given_up(app: Flask, browser: Browser, work):
    entry_id = browser.begin()
    browser.upload(entry_id, docx_of("chữ"))
    with app.app_context(), unit_of_work():
        queries.staff_essay(entry_id).essay.file_tries = READING_TRIES
    work()
    found, note, _ = state(app, entry_id)
    assert found is FileState.REFUSED
    assert "đã thử nhiều lần" in note
    assert "Chưa đọc được tệp" in browser.page(f"/thi-viet/{entry_id}")


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as box:
        for name, content in members:
            box.writestr(name, content)
    return kept.getvalue()


def with_document(xml: bytes) -> bytes:
    """A true .docx whose document.xml is replaced."""
    source = zipfile.ZipFile(io.BytesIO(docx_of("x")))
    return zipped(*((n, xml if n == "word/document.xml" else source.read(n)) for n in source.namelist()))


def with_extra(*members: tuple[str, bytes]) -> bytes:
    """A true .docx with more members."""
    source = zipfile.ZipFile(io.BytesIO(docx_of("x")))
    return zipped(*((n, source.read(n)) for n in source.namelist()), *members)


def lying() -> bytes:
    """A .docx with a member that says 10 bytes and unpacks to 60 MiB."""
    content = bytearray(with_extra(("word/media/a.bin", bytes(60 * 1024 * 1024))))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


W_START = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
W_END = b"</w:body></w:document>"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
BAD = {
    "not a zip": b"plain words",
    "empty": b"",
    "a cut zip": docx_of("x")[:900],
    "a zip of nothing": zipped(),
    "another zip": zipped(("a.txt", b"x")),
    "a spreadsheet": zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")),
    "open document": zipped(("mimetype", b"application/vnd.oasis.opendocument.text")),
    "an old .doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a locked .docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "a flat bomb": with_document(bytes(200 * 1024 * 1024)),
    "a bomb beside the text": with_extra(("word/media/a.bin", bytes(60 * 1024 * 1024))),
    "a lying member": lying(),
    "too many members": with_extra(*((f"word/{n}.txt", b"") for n in range(3000))),
    "a way out": with_extra(("../../x", b"x")),
    "entities": with_document(ENTITIES),
    "more tags than words": with_document(W_START + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 80_000 + W_END),
    "broken xml": with_document(b"<w:document"),
    "foreign xml": with_document(b"<html/>"),
    "no text": docx_of("", " "),
    "a text too long": docx_of("x " * 50_100),
}


@pytest.fixture
def endless(app: Flask, browser: Browser) -> Browser:
    """The author in a round that takes any number of essays."""
    with app.app_context(), unit_of_work() as session:
        for round_ in session.query(Round):
            if round_.params.get("words_max") == 40:
                round_.params = {**round_.params, "entries": 0}
    return browser


def send_all(browser: Browser, files: dict[str, bytes]) -> dict[str, int]:
    """Send each file into a draft of its own that holds a text; the ids of those that were not refused at once."""
    waiting = {}
    for name, content in files.items():
        entry_id = browser.begin()
        browser.save(entry_id, body="chữ đang có")
        reply = browser.upload(entry_id, content, name, replace="y")
        if reply.status_code == 303:
            waiting[name] = entry_id
            continue
        assert reply.status_code == 400, name
        assert "Những gì đã lưu trước đó vẫn còn nguyên." in reply.get_data(as_text=True), name
    return waiting


def test_each_bad_file_is_refused_with_a_sentence_and_the_text_stays(app: Flask, endless: Browser, work):
    waiting = send_all(endless, BAD)
    work()
    assert {"a flat bomb", "a lying member", "entities", "no text"} <= set(waiting)
    for name, entry_id in waiting.items():
        found, note, body = state(app, entry_id)
        assert found is FileState.REFUSED, name
        assert note.endswith("."), name
        assert body == "chữ đang có", name
        assert "Chưa đọc được tệp" in endless.page(f"/thi-viet/{entry_id}")


def test_a_file_over_the_rounds_limit_is_refused(browser: Browser):
    entry_id = browser.begin()
    reply = browser.upload(entry_id, b"PK\x03\x04" + bytes(20_000_000))
    assert reply.status_code == 400
    assert "lớn hơn 20" in reply.get_data(as_text=True)


@pytest.mark.skipif(not FILES, reason="the folder of real files is not on this machine")
def test_every_real_file_is_read_or_refused_with_a_sentence(app: Flask, endless: Browser, work):
    waiting = send_all(endless, {path.name: path.read_bytes() for path in FILES})
    work()
    read = set()
    for name, entry_id in waiting.items():
        found, note, body = state(app, entry_id)
        assert (found is FileState.READ and body) or (found is FileState.REFUSED and note), name
        if found is FileState.READ:
            read.add(name)
    assert read == {"MET_His_IE_2023.docx", "MET_Lit_OE_2021.docx"}


def test_text_boxes_content_controls_and_insertions_are_read_once():
    xml = b"""<?xml version="1.0" encoding="UTF-8"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>
<w:p><w:r><w:t>mot</w:t></w:r><w:ins w:id="1"><w:r><w:t> them</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>bo</w:delText></w:r></w:del></w:p>
<w:sdt><w:sdtContent><w:p><w:r><w:t>hai</w:t><w:br/><w:t>ba</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>hop</w:t></w:r></w:p></w:txbxContent></mc:Choice>
<mc:Fallback><w:txbxContent><w:p><w:r><w:t>hop</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>
</w:body></w:document>"""
    assert docx_text.read(with_document(xml)).text.split() == ["mot", "them", "hai", "ba", "hop"]
