from datetime import UTC, datetime, timedelta

import pytest

from bench.scale.arithmetic import efficiency, per_call, rate, still_growing, wait_s

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_rate_counts_the_intervals_between_ends() -> None:
    moments = [NOON + timedelta(seconds=2 * number) for number in range(5)]
    assert rate(moments) == 0.5
    assert rate(moments[::-1]) == 0.5


@pytest.mark.parametrize("moments", [[], [NOON], [NOON, NOON]])
def test_no_rate_without_an_interval(moments: list[datetime]) -> None:
    with pytest.raises(ValueError, match="different moments"):
        rate(moments)


def test_efficiency_is_the_share_of_so_many_times_one_worker() -> None:
    assert efficiency({1: 0.5, 2: 1.0, 8: 3.6}) == {1: 1.0, 2: 1.0, 8: 0.9}


def test_the_engine_waits_so_long_that_the_workers_take_their_share_of_the_cores() -> None:
    assert wait_s(0.5, workers=8, cores=2, share=0.25) == 8.0


def test_counters_are_told_for_one_call() -> None:
    assert per_call({"queries": 100, "bytes": 0}, {"queries": 180, "bytes": 40}, 4) == {
        "queries": 20,
        "bytes": 10,
    }


def test_growth_ends_where_more_clients_bring_less_than_a_tenth() -> None:
    assert still_growing([10])
    assert still_growing([10, 11])
    assert not still_growing([10, 15, 16])
