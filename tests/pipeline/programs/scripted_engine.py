"""A speech engine that hears without a model: the same clip gives the same text, of a believable length.

It enters through the same door as any foreign engine (the entry point `diting.engines`), so everything around
it is real: decoding, speech detection, channels, guard, cues, rules.
"""

import os
import signal
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.audio import RATE, Samples
from transcription.engines.engine import EngineSettings, Hearing, LanguageGuess, Reading

LINES = (
    "您好请问是李先生吗",
    "我是澄岳公司的工号二零幺幺",
    "您名下的欠费已经逾期六十三天了",
    "这个金额不对我上个月还过三千",
    "你不还钱我就让你在单位抬不起头",
    "我要打一二三七八投诉你们",
    "今天下午五点之前必须处理",
    "别再给我打电话了听见没有",
    "好的我给您登记核实以后回复",
    "感谢您的接听祝您生活愉快再见",
)
CHARACTERS_A_SECOND = 4


class ScriptedEngine:
    name = "scripted"
    ways = 1

    def __init__(self, settings: EngineSettings) -> None:
        self.model = settings.model
        self.options: dict[str, Any] = {"beam_size": settings.beam_size}

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,  # noqa: ARG002
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        crash_if_told()
        wait_if_told()
        return Hearing(tuple(map(self._read, clips)), LanguageGuess(language or "zh", 1.0))

    def _read(self, clip: Samples) -> Reading:
        wanted = int(len(clip) / RATE * CHARACTERS_A_SECOND)
        first = zlib.crc32(clip.tobytes()) % len(LINES)
        said = "，".join(LINES[(first + step) % len(LINES)] for step in range(len(LINES)))
        return Reading(text=said[: max(wanted, 2)] + "。", log_probability=-0.2)


def crash_if_told() -> None:
    """End the process the hard way while the file CRASH_ON exists, as a bug in native code would."""
    told = os.environ.get("CRASH_ON", "")
    if told and Path(told).exists():
        os.kill(os.getpid(), signal.SIGKILL)


def wait_if_told() -> None:
    """Hear nothing while the file WAIT_ON exists, as with a very long recording."""
    told = os.environ.get("WAIT_ON", "")
    while told and Path(told).exists():
        time.sleep(0.05)


def make(settings: EngineSettings) -> ScriptedEngine:
    return ScriptedEngine(settings)
