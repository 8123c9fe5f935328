"""Does the guard let invented words pass, and does it keep short answers?

    make bench-guard [BENCH_FLAGS="--show"]

Recordings without speech are made by script (`clips.py`), calls with short answers are put together from
stored voices (`answers.py`); all of them go the whole way through `transcribe` with the bundled model. A
recording without speech fails when any word of it is accepted; an answer is kept when accepted text stands
where it was given. The exit status is 1 when a limit is missed. The last line of standard output is one JSON
object.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.guard.answers import calls
from bench.guard.clips import KINDS, PER_SOUND, clips
from bench.guard.hits import Hit, hits
from bench.guard.noises import Wave
from bench.guard.telephone import record
from ingest.audio import decode
from ingest.metadata import CallRecord, parse_call_record
from transcription.engines.engine import Engine
from transcription.engines.registry import make_engine
from transcription.transcribe import transcribe
from transcription.types import Transcript

_T = TypeVar("_T")
MAX_INVENTED = 1 / 300
MIN_KEPT = 0.98


def main() -> int:
    """Run the bench; returns 0, or 1 when a limit is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.guard",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--per-sound", type=int, default=PER_SOUND, help=f"clips of every sound ({PER_SOUND})"
    )
    parser.add_argument("--show", action="store_true", help="print every answer that was lost or misheard")
    parser.add_argument("--part", choices=("clips", "answers"), help="only this half")
    arguments = parser.parse_args()
    engine, started = make_engine("faster-whisper"), time.process_time()
    accepted = _without_speech(engine, arguments.per_sound) if arguments.part != "answers" else []
    answered = _short_answers(engine, show=arguments.show) if arguments.part != "clips" else []
    print(f"\n{time.process_time() - started:.0f} CPU-seconds\n")
    kept = sum(hit.kept for hit in answered) / len(answered) if answered else None
    result = {
        "clips": len(accepted),
        "accepted_words": sum(accepted),
        "short_answers_kept": None if kept is None else round(kept, 4),
    }
    print(json.dumps(result))
    missed = (accepted and sum(accepted) >= MAX_INVENTED * len(accepted)) or (
        kept is not None and kept < MIN_KEPT
    )
    return 1 if missed else 0


def _without_speech(engine: Engine, per_sound: int) -> list[bool]:
    """Whether words were accepted, for every recording without speech."""
    found: dict[str, list[tuple[Transcript, bool]]] = {kind: [] for kind in KINDS}
    for number, clip in enumerate(_watched(clips(per_sound), "without speech")):
        # Half of them as a call of known language, half as a recording about which nothing is known.
        given = _record(("zh-CN", "en-US")[number // 2 % 2]) if number % 2 else None
        transcript = _transcript(engine, clip.channels, clip.law, given)
        invented = any(utterance.text for utterance in transcript.utterances)
        if invented:
            print(f"accepted: {clip}: {' / '.join(u.text for u in transcript.utterances)}")
        found[clip.kind].append((transcript, invented))
    table = Table("kind", "clips", "taken for speech", "rejected texts", "with accepted words")
    for kind, outcomes in found.items():
        transcripts = [transcript for transcript, _ in outcomes]
        table.add_row(
            kind,
            str(len(outcomes)),
            str(sum(bool(t.utterances or t.rejected or t.unheard) for t in transcripts)),
            str(sum(len(t.rejected) for t in transcripts)),
            str(sum(invented for _, invented in outcomes)),
        )
    Console(width=100).print(table)
    return [invented for outcomes in found.values() for _, invented in outcomes]


def _short_answers(engine: Engine, *, show: bool) -> list[Hit]:
    answered: list[Hit] = []
    for number, call in enumerate(_watched(calls(), "short answers")):
        given = _record("zh-CN" if call.language == "zh" else "en-US")
        law = ("ALAW", "ULAW")[number % 2]
        answered += hits(call, _transcript(engine, call.channels, law, given))
    table = Table("voices", "answers", "kept", "right", "right by sound")
    for source in sorted({_source(hit) for hit in answered}):
        of_source = [hit for hit in answered if _source(hit) == source]
        known = [hit for hit in of_source if hit.right is not None]
        table.add_row(
            source,
            str(len(of_source)),
            _share([hit.kept for hit in of_source]),
            _share([bool(hit.right) for hit in known]),
            _share([bool(hit.right_sound) for hit in known]),
        )
    Console(width=100).print(table)
    for hit in answered:
        if not hit.kept or (show and not hit.right):
            state = "misheard" if hit.kept else "lost"
            print(f"{state}: {_source(hit)} {hit.answer.spoken.text!r} as {hit.heard!r}")
    return answered


def _source(hit: Hit) -> str:
    return f"{hit.answer.spoken.language} {hit.answer.spoken.source}"


def _share(values: Sequence[bool]) -> str:
    return f"{np.mean(values):.3f}" if values else "-"


def _transcript(engine: Engine, channels: list[Wave], law: str, given: CallRecord | None) -> Transcript:
    with tempfile.TemporaryDirectory(prefix="bench-guard-") as folder:
        path = Path(folder) / "call.wav"
        record(path, channels, law)
        return transcribe(decode(path), given, engine)


def _record(language: str) -> CallRecord:
    return parse_call_record(
        {
            "external_id": "bench",
            "source": "bench",
            "direction": "outbound",
            "started_at": "2026-06-01T10:00:00+08:00",
            "language": language,
            "recording": {"file": "call.wav", "channels": {"0": "agent", "1": "customer"}},
        },
        "bench",
    )


def _watched(items: Iterable[_T], what: str) -> Iterable[_T]:
    return track(items, what, console=Console(stderr=True), disable=not sys.stderr.isatty())


if __name__ == "__main__":
    sys.exit(main())
