"""Labelled clips: acted emotions of known speakers, and turns of rendered calls with their styles."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.signal import resample

from ingest.audio import RATE, Samples, decode
from ingest.sound import Sound
from pipeline.voice_evaluation.labels import read_clips
from transcription.given import load_transcript
from transcription.voice.measure.loudness import frame_levels, speech_level
from transcription.voice.measure.telephone import line_of, telephone

# What makes a rendered turn angry. Played faster, speech is both higher and quicker.
RENDERED_SEMITONES = 2.0
RENDERED_DB = 6.0
# Shorter turns say little about the voice.
SHORTEST_S = 0.8


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance: mono at 16 kHz. `speaker` is whom it is compared with, `group` what is held out."""

    name: str
    speaker: str
    group: str
    emotion: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """Length of the utterance."""
        return len(self.samples) / RATE


def acted(folder: Path, labels: Path) -> list[Clip]:
    """Clips that a table lists, as they were recorded, by speaker; `emotion` is anger, neutral or rest.

    A speaker's clips are in no order: what the encoder writes depends on the place in the window, and in the
    order of their names the same sentence in the same emotion has the same place for every speaker.
    """
    rows = sorted(read_clips(folder, labels), key=lambda clip: (clip.speaker, crc32(clip.file.encode())))
    return [Clip(row.file, row.speaker, row.speaker, row.counted, _mono(row.path)) for row in rows]


def on_the_telephone(clips: Sequence[Clip]) -> list[Clip]:
    """The clips, each speaker through a simulated line of their own, clips by speaker."""
    heard = []
    for speaker, own in groupby(clips, key=lambda clip: clip.speaker):
        spoken = list(own)
        levels = [level for clip in spoken if (level := _level(clip.samples)) is not None]
        line = line_of(speaker, float(np.median(levels)))
        heard += [replace(clip, samples=telephone(clip.samples, line, clip.name)) for clip in spoken]
    return heard


def as_rendered(clip: Clip) -> Clip:
    """The clip changed as the renderer of the calls makes an angry turn: higher, faster and louder."""
    length = round(len(clip.samples) / 2 ** (RENDERED_SEMITONES / 12))
    changed = resample(clip.samples, length) * 10 ** (RENDERED_DB / 20)
    return replace(clip, name=f"{clip.name} changed", emotion="changed", samples=changed.astype(np.float32))


def rendered(folder: Path, scripts: Path) -> Iterator[Clip]:
    """Turns of two-channel calls: NAME.opus and NAME.transcript.json, styles from NAME.json of the scripts.

    Turns are cut at their times, short ones left out. A speaker is one side of one call, a group a call.
    """
    for path in sorted(folder.glob("*.transcript.json")):
        name = path.name.removesuffix(".transcript.json")
        script, audio = scripts / f"{name}.json", folder / f"{name}.opus"
        if not script.is_file() or not audio.is_file():
            continue
        turns = json.loads(script.read_text(encoding="utf-8"))["turns"]
        sound = decode(audio).sound
        for number, (turn, said) in enumerate(zip(turns, load_transcript(path).utterances, strict=True)):
            channel = 0 if said.speaker == "agent" else 1
            samples: Samples = sound.read(round(said.start * RATE), round(said.end * RATE))[channel]
            if len(samples) >= SHORTEST_S * RATE:
                style = turn.get("style", "neutral")
                yield Clip(f"{name}/{number}", f"{name}/{said.speaker}", name, style, samples)


def _level(samples: Samples) -> float | None:
    sound = Sound.from_array(samples[np.newaxis])
    return speech_level(frame_levels(sound, 0.0, sound.duration_s)[0])


def _mono(path: Path) -> Samples:
    sound = decode(path).sound
    samples: Samples = sound.read(0, sound.length)[0]
    return samples
