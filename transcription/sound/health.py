"""How good a recording is, as numbers. What they mean for people is said in `sound.fitness`."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Samples
from transcription.sound.meters import FRAME_S, ChannelMeter, Measures, clipped_share, fillings, gaps
from transcription.sound.pair import PairMeter
from transcription.sound.speed import playing_speed
from transcription.types import AudioHealth, ChannelHealth, ChannelState, Duplicate, Echo

Spans = Sequence[tuple[float, float]]

_SILENT_DB = -62.0  # the loudest frames of a channel on which there is nothing; A-law at rest has -72
_AT_REST_DB = -68.0  # frames below are no noise of the line but nothing at all
_NOISE_PERCENTILE = 25
_SPEECH_MARGIN_DB = 6.0
_LEAK_LIKENESS = 0.5
_EDGE_DB = 35.0
_SPEECH_S = 0.5
_FEWEST_FRAMES = 50


def examine(blocks: Iterable[Samples], rate: int, speech: Sequence[Spans]) -> AudioHealth:
    """Measure a recording.

    Args:
        blocks: the recording in order, in blocks of shape (channels, n) and any length.
        rate: samples per second.
        speech: for each channel where there is speech on it, (start, end) in seconds.
    """
    meters: list[ChannelMeter] = []
    spans: list[Spans] = []
    pair: PairMeter | None = None
    for block in blocks:
        if not meters:
            spans = [speech[number] if number < len(speech) else () for number in range(len(block))]
            meters = [ChannelMeter(rate, given) for given in spans]
            pair = PairMeter(rate) if len(block) == 2 else None
        for meter, samples in zip(meters, block, strict=True):
            meter.add(samples)
        if pair is not None:
            pair.add(block)
    measures = [meter.take() for meter in meters]
    inside = [_inside(given, len(each.levels)) for given, each in zip(spans, measures, strict=True)]
    channels = tuple(_channel(each, inside, number) for number, each in enumerate(measures))
    same = pair.same_sound() if pair is not None else None
    return AudioHealth(
        channels=channels,
        duplicate=None
        if same is None
        else Duplicate(round(1000 * same.delay_s, 1), round(same.gain_db, 1), same.inverted),
        echoes=_echoes(pair) if pair is not None and same is None else (),
        speed=playing_speed(measures, inside),
    )


def _channel(measures: Measures, inside: Sequence[NDArray[np.bool_]], number: int) -> ChannelHealth:
    spoken = inside[number]
    noise = _noise_level(measures.levels, spoken)
    loud = spoken & (measures.levels > noise + _SPEECH_MARGIN_DB)
    speech_s = float(np.count_nonzero(spoken)) * FRAME_S
    speech = _mean_level(measures.levels[loud]) if np.count_nonzero(loud) >= 5 else None
    per_frame = round(FRAME_S / measures.fine_s)
    fine = np.repeat(loud, per_frame)[: len(measures.fine)]
    total = max(1, int(np.count_nonzero(fine)))
    missing = int(np.count_nonzero(gaps(measures.fine, noise)))
    filled = int(np.count_nonzero(fillings(measures.repeats) & _padded(fine, len(measures.repeats))))
    low, high = _edges(measures, loud)
    return ChannelHealth(
        state=_state(measures, inside, number),
        speech_s=round(speech_s, 1),
        peak_db=round(20 * float(np.log10(max(measures.peak, 1e-5))), 1),
        speech_db=None if speech is None else round(speech, 1),
        noise_db=round(noise, 1),
        snr_db=None if speech is None else round(speech - noise, 1),
        clipped=round(clipped_share(measures.sizes), 4),
        dc=round(measures.dc, 4),
        dropouts=round(missing / (total + missing), 4),
        repeated=round(filled / total, 4),
        low_hz=low,
        high_hz=high,
    )


def _inside(spans: Spans, frames: int) -> NDArray[np.bool_]:
    inside = np.zeros(frames, dtype=bool)
    for start, end in spans:
        inside[int(start / FRAME_S) : int(end / FRAME_S) + 1] = True
    return inside


def _padded(flags: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    return np.pad(flags, (0, max(0, length - len(flags))))[:length]


def _noise_level(levels: NDArray[np.float32], spoken: NDArray[np.bool_]) -> float:
    """The level of the pauses. Lost packets leave frames of nothing, which are no pauses."""
    if not len(levels):
        return -100.0
    pauses = levels[~spoken] if np.count_nonzero(~spoken) >= _FEWEST_FRAMES else levels
    sounding = pauses[pauses > _AT_REST_DB]
    if len(sounding) >= 0.4 * len(pauses):
        pauses = sounding
    return float(np.percentile(pauses, _NOISE_PERCENTILE))


def _mean_level(levels: NDArray[np.float32]) -> float:
    return 10 * float(np.log10(np.mean(10 ** (levels.astype(np.float64) / 10))))


def _state(measures: Measures, inside: Sequence[NDArray[np.bool_]], number: int) -> ChannelState:
    spoken = inside[number]
    if np.count_nonzero(spoken) * FRAME_S >= _SPEECH_S:
        return "speech"
    if not len(measures.levels) or np.percentile(measures.levels, 98) < _SILENT_DB:
        return "silent"
    others = [flags for place, flags in enumerate(inside) if place != number]
    return "leak" if any(_follows(measures.levels, flags) for flags in others) else "sound"


def _follows(levels: NDArray[np.float32], other: NDArray[np.bool_]) -> bool:
    """Whether a channel is louder just when the other side speaks."""
    other = _padded(other, len(levels))
    if not other.any() or other.all():
        return False
    return float(np.corrcoef(levels, other)[0, 1]) >= _LEAK_LIKENESS


def _edges(measures: Measures, loud: NDArray[np.bool_]) -> tuple[float | None, float | None]:
    """The lowest and highest frequency (Hz) within 35 dB of the strongest, over all speech."""
    places = (np.arange(len(measures.spectra)) * measures.spectrum_hop_s / FRAME_S).astype(int)
    chosen = measures.spectra[loud[np.minimum(places, len(loud) - 1)]] if len(loud) else measures.spectra[:0]
    if len(chosen) < _FEWEST_FRAMES // 5:
        return None, None
    mean = 10 * np.log10(chosen.mean(axis=0) + 1e-14)
    strong = np.flatnonzero(mean >= mean.max() - _EDGE_DB)
    return float(round(strong[0] * measures.hz_per_bin, 1)), float(round(strong[-1] * measures.hz_per_bin, 1))


def _echoes(pair: PairMeter) -> tuple[Echo, ...]:
    found = ((channel, pair.echo(channel)) for channel in (0, 1))
    return tuple(
        Echo(channel, round(1000 * echo.delay_s, 1), round(echo.level_db, 1))
        for channel, echo in found
        if echo is not None
    )
