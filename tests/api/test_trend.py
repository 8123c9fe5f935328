"""The weeks of a collector's own trend."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from api.trend import OwnCall, Week, Weeks, by_week
from tests.api.conftest import signed
from tests.api.http_client import API, get, problem

WEEKS = Weeks(date(2026, 6, 3), 2, ZoneInfo("Asia/Shanghai"))


def call(day: int, state: str, score: int | None, final: int | None = None, hour: int = 2) -> OwnCall:
    return OwnCall(datetime(2026, 5, day, hour, tzinfo=UTC), state, score, final)


def test_weeks_begin_on_monday_by_the_clock_of_the_house():
    assert WEEKS.mondays == (date(2026, 5, 25), date(2026, 6, 1))
    # Sunday 17:00 UTC is Monday in Shanghai.
    assert WEEKS.monday_of(datetime(2026, 5, 31, 17, tzinfo=UTC)) == date(2026, 6, 1)
    assert WEEKS.begin == datetime(2026, 5, 24, 16, tzinfo=UTC)
    assert WEEKS.end == datetime(2026, 6, 7, 16, tzinfo=UTC)


def test_what_was_not_judged_is_counted_and_in_no_mean():
    calls = [
        call(25, "assessed", 100, 90),
        call(26, "assessed", 61),
        call(27, "unjudged", 100),
        call(28, "failed", None),
        call(29, "received", None),
    ]
    assert by_week(calls, WEEKS) == [
        Week(date(2026, 5, 25), 5, 2, 2, 1, 80.5, 1, 90.0),
        Week(date(2026, 6, 1), 0, 0, 0, 0, None, 0, None),
    ]


def test_it_is_for_collectors(client, world):
    problem(get(client(), f"{API}/me/trend", headers=signed(world, "qc_reviewer")), 403, "auth.role")
    seen = get(client(), f"{API}/me/trend", headers=signed(world, "collector"), params={"weeks": 1}).json()
    assert [each["calls"] for each in seen["weeks"]] == [0]
    assert (seen["found"], seen["undated"], seen["coaching"]) == ([], 0, [])
