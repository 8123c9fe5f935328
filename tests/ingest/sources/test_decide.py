from datetime import UTC, datetime, timedelta

import pytest

from ingest.sources.config import Backfill, Retry
from ingest.sources.decide import Window, allowance, current, next_attempt, next_look, source_pause

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
RETRY = Retry(attempts=4, first_seconds=30, longest_seconds=100)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (3, 100), (4, None), (5, None)])
def test_the_wait_doubles_and_ends(attempts: int, seconds: float | None):
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert next_attempt(attempts, RETRY, NOW) == expected


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(0, 15), (1, 15), (2, 30), (60, 900), (300, 3600), (1439, 3600), (1440, None)]
)
def test_what_is_missing_is_looked_for_less_and_less_often(minutes: float, seconds: float | None):
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert next_look(NOW - timedelta(minutes=minutes), 24, NOW) == expected


def test_a_failing_source_rests_longer_each_time():
    assert [source_pause(n).total_seconds() for n in (1, 2, 3, 7, 1000)] == [10, 20, 40, 600, 600]


def test_the_back_fill_is_counted_by_the_minute():
    backfill = Backfill(per_minute=10)
    window = Window(NOW - timedelta(seconds=59), 7)
    assert allowance(backfill, window, NOW) == 3
    assert allowance(backfill, Window(NOW, 12), NOW) == 0
    assert allowance(backfill, window, NOW + timedelta(seconds=1)) == 10
    assert allowance(Backfill(), window, NOW) is None


def test_a_clock_that_was_set_back_begins_a_new_minute():
    assert current(Window(NOW + timedelta(hours=1), 5), NOW) == Window(NOW, 0)
