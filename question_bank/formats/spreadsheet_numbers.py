"""Numbers and dates of cells as a Vietnamese reader sees them; the Excel reader calls it."""

import datetime
import re
from decimal import Decimal, InvalidOperation

from question_bank.formats.spreadsheet_cells import Cell

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE = re.compile(r"y+|m+|d+|h+|s+", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d{1,15}")
_DIGITS_MOST = 40


def shown(value: str, number: int, code: str, from_1904: bool) -> Cell:
    """A number as its format shows it: `number` is the format's, `code` its text where it is not a built-in one.

    Decimals and dates look different from one computer to the next, so that they carry a remark.
    """
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    if not value:
        return Cell()
    code = code or BUILTIN_FORMATS.get(number, "General")
    code = code.split(";")[0]
    if code in ("General", "@", "0") and _PLAIN.fullmatch(value):
        return Cell(value)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return Cell(value)
    if not amount.is_finite() or abs(amount.adjusted()) > _DIGITS_MOST:
        return Cell(value)
    if is_date_format(code):
        return _date(amount, number, code, from_1904, value)
    return _number(amount, code)


def _number(amount: Decimal, code: str) -> Cell:
    bare = _QUOTED.sub("", code)
    suffix = ""
    if "%" in bare:
        amount, suffix = amount * 100, "%"
    decimals = re.search(r"\.([0#?]+)", bare)
    if code in ("General", "@") or not re.search("[0#]", bare) or "E" in bare.upper():
        amount = Decimal(f"{amount:.15g}") if abs(amount) < 10**15 else amount
        text = f"{amount.normalize():f}" if amount else "0"
    else:
        text = f"{amount:,.{len(decimals[1]) if decimals else 0}f}"
        text = text if "," in bare else text.replace(",", "")
        if decimals and (optional := len(decimals[1]) - decimals[1].count("0")):
            kept = text.rstrip("0") if len(text) - len(text.rstrip("0")) <= optional else text[:-optional]
            text = kept.rstrip(".")
    text = text.translate({ord("."): ",", ord(","): "."}) + suffix
    plain = _PLAIN.fullmatch(text) is not None
    return Cell(text, remark="" if plain else f"là số, được đọc là “{text}”. Hãy xem lại cách viết.")


def _date(amount: Decimal, number: int, code: str, from_1904: bool, value: str) -> Cell:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    try:
        moment = from_excel(float(amount), MAC_EPOCH if from_1904 else WINDOWS_EPOCH)
    except (ValueError, OverflowError, TypeError):
        return Cell(value)
    if isinstance(moment, datetime.timedelta):
        return Cell(value)
    if number == 14 and isinstance(moment, datetime.datetime):
        text = f"{moment.day}/{moment.month}/{moment.year}"
    else:
        text = _written(moment, _QUOTED.sub(lambda m: m[0].strip('"\\') if m[0][0] in '"\\' else "", code))
    return Cell(text, remark=f"là ngày giờ, được đọc là “{text}”. Hãy xem lại; nên định dạng ô là Văn bản (Text).")


def _written(moment: datetime.datetime | datetime.date | datetime.time, code: str) -> str:
    """The moment by a code such as "dd/mm/yyyy"; an m next to hours or seconds means minutes."""
    parts: list[str] = []
    end, clock = 0, False
    for token in _DATE.finditer(code):
        between = code[end : token.start()]
        parts.append(between)
        letter, size = token[0][0].lower(), len(token[0])
        seconds = re.match(r"\W*s", code[token.end() :], re.IGNORECASE) is not None
        if letter == "m" and ((clock and ":" in between) or seconds):
            parts.append(f"{getattr(moment, 'minute', 0):02d}")
        else:
            parts.append(_token(moment, letter, size))
        clock = letter == "h"
        end = token.end()
    return "".join([*parts, code[end:]]).replace("AM/PM", "").strip()


def _token(moment: datetime.datetime | datetime.date | datetime.time, letter: str, size: int) -> str:
    year, month, day = (getattr(moment, name, 0) for name in ("year", "month", "day"))
    if letter == "y":
        return f"{year:04d}" if size > 2 else f"{year % 100:02d}"
    amount = {
        "m": month,
        "d": day,
        "h": getattr(moment, "hour", 0),
        "s": getattr(moment, "second", 0),
    }[letter]
    return f"{amount:02d}" if size > 1 else str(amount)
