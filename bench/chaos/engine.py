"""The engine of the broken installation: it hears the first calls, and makes up what is said in the others.

It enters through the same door as any foreign engine (the entry point `diting.engines`), so everything
around it is real. CHAOS_REAL_CALLS is how many calls the bundled model hears, counted by their numbers;
CHAOS_WAIT how many seconds each of the others takes.
"""

import os
import time
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import structlog

from ingest.audio import RATE, Samples
from transcription.engines.engine import Engine, EngineSettings, Hearing, LanguageGuess, Reading
from transcription.engines.registry import make_engine

NAME: Final = "chaos"
REAL: Final = "CHAOS_REAL_CALLS"
WAIT: Final = "CHAOS_WAIT"
_CHARACTERS_A_SECOND: Final = 4
_LINES: Final = (
    "您好请问是李先生吗",
    "你再不接电话我就投诉到工信部",
    "这个金额不对我上个月还过三千",
    "我要打一二三七八投诉你们骚扰",
    "你不还钱我就让你在单位抬不起头",
    "今天下午五点之前必须处理",
)


class ChaosEngine:
    """Hears some calls and makes up the others: the same clip gives the same text."""

    name = NAME
    ways = 1

    def __init__(self, settings: EngineSettings) -> None:
        self.model = settings.model
        self.options: dict[str, Any] = {}
        self._settings = settings
        self._real = int(os.environ.get(REAL, "0"))
        self._wait = float(os.environ.get(WAIT, "0"))

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,
        *,
        speakers: Sequence[int] = (),
    ) -> Hearing:
        """Hear the clips, or write what the script says."""
        call_id = structlog.contextvars.get_contextvars().get("call_id")
        if isinstance(call_id, int) and call_id <= self._real:
            return _bundled(self._settings).hear(clips, language, way, speakers=speakers)
        time.sleep(self._wait)
        return Hearing(tuple(map(_read, clips)), LanguageGuess(language or "zh", 1.0))


def make(settings: EngineSettings) -> ChaosEngine:
    """The entry point."""
    return ChaosEngine(settings)


@cache
def _bundled(settings: EngineSettings) -> Engine:
    return make_engine("faster-whisper", settings)


def _read(clip: Samples) -> Reading:
    wanted = max(int(len(clip) / RATE * _CHARACTERS_A_SECOND), 12)
    said, at = "", zlib.crc32(clip.tobytes())
    while len(said) < wanted:
        said += _LINES[at % len(_LINES)] + "，"
        at += 1
    return Reading(text=said[:wanted] + "。", log_probability=-0.2)
