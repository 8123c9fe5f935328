"""Ended runs of stages as metrics of Prometheus."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

from pipeline.runs.service import BOUNDS_S, CRASHED, INTERRUPTED, Runs
from pipeline.states import STAGES

_LISTENING: Final = "transcribe"
_TAKEN_BACK: Final = {CRASHED: "crashed", INTERRUPTED: "interrupted"}


def run_metrics(runs: Sequence[Runs]) -> Iterator[Metric]:
    """How long stages took, how they failed, and what the speech engine had to listen to."""
    yield _durations([each for each in runs if each.outcome == "done"])
    yield _failures([each for each in runs if each.code and each.code != INTERRUPTED])
    yield _by_stage(
        "diting_stage_retries",
        "Runs of stages that are tried again",
        [r for r in runs if r.outcome == "retried"],
    )
    yield _by_stage(
        "diting_calls_given_up", "Calls that gave up in a stage", [r for r in runs if r.outcome == "gave_up"]
    )
    yield _taken_back(runs)
    heard = [each for each in runs if each.stage == _LISTENING and each.outcome == "done"]
    yield CounterMetricFamily(
        "diting_engine_busy_seconds",
        "How long transcribing took",
        value=sum(each.seconds for each in heard),
    )
    yield CounterMetricFamily(
        "diting_engine_audio_seconds",
        "How long the transcribed recordings are",
        value=sum(each.audio_seconds for each in heard),
    )


def _durations(done: Sequence[Runs]) -> Metric:
    metric = HistogramMetricFamily(
        "diting_stage_seconds", "How long a stage of a call took, where it was done", labels=["stage"]
    )
    for stage in STAGES:
        mine = [each for each in done if each.stage == stage]
        all_ = sum(each.runs for each in mine)
        below = [
            (str(bound), sum(each.runs for each in mine if each.up_to is not None and each.up_to <= bound))
            for bound in BOUNDS_S
        ]
        metric.add_metric([stage], [*below, ("+Inf", all_)], sum(each.seconds for each in mine))
    return metric


def _failures(failed: Sequence[Runs]) -> Metric:
    metric = CounterMetricFamily(
        "diting_stage_failures", "Runs of stages that failed, by error", labels=["stage", "code"]
    )
    counts: Counter[tuple[str, str]] = Counter()
    for each in failed:
        counts[each.stage, each.code] += each.runs
    for labels in sorted(counts):
        metric.add_metric(labels, counts[labels])
    return metric


def _by_stage(name: str, said: str, runs: Sequence[Runs]) -> Metric:
    metric = CounterMetricFamily(name, said, labels=["stage"])
    for stage in STAGES:
        metric.add_metric([stage], sum(each.runs for each in runs if each.stage == stage))
    return metric


def _taken_back(runs: Sequence[Runs]) -> Metric:
    metric = CounterMetricFamily(
        "diting_leases_taken_back", "Calls taken back from workers that vanished", labels=["stage", "why"]
    )
    for stage in STAGES:
        for code, why in _TAKEN_BACK.items():
            metric.add_metric(
                [stage, why], sum(each.runs for each in runs if (each.stage, each.code) == (stage, code))
            )
    return metric
