"""The recordings without speech: every kind of sound at several levels, lengths, codecs and layouts."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bench.guard import bodies, music, noises, tones
from bench.guard.noises import RATE, Rng, Wave
from bench.guard.telephone import line

Sound = Callable[[Rng, int], Wave]

KINDS: dict[str, dict[str, Sound]] = {
    "silence": {"digital": noises.silence, "dither": noises.dither, "G.711 at rest": noises.idle_code},
    "line noise": {
        "white": noises.white,
        "pink": noises.pink,
        "brown": noises.brown,
        "crackle": noises.crackle,
        "GSM buzz": noises.gsm_buzz,
        "drop-outs": noises.drop_outs,
    },
    "hum": {"mains": noises.hum},
    "tones": {
        "DTMF": tones.dtmf,
        "ring-back CN": tones.ring_china,
        "ring-back US": tones.ring_us,
        "busy CN": tones.busy_china,
        "busy US": tones.busy_us,
        "special information": tones.special_information,
        "fax": tones.fax,
        "beeps": tones.beeps,
    },
    "hold music": {timbre.__name__: music.hold_music(timbre) for timbre in music.TIMBRES},
    "people": {
        event.__name__.replace("_", " "): bodies.scattered(event)
        for event in (
            bodies.cough,
            bodies.breath,
            bodies.sneeze,
            bodies.throat_clearing,
            bodies.lip_smack,
            bodies.laugh,
            bodies.humming,
            bodies.baby,
            bodies.snore,
        )
    },
    "things": {
        event.__name__: bodies.scattered(event)
        for event in (bodies.click, bodies.keys, bodies.knock, bodies.door, bodies.dishes, bodies.bark)
    },
    "surroundings": {
        "wind": noises.wind,
        "traffic": noises.traffic,
        "murmur": noises.murmur,
        "rubbing": noises.rubbing,
    },
}
# As loud as a scream, as talk, as a whisper, and as a line at rest.
LEVELS_DB = (-10.0, -20.0, -30.0, -40.0, -50.0, -60.0)
SECONDS = (2.0, 4.0, 7.0, 11.0, 17.0, 28.0, 60.0)
LAYOUTS = ("mono", "one of two", "both of two")
PER_SOUND = 8
# What cannot differ by level needs fewer.
_PER_SILENCE = 5


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording without speech: what it is of, and its channels at 8 kHz."""

    kind: str
    sound: str
    level_db: float
    seconds: float
    layout: str
    law: str
    channels: list[Wave]

    def __str__(self) -> str:
        return (
            f"{self.kind}/{self.sound} {self.level_db:.0f} dB {self.seconds:.0f} s {self.layout} {self.law}"
        )


def clips(per_sound: int = PER_SOUND) -> Iterator[Clip]:
    """All of them; the same every time."""
    for kind, sounds in KINDS.items():
        for sound, play in sounds.items():
            offset = zlib.crc32(sound.encode()) % 97
            for number in range(_PER_SILENCE if kind == "silence" else per_sound):
                yield _clip(kind, sound, play, number, offset)


def _clip(kind: str, sound: str, play: Sound, number: int, offset: int) -> Clip:
    rng = np.random.default_rng((zlib.crc32(sound.encode()), number))
    level = LEVELS_DB[(number + offset) % len(LEVELS_DB)]
    seconds = SECONDS[(2 * number + offset) % len(SECONDS)] * rng.uniform(0.9, 1.1)
    layout = LAYOUTS[(number + number // 3 + offset) % len(LAYOUTS)]
    count = int(seconds * RATE)

    def channel() -> Wave:
        wave = play(rng, count)
        return wave if kind == "silence" else line(wave, level)

    channels = [channel()]
    if layout == "one of two":
        channels.insert(int(rng.integers(2)), noises.dither(rng, count))
    elif layout == "both of two":
        channels.append(channel())
    return Clip(kind, sound, level, seconds, layout, ("ALAW", "ULAW")[number % 2], channels)
