"""How long to wait, and when a channel rests. No database, no clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from complaint_warnings.notices.patience import Health, after, wait_s
from complaint_warnings.notices.policy import Circuit, Retry
from complaint_warnings.notices.types import Result

NOW = datetime(2026, 3, 5, tzinfo=UTC)
RETRY, CIRCUIT = Retry(), Circuit()
AGAIN = Result("again", "notice.timeout", "…")


@given(st.text(max_size=40), st.integers(1, 5000))
def test_the_wait_doubles_up_to_its_limit_within_a_quarter(message: str, attempt: int) -> None:
    plain = min(3600, 10 * 2 ** min(attempt - 1, 32))

    found = wait_s(message, attempt, RETRY, urgent=False)
    assert plain * 0.75 <= found <= plain * 1.25
    assert found == wait_s(message, attempt, RETRY, urgent=False)
    assert wait_s(message, attempt, RETRY, urgent=True) <= 150


def test_what_failed_together_does_not_come_back_together() -> None:
    assert len({wait_s(f"msg_{n}", 3, RETRY, urgent=False) for n in range(100)}) == 100


def test_a_channel_rests_longer_each_time_and_is_well_after_one_success() -> None:
    health, rests = Health(), []
    for _ in range(9):
        health = after(health, AGAIN, NOW, CIRCUIT)
        rests.append((health.rests_until - NOW).total_seconds() if health.rests_until else 0)

    assert rests == [0, 0, 0, 30, 60, 120, 240, 480, 600]
    assert after(health, Result("sent"), NOW, CIRCUIT) == Health()
    assert after(health, Result("refused", "notice.refused", "…"), NOW, CIRCUIT) == Health()


def test_who_asks_for_a_pause_gets_it_and_is_not_held_broken() -> None:
    busy = Result("again", "notice.busy", "…", 429, wait_s=600)

    assert after(Health(2), busy, NOW, CIRCUIT) == Health(2, NOW + timedelta(seconds=600))
    forever = Result("again", "notice.busy", "…", 429, wait_s=1e9)
    assert after(Health(), forever, NOW, CIRCUIT).rests_until == NOW + timedelta(hours=1)
