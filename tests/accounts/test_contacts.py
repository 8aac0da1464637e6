"""Phones and e-mail addresses: whatever is taken at sign-up signs in as it was typed."""

import pytest

from contest.accounts import contacts, queries

PHONES = [
    "0912 345 678",
    "+84 912 345 678",
    "0912.345.678",
    "0912–345–678",
    "(0912) 345-678",
    "0084 912 345 678",
    "84912345678",
    "912345678",
    "０９１２３４５６７８",
]


@pytest.mark.parametrize("typed", PHONES)
def test_a_phone_in_any_spelling_is_one_phone(typed):
    assert contacts.phone(typed) == "+84912345678"


@pytest.mark.parametrize(
    "typed",
    [
        "+84 912 345 678x",
        "0912 345 678 x 9",
        "0912ABC678",
        "0912 345 678;ext=1",
        "tel:0912345678",
        "12",
        "a" * 41,
        "0912 345 678,",
    ],
)
def test_what_no_telephone_is_called_by_is_no_phone(typed):
    assert contacts.phone(typed) is None
    assert contacts.phone_fault(typed) == contacts.WRONG_PHONE


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("0168 123 4567", "0381 234 567"),
        ("+84 122 345 6789", "0773 456 789"),
        ("01234567890", "0834 567 890"),
        ("0084 188 123 4567", "0581 234 567"),
        ("0199 123 4567", "0591 234 567"),
    ],
)
def test_a_number_of_eleven_digits_is_told_its_number_of_today(old, now):
    assert contacts.phone(old) is None
    assert now in contacts.phone_fault(old)
    assert contacts.shown_phone(queries.identifier_of(old)) == now


@pytest.mark.parametrize("typed", ["0130 123 4567", "0168 123 456", "016812345678", "+1 168 123 4567"])
def test_no_number_of_today_is_made_up(typed):
    assert contacts.renumbered(typed) is None


@pytest.mark.parametrize(
    "typed", [*PHONES, "HA@Example.VN", "ha@xn--strae-oqa.de", "ha@straße.de", "ha@xn--80ak6aa92e.com", "ha@ВИД.com"]
)
def test_what_registers_signs_in_as_typed(typed):
    kept = contacts.email(typed) if "@" in typed else contacts.phone(typed)
    assert kept
    assert queries.identifier_of(typed) == kept
    assert queries.identifier_of(kept) == kept
