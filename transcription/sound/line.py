"""What else is on the line, told from the sound: tones of the exchange, keys, fax, music, steady noise.

Announcements and voicemail are told from their words (`transcription.text.announcements`).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Samples
from transcription.sound.cadence import key_presses, signals
from transcription.sound.music import MusicMeter, music_spans
from transcription.sound.spectrum import Powers, Spectrogram
from transcription.sound.speech import Stretch
from transcription.sound.tones import ToneFrames, tone_frames, tones
from transcription.types import LineKind, LineSound

# Kinds that nobody speaks in: they are not sent to the recogniser.
NOT_SPEECH: frozenset[LineKind] = frozenset(
    ("ringback", "busy", "dial_tone", "dtmf", "fax", "beep", "tone", "music")
)
_BAND_HZ = (90.0, 3500.0)
# Long windows tell 440 from 480 Hz; the short ones are for keys, which may sound for 40 ms only.
_LONG_S, _LONG_HOP_S = 0.128, 0.032
_SHORT_S, _SHORT_HOP_S = 0.032, 0.016
_SHORTEST_TONE_S, _SHORTEST_KEY_S = 0.11, 0.035
_MARGIN_S = 0.06
_SHORTEST_REST_S = 0.2


class LineListener:
    """Listens to one channel, block by block, for everything that is not speech.

    Args:
        channel: number of the channel, for the sounds found.
        rate: samples per second.
    """

    def __init__(self, channel: int, rate: int) -> None:
        self._channel = channel
        self._long = _View(rate, _LONG_S, _LONG_HOP_S)
        self._short = _View(rate, _SHORT_S, _SHORT_HOP_S)
        self._music = MusicMeter()

    def add(self, block: Samples) -> None:
        """Hear the next samples of the channel."""
        powers = self._long.add(block)
        self._music.add(powers)
        self._short.add(block)

    def sounds(self) -> tuple[LineSound, ...]:
        """All that was heard, by start."""
        long_frames = self._long.frames()
        found = tones(long_frames, _LONG_HOP_S, _LONG_S, shortest_s=_SHORTEST_TONE_S)
        keys = tones(self._short.frames(), _SHORT_HOP_S, _SHORT_S, shortest_s=_SHORTEST_KEY_S)
        sounds = key_presses(keys, self._channel)
        sounds += [
            sound
            for sound in signals(found, self._channel)
            if not any(sound.start < key.end and sound.end > key.start for key in sounds)
        ]
        sounds += self._music_sounds(sounds)
        return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.end, sound.kind)))

    def _music_sounds(self, others: Sequence[LineSound]) -> list[LineSound]:
        levels, likeness = self._music.take()
        is_tone = _covered(others, len(likeness))
        spans = music_spans(levels, np.where(is_tone, 0.0, likeness).astype(np.float32), _LONG_HOP_S)
        return [
            LineSound("music", self._channel, round(start, 2), round(end, 2), round(min(0.99, peak + 0.2), 2))
            for start, end, peak in spans
        ]


class _View:
    """The spectra of a channel through one window, and the tones in them."""

    def __init__(self, rate: int, window_s: float, hop_s: float) -> None:
        window = round(window_s * rate)
        self._spectrogram = Spectrogram(window, round(hop_s * rate))
        self._hz_per_bin = rate / window
        self._bins = slice(*(round(hertz / self._hz_per_bin) for hertz in _BAND_HZ))
        self._frames: list[ToneFrames] = []

    def add(self, block: Samples) -> Powers:
        """The spectra of the frames that the block completes, within the telephone band."""
        powers = self._spectrogram.add(block)[:, self._bins]
        if len(powers):
            self._frames.append(tone_frames(powers, self._hz_per_bin, self._bins.start * self._hz_per_bin))
        return powers

    def frames(self) -> ToneFrames:
        """The tones of all frames so far."""
        if not self._frames:
            return ToneFrames(*(np.zeros(0, np.float32),) * 4)
        return ToneFrames(*(np.concatenate(column) for column in zip(*self._frames, strict=True)))


def line_sounds(blocks: Iterable[Samples], rate: int) -> tuple[LineSound, ...]:
    """What else is on the line of every channel, by start.

    Args:
        blocks: the recording in order, in blocks of shape (channels, n) and any length.
        rate: samples per second.
    """
    listeners: list[LineListener] = []
    for block in blocks:
        if not listeners:
            listeners = [LineListener(channel, rate) for channel in range(len(block))]
        for listener, samples in zip(listeners, block, strict=True):
            listener.add(samples)
    sounds = [sound for listener in listeners for sound in listener.sounds()]
    return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.channel, sound.end)))


def without_line_sounds(
    stretches: Sequence[Stretch], sounds: Sequence[LineSound], channel: int
) -> tuple[Stretch, ...]:
    """The stretches of detected speech of one channel, less what is no speech at all.

    Of a ring-back the pauses stay: somebody may speak in them.
    """
    closed = [
        (start - _MARGIN_S, end + _MARGIN_S)
        for sound in sounds
        if sound.channel == channel and sound.kind in NOT_SPEECH
        for start, end in (sound.parts or ((sound.start, sound.end),))
    ]
    left = list(stretches)
    for start, end in sorted(closed):
        left = [rest for stretch in left for rest in _less(stretch, start, end)]
    return tuple(left)


def _less(stretch: Stretch, start: float, end: float) -> list[Stretch]:
    if end <= stretch.start or start >= stretch.end:
        return [stretch]
    rests = (Stretch(stretch.start, start), Stretch(end, stretch.end))
    return [rest for rest in rests if rest.end - rest.start >= _SHORTEST_REST_S]


def _covered(sounds: Sequence[LineSound], frames: int) -> NDArray[np.bool_]:
    covered = np.zeros(frames, dtype=bool)
    for sound in sounds:
        for start, end in sound.parts or ((sound.start, sound.end),):
            first = max(0, int((start - _LONG_S) / _LONG_HOP_S))
            covered[first : int(end / _LONG_HOP_S) + 1] = True
    return covered
