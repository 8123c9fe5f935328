from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.lanes import DEFAULT, LANES, Order, Place, Pressing, place_of, rank
from store.daily import DailyHours
from store.settings import Settings

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)


def test_urgent_calls_come_before_live_ones_and_those_before_a_backfill() -> None:
    assert [(lane, rank(lane)) for lane in LANES] == [("urgent", 0), ("live", 1), ("backfill", 2)]


@pytest.mark.parametrize(
    ("age", "pressing", "place"),
    [
        (timedelta(minutes=3), (), Place("live", "recent")),
        (timedelta(hours=72), (), Place("live", "recent")),
        (timedelta(hours=72, seconds=1), (), Place("backfill", "old")),
        (None, (), Place("live", "no_time")),
        (timedelta(days=900), ("high_case",), Place("urgent", "high_case")),
        (None, ("self_harm",), Place("urgent", "self_harm")),
        (timedelta(0), ("high_case", "self_harm", "complaint"), Place("urgent", "complaint")),
        (timedelta(0), ("high_case", "self_harm"), Place("urgent", "self_harm")),
        (timedelta(hours=-2), (), Place("live", "recent")),  # a recorder's clock that goes ahead
    ],
)
def test_place_of_a_call(age: timedelta | None, pressing: tuple[Pressing, ...], place: Place) -> None:
    assert place_of(None if age is None else NOW - age, NOW, pressing, DEFAULT) == place


def test_a_backfill_begins_in_its_hours_on_the_clock_of_the_site() -> None:
    order = Order(hours=DailyHours.read("22-06"), zone=ZoneInfo("Asia/Shanghai"))
    evening = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai

    assert [order.begins_backfill(evening + timedelta(hours=hours)) for hours in (-1, 0, 7, 8)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert DEFAULT.begins_backfill(NOW)


def test_the_order_is_what_the_settings_say() -> None:
    settings = Settings(backfill_after_hours=24, backfill_patience_hours=48, backfill_hours="20-07:30")

    assert Order.of(settings) == Order(
        timedelta(hours=24), timedelta(hours=48), DailyHours.read("20-07:30"), ZoneInfo("Asia/Shanghai")
    )
    assert Order.of(Settings()) == Order(zone=ZoneInfo("Asia/Shanghai"))
