"""What the figures are made of. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime


def rate(moments: Sequence[datetime]) -> float:
    """Things a second, from the moments at which they ended: the intervals between the first and the last.

    Raises:
        ValueError: there are fewer than two, or they ended all at once.
    """
    if len(moments) < 2 or max(moments) == min(moments):
        raise ValueError("a rate takes two things that ended at different moments")
    return (len(moments) - 1) / (max(moments) - min(moments)).total_seconds()


def efficiency(rates: Mapping[int, float]) -> dict[int, float]:
    """By number of workers: their rate, as a share of that many times the rate of one."""
    return {count: each / (count * rates[1]) for count, each in rates.items()}


def wait_s(cpu_s: float, *, workers: int, cores: float, share: float) -> float:
    """How long a simulated engine has to wait for each call, so that so many workers together take no more
    than this share of the cores: what stands in the way then is not the processor of this machine."""
    return workers * cpu_s / (cores * share)


def per_call(before: Mapping[str, float], after: Mapping[str, float], calls: int) -> dict[str, float]:
    """How much each counter grew for one call."""
    return {name: (after[name] - before[name]) / calls for name in before}


def still_growing(rates: Sequence[float], *, by: float = 0.1) -> bool:
    """Whether the last step was worth it: more clients brought at least a tenth more calls a second."""
    return len(rates) < 2 or rates[-1] >= rates[-2] * (1 + by)
