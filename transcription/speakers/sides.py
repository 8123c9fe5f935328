"""The two sides of a call: from channels, or from voices on one channel; and who is who."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.audio import Audio
from ingest.metadata import CallRecord
from ingest.progress import Progress, ignore, portion
from ingest.sound import Samples, Sound
from transcription.sound.channels import (
    Channel,
    is_dual_mono,
    normalise_level,
    remove_crosstalk,
)
from transcription.sound.levels import Levels, measure_levels
from transcription.sound.line import line_sounds, without_line_sounds
from transcription.sound.speech import Turn, detect_pieces, detect_speech, own_speech, take_turns
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

    `channels` holds one channel per side, cleaned and level normalised (the same for both in a mixed
    recording).
    `roles` is None where only the words can tell; `trust` below `GIVEN_TRUST` means that they are the
    usual ones, not given ones. `how` is `channels` or `voices`. `problems` are
    reason codes. `line` is what else is on the line; no turn lies in it.
    `clarity` is 0..1: how well the voices could be told apart where `how` is `voices`.
    `faint` are turns too faint to be heard: nobody knows what was said in them.
    """

    channels: tuple[Channel, ...]
    turns: tuple[Turn, ...]
    roles: tuple[Speaker, ...] | None
    trust: float
    how: str
    problems: tuple[str, ...] = ()
    line: tuple[LineSound, ...] = ()
    clarity: float = 1.0
    faint: tuple[Turn, ...] = ()

    def clip(self, side: int, start: float, end: float) -> Samples:
        """What one side sounds like between two times in seconds: float32, clean, level normalised."""
        return self.channels[side].part(start, end)


def separate(audio: Audio, record: CallRecord | None, *, progress: Progress = ignore) -> Sides:
    """Find both sides of a call and their turns."""
    levels = measure_levels(audio.sound, progress=portion(progress, 0.0, 0.1))
    line = line_sounds(_told(audio.sound, portion(progress, 0.1, 0.4)), audio.rate)
    detecting = portion(progress, 0.4, 1.0)
    channels = clean_sides(audio.sound, levels)
    if channels[0].index != channels[1].index:
        return _by_channel(channels, record, line, detecting)
    return _by_voice(channels[0], line, detecting)


def clean_sides(sound: Sound, levels: Levels | None = None) -> tuple[Channel, Channel]:
    """The channel of each side, cleaned and level normalised; of a mixed recording twice the same.

    Args:
        sound: of the call.
        levels: as `measure_levels` gives them, where they are known already.
    """
    levels = measure_levels(sound) if levels is None else levels
    if sound.channels == 2 and not is_dual_mono(sound):
        first, second = remove_crosstalk(sound, levels)
        return normalise_level(first), normalise_level(second)
    mono = normalise_level(Channel(sound, 0, levels[0]))
    return mono, mono


def _by_channel(
    channels: tuple[Channel, Channel],
    record: CallRecord | None,
    line: tuple[LineSound, ...],
    progress: Progress,
) -> Sides:
    steps = (portion(progress, 0.0, 0.5), portion(progress, 0.5, 1.0))
    own = [
        own_speech(channel, detect_speech(channel, progress=step))
        for channel, step in zip(channels, steps, strict=True)
    ]
    turns, faint = (
        take_turns([without_line_sounds(spoken, line, side) for side, spoken in enumerate(stretches)])
        for stretches in zip(*own, strict=True)
    )
    roles, trust = _channel_roles(record)
    problems = _sound_problems(channels, turns)
    return Sides(channels, turns, roles, trust, "channels", problems, line, faint=faint)


def _by_voice(mono: Channel, line: tuple[LineSound, ...], progress: Progress) -> Sides:
    line = tuple(sound for sound in line if sound.channel == 0)
    pieces = without_line_sounds(detect_pieces(mono, progress=progress), line, 0)
    split = split_by_voice(mono.part, pieces)
    turns = take_turns(split.sides)
    problems = _sound_problems((mono,), turns)
    return Sides((mono, mono), turns, None, 0.0, "voices", problems, line, split.clarity)


def _told(sound: Sound, progress: Progress) -> Iterator[Samples]:
    """The blocks of a sound; each that was worked through is told."""
    done = 0
    for block in sound.blocks():
        yield block
        done += block.shape[1]
        progress(done / sound.length)


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


def _sound_problems(channels: Sequence[Channel], turns: tuple[Turn, ...]) -> tuple[str, ...]:
    """Why there is no speech: nothing but silence, or sound that is no speech."""
    if turns:
        return ()
    levels = np.concatenate([channel.levels for channel in channels])
    power = np.mean(10 ** (levels / 10)) if len(levels) else 0.0
    return ("audio.silent",) if power < 10 ** (_SILENT_DB / 10) else ("audio.no_speech",)
