"""Dates, times and lengths of time as the code of a cell shows them; `spreadsheet_numbers` calls it."""

import datetime
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile

from question_bank.formats.number_codes import Token

_DAY = 86_400
_LAST_DAY = 2_958_466  # the day after 31 December 9999
_MONTHS = (
    *("Tháng Một", "Tháng Hai", "Tháng Ba", "Tháng Tư", "Tháng Năm", "Tháng Sáu"),
    *("Tháng Bảy", "Tháng Tám", "Tháng Chín", "Tháng Mười", "Tháng Mười Một", "Tháng Mười Hai"),
)
_NAMES = {"y": "year", "e": "long year", "b": "buddhist year", "m": "month", "d": "day", "h": "hour", "s": "second"}
_DATED = frozenset(["year", "long year", "buddhist year", "month", "day"])
_DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_SHORT_DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def moment_shown(amount: Decimal, tokens: Sequence[Token], from_1904: bool) -> str | None:
    """The days since the beginning of a workbook's calendar as its code shows them; None where it can show none."""
    if not 0 <= amount < _LAST_DAY:
        return None
    meanings = _meanings(tokens)
    places = max(map(len, (_decimals(tokens, place) for place in range(len(tokens)))), default=0)
    total = (amount * _DAY).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    days, within = divmod(total, _DAY)
    date = _date(int(days), from_1904) if _DATED.intersection(meanings) else None
    if date is None and _DATED.intersection(meanings):
        return None
    hours, minutes, seconds = int(within // 3_600), int(within // 60 % 60), int(within % 60)
    clock = {"hour": hours % 12 or 12 if "half" in meanings else hours, "minute": minutes, "second": seconds}
    pieces, skipped = list[str](), 0
    for place, (token, meaning) in enumerate(zip(tokens, meanings, strict=True)):
        if skipped:
            skipped -= 1
        elif meaning in clock:
            pieces.append(str(clock[meaning]).zfill(min(len(token.text), 2)))
        elif meaning == "elapsed":
            size = {"h": 3_600, "m": 60, "s": 1}[token.text[0]]
            pieces.append(str(int(total // size)).zfill(len(token.text)))
        elif meaning == "half":
            pieces.append(("AM" if hours < 12 else "PM")[: 2 if len(token.text) > 3 else 1])
        elif meaning and date is not None:
            pieces.append(_of_date(date, meaning, len(token.text)))
        elif size := len(_decimals(tokens, place)):
            pieces.append("," + f"{total % 1:.{places}f}"[2 : 2 + size])
            skipped = size
        else:
            pieces.append(token.text)
    return " ".join("".join(pieces).split())


def _decimals(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """The noughts behind a point that stand for parts of a second."""
    if tokens[place].kind != ".":
        return ()
    noughts = takewhile(lambda token: token.text == "0", tokens[place + 1 : place + 4])
    return tuple(noughts)


def _meanings(tokens: Sequence[Token]) -> list[str]:
    """What each token shows of a moment, "" for one that shows itself; an m after hours or before seconds means minutes."""
    found = [
        _NAMES[token.text[0]] if token.kind == "moment" else token.kind if token.kind in ("elapsed", "half") else ""
        for token in tokens
    ]
    told = [place for place, meaning in enumerate(found) if meaning and meaning != "half"]
    for index, place in enumerate(told):
        if found[place] == "month" and len(tokens[place].text) < 3:
            before = tokens[told[index - 1]].text if index else ""
            after = tokens[told[index + 1]].text if index + 1 < len(told) else ""
            if before.startswith("h") or after.startswith("s"):
                found[place] = "minute"
    return found


def _date(days: int, from_1904: bool) -> datetime.date | None:
    """The date of a day's number; the calendar from 1900 has a 29 February that never was."""
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    try:
        found = from_excel(days, MAC_EPOCH if from_1904 else WINDOWS_EPOCH)
    except (ValueError, OverflowError, TypeError):
        return None
    return found.date() if isinstance(found, datetime.datetime) else None


def _of_date(date: datetime.date, meaning: str, size: int) -> str:
    match meaning:
        case "month":
            if size > 2:
                return _MONTHS[date.month - 1] if size == 4 else f"Thg{date.month}"
            return str(date.month).zfill(size)
        case "day":
            if size > 2:
                return (_DAYS if size > 3 else _SHORT_DAYS)[date.weekday()]
            return str(date.day).zfill(size)
        case "buddhist year":
            return str(date.year + 543)[0 if size > 2 else 2 :]
        case _:
            return f"{date.year:04d}" if size > 2 or meaning == "long year" else f"{date.year % 100:02d}"
