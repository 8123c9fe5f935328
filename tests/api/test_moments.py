"""Times and days in requests are written out."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from api.http.moments import Day, Moment

MOMENT = TypeAdapter(Moment)
DAY = TypeAdapter(Day)


def test_what_is_written_out_is_read() -> None:
    assert DAY.validate_python("2026-03-05") == date(2026, 3, 5)
    china = timezone(timedelta(hours=8))
    assert MOMENT.validate_python("2026-03-05T10:12:00+08:00") == datetime(2026, 3, 5, 10, 12, tzinfo=china)
    assert MOMENT.validate_python(datetime(2026, 3, 5, tzinfo=UTC)) == datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("given", ["0", "0.5", 0, 1767225600, "1767225600000", "", None, "05.03.2026"])
def test_numbers_are_no_times(given: object) -> None:
    for adapter in (DAY, MOMENT):
        with pytest.raises(ValidationError):
            adapter.validate_python(given)


def test_a_time_names_its_zone() -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python("2026-03-05T10:12:00")
