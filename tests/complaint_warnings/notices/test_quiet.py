"""When a channel may speak. No database, no clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaint_warnings.notices.channel_policy import Quiet
from complaint_warnings.notices.quiet import quiet_until

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet.model_validate({"from": "22:00", "to": "08:00"})
LUNCH = Quiet.model_validate({"from": "12:00", "to": "13:30"})


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHT, "2026-03-05T21:59:59", None),
        (NIGHT, "2026-03-05T22:00:00", "2026-03-06T08:00:00"),
        (NIGHT, "2026-12-31T23:59:59", "2027-01-01T08:00:00"),
        (NIGHT, "2026-03-06T00:00:00", "2026-03-06T08:00:00"),
        (NIGHT, "2026-03-06T07:59:59", "2026-03-06T08:00:00"),
        (NIGHT, "2026-03-06T08:00:00", None),
        (LUNCH, "2026-03-06T11:59:59", None),
        (LUNCH, "2026-03-06T12:00:00", "2026-03-06T13:30:00"),
        (LUNCH, "2026-03-06T13:30:00", None),
        (None, "2026-03-06T03:00:00", None),
    ],
)
def test_when_the_quiet_ends(quiet: Quiet | None, now: str, until: str | None) -> None:
    assert quiet_until(at(now), quiet, SHANGHAI) == (at(until) if until else None)


def test_the_night_in_which_the_clocks_change_ends_on_the_clock_of_the_house() -> None:
    york = ZoneInfo("America/New_York")

    assert quiet_until(at("2026-03-07T23:00", york), NIGHT, york) == datetime(2026, 3, 8, 12, tzinfo=UTC)
