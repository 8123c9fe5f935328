"""How loud a recording is over time."""

import numpy as np
from numpy.typing import NDArray

from ingest.progress import Progress, ignore
from ingest.sound import Samples, Sound

Levels = NDArray[np.float64]

FRAME_S = 0.010
FLOOR_DB = -100.0
# Blocks are measured one after the other: whole frames, and little memory.
BLOCK_S = 60


def measure_levels(sound: Sound, *, progress: Progress = ignore) -> Levels:
    """Level of every frame of every channel in dB relative to full scale, shape (channels, frames)."""
    frame = round(FRAME_S * sound.rate)
    levels = np.full((sound.channels, -(-sound.length // frame)), FLOOR_DB)
    done = 0
    for block in sound.blocks(BLOCK_S):
        count = -(-block.shape[1] // frame)
        whole = np.zeros((sound.channels, count * frame), dtype=np.float32)
        whole[:, : block.shape[1]] = block
        power = mean_power(whole.reshape(sound.channels, count, frame))
        levels[:, done : done + count] = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
        done += count
        progress(done / levels.shape[1])
    return levels


def mean_power(frames: Samples) -> Levels:
    """Mean square over the last axis."""
    return np.asarray(np.mean(np.square(frames), axis=-1, dtype=np.float64))
