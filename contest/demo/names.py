"""Invented people for the demo contest and the tests; the same random source gives the same people for ever.

Nobody here is real. Their e-mail addresses end in `.example`, which never reaches anyone; their telephone numbers are 0900 0xx xxx,
which look like numbers and are kept by this demo for its own people.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

from contest.core.vietnamese import fold

_FAMILY = {
    "Nguyễn": 300, "Trần": 85, "Lê": 62, "Phạm": 55, "Hoàng": 52, "Vũ": 34, "Đỗ": 30, "Bùi": 24, "Đặng": 22, "Dương": 24,
    "Ngô": 22, "Giáp": 26, "Thân": 26, "Nông": 16, "Vi": 16, "Hà": 16, "Chu": 14, "Đào": 13, "Trịnh": 13, "Phan": 12,
    "Lương": 12, "Đoàn": 12, "Lưu": 10, "Tạ": 10, "Đinh": 10, "Lục": 9, "Leo": 8, "Lãnh": 7, "Phùng": 8, "Mai": 8,
    "Tống": 7, "Hứa": 7, "Diêm": 6, "La": 6, "Lý": 6, "Triệu": 6, "Ong": 5, "Khổng": 5, "Lăng": 4, "Trương": 10, "Cao": 7,
    "Ninh": 4, "Thiều": 2, "Đồng": 5, "Quách": 2, "Bế": 2, "Tằng": 2, "Chìu": 1,
}  # fmt: skip

_MIDDLE_MEN = {
    "Văn": 190, "Đức": 46, "Minh": 40, "Quang": 34, "Hữu": 30, "Xuân": 26, "Duy": 22, "Đình": 24, "Tuấn": 16, "Mạnh": 18,
    "Công": 18, "Trọng": 16, "Thế": 18, "Tiến": 16, "Ngọc": 20, "Quốc": 14, "Thành": 14, "Thanh": 14, "Việt": 10, "Hồng": 8,
    "Anh": 8, "Gia": 8, "Bá": 7, "Khắc": 5, "Hải": 6, "Tất": 3, "": 26,
}  # fmt: skip

_MIDDLE_WOMEN = {
    "Thị": 230, "Thị Thu": 24, "Thị Thanh": 18, "Thị Ngọc": 16, "Thị Hồng": 16, "Thị Kim": 10, "Thị Minh": 10, "Thị Bích": 8,
    "Thị Mai": 6, "Thị Lan": 5, "Thanh": 20, "Thu": 20, "Ngọc": 22, "Minh": 16, "Phương": 14, "Hồng": 12, "Hoài": 6, "Khánh": 8,
    "Bảo": 6, "Diệu": 5, "Thùy": 8, "Hà": 5, "Quỳnh": 6, "Như": 4, "": 6,
}  # fmt: skip

_GIVEN_MEN = {
    "Anh": 26, "Tuấn": 26, "Dũng": 24, "Hùng": 24, "Cường": 22, "Nam": 22, "Hiếu": 20, "Sơn": 22, "Minh": 18, "Đức": 18,
    "Hải": 18, "Long": 16, "Thành": 18, "Trung": 16, "Thắng": 18, "Tùng": 15, "Huy": 16, "Hoàng": 15, "Duy": 13, "Đạt": 14,
    "Quân": 12, "Hưng": 12, "Tiến": 14, "Toàn": 12, "Bình": 12, "Lâm": 9, "Quang": 13, "Phong": 10, "Khánh": 9, "Vinh": 9,
    "Việt": 9, "Chiến": 8, "Mạnh": 10, "Thịnh": 9, "Tân": 6, "Kiên": 9, "An": 8, "Hòa": 8, "Lực": 5, "Luân": 5, "Nghĩa": 7,
    "Phúc": 8, "Thuận": 6, "Trường": 8, "Tú": 8, "Vũ": 7, "Đông": 5, "Giang": 7, "Khải": 4, "Ước": 2,
}  # fmt: skip

_GIVEN_WOMEN = {
    "Anh": 24, "Hương": 26, "Hà": 24, "Hoa": 20, "Lan": 20, "Linh": 24, "Thảo": 20, "Huyền": 20, "Trang": 22, "Hằng": 18,
    "Nga": 16, "Thủy": 16, "Phương": 18, "Mai": 18, "Yến": 14, "Hạnh": 15, "Hồng": 13, "Hiền": 16, "Nhung": 13, "Loan": 12,
    "Ngọc": 14, "Thu": 15, "Dung": 14, "Giang": 10, "Ánh": 9, "Oanh": 10, "Vân": 14, "Quỳnh": 10, "Tâm": 10, "Thúy": 12,
    "Liên": 11, "Chi": 9, "Nguyệt": 8, "Duyên": 8, "Xuân": 8, "Bích": 7, "Tuyết": 8, "My": 6, "Uyên": 5, "Châu": 6,
    "Thơm": 6, "Lý": 5, "Đào": 5, "Ngân": 9, "Trâm": 5, "Khánh": 4, "Hòa": 6, "Thương": 8, "Mến": 3, "Diệp": 5,
}  # fmt: skip

# An occupation, how common it is among entrants, and the ages between which it is likely.
_OCCUPATIONS = (
    ("Học sinh", 60, 12, 18),
    ("Sinh viên", 24, 18, 23),
    ("Giáo viên", 58, 23, 60),
    ("Cán bộ, công chức, viên chức", 72, 24, 61),
    ("Công nhân", 36, 18, 50),
    ("Nông dân", 30, 22, 70),
    ("Lực lượng vũ trang", 16, 19, 55),
    ("Kinh doanh, dịch vụ", 16, 22, 62),
    ("Hưu trí", 26, 57, 82),
    ("Khác", 8, 18, 70),
)
OCCUPATIONS = tuple(name for name, *_ in _OCCUPATIONS)

BORN_BEFORE = date(2025, 3, 4)


class Person(NamedTuple):
    """One invented person; `sex` is "nam" or "nữ"."""

    full_name: str
    sex: str
    birth_date: date
    occupation: str


def person(rng: random.Random) -> Person:
    """The next person of this random source, with an age that suits the occupation."""
    sex = rng.choice(("nam", "nữ"))
    middle, given = (_MIDDLE_MEN, _GIVEN_MEN) if sex == "nam" else (_MIDDLE_WOMEN, _GIVEN_WOMEN)
    family = _pick(rng, _FAMILY)
    name = _pick(rng, given)
    between = _pick(rng, middle)
    if fold(name) in (fold(family), *fold(between).split()):
        between = "Văn" if sex == "nam" else "Thị"
    occupation, _, youngest, oldest = rng.choices(_OCCUPATIONS, [share for _, share, *_ in _OCCUPATIONS])[0]
    days = rng.randint(youngest * 365 + 10, oldest * 365)
    full_name = " ".join(part for part in (family, between, name) if part)
    return Person(full_name, sex, BORN_BEFORE - timedelta(days=days), occupation)


def phone(number: int) -> str:
    """The telephone number of the demo's person number 0 to 99,999."""
    return f"09000{number:05d}"


def email(full_name: str, number: int) -> str:
    """An address for this person that never reaches anyone."""
    words = fold(full_name).split()
    return f"{words[-1]}.{''.join(word[0] for word in words[:-1])}{number}@demo.khatvong.example"


def _pick(rng: random.Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]
