"""A simulated telephone: what studio speech is at the other end of the line.

For measuring: what is told from a voice in a studio means little for recorded calls.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, cast
from zlib import crc32

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.packet import Packet

from ingest.sound import RATE, Samples

LINE_RATE: Final = 8_000
# What comes through: from the first to the last nothing, between the middle ones everything.
_BAND_HZ: Final = (200.0, 300.0, 3400.0, 3700.0)
_SPEECH_DB: Final = -26.0  # the level that networks aim at (ITU-T P.56)
_LINE_DB: Final = (-8.0, 4.0)
_HANDSET_DB: Final = (-1.5, 1.5)
_SNR_DB: Final = (20.0, 35.0)
_SEED: Final = 2026


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one speaker: what it adds to the level, and its noise in dB below full scale."""

    gain_db: float
    noise_db: float


def line_of(speaker: str, speech_db: float) -> Line:
    """The line of a speaker who speaks at `speech_db` (dB below full scale, the middle of all clips): always
    the same for the same name and level. Speech comes out at -34 to -22 dB, the noise 20 to 35 dB below."""
    rng = np.random.default_rng([_SEED, crc32(speaker.encode())])
    level = _SPEECH_DB + rng.uniform(*_LINE_DB)
    return Line(level - speech_db, level - rng.uniform(*_SNR_DB))


def telephone(samples: Samples, line: Line, name: str) -> Samples:
    """One clip at the other end: 300-3400 Hz, 8 kHz, the gain and noise of the line, G.711 A-law.

    Args:
        samples: shape (n,) at 16 kHz.
        line: that of the speaker.
        name: of the clip; the noise, and how near the handset was (1.5 dB), are the same for the same name.
    """
    rng = np.random.default_rng([_SEED, crc32(name.encode())])
    sent = narrowed(samples) * 10 ** ((line.gain_db + rng.uniform(*_HANDSET_DB)) / 20)
    noisy = sent + rng.normal(0.0, 10 ** (line.noise_db / 20), len(sent))
    return widened(coded(noisy.astype(np.float32), "pcm_alaw"))


def narrowed(samples: Samples) -> Samples:
    """The telephone band of sound at 16 kHz, at 8 kHz."""
    spectrum = np.fft.rfft(samples)
    passed = np.interp(np.fft.rfftfreq(len(samples), 1 / RATE), _BAND_HZ, (0.0, 1.0, 1.0, 0.0))
    # Nothing is left above 4 kHz, so that every second sample tells all.
    return cast(Samples, np.fft.irfft(spectrum * passed, len(samples))[::2].astype(np.float32))


def widened(samples: Samples) -> Samples:
    """Sound at 8 kHz, at 16 kHz."""
    spectrum = np.fft.rfft(samples)
    return cast(
        Samples,
        (2 * np.fft.irfft(np.pad(spectrum, (0, len(samples) - len(spectrum) + 1)), 2 * len(samples))).astype(
            np.float32
        ),
    )


def coded(samples: Samples, codec: str, rate: int = LINE_RATE, bit_rate: int | None = None) -> Samples:
    """What is left of sound of shape (n,) that went through a codec, the delay of the codec included.

    Raises:
        ValueError: FFmpeg has no encoder of that name here.
    """
    encoder, packets = _encoded(samples, codec, rate, bit_rate)
    decoder = cast(AudioCodecContext, av.CodecContext.create(encoder.codec.canonical_name, "r"))
    decoder.sample_rate, decoder.layout, decoder.extradata = rate, "mono", encoder.extradata
    heard = [frame for packet in (*packets, None) for frame in decoder.decode(packet)]
    back = av.AudioResampler(format="fltp", layout="mono", rate=rate)
    blocks = [block.to_ndarray()[0] for frame in (*heard, None) for block in back.resample(frame)]
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def _encoded(
    samples: Samples, codec: str, rate: int, bit_rate: int | None
) -> "tuple[AudioCodecContext, list[Packet[AudioStream]]]":
    try:
        encoder = cast(AudioCodecContext, av.CodecContext.create(codec, "w"))
    except av.codec.codec.UnknownCodecError:
        raise ValueError(f"no encoder {codec}") from None
    formats = encoder.codec.audio_formats or []
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", formats[0].name
    encoder.time_base = Fraction(1, rate)
    if bit_rate is not None:
        encoder.bit_rate = bit_rate
    encoder.open()
    pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)
    whole = av.AudioFrame.from_ndarray(pcm[np.newaxis], format="s16", layout="mono")
    whole.sample_rate, whole.pts = rate, 0
    cut = av.AudioResampler(encoder.format, "mono", rate, encoder.frame_size or None)
    frames = [*cut.resample(whole), *cut.resample(None), None]
    return encoder, [packet for frame in frames for packet in encoder.encode(frame)]
