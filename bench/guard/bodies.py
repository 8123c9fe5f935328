"""Sounds of people and things near the telephone that are no words. All at 8 kHz, level of no account."""

from collections.abc import Callable

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from bench.guard.noises import RATE, Rng, Wave, band, coloured, slow

Event = Callable[[Rng], Wave]


def resonant(wave: Wave, peaks: tuple[tuple[float, float], ...]) -> Wave:
    """Through a throat, or a box: resonances given as (Hz, bandwidth in Hz)."""
    for hertz, width in peaks:
        radius = np.exp(-np.pi * width / RATE)
        wave = np.asarray(
            lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * hertz / RATE), radius**2], wave)
        )
    return wave


def decay(count: int, rise_s: float, fall_s: float) -> Wave:
    """An envelope that rises and falls off exponentially."""
    times = np.arange(count) / RATE
    return np.asarray((1 - np.exp(-times / rise_s)) * np.exp(-times / fall_s))


def glottal(rng: Rng, count: int, hertz: float) -> Wave:
    """Pulses of an unsteady, rough voice."""
    pitch = hertz * (0.8 + 0.5 * slow(rng, count, 8)) * (1 + 0.1 * rng.normal(size=count))
    phase = np.cumsum(pitch) / RATE
    return np.asarray(np.diff(np.floor(phase), prepend=0) * rng.uniform(0.4, 1, count))


def cough(rng: Rng) -> Wave:
    """One to three bursts: explosion, rough voice, end."""
    parts = []
    throat = ((rng.uniform(500, 800), 150.0), (rng.uniform(1200, 1700), 200.0), (2600.0, 300.0))
    for _ in range(rng.integers(1, 4)):
        count = int(rng.uniform(0.18, 0.35) * RATE)
        burst = rng.normal(size=count) * decay(count, 0.004, rng.uniform(0.03, 0.08))
        voiced = glottal(rng, count, rng.uniform(120, 320)) * decay(count, 0.05, 0.08)
        parts += [
            resonant(burst + rng.uniform(0, 2) * voiced, throat),
            np.zeros(int(rng.uniform(0.08, 0.4) * RATE)),
        ]
    return np.concatenate(parts)


def breath(rng: Rng) -> Wave:
    """In or out, by mouth or nose, close to the microphone."""
    count = int(rng.uniform(0.5, 1.8) * RATE)
    shape = np.sin(np.linspace(0, np.pi, count)) ** rng.uniform(0.7, 2)
    throat = ((rng.uniform(600, 1200), 400.0), (rng.uniform(1500, 2500), 600.0))
    return resonant(rng.normal(size=count), throat) * shape


def sneeze(rng: Rng) -> Wave:
    count = int(rng.uniform(0.35, 0.6) * RATE)
    hiss = np.asarray(sosfilt(butter(2, 1500, "highpass", fs=RATE, output="sos"), rng.normal(size=count)))
    return np.concatenate((0.2 * breath(rng), hiss * decay(count, 0.01, 0.12)))


def throat_clearing(rng: Rng) -> Wave:
    count = int(rng.uniform(0.3, 0.7) * RATE)
    rough = glottal(rng, count, rng.uniform(70, 130)) + 0.3 * rng.normal(size=count)
    return resonant(rough, ((450.0, 120.0), (1100.0, 200.0))) * np.sin(np.linspace(0, np.pi, count)) ** 0.5


def click(rng: Rng) -> Wave:
    count = int(0.03 * RATE)
    return rng.normal(size=count) * decay(count, 0.0003, rng.uniform(0.001, 0.006))


def keys(rng: Rng) -> Wave:
    """Typing: two clicks per key, down and up."""
    wave = np.zeros(int(rng.uniform(0.8, 3) * RATE))
    at = 0.0
    while at < len(wave) / RATE - 0.2:
        for delay, strength in ((0.0, 1.0), (rng.uniform(0.06, 0.1), 0.4)):
            start = int((at + delay) * RATE)
            sound = resonant(click(rng), ((rng.uniform(1500, 3000), 400.0),)) * strength * rng.uniform(0.5, 1)
            wave[start : start + len(sound)] += sound[: len(wave) - start]
        at += rng.uniform(0.09, 0.3)
    return wave


def knock(rng: Rng) -> Wave:
    """Knuckles on wood, two to five times."""
    parts = []
    for _ in range(rng.integers(2, 6)):
        count = int(rng.uniform(0.16, 0.24) * RATE)
        wood = tuple((rng.uniform(low, 2 * low), 60.0) for low in (180, 420, 900))
        parts.append(resonant(rng.normal(size=count) * decay(count, 0.0005, 0.004), wood))
    return np.concatenate(parts)


def door(rng: Rng) -> Wave:
    """A hinge, then the door falls shut."""
    count = int(rng.uniform(0.4, 1.0) * RATE)
    creak = resonant(
        glottal(rng, count, rng.uniform(40, 90)), ((rng.uniform(800, 1500), 80.0), (2300.0, 150.0))
    )
    slam = coloured(rng, RATE // 2, 1.5) * decay(RATE // 2, 0.001, 0.06)
    return np.concatenate((creak / np.abs(creak).max() * 0.2, slam / np.abs(slam).max()))


def dishes(rng: Rng) -> Wave:
    """Cups and cutlery: short, bright, ringing."""
    count = int(0.5 * RATE)
    parts = []
    for _ in range(rng.integers(1, 4)):
        rings = tuple((hertz, 15.0) for hertz in rng.uniform(1200, 3300, 3))
        struck = rng.normal(size=count) * decay(count, 0.0002, 0.001)
        parts.append(
            sum((resonant(struck, (ring,)) for ring in rings), np.zeros(count))[
                : int(rng.uniform(0.1, 0.5) * RATE)
            ]
        )
    return np.concatenate(parts)


def bark(rng: Rng) -> Wave:
    """A dog in the next room."""
    parts = []
    for _ in range(rng.integers(1, 5)):
        count = int(rng.uniform(0.15, 0.25) * RATE)
        voice = glottal(rng, count, rng.uniform(300, 600)) + 0.4 * rng.normal(size=count)
        parts += [
            resonant(voice, ((rng.uniform(700, 1000), 150.0), (1900.0, 250.0))) * decay(count, 0.01, 0.07),
            np.zeros(int(rng.uniform(0.1, 0.5) * RATE)),
        ]
    return np.concatenate(parts)


def voiced(rng: Rng, count: int, hertz: Wave, peaks: tuple[tuple[float, float], ...]) -> Wave:
    """A throat that sounds at that pitch (Hz, one per sample)."""
    phase = np.cumsum(hertz) / RATE
    pulses = np.diff(np.floor(phase), prepend=0) + 0.02 * rng.normal(size=count)
    return resonant(pulses, peaks)


def laugh(rng: Rng) -> Wave:
    """Three to eight bursts of voice and breath, falling."""
    parts, start = [], rng.uniform(140, 330)
    number = int(rng.integers(3, 9))
    vowel = ((rng.uniform(600, 900), 100.0), (rng.uniform(1100, 1500), 150.0), (2600.0, 250.0))
    for step in range(number):
        count = int(rng.uniform(0.09, 0.13) * RATE)
        pitch = np.full(count, start * (1.25 - 0.4 * step / number)) * (1 + 0.02 * slow(rng, count, 20))
        shape = np.sin(np.linspace(0, np.pi, count))
        air = band(rng.normal(size=count // 2), 900, 3000) * 0.08
        parts += [voiced(rng, count, pitch, vowel) * shape, air * np.hanning(count // 2)]
    return np.concatenate(parts)


def humming(rng: Rng) -> Wave:
    """Somebody hums a few notes with the mouth closed."""
    count = int(rng.uniform(1.0, 3.0) * RATE)
    notes = rng.choice((0, 2, 4, 5, 7, 9), size=max(2, int(count / RATE * 3)))
    pitch = rng.uniform(120, 260) * 2 ** (np.repeat(notes, -(-count // len(notes)))[:count] / 12)
    smooth = np.convolve(np.pad(pitch, 200, mode="edge"), np.ones(401) / 401, "valid")[:count]
    return (
        voiced(rng, count, smooth, ((300.0, 80.0), (1000.0, 300.0)))
        * np.sin(np.linspace(0, np.pi, count)) ** 0.3
    )


def baby(rng: Rng) -> Wave:
    """A baby cries: long, high, with a pitch that rises and falls."""
    count = int(rng.uniform(0.7, 1.4) * RATE)
    arc = np.sin(np.linspace(0, np.pi, count))
    pitch = rng.uniform(350, 450) * (1 + 0.35 * arc) * (1 + 0.02 * np.sin(np.arange(count) / RATE * 40))
    mouth = ((rng.uniform(900, 1200), 120.0), (rng.uniform(2200, 2900), 250.0))
    return voiced(rng, count, pitch, mouth) * arc**0.5


def snore(rng: Rng) -> Wave:
    count = int(rng.uniform(0.8, 1.5) * RATE)
    rattle = glottal(rng, count, rng.uniform(25, 45)) + 0.2 * rng.normal(size=count)
    return resonant(rattle, ((350.0, 120.0), (1300.0, 400.0))) * np.sin(np.linspace(0, np.pi, count))


def lip_smack(rng: Rng) -> Wave:
    return np.concatenate(
        (click(rng), np.zeros(int(rng.uniform(0.02, 0.08) * RATE)), band(click(rng), 800, 2500))
    )


def scattered(event: Event) -> Callable[[Rng, int], Wave]:
    """That event now and then, over the hiss of a line."""

    def play(rng: Rng, count: int) -> Wave:
        wave = np.zeros(count)
        at = int(rng.uniform(0, 0.5) * RATE)
        while at < count:
            sound = event(rng)
            sound = sound / (np.abs(sound).max() + 1e-9) * rng.uniform(0.4, 1)
            wave[at : at + len(sound)] += sound[: count - at]
            at += len(sound) + int(rng.uniform(0.3, 4) * RATE)
        return wave + 10 ** (rng.uniform(-55, -30) / 20) * rng.normal(size=count)

    return play
