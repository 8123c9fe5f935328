"""A stretch of speech frame by frame, and what the frames of any part of it say of the voice."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ingest.sound import Sound
from transcription.voice import tilt
from transcription.voice.loudness import HOP_S as LEVEL_HOP_S
from transcription.voice.loudness import spoken_frames
from transcription.voice.pitch import frame_pitches

Values = NDArray[np.float64]

# Less than this of speech, or of voice, is too little to take a measure: 0.15 s and 0.2 s.
_MIN_LEVEL_FRAMES = 15
_MIN_VOICED_FRAMES = 12


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
    """One channel between two times. `levels` in dB every 10 ms; `pitches` in semitones above 100 Hz (NaN:
    no voice) and `tilts` in dB every 16 ms, from the given times in seconds on."""

    levels: Values
    levels_from: float
    pitches: Values
    tilts: Values
    pitches_from: float

    def sounding(self, start: float, end: float) -> Sounding:
        """What the frames between two times in seconds say."""
        levels = self.levels[_within(self.levels_from, LEVEL_HOP_S, start, end)]
        active = levels[spoken_frames(levels)]
        if len(active) < _MIN_LEVEL_FRAMES:
            return Sounding()
        level, pauses = round(float(np.median(active)), 2), round(1 - len(active) / len(levels), 3)
        inside = _within(self.pitches_from, tilt.HOP_S, start, end)
        pitches, tilts = self.pitches[inside], self.tilts[inside]
        count = min(len(pitches), len(tilts))
        voiced = ~np.isnan(pitches[:count])
        if voiced.sum() < _MIN_VOICED_FRAMES:
            return Sounding(level=level, pauses=pauses)
        low, middle, top = np.percentile(pitches[:count][voiced], (10, 50, 90))
        return Sounding(
            level=level,
            pitch=round(float(middle), 2),
            pitch_top=round(float(top), 2),
            pitch_range=round(float(top - low), 2),
            tilt=round(float(np.median(tilts[:count][voiced])), 2),
            pauses=pauses,
        )


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
    silent = spoken_frames(levels).sum() < _MIN_LEVEL_FRAMES
    nothing = np.zeros(0)
    return Frames(
        levels=levels,
        levels_from=int(start / LEVEL_HOP_S) * LEVEL_HOP_S,
        pitches=nothing if silent else frame_pitches(sound, channel, start, end),
        tilts=nothing if silent else tilt.frame_tilts(sound, channel, start, end),
        pitches_from=max(0, ceil(start / tilt.HOP_S)) * tilt.HOP_S,
    )
