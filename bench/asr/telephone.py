"""Calls over a simulated telephone line, made from clips of single sentences.

The clips are put on the two channels in turn with a pause between them, as the sides of a call speak; each
channel has its own level, a band of 300-3400 Hz at 8 kHz, line noise, a little of the other channel, and
G.711, A-law and mu-law in turn. The same clips and seed make the same files.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from faster_whisper.audio import decode_audio
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt

from bench.asr.recordings import CHANNELS, LANGUAGE, Recording, spread

RATE = 16_000
LINE_RATE = 8_000
BAND_HZ = (300, 3400)
PAUSE_S = (1.0, 3.0)
CLIPS_PER_CALL = 10
_LEVEL_DB = (-8.0, 2.0)
_PEAK = 0.25
_NOISE_DB = (18.0, 35.0)  # below the speech
_LEAK_DB = (30.0, 45.0)
_CODECS = ("pcm_alaw", "pcm_mulaw")

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """One sentence of one speaker, and where it is recorded."""

    path: Path
    text: str


def read_clips(folder: Path) -> list[Clip]:
    """The clips that `text.tsv` (file, text) of a folder lists."""
    lines = (folder / "text.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t", 1) for line in lines if line.strip()]
    return [Clip(folder / name, text) for name, text in rows if (folder / name).is_file()]


def make_calls(clips: Sequence[Clip], count: int, folder: Path, seed: int) -> list[Recording]:
    """Write two-channel calls of `count` of the clips into a folder, `CLIPS_PER_CALL` in each."""
    chosen = spread(clips, count, seed)
    groups = [chosen[start : start + CLIPS_PER_CALL] for start in range(0, len(chosen), CLIPS_PER_CALL)]
    return [
        _make_call(group, folder, f"clips-{number:02d}", seed, number) for number, group in enumerate(groups)
    ]


def line(channels: Samples, rng: np.random.Generator) -> Samples:
    """What two channels of sound at 16 kHz are at the other end of a telephone line: 8 kHz, before G.711."""
    band = butter(4, BAND_HZ, "bandpass", fs=RATE, output="sos")
    sent = resample_poly(sosfilt(band, channels, axis=1), LINE_RATE, RATE, axis=1)
    speech = sent[np.abs(sent) > np.abs(sent).max() * 0.01]
    level = np.sqrt(np.mean(speech**2)) if speech.size else 0.0
    leak, noise = (10 ** (-rng.uniform(*db) / 20) for db in (_LEAK_DB, _NOISE_DB))
    heard = sent + leak * sent[::-1] + rng.normal(0.0, 1.0, sent.shape) * level * noise
    clipped: Samples = np.clip(heard, -1.0, 1.0).astype(np.float32)
    return clipped


def take_turns(clips: Sequence[Samples], rng: np.random.Generator) -> Samples:
    """Clips on two channels in turn, each after a pause, at one level per channel."""
    gains = [_PEAK * 10 ** (rng.uniform(*_LEVEL_DB) / 20) for _ in (0, 1)]
    pieces: list[Samples] = []
    for index, clip in enumerate(clips):
        pause = np.zeros((2, round(rng.uniform(*PAUSE_S) * RATE)), dtype=np.float32)
        turn = np.zeros((2, len(clip)), dtype=np.float32)
        side = index % 2
        turn[side] = clip / max(float(np.abs(clip).max()), 1e-6) * gains[side]
        pieces += [pause, turn]
    return np.concatenate([*pieces, np.zeros((2, RATE), dtype=np.float32)], axis=1)


def write_call(path: Path, samples: Samples, codec: str) -> None:
    """Write two channels at 8 kHz as a WAV file with G.711 (`pcm_alaw` or `pcm_mulaw`)."""
    with av.open(str(path), "w", format="wav") as container:
        stream = cast(AudioStream, container.add_stream(codec, rate=LINE_RATE, layout="stereo"))
        interleaved = np.ascontiguousarray((samples.T * 32767).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(interleaved, format="s16", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = LINE_RATE, Fraction(1, LINE_RATE), 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def _make_call(clips: Sequence[Clip], folder: Path, name: str, seed: int, number: int) -> Recording:
    rng = np.random.default_rng([seed, number])
    sounds = [decode_audio(str(clip.path), RATE) for clip in clips]
    audio, record = folder / f"{name}.wav", folder / f"{name}.call.json"
    write_call(audio, line(take_turns(sounds, rng), rng), _CODECS[number % len(_CODECS)])
    fields = {
        "external_id": name,
        "source": "bench",
        "language": LANGUAGE,
        "recording": {"file": audio.name, "channels": {str(index): role for index, role in CHANNELS.items()}},
    }
    record.write_text(json.dumps(fields), encoding="utf-8")
    said = tuple("".join(clip.text for clip in clips[side::2]) for side in (0, 1))
    return Recording(name, "clips", audio, record, (said[0], said[1]))
