"""How numbers that people type are read: both separators as people mean them, sums of money in words too; what is unclear is refused in a sentence."""

import re
from decimal import Decimal

LONGEST = 18  # digits: every such number fits a database's big integer
_SHOWN = 20
_BLANKS = re.compile(r"\s+")
_SIGNED = re.compile(r"([+\-−]?)\s*(.*)", re.S)
_PLAIN = re.compile(r"\d+", re.ASCII)
# Groups of three, as 30.000.000, 30,000,000 and 30 000 000; after them a part of one by the other separator.
_GROUPED = re.compile(r"([1-9]\d{0,2})(?:([., ])\d{3})(?:\2\d{3})*(?:(?!\2)[.,](\d+))?", re.ASCII)
_PARTED = re.compile(r"(\d+)[.,](\d+)", re.ASCII)
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ)$")
_SCALES = {
    **dict.fromkeys(("tỷ", "tỉ", "ty", "ti"), 10**9),
    **dict.fromkeys(("triệu", "trieu", "tr"), 10**6),
    **dict.fromkeys(("nghìn", "ngàn", "nghin", "ngan", "k"), 10**3),
}
_SUM = re.compile(
    rf"([\d., ]*\d)\s*({'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![^\W\d])\s*(.*)", re.ASCII | re.S
)
_HALF = "rưỡi"


class Unclear(ValueError):
    """What was typed is no number that could be meant here; the message is a Vietnamese sentence."""


def whole(text: str) -> int:
    """A whole number: 1500, 1.500, 1,500, 1 500 and 3,0; raises Unclear for 3,5 and for words."""
    return int(number(text))


def number(text: str, *, places: int = 0) -> Decimal:
    """The number that was typed, with at most `places` digits after its point or comma; raises Unclear.

    Three digits behind a separator are thousands where whole numbers are asked for, for nobody writes 1,500 for one and a half there; where parts are
    asked for, one separator alone stands before the parts.
    """
    sign, bare = _split(text)
    found = _read(bare, thousands=not places)
    if found is None:
        raise Unclear(f"Chưa rõ “{_short(text)}” là số nào. Bạn ghi bằng chữ số, ví dụ {'12,5' if places else '20'}.")
    if found != round(found, places):
        raise Unclear(
            f"“{_short(text)}” có nhiều hơn {places} chữ số sau dấu phẩy."
            if places
            else f"Ở đây chỉ ghi số nguyên, ví dụ 20; “{_short(text)}” có phần lẻ."
        )
    return -found if sign else found


def dong(text: str) -> int:
    """A sum of money in whole đồng: 30.000.000, 30 triệu, 4tr, 4tr5, 1,5 tỷ, 500k, 2 triệu rưỡi, with or without đồng behind; raises Unclear."""
    sign, bare = _split(text)
    found = _sum(_CURRENCY.sub("", bare.lower()).strip())
    if found is None or found != int(found) or len(str(int(found))) > LONGEST:
        raise Unclear(f"Chưa rõ “{_short(text)}” là bao nhiêu tiền. Bạn ghi ví dụ 30.000.000 hoặc 30 triệu.")
    return -int(found) if sign else int(found)


def _split(text: str) -> tuple[bool, str]:
    """Whether it is below nought, and the rest with single blanks."""
    parts = _SIGNED.fullmatch(_BLANKS.sub(" ", text).strip())
    assert parts
    return parts[1] in ("-", "−") and bool(parts[1]), parts[2]


def _read(bare: str, *, thousands: bool) -> Decimal | None:
    """Digits and separators alone; None for anything else. `thousands`: one separator before three digits parts thousands."""
    if len(bare) > 2 * LONGEST:
        return None
    grouped = _GROUPED.fullmatch(bare)
    parted = _PARTED.fullmatch(bare)
    if _PLAIN.fullmatch(bare):
        found = Decimal(bare)
    elif grouped and (thousands or not parted):
        digits = re.sub(r"[., ]", "", bare[: len(bare) - len(grouped[3] or "")])
        found = Decimal(f"{digits}.{grouped[3] or 0}")
    elif parted:
        found = Decimal(f"{parted[1]}.{parted[2]}")
    else:
        return None
    return found if len(str(int(found))) <= LONGEST else None


def _sum(bare: str) -> Decimal | None:
    """A sum in đồng; None for what is none. What follows a unit is smaller than it: 4tr5 and 4tr500 are parts of it, 1 triệu 500 nghìn adds up."""
    parts = _SUM.fullmatch(bare)
    if parts is None:
        return _read(bare, thousands=True)
    # Before a unit, 1.500 may be fifteen hundred or one and a half.
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", parts[1], re.ASCII):
        return None
    many, scale, rest = _read(parts[1], thousands=False), _SCALES[parts[2]], parts[3].strip()
    if many is None:
        return None
    if not rest:
        return many * scale
    if rest == _HALF:
        return many * scale + scale // 2
    if many != int(many):
        return None
    if re.fullmatch(r"\d{1,3}", rest, re.ASCII):
        return many * scale + Decimal(f"0.{rest}") * scale
    more = _sum(rest)
    return many * scale + more if more is not None and more < scale else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
