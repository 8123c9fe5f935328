"""Hold music: chords, melodies and rhythm in several timbres. All at 8 kHz, level of no account."""

from collections.abc import Callable

import numpy as np

from bench.guard.noises import RATE, Rng, Wave, band, slow

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_PENTATONIC = (0, 2, 4, 7, 9)
_PROGRESSIONS = ((0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 0, 4))


def _envelope(count: int, attack_s: float, fall_s: float) -> Wave:
    times = np.arange(count) / RATE
    ends = np.clip((count - np.arange(count)) / (0.02 * RATE), 0, 1)
    return np.asarray(np.clip(times / attack_s, 0, 1) * np.exp(-times / fall_s) * ends)


def _partials(count: int, hertz: float, strengths: tuple[float, ...], wobble: float = 0.0) -> Wave:
    times = np.arange(count) / RATE
    phase = 2 * np.pi * hertz * times + wobble * np.sin(2 * np.pi * 5.5 * times)
    audible = [(k, s) for k, s in enumerate(strengths, 1) if k * hertz < RATE / 2]
    return np.asarray(sum((s * np.sin(k * phase) for k, s in audible), np.zeros(count)))


def piano(rng: Rng, count: int, hertz: float) -> Wave:
    return _partials(count, hertz, (1, 0.6, 0.35, 0.2, 0.12, 0.06)) * _envelope(count, 0.005, 0.5)


def strings(rng: Rng, count: int, hertz: float) -> Wave:
    return _partials(count, hertz, tuple(1 / k for k in range(1, 11)), 0.35) * _envelope(count, 0.12, 9)


def flute(rng: Rng, count: int, hertz: float) -> Wave:
    air = 0.05 * band(rng.normal(size=count), 800, 3000)
    return (_partials(count, 2 * hertz, (1, 0.25, 0.1), 0.3) + air) * _envelope(count, 0.06, 9)


def plucked(rng: Rng, count: int, hertz: float) -> Wave:
    """A string by Karplus and Strong."""
    period = max(2, round(RATE / hertz))
    line, wave = rng.uniform(-1, 1, period), np.zeros(count)
    for start in range(0, count, period):
        part = wave[start : start + period]
        part[:] = line[: len(part)]
        line = 0.498 * (line + np.roll(line, 1))
    return wave * _envelope(count, 0.001, 9)


def reed(rng: Rng, count: int, hertz: float) -> Wave:
    """Square-like, with a moving formant: as near to a voice as an instrument comes."""
    wave = _partials(count, hertz, (1, 0, 0.5, 0, 0.35, 0, 0.25, 0, 0.15), 0.2)
    return (wave + slow(rng, count, 3) * band(wave, 700, 1600) * 2) * _envelope(count, 0.04, 9)


def chip(rng: Rng, count: int, hertz: float) -> Wave:
    """The music chip of an old exchange."""
    return np.asarray(np.sign(_partials(count, 2 * hertz, (1,)))) * _envelope(count, 0.002, 1.5)


def choir(rng: Rng, count: int, hertz: float) -> Wave:
    """Voices that hold "ah": no words, though as like speech as music gets."""
    wave = _partials(count, hertz, tuple(1 / k for k in range(1, 16)), 0.5)
    return (band(wave, 600, 1000) + 0.6 * band(wave, 1000, 1400) + 0.2 * wave) * _envelope(count, 0.2, 9)


TIMBRES = (piano, strings, flute, plucked, reed, chip, choir)


def _add(wave: Wave, at: int, sound: Wave) -> None:
    wave[at : at + len(sound)] += sound[: max(0, len(wave) - at)]


def _drums(rng: Rng, wave: Wave, beat: int, loudness: float) -> None:
    for number, at in enumerate(range(0, len(wave), beat // 2)):
        count = int(0.12 * RATE)
        times = np.arange(count) / RATE
        hiss = rng.normal(size=count) * np.exp(-times / (0.05 if number % 4 == 2 else 0.012))
        kick = np.sin(2 * np.pi * (60 * times + 3 * (1 - np.exp(-times / 0.02)))) * np.exp(-times / 0.06)
        _add(wave, at, loudness * (kick if number % 4 == 0 else 0.5 * hiss))


def hold_music(timbre: Callable[[Rng, int, float], Wave]) -> Callable[[Rng, int], Wave]:
    """A tune with chords below it, with or without drums."""

    def play(rng: Rng, count: int) -> Wave:
        wave = np.zeros(count)
        beat = int(60 / rng.uniform(70, 140) * RATE)
        root, progression = rng.uniform(110, 220), _PROGRESSIONS[rng.integers(len(_PROGRESSIONS))]
        scale = _MAJOR if rng.random() < 0.5 else _PENTATONIC
        step = 4
        for bar, at in enumerate(range(0, count, 4 * beat)):
            degree = progression[bar % 4]
            for third in (0, 2, 4):
                semitones = _MAJOR[(degree + third) % 7] + 12 * ((degree + third) // 7)
                _add(wave, at, 0.4 * strings_or(timbre)(rng, 4 * beat, root * 2 ** (semitones / 12)))
            for place in range(0, 4 * beat, beat // int(rng.integers(1, 3))):
                step = int(np.clip(step + rng.integers(-2, 3), 0, 2 * len(scale) - 1))
                semitones = 12 * (step // len(scale)) + scale[step % len(scale)]
                length = int(beat * rng.uniform(0.5, 1.1))
                _add(wave, at + place, timbre(rng, length, 2 * root * 2 ** (semitones / 12)))
        if rng.random() < 0.5:
            _drums(rng, wave, beat, rng.uniform(0.5, 1.5))
        return wave

    return play


def strings_or(timbre: Callable[[Rng, int, float], Wave]) -> Callable[[Rng, int, float], Wave]:
    """What plays the chords under a tune: the same instrument where it can, else strings."""
    return timbre if timbre in (piano, plucked, choir) else strings
