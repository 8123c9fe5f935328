"""What is decided without any folder: names, thinning, times."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.backup.manifest import is_name, moment_of, name_of, superfluous
from pipeline.backup.nightly import is_too_old, next_time, parse_time
from store.errors import BadInputError

NOW = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai on the 6th
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_names_are_moments():
    assert name_of(NOW.astimezone(SHANGHAI)) == "20260305T180000Z"
    assert moment_of("20260305T180000Z") == NOW
    assert [
        is_name(name) for name in ("20260305T180000Z", "../20260305T180000Z", "20260305T180000Z\n", "")
    ] == [
        True,
        False,
        False,
        False,
    ]


def test_the_newest_stay():
    names = ["c", "a", "b"]
    assert [superfluous(names, keep) for keep in (0, 1, 2, 3, 9)] == [[], ["a", "b"], ["a"], [], []]


@pytest.mark.parametrize(
    ("at", "zone", "due"),
    [
        ("02:30", SHANGHAI, "2026-03-05T18:30"),
        ("02:00", SHANGHAI, "2026-03-06T18:00"),  # this very minute is over
        ("01:30", SHANGHAI, "2026-03-06T17:30"),
        ("02:30", ZoneInfo("America/New_York"), "2026-03-06T07:30"),
    ],
)
def test_the_next_time(at: str, zone: ZoneInfo, due: str):
    assert next_time(NOW, parse_time(at), zone) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_day_without_that_time_has_a_backup_too():
    night = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)  # clocks in New York go from 02:00 to 03:00
    assert next_time(night, time(2, 30), ZoneInfo("America/New_York")) == datetime(
        2026, 3, 8, 7, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("said", ["24:00", "2:30", "02:60", "0230", "", "02:30 "])
def test_no_time_of_the_day(said: str):
    with pytest.raises(BadInputError) as refused:
        parse_time(said)
    assert refused.value.code == "backup.time"


def test_how_old_is_too_old():
    day = timedelta(days=1)
    assert [
        is_too_old(newest, NOW, 24) for newest in (None, NOW - day, NOW - day - timedelta(seconds=1))
    ] == [
        True,
        False,
        True,
    ]
