from datetime import time

import pytest

from store.daily import DailyHours


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("22-06", time(22), time(6)),
        ("9-17:30", time(9), time(17, 30)),
        (" 00:00 - 24 ", None, None),
        ("18-24", time(18), time(0)),
    ],
)
def test_hours_are_read_as_they_are_written(text: str, start: time | None, end: time | None) -> None:
    if start is None or end is None:
        with pytest.raises(ValueError, match="begin when they end"):
            DailyHours.read(text)
    else:
        assert DailyHours.read(text) == DailyHours(start, end)


@pytest.mark.parametrize(
    "text", ["", "night", "22", "22-", "25-06", "22-06:61", "6-25", "22-06-07", "22-24:30"]
)
def test_what_is_no_stretch_of_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write the hours|must be in"):
        DailyHours.read(text)


def test_hours_may_go_over_midnight() -> None:
    night, day = DailyHours.read("22:30-06"), DailyHours.read("9-17")

    moments = (time(22, 29), time(22, 30), time(23, 59), time(0), time(5, 59), time(6), time(12))
    assert [night.hold(moment) for moment in moments] == [False, True, True, True, True, False, False]
    assert [day.hold(time(*at)) for at in ((8, 59), (9, 0), (16, 59), (17, 0))] == [False, True, True, False]
