from datetime import UTC, datetime, timedelta

from store.clock import FixedClock, SystemClock
from store.errors import AudioError


def test_the_system_clock_is_aware():
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_a_fixed_clock_moves_only_when_told():
    clock = FixedClock(datetime(2026, 3, 5, tzinfo=UTC))
    assert clock.now() == clock.now() == datetime(2026, 3, 5, tzinfo=UTC)
    clock.moment += timedelta(hours=1)
    assert clock.now() == datetime(2026, 3, 5, 1, tzinfo=UTC)


def test_an_error_is_one_line_with_place_mend_and_code():
    error = AudioError("the file holds no bytes", code="audio.empty", where="a.wav", mend="Send it again.")
    assert str(error) == "a.wav: the file holds no bytes. Send it again. [audio.empty]"
    assert (error.exit_code, error.http_status) == (2, 422)
    assert str(AudioError("broken", code="x.y")) == "broken. [x.y]"
