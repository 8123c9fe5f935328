import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.asr.recordings import Recording
from bench.asr.workers import Worker, WorkerError

RECORDING = Recording("A", "calls", Path("/a.opus"), Path("/a.call.json"), ("", ""))
PROGRAM = """
import subprocess, sys, time
from bench.asr.serving import serve

def busy(request):
    print("libraries talk")
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.2: pass"], check=True)
    return [request["audio"], request["record"]]

def broken(request):
    raise ValueError("no")

def gone(request):
    print("the last word", flush=True)
    sys.exit(3)

serve({"busy": busy, "broken": broken, "gone": gone}, {"program": "1.0"})
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    with Worker([sys.executable, "-c", PROGRAM], tmp_path / "log") as started:
        yield started


def test_a_worker_says_what_it_can_do_and_answers(worker: Worker) -> None:
    assert worker.settings == ("busy", "broken", "gone")
    assert worker.versions == {"program": "1.0"}
    heard = worker.hear("busy", RECORDING)
    assert heard.texts == ("/a.opus", "/a.call.json")
    assert heard.cpu_s >= 0.4  # its own and that of its child
    assert heard.wall_s >= 0.2


def test_a_failing_engine_stops_the_bench_and_is_named(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="broken on A: ValueError: no"):
        worker.hear("broken", RECORDING)
    assert worker.hear("busy", RECORDING).texts[0] == "/a.opus"


def test_a_worker_that_ends_is_reported_with_its_last_words(worker: Worker) -> None:
    with pytest.raises(WorkerError, match=r"a worker ended: the last word"):
        worker.hear("gone", RECORDING)


def test_a_worker_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="No module named 'no_such_engine'"):
        Worker([sys.executable, "-c", "import no_such_engine"], tmp_path / "log")


def test_a_missing_environment_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match=r"no-python.*make bench-asr"):
        Worker([str(tmp_path / "no-python"), "-m", "bench.asr.peers"], tmp_path / "log")
