"""The two sides of a call: from channels, or from voices on one channel; and who is who."""

from dataclasses import dataclass

import numpy as np

from ingest.audio import Audio, Samples
from ingest.metadata import CallRecord
from transcription.sound.channels import is_dual_mono, own_speech, remove_crosstalk
from transcription.sound.line import line_sounds, without_line_sounds
from transcription.sound.speech import Turn, detect_pieces, detect_speech, normalise_level, take_turns
from transcription.speakers.voices import split_by_voice
from transcription.types import LineSound, Speaker

# Trust in the roles: given by metadata, or assumed from the usual order of channels.
GIVEN_TRUST = 1.0
ASSUMED_TRUST = 0.7
_USUAL_ROLES: tuple[Speaker, Speaker] = ("agent", "customer")
# Sound louder than this without any speech is music, tones or noise, not a dead line.
_SILENT_DB = -55.0


@dataclass(frozen=True, slots=True)
class Sides:
    """What each side of the call says and when.

    `samples` holds one channel per side, level normalised (both the same array for a mixed recording).
    `roles` is None where only the words can tell; `trust` below `GIVEN_TRUST` means that they are the
    usual ones, not given ones. `how` is `channels` or `voices`. `problems` are
    reason codes. `line` is what else is on the line; no turn lies in it.
    """

    samples: tuple[Samples, ...]
    rate: int
    turns: tuple[Turn, ...]
    roles: tuple[Speaker, ...] | None
    trust: float
    how: str
    problems: tuple[str, ...] = ()
    line: tuple[LineSound, ...] = ()

    def clip(self, side: int, start: float, end: float) -> Samples:
        """What one side sounds like between two times in seconds: float32, clean, level normalised."""
        return self.samples[side][int(max(0.0, start) * self.rate) : int(max(0.0, end) * self.rate)]


def separate(audio: Audio, record: CallRecord | None) -> Sides:
    """Find both sides of a call and their turns."""
    if len(audio.samples) == 2 and not is_dual_mono(audio.samples, audio.rate):
        sides = _by_channel(audio, record)
    else:
        sides = _by_voice(audio)
    return sides


def _by_channel(audio: Audio, record: CallRecord | None) -> Sides:
    channels = remove_crosstalk(audio.samples, audio.rate)
    samples = tuple(normalise_level(channel.samples, audio.rate) for channel in channels)
    line = line_sounds(audio.sound.blocks(), audio.rate)
    speech = [
        without_line_sounds(own_speech(channel, detect_speech(clean, audio.rate)), line, number)
        for number, (channel, clean) in enumerate(zip(channels, samples, strict=True))
    ]
    roles, trust = _channel_roles(record)
    turns = take_turns(speech)
    return Sides(samples, audio.rate, turns, roles, trust, "channels", _sound_problems(audio, turns), line)


def _by_voice(audio: Audio) -> Sides:
    mono = normalise_level(audio.samples[0] if len(audio.samples) else np.zeros(0, np.float32), audio.rate)

    def clip(start: float, end: float) -> Samples:
        return mono[int(start * audio.rate) : int(end * audio.rate)]

    line = tuple(sound for sound in line_sounds(audio.sound.blocks(), audio.rate) if sound.channel == 0)
    pieces = without_line_sounds(detect_pieces(mono, audio.rate), line, 0)
    turns = take_turns(split_by_voice(clip, audio.rate, pieces))
    return Sides((mono, mono), audio.rate, turns, None, 0.0, "voices", _sound_problems(audio, turns), line)


def _channel_roles(record: CallRecord | None) -> tuple[tuple[Speaker, ...], float]:
    given = record.channels if record is not None and record.channels else {}
    first, second = given.get(0), given.get(1)
    if first is None and second is None:
        return _USUAL_ROLES, ASSUMED_TRUST
    if first is None:
        first = "customer" if second == "agent" else "agent"
    if second is None:
        second = "customer" if first == "agent" else "agent"
    if first == second:
        return _USUAL_ROLES, ASSUMED_TRUST
    return (first, second), GIVEN_TRUST


def _sound_problems(audio: Audio, turns: tuple[Turn, ...]) -> tuple[str, ...]:
    """Why there is no speech: nothing but silence, or sound that is no speech."""
    if turns:
        return ()
    level = (
        10 * np.log10(np.mean(np.square(audio.samples, dtype=np.float64)) + 1e-12)
        if audio.samples.size
        else -120
    )
    return ("audio.silent",) if level < _SILENT_DB else ("audio.no_speech",)
