"""The same speech over other lines: what the line does to it must not make a finding, nor hide much of one.

Two of the sample calls (synthetic voices over a telephone line), sent over lines that are worse.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.audio import decode
from ingest.sound import RATE, Sound
from transcription.given import load_transcript
from transcription.types import Transcript
from transcription.voice.cues.agitation import AGITATED
from transcription.voice.cues.emotion import emotions
from transcription.voice.cues.raised import RAISED
from transcription.voice.measure.measures import Measured, measure
from transcription.voice.measure.telephone import coded, narrowed, widened

CALLS = Path(__file__).parents[3] / "samples" / "calls"
Channel = NDArray[np.float32]
Line = Callable[[Channel], Channel]


def gain(decibels: float) -> Line:
    """Louder or softer; what is too loud is cut off."""
    return lambda samples: np.clip(samples * 10 ** (decibels / 20), -1, 1)


def automatic_gain(release_s: float) -> Line:
    """Brings speech to one level: fast when it gets loud, within `release_s` when it gets soft."""

    def line(samples: Channel) -> Channel:
        step, rest = RATE // 100, len(samples) % (RATE // 100)
        power = np.square(samples[: len(samples) - rest].reshape(-1, step)).mean(axis=1)
        gains, now = [], 0.0
        for level in 10 * np.log10(power + 1e-12):
            wanted = np.clip(-22 - level, -18, 18) if level > -55 else now
            now += (wanted - now) * 0.01 / (0.05 if wanted < now else release_s)
            gains.append(now)
        curve = np.interp(np.arange(len(samples)), (np.arange(len(gains)) + 0.5) * step, gains)
        return np.clip(samples * 10 ** (curve / 20), -1, 1)

    return line


def codec(name: str, bit_rate: int | None = None) -> Line:
    """Through a codec at 8 kHz."""

    def line(samples: Channel) -> Channel:
        try:
            heard = widened(coded(narrowed(samples), name, bit_rate=bit_rate))
        except ValueError:
            pytest.skip(f"FFmpeg has no {name} here")
        return np.pad(heard, (0, max(0, len(samples) - len(heard))))[: len(samples)]

    return line


def noise(snr_db: float) -> Line:
    """White noise so far below the speech."""

    def line(samples: Channel) -> Channel:
        loud = samples[np.abs(samples) > 0.05 * np.abs(samples).max()]
        level = np.sqrt(np.mean(loud**2)) * 10 ** (-snr_db / 20)
        return samples + np.random.default_rng(1).normal(0, level, len(samples)).astype(np.float32)

    return line


def band(low: float, high: float) -> Line:
    """Nothing below and above these frequencies."""

    def line(samples: Channel) -> Channel:
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        passed = np.interp(hertz, [low * 0.8, low, high, high * 1.1], [0, 1, 1, 0])
        return np.fft.irfft(np.fft.rfft(samples) * passed, len(samples)).astype(np.float32)

    return line


def bad_line(samples: Channel) -> Channel:
    """Some of everything."""
    return codec("pcm_alaw")(noise(20)(automatic_gain(1.0)(band(350, 3000)(samples))))


LINES: Mapping[str, Line] = {
    **{f"gain {decibels:+d} dB": gain(decibels) for decibels in (-20, -10, 5, 10)},
    **{f"AGC {release} s": automatic_gain(release) for release in (0.3, 1.0, 3.0)},
    "G.711 A-law": codec("pcm_alaw"),
    "G.711 mu-law": codec("pcm_mulaw"),
    "AMR 12.2": codec("libopencore_amrnb", 12_200),
    "AMR 4.75": codec("libopencore_amrnb", 4_750),
    "Opus 12 kbit/s": codec("libopus", 12_000),
    "Opus 6 kbit/s": codec("libopus", 6_000),
    **{f"noise at {snr} dB": noise(snr) for snr in (30, 20, 15, 10)},
    **{f"{low}-{high} Hz": band(low, high) for low, high in ((300, 3400), (300, 2700), (450, 3400))},
    "AGC, noise, band and A-law": bad_line,
}


class Call:
    """A sample call, and what was measured of it as it is."""

    def __init__(self, name: str) -> None:
        self.transcript: Transcript = load_transcript(CALLS / f"{name}.transcript.json")
        sound = decode(CALLS / f"{name}.opus").sound
        self.samples = sound.read(0, sound.length)
        self.measured = measure(self.transcript, sound)

    def over(self, line: Line) -> Measured:
        heard = np.stack([line(channel) for channel in self.samples])
        return measure(self.transcript, Sound.from_array(heard.astype(np.float32)))

    def found(self, measured: Measured) -> set[tuple[str, int]]:
        cues = emotions(measured, self.transcript).cues
        return {(cue.kind, each) for cue in cues if cue.kind in KINDS for each in cue.utterances}


KINDS = ("raised_voice", "agitation")


@pytest.fixture(scope="module")
def heated() -> Call:
    return Call("S02-abuse")


@pytest.fixture(scope="module")
def calm() -> Call:
    return Call("S01-clean")


def rises(measured: Measured) -> dict[int, float]:
    """Mean rise of level and pitch of each utterance: what raised voices are told from."""
    known = {speaker.speaker: speaker for speaker in measured.speakers}
    return {
        voice.utterance: ((voice.level - own.calm_level) / 2 + voice.pitch - own.calm_pitch) / 2
        for voice in measured.utterances
        if (own := known[voice.speaker]).calm_level is not None
        and own.calm_pitch is not None
        and voice.level is not None
        and voice.pitch is not None
    }


@pytest.mark.parametrize("name", LINES)
def test_the_line_moves_the_measures_by_less_than_makes_a_finding(name, heated):
    heard = heated.over(LINES[name])
    moved = [
        abs(now.arousal - was.arousal)
        for was, now in zip(heated.measured.utterances, heard.utterances, strict=True)
        if was.arousal is not None and now.arousal is not None
    ]
    assert len(moved) == 10  # nothing was lost
    assert max(moved) < AGITATED
    was, now = rises(heated.measured), rises(heard)
    assert max(now[each] - was[each] for each in was) < RAISED
    if "AGC" in name:  # evens loudness out: a raised voice may be lost, none is made
        return
    assert max(was[each] - now[each] for each in was) < RAISED / 2
    raised = {found for found in heated.found(heated.measured) if found[0] == "raised_voice"}
    assert {utterance for _, utterance in raised} >= {4, 6, 8}  # as the script has them
    assert raised <= heated.found(heard)


WORST = (
    "gain -20 dB",
    "AGC 1.0 s",
    "AMR 4.75",
    "noise at 10 dB",
    "450-3400 Hz",
    "AGC, noise, band and A-law",
)


@pytest.mark.parametrize("name", WORST)
def test_no_line_stirs_up_a_calm_call(name, calm):
    assert calm.found(calm.measured) == set()
    heard = calm.over(LINES[name])
    assert calm.found(heard) == set()
    assert max(voice.arousal for voice in heard.utterances if voice.arousal is not None) < 2.0


def test_the_same_sound_gives_the_same_numbers(heated):
    again = heated.over(lambda samples: samples)
    assert again == heated.measured
