"""What the product measures of the same clips, and how far it lies above the speaker's calm voice."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.encoder_emotion.clips import Clip
from bench.encoder_emotion.encoder import Cost
from ingest.sound import Sound
from transcription.types import Utterance
from transcription.voice.measure.arousal import arousal, level_counts
from transcription.voice.measure.baseline import calm_voice
from transcription.voice.measure.frames import listen
from transcription.voice.measure.loudness import frame_levels
from transcription.voice.measure.measures import voice_of
from transcription.voice.types import UtteranceVoice

Values = NDArray[np.float64]

MEASURES = ("level", "pitch", "pitch_range", "tilt", "pauses")


def prosody(clips: Sequence[Clip], cost: Cost) -> tuple[Values, Values]:
    """`MEASURES` of each clip, shape (clips, measures), and its arousal, shape (clips,).

    As `diting voice evaluate` does: the clips of one speaker are the utterances of a call in no order. What
    could not be measured gets the mean of the speaker's other clips.
    """
    measured = np.full((len(clips), len(MEASURES)), np.nan)
    judged = np.full((len(clips), 1), np.nan)
    for speaker in sorted({clip.speaker for clip in clips}):
        places = [place for place, clip in enumerate(clips) if clip.speaker == speaker]
        voices = [_voice(clips[place], cost) for place in places]
        calm = calm_voice(voices, in_order=False)
        counts = calm is None or level_counts(voices, calm)
        for place, voice in zip(places, voices, strict=True):
            measured[place] = [_number(getattr(voice, name)) for name in MEASURES]
            if calm is not None:
                judged[place] = _number(arousal(voice, calm, level_counts=counts))
        measured[places], judged[places] = _filled(measured[places]), _filled(judged[places])
    return measured, judged[:, 0]


def _voice(clip: Clip, cost: Cost) -> UtteranceVoice:
    sound = Sound.from_array(np.clip(clip.samples, -1.0, 1.0)[np.newaxis])
    end = sound.duration_s
    started = time.process_time()
    heard = listen(sound, 0, 0.0, end, frame_levels(sound, 0.0, end)[0]).sounding(0.0, end)
    cost.add("measure", started)
    cost.speech += end
    return voice_of(Utterance(0, "unknown", 0.0, end, ""), heard)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _filled(values: Values) -> Values:
    known = np.isfinite(values)
    means = np.where(known.any(axis=0), np.nansum(values, axis=0) / np.maximum(known.sum(axis=0), 1), 0.0)
    return np.where(known, values, means)
