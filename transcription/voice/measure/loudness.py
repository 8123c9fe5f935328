"""How loud somebody speaks, in dB, on the frames in which they do speak."""

import numpy as np
from numpy.typing import NDArray

from ingest.sound import Sound

FRAME_S = 0.025
HOP_S = 0.010
_FLOOR = 1e-6
# Both a frame and a hop are whole numbers of these.
_STEP_S = 0.005
# Frames this far below the loudest are pauses between words, not speech.
_ACTIVE_RANGE_DB = 20.0
_MIN_ACTIVE_FRAMES = 15


def frame_levels(sound: Sound, start: float, end: float) -> NDArray[np.float64]:
    """Level of every 10 ms frame between two times in seconds, in dB relative to full scale, shape
    (channels, frames). Frames are 25 ms long; what lies beyond the recording is silent."""
    step = round(_STEP_S * sound.rate)
    per_hop, per_frame = round(HOP_S / _STEP_S), round(FRAME_S / _STEP_S)
    frames = max(0, min(int(end / HOP_S), int(sound.duration_s / HOP_S)) + 1 - int(start / HOP_S))
    if frames == 0:
        return np.zeros((sound.channels, 0))
    # Every frame has its time in its middle.
    first = int(start / HOP_S) * per_hop * step - per_frame * step // 2
    stop = first + ((frames - 1) * per_hop + per_frame) * step
    samples = np.zeros((sound.channels, stop - first), dtype=np.float32)
    heard = sound.read(first, stop)
    samples[:, max(0, -first) :][:, : heard.shape[1]] = heard
    power = np.mean(np.square(samples.reshape(sound.channels, -1, step), dtype=np.float64), axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(power, per_frame, axis=1)[:, ::per_hop]
    levels = 20 * np.log10(np.maximum(np.sqrt(windows.mean(axis=2)), _FLOOR))
    return np.asarray(levels, dtype=np.float64)


def spoken_frames(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the frames of one utterance are spoken: those not far below the loudest."""
    if len(levels) == 0:
        return np.zeros(0, dtype=np.bool_)
    spoken: NDArray[np.bool_] = levels > np.percentile(levels, 95) - _ACTIVE_RANGE_DB
    return spoken


def speech_level(levels: NDArray[np.float64]) -> float | None:
    """Median level in dB of the spoken frames among those of one utterance.

    The median makes it the level of the whole stretch: one shouted word does not move it. None when
    fewer than 0.15 s are spoken.
    """
    active = levels[spoken_frames(levels)]
    return float(np.median(active)) if len(active) >= _MIN_ACTIVE_FRAMES else None
