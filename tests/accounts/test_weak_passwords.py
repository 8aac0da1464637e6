"""Which passwords are refused, and that sentences people can remember are not."""

from datetime import date

import pytest

from contest.accounts import weak_passwords

OWN = weak_passwords.own_words(
    full_name="Nguyễn Thị Lan", phone="+84912345678", email="lan.nguyen@example.vn", born=date(1959, 3, 4)
)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("        ", weak_passwords.BLANK),
        ("\u00a0" * 9, weak_passwords.BLANK),
        ("ngắn", weak_passwords.LENGTH),
        ("x1y2" * 51, weak_passwords.LENGTH),
        ("aaaaaaaa", weak_passwords.MONOTONOUS),
        ("abababab", weak_passwords.MONOTONOUS),
        ("!!!!####$$$$", weak_passwords.MONOTONOUS),
        ("12345678", weak_passwords.COMMON),
        ("98765432", weak_passwords.COMMON),
        ("abcdefgh", weak_passwords.COMMON),
        ("PassWord", weak_passwords.COMMON),
        ("password1", weak_passwords.COMMON),
        ("qwertyuiop", weak_passwords.COMMON),
        ("mật khẩu", weak_passwords.COMMON),
        ("matkhau123", weak_passwords.COMMON),
        ("Bắc Giang 2025", weak_passwords.COMMON),
        ("anh yêu em", weak_passwords.COMMON),
        ("0912345678", weak_passwords.OWN),
        ("+84 912 345 678", weak_passwords.OWN),
        ("912345678", weak_passwords.OWN),
        ("Nguyễn Thị Lan", weak_passwords.OWN),
        ("nguyenthilan1959", weak_passwords.OWN),
        ("lan.nguyen@example.vn", weak_passwords.OWN),
        ("lan04031959", weak_passwords.OWN),
    ],
)
def test_what_a_stranger_tries_first_is_refused_with_its_sentence(password, sentence):
    assert weak_passwords.fault(password, OWN) == sentence


@pytest.mark.parametrize(
    "password", ["con mèo trèo cây cau", "đi chợ mua cá", "mật khẩu dài", "Lan thích bún 8h sáng", "x7#kQ2pv"]
)
def test_a_short_sentence_is_a_password(password):
    assert weak_passwords.fault(password, OWN) == ""


def test_a_short_name_forbids_no_sentence():
    own = weak_passwords.own_words(full_name="Lê An")
    assert weak_passwords.fault("lean trên mái nhà", own) == ""
