"""How surely tones, keys, fax and music are found on a line, and how rarely where there are none.

    python -m bench.line_sounds [--speech FOLDER]… [--music FOLDER]…

Sounds are made, sent through G.711 at several levels, and listened to; so are the recordings in the
folders: with speech nothing may be found, with hold music all of it. The last line is one JSON object.
"""

import argparse
import json
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.guard.clips import KINDS
from bench.guard.noises import RATE, Wave
from bench.guard.telephone import line, record
from ingest.audio import Audio, decode
from ingest.intake import AUDIO_SUFFIXES
from store.errors import AudioError
from transcription.sound.line import NOT_SPEECH, line_sounds
from transcription.types import LineSound

# The sounds that the bench of the guard makes, and as what they should be known.
EXPECTED = {
    "DTMF": {"dtmf"},
    "ring-back CN": {"ringback"},
    "ring-back US": {"ringback"},
    "busy CN": {"busy"},
    "busy US": {"busy"},
    "special information": {"busy"},
    "fax": {"fax"},
    "beeps": {"beep", "tone"},
}
LEVELS_DB = (-15.0, -25.0, -35.0, -45.0)
NOISE_DB = -58.0
SECONDS = 30.0
SEEDS = 3


def made(groups: Iterable[str]) -> Iterator[tuple[str, str, Wave]]:
    """Every sound of these groups at every level, over a little noise: group, name, samples at 8 kHz."""
    for group in groups:
        for name, play in KINDS[group].items():
            for number in range(SEEDS):
                rng = np.random.default_rng((zlib.crc32(name.encode()), number))
                wave = play(rng, round(SECONDS * RATE))
                for level in LEVELS_DB:
                    noise = rng.normal(size=len(wave)) * 10 ** (NOISE_DB / 20)
                    yield group, name, line(wave, level) + noise


def listened(wave: Wave, folder: Path) -> tuple[LineSound, ...]:
    """What is found after the recorder wrote it down and the product decoded it."""
    path = folder / "line.wav"
    record(path, [wave], "ALAW")
    return found(decode(path))


def found(audio: Audio) -> tuple[LineSound, ...]:
    """What is found in a recording, but for what is told from words."""
    return tuple(s for s in line_sounds(audio.sound.blocks(), audio.rate) if s.kind in NOT_SPEECH)


def covered(sounds: Iterable[LineSound], kind: str) -> float:
    """Seconds of one kind."""
    return sum(sound.end - sound.start for sound in sounds if sound.kind == kind)


def detection(folder: Path) -> dict[str, float]:
    """The share of clips known as what they are and nothing else; of music the share of its time."""
    shares: dict[str, list[float]] = {}
    for group, name, wave in made(("tones", "hold music")):
        sounds = listened(wave, folder)
        if group == "hold music":
            share = min(1.0, covered(sounds, "music") / SECONDS)
        else:
            share = float({s.kind for s in sounds} <= EXPECTED[name] and bool(sounds))
        shares.setdefault(name if group == "tones" else f"music: {name}", []).append(share)
    return {name: round(float(np.mean(values)), 3) for name, values in shares.items()}


def false_alarms(folder: Path) -> dict[str, int]:
    """How many clips of other sounds were taken for a tone or music."""
    counts: dict[str, int] = {}
    for group, _, wave in made(("people", "things", "surroundings", "line noise", "hum", "silence")):
        counts[group] = counts.get(group, 0) + bool(listened(wave, folder))
    return counts


def recordings(folders: Sequence[Path]) -> Iterator[Audio]:
    """All recordings in the folders, one after the other; those that cannot be read are named."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in AUDIO_SUFFIXES:
                try:
                    yield decode(path)
                except AudioError as error:
                    sys.stderr.write(f"{error}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and end with one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--speech", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--music", type=Path, action="append", default=[], metavar="FOLDER")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shares, alarms = detection(folder), false_alarms(folder)
    for label, share in sorted(shares.items()):
        sys.stdout.write(f"{share:6.1%}  {label}\n")
    for group, count in alarms.items():
        sys.stdout.write(f"{count:6d}  false alarms among {group}\n")
    started, seconds, wrong = time.process_time(), 0.0, 0
    for audio in recordings(given.speech):
        sounds = found(audio)
        seconds += audio.duration_s
        wrong += len(sounds)
        for sound in sounds:
            sys.stdout.write(f"        in speech: {sound}\n")
    cost = (time.process_time() - started) / seconds if seconds else None
    music = [(covered(found(audio), "music"), audio.duration_s) for audio in recordings(given.music)]
    total = {
        "detected": round(float(np.mean(list(shares.values()))), 3),
        "false_alarms_made": sum(alarms.values()),
        "speech_seconds": round(seconds),
        "false_alarms_speech": wrong,
        "cpu_s_per_s": None if cost is None else round(cost, 4),
        "music_found": round(sum(m for m, _ in music) / sum(t for _, t in music), 3) if music else None,
    }
    sys.stdout.write(json.dumps(total) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
