"""Stretches of time that a weekday and an hour stand for; lists narrowed by them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from api.call_filters import WINDOWS, CallFilters, call_ids, clock_windows
from ingest.models import CallRow

CHINA = timezone(timedelta(hours=8))
EIGHT = 8 * 3600


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def test_an_hour_of_a_weekday_comes_once_a_week() -> None:
    # 2026-06-01 is a Monday.
    assert clock_windows(at(6, 1), at(6, 18), 3, 20, EIGHT) == [
        (at(6, 3, 20), at(6, 3, 21)),
        (at(6, 10, 20), at(6, 10, 21)),
        (at(6, 17, 20), at(6, 17, 21)),
    ]


def test_stretches_begin_and_end_with_the_time_asked_for() -> None:
    assert clock_windows(at(6, 1, 9, 30), at(6, 2, 9, 10), None, 9, EIGHT) == [
        (at(6, 1, 9, 30), at(6, 1, 10)),
        (at(6, 2, 9), at(6, 2, 9, 10)),
    ]
    assert clock_windows(at(6, 1, 12), at(6, 1, 18), 1, None, EIGHT) == [(at(6, 1, 12), at(6, 1, 18))]
    assert clock_windows(at(6, 2), at(6, 3), 1, None, EIGHT) == []


def test_the_day_is_that_of_the_clock_given() -> None:
    # Monday 23:00 UTC is Tuesday in China.
    since = datetime(2026, 6, 1, 23, tzinfo=UTC)
    assert clock_windows(since, since + timedelta(hours=2), 1, None, EIGHT) == []
    assert clock_windows(since, since + timedelta(hours=2), 2, 7, EIGHT) == [(at(6, 2, 7), at(6, 2, 8))]


def test_no_more_than_a_query_can_name() -> None:
    found = clock_windows(at(1, 1), None, None, 8, EIGHT)
    assert (len(found), found[-1]) == (WINDOWS, (at(3, 1, 8), at(3, 1, 9)))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"hour": 8}, [6, 5, 3, 2, 1]),
        ({"hour": 8, "since": at(1, 2)}, [6, 5, 3, 2]),  # 5 and 6 lie beyond what is named
        ({"hour": 8, "since": at(1, 2), "until": at(7, 1, 8, 20)}, [5, 3, 2]),
        ({"hour": 8, "weekday": 5, "since": at(1, 1)}, [2]),
        ({"weekday": 2, "since": at(6, 2), "until": at(6, 3)}, []),
    ],
)
def test_lists_hold_the_same_calls_however_they_are_found(
    asked: dict[str, object], expected: list[int]
) -> None:
    begun = [at(1, 1, 8, 5), at(1, 2, 8), at(1, 3, 8, 59), at(1, 4, 9), at(7, 1, 8, 10), at(7, 2, 8, 30)]
    engine = create_engine("sqlite://")
    CallRow.metadata.create_all(engine)
    with Session(engine) as session:
        for number, start in enumerate(begun, 1):
            session.add(stored(number, start))
        session.flush()
        assert session.scalars(select(CallRow.id)).all() == [1, 2, 3, 4, 5, 6]
        filters = CallFilters(**asked, offset_s=EIGHT)  # type: ignore[arg-type]
        assert [each.call_id for each in call_ids(session, filters, before=None, limit=10)] == expected


def stored(number: int, start: datetime) -> CallRow:
    return CallRow(
        id=number,
        source="s",
        external_id=str(number),
        recording_sha256=f"{number:064d}",
        started_at=start,
        direction="outbound",
        debtor_key="d",
        record={},
        record_sha256="0" * 64,
        registered_at=start,
    )
