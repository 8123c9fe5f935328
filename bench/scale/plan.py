"""A capacity plan on paper: `python -m bench.scale.plan 1 100 10000` (hours of recordings a day).

The unit costs stand in docs/scaling.md, with how they were measured; a site gives its own numbers as options.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields

_HOUR_S = 3600
_DAYS = 365
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Costs:
    """What things cost: processor seconds of an hour of recording or of a call, bytes and commits of a call.

    `gpu_speed` is how many hours of recording one GPU hears in an hour: reckoned, not measured.
    """

    asr_cpu_s_per_hour: float = 248
    hear_cpu_s_per_hour: float = 40
    call_cpu_s: float = 0.3
    gpu_speed: float = 40
    database_cpu_s_per_call: float = 0.06
    commits_per_call: float = 11
    wal_bytes_per_call: float = 40_000
    database_bytes_per_call: float = 20_000
    database_bytes_per_hour: float = 1_500_000
    redis_bytes_per_task: float = 2_000
    audit_s_per_call: float = 0.03


@dataclass(frozen=True, slots=True)
class Habits:
    """How a site works: seconds of a call, hours of the day in which calls come and are judged, how
    much busier the busiest minutes are, how full a core may be, bytes of a second of sound, years kept."""

    call_s: float = 120
    hours_a_day: float = 10
    peak: float = 2
    busy: float = 0.7
    recording_bytes_per_s: float = 4_000
    years: float = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What it takes. Cores are rounded up; a GPU takes the place of `asr_cores`."""

    calls_a_day: float
    calls_per_s_at_peak: float
    asr_cores: int
    gpus: int
    other_cores: int
    database_cores: int
    commits_per_s_at_peak: float
    audit_share_at_peak: float
    wal_gb_a_day: float
    database_gb_a_year: float
    recordings_tb_kept: float
    redis_mb_of_a_day_waiting: float
    network_mbit_per_s_at_peak: float


def plan(hours: float, habits: Habits, costs: Costs) -> Plan:
    """The plan for so many hours of recordings a day, judged on the day on which they come."""
    calls = hours * _HOUR_S / habits.call_s
    work_s = habits.hours_a_day * _HOUR_S * habits.busy
    at_peak = calls / (habits.hours_a_day * _HOUR_S) * habits.peak
    other = hours * costs.hear_cpu_s_per_hour + calls * costs.call_cpu_s
    stored = calls * costs.database_bytes_per_call + hours * costs.database_bytes_per_hour
    sound = hours * _HOUR_S * habits.recording_bytes_per_s
    # Once in, once to be written down, once to be heard.
    moved_per_s = 3 * sound / (habits.hours_a_day * _HOUR_S) * habits.peak
    return Plan(
        calls_a_day=calls,
        calls_per_s_at_peak=at_peak,
        asr_cores=math.ceil(hours * costs.asr_cpu_s_per_hour / work_s),
        gpus=math.ceil(hours / costs.gpu_speed / (habits.hours_a_day * habits.busy)),
        other_cores=math.ceil(other / work_s),
        database_cores=math.ceil(at_peak * costs.database_cpu_s_per_call / habits.busy),
        commits_per_s_at_peak=at_peak * costs.commits_per_call,
        audit_share_at_peak=at_peak * costs.audit_s_per_call,
        wal_gb_a_day=calls * costs.wal_bytes_per_call / _GB,
        database_gb_a_year=stored * _DAYS / _GB,
        recordings_tb_kept=sound * _DAYS * habits.years / 1000 / _GB,
        redis_mb_of_a_day_waiting=calls * costs.redis_bytes_per_task / 1e6,
        network_mbit_per_s_at_peak=moved_per_s * 8 / 1e6,
    )


def table(days: Sequence[float], habits: Habits, costs: Costs) -> list[str]:
    """Lines of a Markdown table, a column for each number of hours a day."""
    plans = [plan(hours, habits, costs) for hours in days]
    lines = ["| hours of recordings a day | " + " | ".join(f"{hours:,.0f}" for hours in days) + " |"]
    lines.append("|---" * (len(days) + 1) + "|")
    for each in fields(Plan):
        values = [getattr(made, each.name) for made in plans]
        lines.append(f"| {each.name.replace('_', ' ')} | " + " | ".join(map(_shown, values)) + " |")
    return lines


def _shown(value: float) -> str:
    if isinstance(value, int) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}"


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(prog="bench.scale.plan", description=__doc__)
    asked.add_argument("hours", type=float, nargs="+", help="hours of recordings a day")
    for kind in (Habits, Costs):
        for each in fields(kind):
            name = f"--{each.name.replace('_', '-')}"
            asked.add_argument(name, type=float, default=each.default, help="default: %(default)s")
    given = vars(asked.parse_args())
    habits = Habits(**{each.name: given[each.name] for each in fields(Habits)})
    costs = Costs(**{each.name: given[each.name] for each in fields(Costs)})
    sys.stdout.write("\n".join(table(given["hours"], habits, costs)) + "\n")


if __name__ == "__main__":
    main()
