"""What the bundled recogniser's encoder makes of clips that share a window, as they do in production."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from bench.encoder_emotion.clips import Clip
from ingest.audio import RATE, Samples
from transcription.engines.bundled_model import bundled_model
from transcription.engines.packing import joined, pack
from transcription.engines.whisper import GAP_S, PACKED_S, ways

Values = NDArray[np.float64]
Frames = NDArray[np.float32]

FRAMES_PER_S = 50
_LEVEL_FRAME_S = 0.02
# Frames this far below the loud ones of the clip are pauses, not speech.
_SPEECH_RANGE_DB = 20.0
# What lies beside a clip sounds into its first and last frames.
_BORDER_S = 0.06
_FEWEST_FRAMES = 5


@dataclass(slots=True)
class Cost:
    """CPU-seconds of each step, and the seconds of speech and of window that they were spent on."""

    speech: float = 0.0
    window: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    def add(self, step: str, started: float) -> float:
        now = time.process_time()
        self.cpu[step] = self.cpu.get(step, 0.0) + now - started
        return now

    def per_second(self) -> dict[str, float]:
        """CPU-seconds per second of speech."""
        return {step: seconds / self.speech for step, seconds in self.cpu.items()}


class Encoder:
    """The encoder of the bundled Whisper model. CTranslate2 returns its last layer alone."""

    def __init__(self) -> None:
        self._whisper = WhisperModel(str(bundled_model()), device="cpu", compute_type="int8", cpu_threads=1)
        self._way = ways(5)[0]
        self.cost = Cost()

    def pooled(self, clips: Sequence[Clip]) -> Values:
        """Mean and standard deviation of the features over the speech of each clip, shape (clips, 2 x width).

        Clips of one speaker share a window as in production, with silence between.
        """
        found: dict[int, Values] = {}
        for speaker in sorted({clip.speaker for clip in clips}):
            places = [place for place, clip in enumerate(clips) if clip.speaker == speaker]
            sounds = [clips[place].samples for place in places]
            for own, values in self._speaker(sounds).items():
                found[places[own]] = values
        return np.array([found[place] for place in range(len(clips))])

    def _speaker(self, sounds: Sequence[Samples]) -> dict[int, Values]:
        found: dict[int, Values] = {}
        for packed in pack([len(sound) / RATE for sound in sounds], PACKED_S, GAP_S):
            frames = self._encode(joined(sounds, packed), self._way.window(packed.seconds))
            started = time.process_time()
            for place, (start, end) in zip(packed.places, packed.spans, strict=True):
                found[place] = pool(frames, start, end, speech_frames(sounds[place]))
                self.cost.speech += end - start
            self.cost.add("pool", started)
        return found

    def _encode(self, sound: Samples, window: float) -> Frames:
        started = time.process_time()
        features = self._whisper.feature_extractor(sound)
        count = round(window * 100)
        missing = max(0, count - features.shape[1])
        padded = np.pad(features[:, :count], ((0, 0), (0, missing)), constant_values=features.min())
        encoded = self._whisper.encode(np.ascontiguousarray(padded, dtype=np.float32))
        started = self.cost.add("encode", started)
        frames: Frames = np.array(encoded, dtype=np.float32)[0]
        self.cost.add("copy", started)
        self.cost.window += window
        return frames


def speech_frames(sound: Samples) -> NDArray[np.bool_]:
    """Which 20 ms frames of a clip are speech, by level; its borders are not."""
    size = round(_LEVEL_FRAME_S * RATE)
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    level = 20 * np.log10(np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1)) + 1e-6)
    speech = level > np.percentile(level, 95) - _SPEECH_RANGE_DB
    border = round(_BORDER_S / _LEVEL_FRAME_S)
    speech[:border] = speech[len(speech) - border :] = False
    return speech if speech.sum() >= _FEWEST_FRAMES else np.ones_like(speech)


def pool(frames: Frames, start: float, end: float, speech: NDArray[np.bool_]) -> Values:
    """Mean and standard deviation over the speech of one clip, which lies at these seconds of the window.

    Args:
        frames: features of the window, 50 a second, shape (frames, width).
        start: where the clip begins.
        end: where it ends.
        speech: which frames of the clip are speech.
    """
    first = round(start * FRAMES_PER_S)
    own = frames[first : min(first + len(speech), round(end * FRAMES_PER_S), len(frames))]
    spoken = own[speech[: len(own)]].astype(np.float64)
    return np.concatenate([spoken.mean(axis=0), spoken.std(axis=0)])
