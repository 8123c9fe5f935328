"""A trial: an engine hears a generated tone and silence, which proves that it works, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ingest.audio import RATE, Samples
from store.errors import EngineError
from transcription.engines.engine import Engine, Options

_SECONDS = 1.0
_HERTZ, _LEVEL = 440.0, 0.1


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: what the engine wrote for the tone and for the silence, and the seconds it took."""

    engine: str
    model: str
    options: Options
    loading_s: float
    hearing_s: float
    wrote: tuple[str, ...]


def try_out(open_engine: Callable[[], Engine], stopwatch: Callable[[], float]) -> Trial:
    """Open the engine and let it hear two clips whose language it is not told.

    Args:
        open_engine: opens it.
        stopwatch: seconds from some moment on (`time.monotonic`).

    Raises:
        EngineError: whatever keeps it from working; `engine.broken` when it returns something else than
            one reading per clip.
    """
    begun = stopwatch()
    engine = open_engine()
    loaded = stopwatch()
    clips = _clips()
    readings = engine.hear(clips, None).readings
    if len(readings) != len(clips):
        raise EngineError(
            f"the engine gave {len(readings)} readings of {len(clips)} clips",
            code="engine.broken",
            where=engine.name,
            mend="Repair or remove the package that offers it.",
        )
    wrote = tuple(reading.text for reading in readings)
    return Trial(engine.name, engine.model, engine.options, loaded - begun, stopwatch() - loaded, wrote)


def _clips() -> tuple[Samples, Samples]:
    times = np.arange(round(_SECONDS * RATE)) / RATE
    tone = (_LEVEL * np.sin(2 * np.pi * _HERTZ * times)).astype(np.float32)
    return tone, np.zeros_like(tone)
