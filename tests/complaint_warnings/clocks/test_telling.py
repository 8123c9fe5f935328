"""What is said of a deadline and when: each thing once."""

from datetime import datetime, timedelta

from complaint_warnings.clocks.telling import next_to_say, to_say
from complaint_warnings.clocks.types import Deadline

from .stories import at, clock, said, story

# Due on Friday the 9th at 18:00; warnings on the 8th at 13:30 and the 9th at 12:36.
(SETTLE,) = clock("settle", story("2026-09-29 10:00"))
DUE = at("2026-10-09 18:00")
DAY = timedelta(hours=24)


def marks(moment: str, *before: str, deadline: Deadline = SETTLE) -> list[str]:
    return [say.mark for say in to_say(deadline, {(DUE, mark) for mark in before}, at(moment))]


def following(*before: str) -> str | None:
    return said(next_to_say(SETTLE, {(DUE, mark) for mark in before}))


def test_nothing_before_the_first_warning():
    assert marks("2026-10-08 13:29") == []
    assert following() == "2026-10-08 13:30"


def test_each_warning_is_said_once():
    assert marks("2026-10-08 13:30") == ["50%"]
    assert marks("2026-10-08 13:30", "50%") == []
    assert following("50%") == "2026-10-09 12:36"
    assert marks("2026-10-09 12:36", "50%") == ["80%"]


def test_who_was_away_hears_only_the_last():
    assert marks("2026-10-09 15:00") == ["80%"]
    assert marks("2026-10-09 15:00", "80%") == []
    assert following("80%") == "2026-10-09 18:00"


def test_the_last_moment_is_in_time():
    assert marks("2026-10-09 18:00", "50%", "80%") == []
    assert to_say(SETTLE, {(DUE, "80%")}, DUE + timedelta(microseconds=1))[0].mark == "breach"


def test_a_breach_is_said_and_goes_to_the_next_person_up():
    assert marks("2026-10-09 18:01", "50%", "80%") == ["breach", "up:1"]
    assert marks("2026-10-09 18:01", "80%", "breach", "up:1") == []
    assert following("breach") == "2026-10-09 18:00"
    assert following("breach", "up:1") == "2026-10-10 18:00"


def test_then_further_up_step_by_step():
    assert marks("2026-10-10 18:01", "breach", "up:1") == ["up:2"]
    assert marks("2026-10-12 18:01") == ["breach", "up:1", "up:2", "up:3", "up:4"]
    everything = ["breach", *(f"up:{rung}" for rung in range(1, 6))]
    assert marks("2026-12-01 00:00") == everything
    assert marks("2026-12-01 00:00", *everything) == []
    assert following(*everything) is None


def test_another_date_is_another_matter():
    manual = {"kind": "settle", "due": at("2026-10-20 12:00").isoformat(), "reason": "x"}
    (moved,) = clock("settle", story("2026-09-29 10:00", ("2026-10-12 10:00", "set_deadline", manual)))
    told: set[tuple[datetime, str]] = {(DUE, mark) for mark in ("50%", "80%", "breach", "up:1")}
    assert to_say(moved, told, at("2026-10-12 10:01")) == ()
    assert said(next_to_say(moved, told)) == "2026-10-16 11:00"
    assert [say.mark for say in to_say(moved, told, at("2026-10-20 12:01"))] == ["breach", "up:1"]


def test_nothing_is_said_of_what_is_met_ended_or_held():
    met = clock("settle", story("2026-09-29 10:00", ("2026-10-12 10:00", "resolve", {})))
    ended = clock("settle", story("2026-09-29 10:00", ("2026-10-12 10:00", "close", {"state": "closed"})))
    held = clock("settle", story("2026-09-29 10:00", ("2026-09-30 10:00", "hold", {"reason": "other"})))
    for (deadline,) in (met, ended, held):
        assert marks("2026-12-01 00:00", deadline=deadline) == []
        assert next_to_say(deadline, ()) is None
