"""The demo's invented people."""

import random

import phonenumbers

from contest.core.vietnamese import nfc, tidy_name
from contest.demo import names


def test_the_same_source_gives_the_same_people():
    first, second = ([names.person(random.Random(5)) for _ in range(3)] for _ in range(2))
    assert first == second


def test_three_hundred_people_are_varied_and_plausible():
    rng = random.Random(1)
    people = [names.person(rng) for _ in range(300)]
    assert len({one.full_name for one in people}) > 270
    assert {one.occupation for one in people} == set(names.OCCUPATIONS)
    for one in people:
        assert one.full_name == tidy_name(one.full_name) == nfc(one.full_name)
        assert 2 <= len(one.full_name.split()) <= 4
        assert 1940 < one.birth_date.year < 2014


def test_numbers_and_addresses_are_valid_and_one_of_a_kind():
    numbers = [names.phone(number) for number in (0, 7, 299, 99_999)]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number, "VN")) for number in numbers)
    assert len(set(numbers)) == 4
    assert names.email("Đỗ Thị Ánh", 12) == "anh.dt12@demo.khatvong.example"
