"""The whole bench, with Diting alone: the other engines need an environment of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.audio import decode_audio

from bench.asr.telephone import LINE_RATE, write_call

ROOT = Path(__file__).parents[3]
_SECONDS = 15


def _bench(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench.asr", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=environment)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """One call, the first seconds of a sample: a WAV file, whatever the end of its name."""
    folder, sample = tmp_path / "calls", ROOT / "samples/calls/S01-clean.opus"
    folder.mkdir()
    channels = np.stack(decode_audio(str(sample), LINE_RATE, split_stereo=True))
    write_call(folder / "A.opus", channels[:, : _SECONDS * LINE_RATE], "pcm_alaw")
    shutil.copy(sample.with_suffix(".call.json"), folder / "A.call.json")
    reference = json.loads(sample.with_suffix(".transcript.json").read_text())
    reference["utterances"] = [u for u in reference["utterances"] if u["end"] < _SECONDS]
    (folder / "A.transcript.json").write_text(json.dumps(reference))
    return folder


def test_the_last_line_is_one_json_object_and_texts_are_kept(calls: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    none = tmp_path / "none"
    none.mkdir()
    (none / "text.tsv").write_text("")
    peers = tmp_path / "no-python"
    done = _bench(
        "--calls", calls, "--clips", none, "--only", "diting", "--results", results, "--peers-python", peers
    )
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout.splitlines()[-1])
    assert line["audio"] == {"calls": 1}
    assert 0.0 < line["cer"] < 0.5
    assert line["cer_best_peer"] is line["cpu_ratio_batched"] is line["cpu_ratio_default"] is None
    assert line["settings"]["all"]["diting"]["cpu_s_per_hour"] > 0
    kept = json.loads((results / "results.json").read_text())
    assert {outcome["setting"] for outcome in kept["outcomes"]} == {"diting", "diting, beam 1"}
    assert all(len(outcome["texts"]) == 2 and all(outcome["texts"]) for outcome in kept["outcomes"])
    assert "no picture" in done.stderr


def test_without_recordings_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "text.tsv").write_text("")
    done = _bench("--calls", tmp_path, "--clips", tmp_path, "--results", tmp_path / "results")
    assert done.returncode == 2
    assert done.stderr.strip() == "there is no recording to hear: give --calls or --clips"


def test_an_engine_that_cannot_start_fails_the_bench(calls: Path, tmp_path: Path) -> None:
    done = _bench(
        "--calls", calls, "--only", "openai-whisper", "--results", tmp_path, "--peers-python", tmp_path / "no"
    )
    assert done.returncode == 1
    assert "make bench-asr" in done.stderr
    assert done.stdout == ""
