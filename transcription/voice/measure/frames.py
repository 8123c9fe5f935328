"""A stretch of speech frame by frame, and what the frames of any part of it say of the voice."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ingest.sound import Sound
from transcription.voice.measure.bands import HOP_S, frame_bands
from transcription.voice.measure.loudness import HOP_S as LEVEL_HOP_S
from transcription.voice.measure.loudness import spoken_frames
from transcription.voice.measure.pitch import frame_pitches

Values = NDArray[np.float64]

# Less than this of speech, or of voice, is too little to take a measure: 0.15 s and 0.2 s.
_MIN_SPOKEN_FRAMES = 15
_MIN_VOICED_FRAMES = 12
# Blocks of 0.2 s every 0.05 s tell how loud speech is; those so far below the loud ones
# are pauses. One word is no tenth of what was said.
_BLOCK_FRAMES = 12
_BLOCK_HOP = 3
_LOUD_PERCENTILE = 90
_BLOCK_RANGE_DB = 10.0


@dataclass(frozen=True, slots=True)
class Sounding:
    """How a stretch of speech sounds; None where there is too little of it to tell.

    `level` in dB below full scale, `pitch` and `pitch_top` (median and 90th percentile) in semitones above
    100 Hz, `pitch_range` (10th to 90th) in semitones, `tilt` in dB, `pauses` as a share of the stretch.
    """

    level: float | None = None
    pitch: float | None = None
    pitch_top: float | None = None
    pitch_range: float | None = None
    tilt: float | None = None
    pauses: float | None = None


@dataclass(frozen=True, slots=True)
class Frames:
    """One channel between two times: where there is sound every 10 ms; every 16 ms `levels` and `tilts` in
    dB, and `pitches` in semitones above 100 Hz, NaN where there is no voice. The first of each is at the
    given time in seconds."""

    spoken: NDArray[np.bool_]
    spoken_from: float
    levels: Values
    tilts: Values
    pitches: Values
    pitches_from: float

    def sounding(self, start: float, end: float) -> Sounding:
        """What the frames between two times in seconds say. Tilt is that of the frames with voice: hisses are
        no pressed voice."""
        spoken = self.spoken[_within(self.spoken_from, LEVEL_HOP_S, start, end)]
        if spoken.sum() < _MIN_SPOKEN_FRAMES:
            return Sounding()
        pauses = round(1 - float(spoken.mean()), 3)
        inside = _within(self.pitches_from, HOP_S, start, end)
        pitches, level = self.pitches[inside], loudness(self.levels[inside])
        voiced = ~np.isnan(pitches)
        if voiced.sum() < _MIN_VOICED_FRAMES:
            return Sounding(level=level, pauses=pauses)
        low, middle, top = np.percentile(pitches[voiced], (10, 50, 90))
        return Sounding(
            level=level,
            pitch=round(float(middle), 2),
            pitch_top=round(float(top), 2),
            pitch_range=round(float(top - low), 2),
            tilt=round(float(np.median(self.tilts[inside][voiced])), 2),
            pauses=pauses,
        )


def loudness(levels: Values) -> float | None:
    """The level of a stretch of speech from the levels of its frames, all in dB: the middle one of its blocks
    of 0.2 s, pauses left out; None without frames. One shouted word does not move it, nor does what a codec
    or noise makes of soft frames."""
    if len(levels) == 0:
        return None
    length = min(_BLOCK_FRAMES, len(levels))
    power = np.lib.stride_tricks.sliding_window_view(10 ** (levels / 10), length)[::_BLOCK_HOP]
    blocks = 10 * np.log10(power.mean(axis=1))
    spoken = blocks[blocks > np.percentile(blocks, _LOUD_PERCENTILE) - _BLOCK_RANGE_DB]
    return round(float(np.median(spoken)), 2)


def _within(first: float, hop: float, start: float, end: float) -> slice:
    """The frames between two times, where the first is at `first`."""
    return slice(max(0, ceil(round((start - first) / hop, 6))), max(0, int((end - first) / hop + 1e-6) + 1))


def listen(sound: Sound, channel: int, start: float, end: float, levels: Values) -> Frames:
    """The frames of a channel between two times in seconds.

    Pitch takes most of the time: where nothing is loud enough to be speech it is not looked for.

    Args:
        sound: the recording.
        channel: which of its channels.
        start: where the stretch begins.
        end: where it ends.
        levels: those of `frame_levels` for the same times and channel.
    """
    spoken = spoken_frames(levels)
    pitches, volume, tilts = np.zeros(0), np.zeros(0), np.zeros(0)
    if spoken.sum() >= _MIN_SPOKEN_FRAMES:
        pitches = frame_pitches(sound, channel, start, end)
        volume, tilts = frame_bands(sound, channel, start, end)
    count = min(len(pitches), len(tilts))
    return Frames(
        spoken=spoken,
        spoken_from=int(start / LEVEL_HOP_S) * LEVEL_HOP_S,
        levels=volume[:count],
        tilts=tilts[:count],
        pitches=pitches[:count],
        pitches_from=max(0, ceil(start / HOP_S)) * HOP_S,
    )
