"""Receipts as people type them, on the page that checks them and in the desk's searches; and what becomes of one whose entry is taken back."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.rules import TrackKind
from contest.core.db import db, unit_of_work
from contest.entries import queries, service
from contest.entries.models import Entry, WithdrawnReceipt
from contest.entries.rules import ALPHABET, blind_code_of, new_receipt, receipt_of
from tests import pages
from tests.factories import make_account, make_contest, make_unit, round_of
from tests.signed_in import sign_in

DESK = "/ban-dieu-hanh"
CHECK = "/kiem-tra-bien-nhan"
NAME = "Giáp Văn Biên Nhận"
TYPED = {
    "as printed": "BV1-7K4M-92XD",
    "small letters": "bv1-7k4m-92xd",
    "no dashes": "BV17K4M92XD",
    "blanks": " BV1 7K4M 92XD ",
    "a blank between all signs": "B V 1 7 K 4 M 9 2 X D",
    "en dashes": "BV1–7K4M–92XD",
    "em dashes and blanks": "BV1 — 7K4M — 92XD",
    "minus signs": "BV1−7K4M−92XD",
    "non-breaking hyphens": "BV1‑7K4M‑92XD",
    "full width": "ＢＶ１－７Ｋ４Ｍ－９２ＸＤ",
    "dots": "BV1.7K4M.92XD",
    "underscores": "bv1_7k4m_92xd",
    "the letter l in the number": "BVl-7K4M-92XD",
    "zero width signs": "BV1-7K4M\u200b-92XD",
}


@dataclass(frozen=True)
class Scene:
    """An entry that is handed in, its author, and an organiser."""

    entry: int
    author: int
    organizer: int
    receipt: str


def _receipt(entry_id: int) -> str:
    return db.session.get_one(Entry, entry_id, populate_existing=True).receipt or ""


def hand_in(entry_id: int, author: int) -> str:
    """The receipt of the entry, handed in now."""
    with unit_of_work():
        service.hand_in(entry=service.locked_draft(entry_id=entry_id, entrant_id=author), parts=["x"])
    return _receipt(entry_id)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        with unit_of_work():
            make_unit()
            round_ = round_of(make_contest(), TrackKind.ESSAY)
            author = make_account(full_name=NAME)
            organizer = make_account(Role.ORGANIZER)
            entry = service.begin(round_=round_, entrant=author)
        return Scene(entry.id, author.id, organizer.id, hand_in(entry.id, author.id))


def withdraw(app: Flask, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        service.withdraw(entry_id=scene.entry, entrant_id=scene.author)


def desk(app: Flask, scene: Scene) -> FlaskClient:
    client = app.test_client()
    sign_in(client, scene.organizer)
    return client


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_receipt_is_read_however_it_is_typed(typed: str) -> None:
    assert receipt_of(typed) == "BV1-7K4M-92XD"


@pytest.mark.parametrize("number", [1, 9, 10, 101])
def test_every_new_receipt_is_read_as_itself_with_and_without_its_dashes(number: int) -> None:
    for _ in range(200):
        receipt = new_receipt(f"TN{number}")
        assert receipt_of(receipt) == receipt
        assert receipt_of(receipt.replace("-", "").lower()) == receipt


def test_sign_that_no_receipt_has_is_read_as_one_that_looks_like_it() -> None:
    found = receipt_of("tnlO-0o1i-AAAA")

    assert found == "TN10-QQLL-AAAA"
    assert set(found.replace("-", "")[4:]) <= set(ALPHABET)


@pytest.mark.parametrize(
    "typed", ["", "-", "BV1", "Nguyễn Thị Ánh Tuyết", "0912 345 678", "BV-000417", "x" * 500, "\x00"]
)
def test_what_is_no_receipt_is_none(typed: str) -> None:
    assert receipt_of(typed) is None


@pytest.mark.parametrize("typed", ["BV-000417", "bv000417", "bv – 000 417"])
def test_blind_code_is_read_however_it_is_typed(typed: str) -> None:
    assert blind_code_of(typed) == "BV-000417"


def variants(receipt: str) -> list[str]:
    """The receipt as different people type it."""
    bare = receipt.replace("-", "")
    return [receipt, bare, bare.lower(), receipt.replace("-", " – "), receipt.replace("-", " ").lower()]


@pytest.mark.both_databases
def test_receipt_typed_differently_is_found_by_everybody_and_at_the_desk(app: Flask, scene: Scene) -> None:
    staff = desk(app, scene)
    for typed in variants(scene.receipt):
        checked = app.test_client().get(CHECK, query_string={"ma": typed}).text
        people = staff.get(f"{DESK}/nguoi-du-thi", query_string={"tim": typed}).text
        essays = staff.get(f"{DESK}/bai-viet", query_string={"tim": typed}).text

        assert "Biên nhận có thật" in checked, typed
        assert scene.receipt in checked, typed
        assert NAME in people, typed
        assert f"/bai-viet/{scene.entry}" in essays, typed


@pytest.mark.both_databases
def test_withdrawn_receipt_says_so_and_when_and_not_whose(app: Flask, scene: Scene) -> None:
    withdraw(app, scene)
    with app.app_context():
        again = hand_in(scene.entry, scene.author)

    page = pages.get(app.test_client(), f"{CHECK}?ma={scene.receipt.replace('-', '').lower()}")
    fresh = pages.get(app.test_client(), f"{CHECK}?ma={again}")

    assert "Biên nhận này đã rút lúc" in page.text
    assert "Rút lúc" in page.text
    assert "không còn hiệu lực" in page.text
    assert "Không có biên nhận này" not in page.text
    assert "Biên nhận có thật" not in page.text
    assert NAME not in page.text
    assert again not in page.text
    assert "Biên nhận có thật" in fresh.text


@pytest.mark.both_databases
def test_withdrawn_receipt_leads_the_desk_to_the_entry_and_its_author(app: Flask, scene: Scene) -> None:
    withdraw(app, scene)
    staff = desk(app, scene)

    people = pages.get(staff, f"{DESK}/nguoi-du-thi?tim={scene.receipt}")
    essays = staff.get(f"{DESK}/bai-viet", query_string={"tim": scene.receipt}).text

    assert NAME in people.text
    assert f"/bai-viet/{scene.entry}" in essays


@pytest.mark.both_databases
def test_withdrawn_receipt_outlives_its_entry_and_its_author(app: Flask, scene: Scene) -> None:
    withdraw(app, scene)
    with app.app_context():
        with unit_of_work():
            service.discard(entry_id=scene.entry, entrant_id=scene.author)
        with unit_of_work():
            db.session.delete(db.session.get_one(Account, scene.author))

        kept = db.session.get_one(WithdrawnReceipt, scene.receipt)
        assert (kept.entry_id, kept.entrant_id) == (None, None)
        assert queries.holder_of(scene.receipt) is None

    assert "đã rút lúc" in pages.get(app.test_client(), f"{CHECK}?ma={scene.receipt}").text


def test_person_takes_away_the_receipts_that_were_withdrawn(app: Flask, scene: Scene) -> None:
    withdraw(app, scene)
    client = app.test_client()
    sign_in(client, scene.author)

    data = client.get("/tai-khoan/du-lieu.json").get_json()

    assert [row["Biên nhận"] for row in data["Biên nhận đã rút"]] == [scene.receipt]


def test_one_function_reads_receipts_everywhere() -> None:
    """A search that compares a receipt with words as they were typed finds nothing for most people."""
    rooms = Path(__file__).resolve().parents[2] / "contest"
    compared = [
        f"{file.name}: {line.strip()}"
        for file in rooms.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if ".receipt ==" in line and ("upper()" in line or "strip()" in line or "search" in line)
    ]
    assert compared == []
