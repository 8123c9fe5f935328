"""A simulated engine: waits as a worker waits for a GPU or a remote server, and writes believable lines.

It enters through the same door as any foreign engine (the entry point `diting.engines`), so everything around
it is real: decoding, speech detection, channels, guard, voices, rules. BENCH_ASR_WAIT is the wait in seconds
per second of sound that it is given.
"""

import json
import os
import time
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ingest.audio import RATE, Samples
from transcription.engines.engine import EngineSettings, Hearing, LanguageGuess, Reading

WAIT: Final = "BENCH_ASR_WAIT"
NAME: Final = "bench-wait"
_CALLS: Final = Path(__file__).parents[1] / "calls"
_CHARACTERS_A_SECOND: Final = 4


class WaitingEngine:
    """Waits, and writes lines of labelled calls: the same clip gives the same text."""

    name = NAME
    ways = 1

    def __init__(self, settings: EngineSettings) -> None:
        self.model = settings.model
        self.options: dict[str, Any] = {}
        self.heard_s = 0.0
        self._wait = float(os.environ.get(WAIT, "0"))

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,  # noqa: ARG002 - it hears everything the same way
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002 - and everybody
    ) -> Hearing:
        """Wait for as long as the clips deserve."""
        seconds = sum(len(clip) for clip in clips) / RATE
        self.heard_s += seconds
        time.sleep(seconds * self._wait)
        return Hearing(tuple(map(_read, clips)), LanguageGuess(language or "zh", 1.0))


def make(settings: EngineSettings) -> WaitingEngine:
    """The entry point."""
    return WaitingEngine(settings)


def _read(clip: Samples) -> Reading:
    wanted = max(int(len(clip) / RATE * _CHARACTERS_A_SECOND), 2)
    said, at = "", zlib.crc32(clip.tobytes())
    while len(said) < wanted:
        said += _lines()[at % len(_lines())] + "，"
        at += 1
    return Reading(text=said[:wanted] + "。", log_probability=-0.2)


@cache
def _lines() -> tuple[str, ...]:
    found = []
    for path in sorted(_CALLS.glob("[HUV][0-9]*.transcript.json")):
        turns = json.loads(path.read_text("utf-8"))["utterances"]
        found += [turn["text"].strip("。，？！") for turn in turns]
    return tuple(found)
