"""A telephone line: 300-3400 Hz, G.711, one channel or two, as a WAV file that the product decodes itself."""

from pathlib import Path

import numpy as np
import soundfile

from bench.guard.noises import RATE, Wave, band

LOWEST_HZ, HIGHEST_HZ = 300, 3400


def line(wave: Wave, level_db: float) -> Wave:
    """Through the line at that level: dBFS of the root mean square over the loudest fifth of 25 ms frames."""
    if not np.any(wave):
        return wave
    passed = band(wave, LOWEST_HZ, HIGHEST_HZ, 4)
    frame = RATE // 40
    power = np.mean(np.square(passed[: len(passed) // frame * frame].reshape(-1, frame)), axis=1)
    loud = np.sqrt(np.mean(power[power >= np.percentile(power, 80)]))
    return np.asarray(np.clip(passed * (10 ** (level_db / 20) / max(loud, 1e-12)), -1, 1))


def record(path: Path, channels: list[Wave], law: str) -> None:
    """Write channels of equal length as G.711 at 8 kHz; `law` is ALAW or ULAW."""
    soundfile.write(path, np.stack(channels, axis=1), RATE, subtype=law, format="WAV")
