from datetime import time

import pytest

from ingest.numbers import normalise_number, region_of
from ingest.times import END_OF_DAY, official_zone, read_time_of_day, write_time_of_day


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("+8613800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0138 0013 8000", "+8613800138000"),
        ("13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("0086-138-0013-8000", "+8613800138000"),
        ("138－0013－8000", "+8613800138000"),
        ("15412345678", "+8615412345678"),  # a prefix that the library does not know yet
        ("0154 1234 5678", "+8615412345678"),
        ("021-9900 1234", "+862199001234"),
        ("(021) 9900-1234", "+862199001234"),
        ("400-800-1234", "+864008001234"),
        ("+1 (212) 555-0101", "+12125550101"),
        ("+81 90 0000 1234", "+819000001234"),
        ("10086", "10086"),
        ("95588", "95588"),
        ("138****8000", "138****8000"),
        ("021-99001234 转 801", "021-99001234 转 801"),
        ("  未知 ", "未知"),
        ("+", "+"),
        ("1" * 60, "1" * 60),
    ],
)
def test_spellings_of_a_number(given: str, number: str):
    assert normalise_number(given) == number
    assert normalise_number(number) == number


def test_the_region_of_numbers_without_a_country_code():
    assert normalise_number("212-555-0101", "US") == "+12125550101"
    assert [region_of(zone) for zone in ("America/Chicago", "Asia/Shanghai", None)] == ["US", "CN", "CN"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("21:00", time(21)),
        ("9:05", time(9, 5)),
        ("21：30", time(21, 30)),
        ("08:00:30", time(8, 0, 30)),
        ("24:00", END_OF_DAY),
        ("00:00", time(0)),
    ],
)
def test_times_of_day(written: str, value: time):
    assert read_time_of_day(written) == value
    assert read_time_of_day(write_time_of_day(value)) == value


@pytest.mark.parametrize(
    "written", ["", "21", "25:00", "24:01", "12:60", "noon", 21, None, "21:00+08:00", "-1:00"]
)
def test_what_is_no_time_of_day(written: object):
    with pytest.raises(ValueError, match="no time of day"):
        read_time_of_day(written)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Asia/Urumqi", "Asia/Shanghai"),
        ("Asia/Kashgar", "Asia/Shanghai"),
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("Asia/Hong_Kong", "Asia/Hong_Kong"),
        ("America/Chicago", "America/Chicago"),
        (None, "Asia/Shanghai"),
        ("", "Asia/Shanghai"),
    ],
)
def test_the_official_zone(name: str | None, zone: str):
    assert official_zone(name).key == zone


def test_the_default_zone_is_configurable():
    assert official_zone(None, "America/New_York").key == "America/New_York"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Asia", "a\x00b"])
def test_there_is_no_such_zone(name: str):
    with pytest.raises(ValueError, match="no such time zone"):
        official_zone(name)
