"""The words about a photograph, saved by the page's script: kept as typed, refused with a sentence, never over newer ones unseen."""

import re

from werkzeug.test import TestResponse

from tests.photo.conftest import Room, jpeg
from tests.signed_in import csrf_token


def base(room: Room, entry_id: int) -> str:
    """What the page rests on."""
    return re.findall(r'data-base="([^"]+)"', room.client.get(f"/thi-anh/{entry_id}").text)[0]


def save(room: Room, entry_id: int, base: str, **fields: str) -> TestResponse:
    """Save as the script does."""
    words = {"title": "Đồi vải", "theme": "", "caption": "Lục Ngạn"} | fields
    return room.client.post(
        f"/thi-anh/{entry_id}",
        data={"csrf_token": csrf_token(room.client), "act": "save", "base": base, **words},
        headers={"Accept": "application/json"},
    )


def test_script_saves_and_goes_on_from_what_it_is_told(room: Room) -> None:
    entry_id = room.sent(jpeg())
    first = save(room, entry_id, base(room, entry_id))
    second = save(room, entry_id, first.json["base"], caption="Lục Ngạn, tháng sáu")
    assert (first.status_code, second.status_code) == (200, 200)
    assert "Lục Ngạn, tháng sáu" in room.client.get(f"/thi-anh/{entry_id}").text
    assert base(room, entry_id) == second.json["base"]


def test_older_page_gets_the_newer_words_back(room: Room) -> None:
    entry_id = room.sent(jpeg())
    old = base(room, entry_id)
    kept = save(room, entry_id, old, caption="bản mới")
    reply = save(room, entry_id, old, caption="bản cũ")
    assert reply.status_code == 409
    assert reply.json["held"] == {"title": "Đồi vải", "theme": "", "caption": "bản mới", "base": kept.json["base"]}
    assert room.photo(entry_id).caption == "bản mới"


def test_words_sent_twice_are_kept_once(room: Room) -> None:
    entry_id = room.sent(jpeg())
    old = base(room, entry_id)
    assert save(room, entry_id, old).json == save(room, entry_id, old).json


def test_words_that_cannot_be_kept_are_refused_with_a_sentence(room: Room) -> None:
    entry_id = room.sent(jpeg())
    reply = save(room, entry_id, base(room, entry_id), title="a" * 300)
    assert reply.status_code == 400
    assert "tối đa 200" in reply.json["error"]["happened"]


def test_words_of_a_work_that_is_handed_in_do_not_change(room: Room) -> None:
    entry_id = room.handed_in()
    assert save(room, entry_id, "x").status_code == 409
