"""Cost and errors of Diting and of other Whisper programs, on the same recordings with the same weights.

    make bench-asr [BENCH_CALLS=FOLDER] [BENCH_CLIPS=FOLDER] [BENCH_FLAGS="--limit 2"]

Every engine runs in a process of its own and hears one recording after the other, in turn with all the
others and in another order each time, so that a busy machine slows down all alike. What counts is CPU time
without loading the model. The last line of standard output is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper.audio import decode_audio
from rich.console import Console
from rich.progress import Progress

from bench.asr.recordings import Recording, find_calls, spread
from bench.asr.results import Outcome, summary, table, totals
from bench.asr.telephone import CLIPS_PER_CALL, LINE_RATE, make_calls, read_clips, write_call
from bench.asr.workers import ROOT, Worker, WorkerError
from transcription.engines.bundled_model import MODEL_NAME, MODEL_SHA256, bundled_model

PEERS = ("faster-whisper", "whisper-ctranslate2", "openai-whisper")
_CALLS = (ROOT.parent / "shared/devset/audio", ROOT / "samples/calls")
_CLIPS = ROOT.parent / "shared/audio/aishell"
_LIMIT = 3
_WARM_UP_S = 12


def main() -> int:
    """Run the bench; returns 0, 1 when an engine fails, 2 when there is nothing to hear."""
    try:
        return _run(_arguments())
    except WorkerError as error:
        print(error, file=sys.stderr)
        return 1


def _run(arguments: argparse.Namespace) -> int:
    arguments.results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-asr-") as folder, ExitStack() as stack:
        recordings = _recordings(arguments, Path(folder))
        if not recordings:
            print("there is no recording to hear: give --calls or --clips", file=sys.stderr)
            return 2
        workers = [stack.enter_context(worker) for worker in _workers(arguments)]
        about = _about(arguments, workers)
        outcomes: list[Outcome] = []
        for made in _hear_all(workers, recordings, Path(folder)):
            outcomes += made
            _write(arguments.results, outcomes, about)  # a run that is broken off is not lost
    for source, settings in totals(outcomes).items():
        print(f"\n{source}\n\n{table(settings)}")
    _draw(arguments)
    print(f"\n{json.dumps(summary(outcomes, about), ensure_ascii=False)}")
    return 0


def _about(arguments: argparse.Namespace, workers: Sequence[Worker]) -> dict[str, Any]:
    return {
        "folders": {"calls": _shown(arguments.calls), "clips": _shown(arguments.clips)},
        "model": f"{MODEL_NAME}@{MODEL_SHA256[:12]}",
        "versions": {name: number for worker in workers for name, number in worker.versions.items()},
    }


def _write(folder: Path, outcomes: Sequence[Outcome], about: Mapping[str, Any]) -> None:
    document = {
        "summary": summary(outcomes, about),
        "outcomes": [outcome.as_dict() for outcome in outcomes],
    }
    (folder / "results.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def _draw(arguments: argparse.Namespace) -> None:
    """Draw the picture with the peers' matplotlib; a run of Diting alone may do without."""
    command = [
        arguments.peers_python,
        "-m",
        "bench.asr.plot",
        arguments.results / "results.json",
        arguments.plot,
    ]
    if not Path(arguments.peers_python).exists():
        print(f"no picture: there is no {arguments.peers_python}", file=sys.stderr)
        return
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    print(f"picture: {_shown(arguments.plot)}", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.asr",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--calls", type=Path, help="folder of NAME.opus, NAME.call.json, NAME.transcript.json"
    )
    parser.add_argument("--clips", type=Path, help="folder of recorded sentences with text.tsv (file, text)")
    parser.add_argument(
        "--limit", type=int, default=_LIMIT, help=f"calls, and calls of {CLIPS_PER_CALL} clips ({_LIMIT})"
    )
    parser.add_argument("--all", action="store_true", help="every call and clip, instead of every n-th")
    parser.add_argument("--names", default="", help="these calls only, separated by commas")
    parser.add_argument(
        "--only", action="append", choices=("diting", *PEERS), help="this engine (repeatable)"
    )
    parser.add_argument("--seed", type=int, default=1, help="chooses the recordings and the line noise")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "var/bench-asr", help="where results.json goes"
    )
    parser.add_argument("--plot", type=Path, help="the picture (results/cost-and-errors.svg)")
    parser.add_argument(
        "--peers-python", default=ROOT / ".venv-bench/bin/python", help="Python with the other engines"
    )
    arguments = parser.parse_args()
    arguments.results = arguments.results.resolve()
    arguments.plot = (arguments.plot or arguments.results / "cost-and-errors.svg").resolve()
    arguments.calls = arguments.calls or next((folder for folder in _CALLS if folder.is_dir()), None)
    arguments.clips = arguments.clips or (_CLIPS if _CLIPS.is_dir() else None)
    arguments.only = arguments.only or ["diting", *PEERS]
    return arguments


def _recordings(arguments: argparse.Namespace, folder: Path) -> list[Recording]:
    """Calls and calls made of clips in turn, so that a run that is broken off has heard of both."""
    limit = sys.maxsize if arguments.all else arguments.limit
    calls: list[Recording] = []
    made: list[Recording] = []
    if arguments.calls is not None:
        calls = find_calls(arguments.calls.resolve())
        names = set(filter(None, arguments.names.split(",")))
        calls = [c for c in calls if c.name in names] if names else spread(calls, limit, arguments.seed)
    if arguments.clips is not None:
        clips = read_clips(arguments.clips.resolve())
        made = make_calls(clips, min(len(clips), limit * CLIPS_PER_CALL), folder, arguments.seed)
    return [recording for pair in zip_longest(calls, made) for recording in pair if recording is not None]


def _workers(arguments: argparse.Namespace) -> Iterator[Worker]:
    log = arguments.results / "workers.log"
    log.write_bytes(b"")
    model = str(bundled_model())
    for engine in arguments.only:
        if engine == "diting":
            yield Worker([sys.executable, "-m", "bench.asr.ours"], log)
        else:
            yield Worker([str(arguments.peers_python), "-m", "bench.asr.peers", engine, model], log)


def _hear_all(
    workers: Sequence[Worker], recordings: Sequence[Recording], folder: Path
) -> Iterator[list[Outcome]]:
    """What every setting makes of each recording, one recording after the other."""
    turns = [(worker, setting) for worker in workers for setting in worker.settings]
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("warm-up", total=len(turns) * (len(recordings) + 1))
        excerpt = _excerpt(recordings[0], folder)
        for worker, setting in turns:
            worker.hear(setting, excerpt)  # loads what is loaded at first use
            progress.advance(task)
        for number, recording in enumerate(recordings):
            duration = len(decode_audio(str(recording.audio), LINE_RATE)) / LINE_RATE
            first = number % len(turns)
            outcomes = []
            for worker, setting in (*turns[first:], *turns[:first]):
                progress.update(task, description=f"{recording.name}: {setting}")
                outcomes.append(Outcome(setting, recording, duration, worker.hear(setting, recording)))
                progress.advance(task)
            yield outcomes


def _excerpt(recording: Recording, folder: Path) -> Recording:
    """A few seconds from the middle of a recording."""
    samples = np.stack(decode_audio(str(recording.audio), LINE_RATE, split_stereo=True))
    start = max(0, samples.shape[1] // 2 - _WARM_UP_S * LINE_RATE // 2)
    path = folder / "warm-up.wav"
    write_call(path, samples[:, start : start + _WARM_UP_S * LINE_RATE], "pcm_alaw")
    return Recording("warm-up", "none", path, recording.record, ("", ""))


def _shown(folder: Path | None) -> str | None:
    return os.path.relpath(folder, ROOT) if folder else None


if __name__ == "__main__":
    sys.exit(main())
