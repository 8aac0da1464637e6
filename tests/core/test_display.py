"""Times, numbers and sizes as Vietnamese readers write them."""

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.core import display

MOMENT = dt.datetime(2025, 3, 4, 7, 3, 22, tzinfo=dt.UTC)


def plain(text):
    return text.replace(display.NBSP, " ")


def test_a_moment_is_shown_on_the_vietnamese_clock():
    assert plain(display.vn_datetime(MOMENT)) == "14:03, thứ Ba 04/3/2025"
    assert display.vn_time(MOMENT) == "14:03:22"
    assert display.vn_clock(MOMENT) == "14:03"
    assert plain(display.vn_day(MOMENT)) == "thứ Ba 04/3/2025"
    assert display.iso_utc(MOMENT) == "2025-03-04T07:03:22Z"


def test_a_late_utc_evening_is_already_tomorrow_in_vietnam():
    assert display.vn_date(dt.datetime(2025, 12, 31, 17, 0, tzinfo=dt.UTC)) == "01/01/2026"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2025, 3, 4), "04/3/2025"),
        (dt.date(2025, 2, 24), "24/02/2025"),
        (dt.date(2025, 10, 12), "12/10/2025"),
    ],
)
def test_days_are_written_as_official_papers_write_them(day, shown):
    assert display.vn_date(day) == shown


def test_sunday_has_its_own_name():
    assert plain(display.vn_day(dt.date(2025, 3, 9))) == "Chủ nhật 09/3/2025"


@pytest.mark.parametrize(
    "show", [display.vn_datetime, display.vn_date, display.vn_time, display.datetime_local, display.iso_utc]
)
def test_a_time_without_a_zone_is_refused(show):
    with pytest.raises(ValueError, match="zone"):
        show(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (0, None, "0"),
        (1234567, None, "1.234.567"),
        (1234.5, None, "1.234,5"),
        (Decimal("8.50"), 2, "8,50"),
        (100.0, None, "100"),
        (-1200, None, "-1.200"),
        (0.1, 1, "0,1"),
    ],
)
def test_numbers_have_dots_for_thousands_and_a_comma_for_decimals(value, places, shown):
    assert display.vn_number(value, places) == shown


def test_money_sizes_and_shares_stay_with_their_unit():
    assert display.vn_money(4_000_000) == "4.000.000\u00a0đồng"
    assert display.file_size(8_123_456) == "8,1\u00a0MB"
    assert display.file_size(20_000_000) == "20\u00a0MB"
    assert display.file_size(0) == "0\u00a0byte"
    assert display.file_size(999_999) == "1\u00a0MB"
    assert display.file_size(1_500) == "2\u00a0kB"
    assert display.vn_percent(45.54, 1) == "45,5%"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 giây"),
        (-5, "0 giây"),
        (817, "13 phút 37 giây"),
        (3600, "1 giờ"),
        (3723, "1 giờ 2 phút 3 giây"),
        (2 * 86400 + 18 * 3600 + 56 * 60 + 9, "2 ngày 18 giờ 56 phút"),
        (dt.timedelta(minutes=15), "15 phút"),
        (86405, "1 ngày"),
    ],
)
def test_durations_are_read_aloud(seconds, shown):
    assert plain(display.vn_duration(seconds)) == shown


def test_a_running_clock_shows_hours_only_when_there_are_any():
    assert display.clock(817) == "13:37"
    assert display.clock(5) == "00:05"
    assert display.clock(3723) == "1:02:03"


@pytest.mark.parametrize(
    "text",
    [
        "04/03/2025",
        "4/3/2025",
        " 4.3.2025 ",
        "04-03-2025",
        "2025-03-04",
        "4 3 2025",
        "04032025",
        "4 / 3 / 2025",
        "ngày 4 tháng 3 năm 2025",
    ],
)
def test_days_are_read_in_the_ways_people_write_them(text):
    assert display.parse_vn_date(text) == dt.date(2025, 3, 4)


@pytest.mark.parametrize(
    ("text", "year"),
    [("4/3/59", 1959), ("040359", 1959), ("4 3 26", 2026), ("4/3/12", 2012), ("2/12/26", 1926), ("29-2-00", 2000)],
)
def test_a_year_of_two_digits_is_the_newest_that_has_been(text, year):
    assert display.parse_vn_date(text, last=dt.date(2026, 12, 1)).year == year


@pytest.mark.parametrize("text", ["29/2/99", "31/2/59", "4//3/59", "4/3/059", "40359", "4032025", "20250304"])
def test_a_day_that_cannot_be_told_is_refused_with_and_without_a_last_day(text):
    for last in (None, dt.date(2026, 12, 1)):
        with pytest.raises(ValueError):
            display.parse_vn_date(text, last=last)


@pytest.mark.parametrize("text", ["", "31/02/2025", "3/2025", "04/03/25", "hôm nay", "٤/٣/٢٠٢٥", "00/00/0000"])
def test_what_is_not_a_day_is_refused(text):
    with pytest.raises(ValueError):
        display.parse_vn_date(text)


def test_a_local_field_is_vietnam_time_and_comes_back_the_same():
    moment = display.parse_vn_datetime_local("2025-03-04T14:03")
    assert moment == dt.datetime(2025, 3, 4, 7, 3, tzinfo=dt.UTC)
    assert display.datetime_local(moment) == "2025-03-04T14:03"


@pytest.mark.parametrize(
    "text", ["", "2025-13-01T00:00", "2025-03-04", "04/03/2025 14:03", "2025-03-04T25:00", "0001-01-01T00:00"]
)
def test_what_is_not_a_local_moment_is_refused(text):
    with pytest.raises(ValueError):
        display.parse_vn_datetime_local(text)


@given(st.text())
def test_readers_refuse_strange_text_with_a_value_error_only(text):
    for read in (display.parse_vn_date, display.parse_vn_datetime_local):
        try:
            read(text)
        except ValueError:
            continue


def test_templates_get_the_filters():
    app = Flask("shown")
    display.init_app(app)
    with app.app_context():
        shown = app.jinja_env.from_string("{{ moment|vn_date }} {{ 1500|vn_number }}").render(moment=MOMENT)
    assert shown == "04/3/2025 1.500"


@pytest.mark.parametrize(
    ("title", "shown"), [("Đợt 3", "đợt 3"), ("Vòng chung khảo", "vòng chung khảo"), ("Hoàng Sa 2026", "Hoàng Sa 2026")]
)
def test_a_title_inside_a_sentence_keeps_the_capital_of_a_name(title, shown):
    assert display.lower_first(title) == shown
