import pytest

from bench.scale.plan import Costs, Habits, plan, table

COSTS = Costs(
    asr_cpu_s_per_hour=252,
    hear_cpu_s_per_hour=60,
    call_cpu_s=0.4,
    gpu_speed=50,
    database_cpu_s_per_call=0.02,
    commits_per_call=10,
    wal_bytes_per_call=50_000,
    database_bytes_per_call=40_000,
    database_bytes_per_hour=800_000,
    redis_bytes_per_task=2_000,
    audit_s_per_call=0.01,
)
HABITS = Habits(call_s=120, hours_a_day=10, peak=2, busy=0.7, recording_bytes_per_s=4_000, years=3)


def test_a_hundred_hours_a_day() -> None:
    made = plan(100, HABITS, COSTS)
    assert made.calls_a_day == 3000
    assert made.calls_per_s_at_peak == pytest.approx(1 / 6)
    assert (made.asr_cores, made.gpus, made.other_cores, made.database_cores) == (1, 1, 1, 1)
    assert made.commits_per_s_at_peak == pytest.approx(10 / 6)
    assert made.audit_share_at_peak == pytest.approx(0.01 / 6)
    assert made.wal_gb_a_day == pytest.approx(0.15)
    assert made.database_gb_a_year == pytest.approx((3000 * 40_000 + 100 * 800_000) * 365 / 1e9)
    assert made.recordings_tb_kept == pytest.approx(100 * 3600 * 4000 * 365 * 3 / 1e12)
    assert made.redis_mb_of_a_day_waiting == pytest.approx(6)
    assert made.network_mbit_per_s_at_peak == pytest.approx(3 * 100 * 3600 * 4000 / 36_000 * 2 * 8 / 1e6)


def test_cores_are_rounded_up_and_grow_with_the_hours() -> None:
    made = plan(10_000, HABITS, COSTS)
    assert made.asr_cores == 100  # 2,520,000 s in 25,200 s
    assert made.gpus == 29  # 10,000 / 50 / 7 = 28.6
    assert made.other_cores == 29  # (600,000 + 120,000) / 25,200 = 28.6
    assert made.database_cores == 1  # 16.7 calls/s × 0.02 / 0.7 = 0.48


def test_the_table_has_a_column_for_each_number_of_hours() -> None:
    lines = table([1, 10_000], HABITS, COSTS)
    assert lines[:3] == [
        "| hours of recordings a day | 1 | 10,000 |",
        "|---|---|---|",
        "| calls a day | 30 | 300,000 |",
    ]
    assert "| asr cores | 1 | 100 |" in lines
