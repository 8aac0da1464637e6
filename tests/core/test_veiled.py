"""Numbers in addresses: read back by this site alone, and telling nothing of how many there are."""

import hashlib
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.core.veiled import unveil, veil
from tests.addresses import attempt_at, of_attempt

KEY, OTHER = (hashlib.sha256(word).digest() for word in (b"one", b"other"))


@given(st.integers(0, 2**63 - 1))
def test_number_is_read_back_as_it_was(number: int) -> None:
    assert unveil(veil(number, KEY), KEY) == number


@given(st.integers(0, 2**63 - 1))
def test_other_secret_reads_another_number(number: int) -> None:
    assert unveil(veil(number, KEY), OTHER) != number


def test_neighbours_have_nothing_in_common() -> None:
    signs = [veil(number, KEY) for number in range(1, 2001)]
    differing = [bin(int(one, 16) ^ int(two, 16)).count("1") for one, two in pairwise(signs)]

    assert len(set(signs)) == len(signs)
    assert 30 < sum(differing) / len(differing) < 34
    assert signs != sorted(signs)


def test_address_of_an_attempt_does_not_hold_its_number(app: Flask) -> None:
    address = of_attempt(app, 7)

    assert attempt_at(app, address) == 7
    assert address.rpartition("/")[2] != f"{7:016x}"


@pytest.mark.parametrize("part", ["1", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdeg", "%00" * 16])
def test_part_that_this_site_did_not_write_is_not_found(app: Flask, part: str) -> None:
    assert app.test_client().get(f"/thi-trac-nghiem/luot/{part}").status_code == 404
