from pipeline.runs.metrics import run_metrics
from pipeline.runs.service import Runs

RUNS = [
    Runs("transcribe", "done", up_to=5.0, runs=3, seconds=9.0, audio_seconds=90.0),
    Runs("transcribe", "done", up_to=None, runs=1, seconds=4000.0, audio_seconds=7200.0),
    Runs("transcribe", "retried", "engine.busy", up_to=0.05, runs=2),
    Runs("transcribe", "gave_up", "engine.busy", up_to=0.05, runs=1),
    Runs("transcribe", "retried", "stage.worker_lost", up_to=0.05, runs=4),
    Runs("hear", "retried", "stage.interrupted", up_to=0.05, runs=5),
]


def test_ended_runs_as_metrics():
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in run_metrics(RUNS)
        for sample in metric.samples
        if sample.value
    }
    bucket, stage = "diting_stage_seconds_bucket", "transcribe"
    assert found == {
        **{(bucket, stage, bound): 3 for bound in ("5.0", "15.0", "60.0", "300.0", "1800.0")},
        (bucket, stage, "+Inf"): 4,
        ("diting_stage_seconds_count", stage): 4,
        ("diting_stage_seconds_sum", stage): 4009.0,
        ("diting_stage_failures_total", stage, "engine.busy"): 3,
        ("diting_stage_failures_total", stage, "stage.worker_lost"): 4,
        ("diting_stage_retries_total", stage): 6,
        ("diting_stage_retries_total", "hear"): 5,
        ("diting_calls_given_up_total", stage): 1,
        ("diting_leases_taken_back_total", stage, "crashed"): 4,
        ("diting_leases_taken_back_total", "hear", "interrupted"): 5,
        ("diting_engine_busy_seconds_total",): 4009.0,
        ("diting_engine_audio_seconds_total",): 7290.0,
    }
