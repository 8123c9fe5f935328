"""Sounds of the line and of the surroundings, without any word. All at 8 kHz, level of no account."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

RATE = 8000

Wave = NDArray[np.float64]
Rng = np.random.Generator


def band(wave: Wave, low: float, high: float, order: int = 2) -> Wave:
    """Keep the frequencies from `low` to `high` Hz."""
    return np.asarray(sosfilt(butter(order, (low, high), "bandpass", fs=RATE, output="sos"), wave))


def slow(rng: Rng, count: int, hertz: float) -> Wave:
    """A random curve from 0 to 1 that moves about `hertz` times a second."""
    points = max(2, int(count / RATE * hertz) + 2)
    return np.interp(np.linspace(0, points - 1, count), np.arange(points), rng.random(points))


def silence(rng: Rng, count: int) -> Wave:
    return np.zeros(count)


def dither(rng: Rng, count: int) -> Wave:
    """The lowest bit of 16, at random."""
    return rng.integers(-1, 2, count) / 32768


def idle_code(rng: Rng, count: int) -> Wave:
    """A G.711 line at rest: the two smallest A-law steps, now and then the next."""
    return rng.choice((-1.0, 1.0), count) * np.where(rng.random(count) < 0.02, 3, 1) * 8 / 32768


def white(rng: Rng, count: int) -> Wave:
    return rng.normal(size=count)


def coloured(rng: Rng, count: int, power: float) -> Wave:
    """Noise whose power falls with frequency to that power: 1 pink, 2 brown."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20)
    return np.asarray(np.fft.irfft(spectrum / frequency ** (power / 2), count))


def pink(rng: Rng, count: int) -> Wave:
    return coloured(rng, count, 1)


def brown(rng: Rng, count: int) -> Wave:
    return coloured(rng, count, 2)


def crackle(rng: Rng, count: int) -> Wave:
    """A bad contact: rare sharp clicks of very different size over a little hiss."""
    clicks = np.where(rng.random(count) < rng.uniform(0.0005, 0.004), rng.standard_cauchy(count), 0)
    ring = np.asarray(lfilter([1], [1, -1.2, 0.6], np.clip(clicks, -30, 30)))
    return ring + 0.02 * rng.normal(size=count)


def gsm_buzz(rng: Rng, count: int) -> Wave:
    """A mobile telephone beside the cable: bursts at 217 Hz, in groups, as when a call is set up."""
    times = np.arange(count) / RATE
    pulses = ((times * 216.7) % 1 < 0.13).astype(float)
    groups = (times * 3.7 % 1 < 0.55) * (slow(rng, count, 0.7) > 0.35)
    return band(pulses * groups, 100, 3500, 1) + 0.005 * rng.normal(size=count)


def hum(rng: Rng, count: int) -> Wave:
    """The mains, 50 or 60 Hz, with harmonics: above 300 Hz only those are left."""
    base = rng.choice((50.0, 60.0)) * (1 + rng.normal() * 0.0005)
    times = np.arange(count) / RATE
    wave = np.zeros(count)
    for harmonic in range(1, 40):
        strength = rng.uniform(0.2, 1) / harmonic ** rng.uniform(0.6, 1.2)
        wave += strength * np.sin(2 * np.pi * (base * harmonic * times + rng.random()))
    return wave * (1 + 0.05 * slow(rng, count, 2))


def wind(rng: Rng, count: int) -> Wave:
    """Gusts on a microphone: low rumble that swells, with some flutter."""
    gusts = slow(rng, count, 0.6) ** 2 + 0.2 * slow(rng, count, 6)
    return coloured(rng, count, 1.6) * gusts


def traffic(rng: Rng, count: int) -> Wave:
    """A street: rumble, cars that pass, now and then a horn."""
    wave = coloured(rng, count, 1.3)
    wave /= np.std(wave)
    times = np.arange(count) / RATE
    for _ in range(max(1, count // (5 * RATE))):
        at, width = rng.uniform(0, times[-1]), rng.uniform(0.6, 2)
        passing = np.exp(-(((times - at) / width) ** 2))
        wave += passing * band(rng.normal(size=count), 250, 1800) * rng.uniform(2, 5)
    for _ in range(rng.poisson(count / RATE / 12)):
        at, length = rng.uniform(0, times[-1]), rng.uniform(0.2, 0.9)
        horn = sum(np.sign(np.sin(2 * np.pi * hertz * times)) for hertz in (410, 515))
        wave += 0.8 * np.asarray(horn) * ((times > at) & (times < at + length))
    return wave


def murmur(rng: Rng, count: int) -> Wave:
    """A room full of people, none of whom can be understood: noise shaped and moving as speech does."""
    wave = np.zeros(count)
    for _ in range(12):
        syllables = np.clip(slow(rng, count, rng.uniform(6, 10)) - 0.35, 0, None)
        low = rng.uniform(300, 900)
        wave += band(rng.normal(size=count), low, low + rng.uniform(200, 1800)) * syllables
    return wave


def rubbing(rng: Rng, count: int) -> Wave:
    """A telephone in a pocket: cloth over the microphone."""
    strokes = np.clip(slow(rng, count, rng.uniform(2, 5)) - 0.4, 0, None)
    grain = 0.3 + slow(rng, count, 60)
    return coloured(rng, count, 0.8) * strokes * grain


def drop_outs(rng: Rng, count: int) -> Wave:
    """Noise of a line that loses packets: 20 ms pieces missing or repeated."""
    wave = coloured(rng, count, 0.7)
    for start in range(0, count - 320, 160):
        if rng.random() < 0.15:
            wave[start : start + 160] = 0 if rng.random() < 0.6 else wave[start + 160 : start + 320]
    return wave
