"""The channels of a recording: how loud they are, which are alike, and what of one leaks into the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from ingest.sound import Samples, Sound
from transcription.sound.levels import BLOCK_S, FRAME_S, Levels, mean_power
from transcription.sound.pair import PairMeter
from transcription.sound.quiet import find_quiet

SPEECH_LEVEL = 0.05  # RMS that speech is brought to: what the recogniser hears best
MAX_GAIN = 100.0  # 40 dB: a silent line must not become loud noise
_GAIN_FRAME_S = 0.025
# A frame counts as this channel's own sound when it is this much above what leaks in from the other side.
OWN_MARGIN_DB = 8.0
# Leakage stronger than this is no leakage: both channels then carry both voices.
STRONGEST_LEAK_DB = -10.0
# An echo comes back later than the voice that caused it.
_ECHO_S = 0.25
# Around own sound the channel stays open, so that soft beginnings and endings of words survive.
_OPEN_S = 0.12


@dataclass(frozen=True, slots=True)
class Leak:
    """What leaks into a channel: `source` is the level of the other side in dB per frame, `db` how far
    below it the leakage lies."""

    source: Levels
    db: float


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a recording, cleaned as it is read.

    `levels` are those of the recording, in dB per frame of `FRAME_S`. Frames that are not `is_open` (None:
    all are) carry only what leaks in from the other side: they are read as silence. All is read `gain`
    times as loud as recorded.
    """

    sound: Sound
    index: int
    levels: Levels
    leak: Leak | None = None
    is_open: NDArray[np.bool_] | None = None
    gain: float = 1.0

    def read(self, start: int, stop: int) -> Samples:
        """Samples `start` up to `stop`, as far as there are any: float32 within -1..1."""
        start = max(start, 0)
        samples = self._open(start, max(start, min(stop, self.sound.length)))
        if self.gain != 1.0:
            samples = np.clip(samples * np.float32(self.gain), -1.0, 1.0)
        return samples

    def part(self, start_s: float, end_s: float) -> Samples:
        """What lies between two times in seconds, as far as there is any sound."""
        rate = self.sound.rate
        return self.read(int(max(start_s, 0.0) * rate), int(max(end_s, 0.0) * rate))

    def blocks(self) -> Iterator[Samples]:
        """All of the channel in order, in blocks of whole frames; only the last one may be shorter."""
        size = BLOCK_S * self.sound.rate
        for start in range(0, self.sound.length, size):
            yield self.read(start, start + size)

    def _open(self, start: int, stop: int) -> Samples:
        if self.is_open is None:
            return np.asarray(self.sound.read(start, stop)[self.index], dtype=np.float32)
        frame = round(FRAME_S * self.sound.rate)
        first, last = start // frame, -(-stop // frame)
        samples = self.sound.read(first * frame, last * frame)[self.index]
        # The state of the frame before tells how the first one begins; before the recording nothing changes.
        states = self.is_open[max(first - 1, 0) : last]
        gated = _gate(samples, states if first else np.concatenate([states[:1], states]), frame)
        return gated[start - first * frame : stop - first * frame]


def is_dual_mono(sound: Sound) -> bool:
    """True when two channels carry the same sound, but for gain, polarity and a little delay: then they do
    not tell who speaks."""
    meter = PairMeter(sound.rate)
    for block in sound.blocks(BLOCK_S):
        meter.add(block)
    return meter.same_sound() is not None


def remove_crosstalk(sound: Sound, levels: Levels) -> tuple[Channel, Channel]:
    """Silence each of two channels where it carries only what leaks in from the other.

    The leak is estimated from the recording itself: how far a channel stays below the other while the
    other is loud. Frames not clearly above the leak to be expected are silenced, so that nobody's words
    are heard twice, once for each speaker.

    Args:
        sound: two channels.
        levels: as `measure_levels` gives them.
    """
    return _without_leak(sound, 0, levels), _without_leak(sound, 1, levels)


def normalise_level(channel: Channel) -> Channel:
    """Bring the speech in one channel to the usual level; quiet and loud lines then sound alike."""
    frame = round(_GAIN_FRAME_S * channel.sound.rate)
    powers = [
        mean_power(block[: len(block) // frame * frame].reshape(-1, frame)) for block in channel.blocks()
    ]
    power = np.concatenate(powers) if powers else np.zeros(0)
    if not power.any():
        return channel
    places = (np.arange(len(power)) * (_GAIN_FRAME_S / FRAME_S)).astype(np.int64)
    active = power[~find_quiet(channel.levels, channel.is_open)[places]]
    loud = np.sqrt(np.mean(power[power >= np.percentile(active if active.any() else power, 80)]))
    return replace(channel, gain=channel.gain * min(SPEECH_LEVEL / float(loud), MAX_GAIN))


def _without_leak(sound: Sound, index: int, levels: Levels) -> Channel:
    own, other = levels[index], levels[1 - index]
    # What was said up to `_ECHO_S` ago may still be heard: look back, not ahead.
    echo = round(_ECHO_S / FRAME_S)
    source = maximum_filter1d(other, echo, origin=echo // 2 - 1) if len(other) else other
    leak_db = _estimate_leak(own, source)
    if leak_db is None:
        return Channel(sound, index, own)
    is_own = own > source + leak_db + OWN_MARGIN_DB
    is_open = maximum_filter1d(is_own, 2 * round(_OPEN_S / FRAME_S) + 1)
    return Channel(sound, index, own, Leak(source, leak_db), is_open)


def _estimate_leak(own: Levels, source: Levels) -> float | None:
    """The usual distance to the other side while that is loud; None where no leak can be told."""
    if len(source) == 0:
        return None
    active = source[~find_quiet(source)]
    loud = source >= np.percentile(active if len(active) else source, 95) - 12
    # While the other speaks this side mostly listens: the lower half of the distances is the leak.
    leak = float(np.percentile((own - source)[loud], 40))
    return leak if leak <= STRONGEST_LEAK_DB else None


def _gate(samples: Samples, is_open: NDArray[np.bool_], frame: int) -> Samples:
    """Silence the closed frames, with ramps of one frame: a hard edge would click.

    Args:
        samples: frame after frame; the last one may be cut short by the end of the recording.
        is_open: the state of the frame before the first, then of each frame.
        frame: samples per frame.
    """
    before, after = is_open[:-1], is_open[1:]
    # Each frame goes from the state of the one before to its own.
    ramp = np.linspace(0, 1, frame, endpoint=False, dtype=np.float32)
    gated = np.zeros(len(after) * frame, dtype=np.float32)
    gated[: len(samples)] = samples
    frames = gated.reshape(len(after), frame)
    frames[~before & ~after] = 0
    frames[~before & after] *= ramp
    frames[before & ~after] *= ramp[::-1]
    return gated[: len(samples)]
