"""How times, numbers, money and sizes are shown and read; templates use the filters, forms the two readers.

Every time that enters is aware; every time that is shown is Vietnam time. A number is joined to its unit by a no-break space.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from flask import Flask

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NBSP = "\u00a0"

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DATE = re.compile(
    r"(\d{1,2})(?:\s*[/.-]\s*|\s+)(\d{1,2})(?:\s*[/.-]\s*|\s+)(\d{2}|\d{4})|(\d\d)(\d\d)(\d\d|\d{4})", re.ASCII
)
_DATE_WORDS = re.compile(r"\b(?:ngày|tháng|năm)\b", re.IGNORECASE)
_COMMON_FIRST_WORDS = ("Đợt ", "Vòng ", "Tuần ", "Tháng ", "Kỳ ")
_SIZES = ("byte", "kB", "MB", "GB", "TB")


def vietnam_time(moment: dt.datetime) -> dt.datetime:
    """The same moment on a Vietnamese clock. A moment without a zone is a mistake of ours and raises ValueError."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone cannot be shown")
    return moment.astimezone(VIETNAM)


def vn_date(day: dt.date) -> str:
    """04/3/2025; January and February keep their zero, as official papers write them."""
    if isinstance(day, dt.datetime):
        day = vietnam_time(day).date()
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def vn_day(day: dt.date) -> str:
    """thứ Ba 04/3/2025."""
    if isinstance(day, dt.datetime):
        day = vietnam_time(day).date()
    return f"{_WEEKDAYS[day.weekday()].replace(' ', NBSP)} {vn_date(day)}"


def vn_clock(moment: dt.datetime) -> str:
    """14:03."""
    return f"{vietnam_time(moment):%H:%M}"


def vn_time(moment: dt.datetime) -> str:
    """14:03:22."""
    return f"{vietnam_time(moment):%H:%M:%S}"


def vn_datetime(moment: dt.datetime) -> str:
    """14:03, thứ Ba 04/3/2025."""
    return f"{vn_clock(moment)}, {vn_day(moment)}"


def vn_number(value: int | float | Decimal, places: int | None = None) -> str:
    """1.234,5: dots between thousands, a comma before decimals; without `places`, as many decimals as the value has."""
    if places is None:
        shown = f"{value:,}" if isinstance(value, int) else f"{Decimal(str(value)).normalize():,f}"
    else:
        shown = f"{value:,.{places}f}"
    return shown.translate(str.maketrans(",.", ".,"))


def vn_percent(value: float | Decimal, places: int = 0) -> str:
    """45,5% of a value that is already in hundredths."""
    return f"{vn_number(value, places)}%"


def vn_money(amount: int | Decimal) -> str:
    """4.000.000 đồng."""
    return nbsp(f"{vn_number(amount, 0)} đồng")


def vn_duration(seconds: float | dt.timedelta) -> str:
    """13 phút 37 giây; 2 ngày 18 giờ 56 phút. Seconds are left out from one day on, and parts that are nought always."""
    if isinstance(seconds, dt.timedelta):
        seconds = seconds.total_seconds()
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    parts = [(days, "ngày"), (hour, "giờ"), (minute, "phút"), (0 if days else second, "giây")]
    shown = [nbsp(f"{count} {unit}") for count, unit in parts if count]
    return " ".join(shown) or nbsp("0 giây")


def clock(seconds: float | dt.timedelta) -> str:
    """13:37, or 1:02:03 from one hour on: what a running clock shows."""
    if isinstance(seconds, dt.timedelta):
        seconds = seconds.total_seconds()
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"


def file_size(size: int) -> str:
    """8,1 MB, in thousands as phones count them."""
    value = float(size)
    for name in _SIZES:
        places = 0 if name in ("byte", "kB") else 1
        if round(value, places) < 1000 or name == _SIZES[-1]:
            shown = vn_number(value, places)
            return nbsp(f"{shown.removesuffix(',0')} {name}")
        value /= 1000
    raise AssertionError("the last size takes everything")


def nbsp(text: str) -> str:
    """The text with every space made unbreakable, so that a number stays with its unit."""
    return text.replace(" ", NBSP)


def parse_vn_date(text: str, *, last: dt.date | None = None) -> dt.date:
    """The day written as 04/03/2025, 4.3.2025, 4 3 2025, 04032025, "ngày 4 tháng 3 năm 2025" or 2025-03-04; ValueError when there is none.

    A year of two digits is read only where `last` is given: as the newest one that keeps the day from lying after `last`.
    """
    text = _DATE_WORDS.sub(" ", text).strip()
    written = _DATE.fullmatch(text)
    if written:
        day, month, year = (part for part in written.groups() if part is not None)
        if len(year) == 4:
            return dt.date(int(year), int(month), int(day))
        if last is None:
            raise ValueError("a year has four digits")
        return _newest(int(day), int(month), int(year), last)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("a day is written as day/month/year")
    return dt.date.fromisoformat(text)


def _newest(day: int, month: int, year: int, last: dt.date) -> dt.date:
    century = last.year // 100 * 100
    for whole in (century + year, century - 100 + year):
        try:
            found = dt.date(whole, month, day)
        except ValueError:
            continue
        if found <= last:
            return found
    raise ValueError("there is no such day")


def parse_vn_datetime_local(text: str) -> dt.datetime:
    """The UTC moment of a datetime-local field, which is filled in with Vietnam time; ValueError when it is not one."""
    text = text.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", text, re.ASCII):
        raise ValueError("a moment is written as year-month-dayThour:minute")
    local = dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
    try:
        return local.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError("a moment before the first year") from error


def datetime_local(moment: dt.datetime) -> str:
    """The value of a datetime-local field for a moment: 2025-03-04T14:03."""
    return f"{vietnam_time(moment):%Y-%m-%dT%H:%M}"


def taken_time(moment: dt.datetime | None) -> str | None:
    """2025-03-04 14:03:22+07:00: a moment in a file that a person takes away, to read and for programs alike."""
    return None if moment is None else vietnam_time(moment).isoformat(" ", "seconds")


def iso_utc(moment: dt.datetime) -> str:
    """What scripts and <time datetime> read: 2025-03-04T07:03:22Z."""
    vietnam_time(moment)
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def lower_first(text: str) -> str:
    """ "đợt 3" of "Đợt 3", for use inside a sentence; a title that does not begin so is a name and keeps its capital."""
    return text[:1].lower() + text[1:] if text.startswith(_COMMON_FIRST_WORDS) else text


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        vn_datetime=vn_datetime,
        vn_date=vn_date,
        vn_day=vn_day,
        vn_time=vn_time,
        vn_clock=vn_clock,
        vn_number=vn_number,
        vn_percent=vn_percent,
        vn_money=vn_money,
        vn_duration=vn_duration,
        clock=clock,
        file_size=file_size,
        nbsp=nbsp,
        datetime_local=datetime_local,
        iso_utc=iso_utc,
        lower_first=lower_first,
    )
