"""The voice of every labelled clip, judged like the utterances of a call."""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import numpy as np

from ingest.audio import AudioLimits, decode
from ingest.progress import Progress, ignore, portion
from ingest.sound import Samples, Sound
from pipeline.voice_evaluation.labels import Clip
from store.errors import AudioError
from transcription.voice.measure.arousal import arousal, level_counts
from transcription.voice.measure.baseline import CalmVoice, Enough, calm_voice
from transcription.voice.measure.frames import listen
from transcription.voice.measure.loudness import frame_levels, speech_level
from transcription.voice.measure.telephone import Line, line_of, telephone
from transcription.voice.types import UtteranceVoice

Reason = Literal["row", "missing", "unreadable", "no_voice", "speaker_unknown", "one_emotion"]
# A clip is a sentence: whole recordings of calls are something else.
_LIMITS = AudioLimits(max_seconds=120, max_bytes=256 * 1024**2)
_SAME_LEVEL_DB = -26.0
# Of the time that clips over the telephone take, finding out first how loud their speakers are.
_LEVELS_SHARE = 0.3
_CHUNK = 8
# Clips may be single words, and few: two others are the least that a voice can be held against.
_ENOUGH = Enough(utterances=2, utterance_s=0.0, speech_s=0.0)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A clip that has no score, and why not; `row`: the row of the label file, named by its line, is bad."""

    file: str
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A clip with its arousal, and what it was told from: the rises of level, pitch and tilt in standard
    deviations (None: not measured)."""

    clip: Clip
    arousal: float
    rises: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Scores:
    """What came of all clips. `level_counts` tells for each speaker whether loudness was part of arousal."""

    clips: tuple[Scored, ...]
    left_out: tuple[LeftOut, ...]
    level_counts: Mapping[str, bool]


def score_clips(
    clips: Sequence[Clip],
    *,
    over_telephone: bool = False,
    same_level: bool = False,
    jobs: int = 1,
    progress: Progress = ignore,
) -> Scores:
    """Measure all clips and judge each against its speaker's calm voice.

    A speaker's clips are taken as the utterances of a call in no order: the calm voice that a clip is held
    against is the calmer part of all the others, found without the labels and without the clip itself.
    Nothing is fitted; no speaker bears on another.

    Args:
        clips: what `read_clips` found.
        over_telephone: send them through the simulated telephone first.
        same_level: bring every clip to the same loudness first.
        jobs: number of processes.
        progress: is told the share (0..1) that is done.
    """
    with _mapping(jobs) as each:
        lines: dict[str, Line] = {}
        measuring = progress
        if over_telephone:
            levels = _collect(each(_level, clips), len(clips), portion(progress, 0.0, _LEVELS_SHARE))
            lines = _lines(clips, levels)
            measuring = portion(progress, _LEVELS_SHARE, 1.0)
        treated = partial(_measure, lines, same_level)
        voices = _collect(each(treated, clips), len(clips), measuring)
    return _judged(clips, voices)


@contextmanager
def _mapping(jobs: int) -> Iterator[Callable[[Callable[[Clip], T], Sequence[Clip]], Iterator[T]]]:
    """A `map` over clips, in their order, that works in so many processes."""
    if jobs == 1:
        yield map
        return
    context = multiprocessing.get_context("spawn")  # the runtime of the pitch tracker does not survive a fork
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield lambda work, clips: pool.map(work, clips, chunksize=_CHUNK)


def _collect(found: Iterator[T], count: int, progress: Progress) -> list[T]:
    values = []
    for value in found:
        values.append(value)
        progress(len(values) / count)
    return values


def _lines(clips: Sequence[Clip], levels: Sequence[float | None]) -> dict[str, Line]:
    """The telephone line of every speaker, by how loud the speaker's clips are in the middle."""
    spoken: dict[str, list[float]] = {}
    for clip, level in zip(clips, levels, strict=True):
        if level is not None:
            spoken.setdefault(clip.speaker, []).append(level)
    return {speaker: line_of(speaker, float(np.median(known))) for speaker, known in spoken.items()}


def _level(clip: Clip) -> float | None:
    samples = _read(clip)
    return None if isinstance(samples, LeftOut) else _level_of(samples)


def _level_of(samples: Samples) -> float | None:
    sound = Sound.from_array(samples[np.newaxis])
    return speech_level(frame_levels(sound, 0.0, sound.duration_s)[0])


def _measure(lines: Mapping[str, Line], same_level: bool, clip: Clip) -> UtteranceVoice | LeftOut:
    """How one clip sounds, as if it were an utterance."""
    samples = _read(clip)
    if isinstance(samples, LeftOut):
        return samples
    line, level = lines.get(clip.speaker), _level_of(samples) if same_level else None
    if level is not None:
        samples = samples * np.float32(10 ** ((_SAME_LEVEL_DB - level) / 20))
        line = line_of(clip.speaker, _SAME_LEVEL_DB) if line is not None else None
    if line is not None:
        samples = telephone(samples, line, clip.file)
    sound = Sound.from_array(np.clip(samples, -1.0, 1.0)[np.newaxis])
    end = sound.duration_s
    sounding = listen(sound, 0, 0.0, end, frame_levels(sound, 0.0, end)[0]).sounding(0.0, end)
    if sounding.pitch is None:
        return LeftOut(clip.file, "no_voice", "less than 0.2 s of voice")
    return UtteranceVoice(
        utterance=0,
        speaker="unknown",
        start=0.0,
        end=end,
        level=sounding.level,
        pitch=sounding.pitch,
        pitch_range=sounding.pitch_range,
        tilt=sounding.tilt,
        rate=None,
        pauses=sounding.pauses,
        pitch_top=sounding.pitch_top,
    )


def _read(clip: Clip) -> Samples | LeftOut:
    """The sound of a clip at 16 kHz: shape (n,). Of several channels the loudest: the speaker may be on one
    of them only, and what is out of phase on two would cancel out."""
    if clip.path is None:
        why = "several files of this name are in the folder" if clip.several else "there is no such file"
        return LeftOut(clip.file, "missing", why)
    try:
        sound = decode(clip.path, _LIMITS).sound
    except AudioError as error:
        return LeftOut(clip.file, "unreadable", f"{error.message} [{error.code}]")
    channels = sound.read(0, sound.length)
    samples: Samples = channels[int(np.argmax(np.square(channels).mean(axis=1)))]
    return samples


def _judged(clips: Sequence[Clip], voices: Sequence[UtteranceVoice | LeftOut]) -> Scores:
    """Every clip against its speaker's calm voice."""
    own: dict[str, list[UtteranceVoice]] = {}
    emotions: dict[str, set[str]] = {}
    for clip, voice in zip(clips, voices, strict=True):
        if isinstance(voice, UtteranceVoice):
            own.setdefault(clip.speaker, []).append(voice)
            emotions.setdefault(clip.speaker, set()).add(clip.emotion.casefold())
    counts = {speaker: _level_counts(spoken) for speaker, spoken in own.items()}
    scored, left_out = [], []
    for clip, voice in zip(clips, voices, strict=True):
        if isinstance(voice, LeftOut):
            left_out.append(voice)
            continue
        calm = _calm([other for other in own[clip.speaker] if other is not voice])
        found = None if calm is None else _score(clip, voice, calm, counts[clip.speaker])
        if found is None:
            why = "the speaker has too few other clips to know the calm voice"
            left_out.append(LeftOut(clip.file, "speaker_unknown", why))
        elif len(emotions[clip.speaker]) == 1:
            # Against itself every emotion is level: that would be counted as a mistake, or as luck.
            why = "all clips of the speaker are of one emotion: there is no other to hold them against"
            left_out.append(LeftOut(clip.file, "one_emotion", why))
        else:
            scored.append(found)
    return Scores(tuple(scored), tuple(left_out), counts)


def _calm(voices: Sequence[UtteranceVoice]) -> CalmVoice | None:
    """The calm voice in some clips of a speaker, by what a call takes if there is so much."""
    return calm_voice(voices, in_order=False) or calm_voice(voices, in_order=False, enough=_ENOUGH)


def _level_counts(voices: Sequence[UtteranceVoice]) -> bool:
    calm = _calm(voices)
    return calm is None or level_counts(voices, calm)


def _score(clip: Clip, voice: UtteranceVoice, calm: CalmVoice, counts: bool) -> Scored | None:
    value = arousal(voice, calm, level_counts=counts)
    return None if value is None else Scored(clip, value, calm.rises(voice))
