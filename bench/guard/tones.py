"""What telephone exchanges and machines send. All at 8 kHz, level of no account."""

import numpy as np

from bench.guard.noises import RATE, Rng, Wave

DIGITS = {
    digit: (row, column)
    for row, digits in zip((697, 770, 852, 941), ("123A", "456B", "789C", "*0#D"), strict=True)
    for column, digit in zip((1209, 1336, 1477, 1633), digits, strict=True)
}


def tone(count: int, *hertz: float) -> Wave:
    """Sines at equal strength."""
    times = np.arange(count) / RATE
    return np.asarray(sum(np.sin(2 * np.pi * frequency * times) for frequency in hertz))


def cadence(count: int, on_s: float, off_s: float, start_s: float = 0.0) -> Wave:
    """1 while the tone is on, with edges of 5 ms."""
    times = np.arange(count) / RATE + start_s
    place = times % (on_s + off_s)
    return np.clip(np.minimum(place, on_s - place) / 0.005, 0, 1)


def dtmf(rng: Rng, count: int) -> Wave:
    """Keys pressed by hand or by a dialler."""
    wave, at = np.zeros(count), int(rng.uniform(0, 0.3) * RATE)
    by_hand = rng.random() < 0.5
    while at < count:
        length = int((rng.uniform(0.1, 0.35) if by_hand else 0.08) * RATE)
        part = wave[at : at + length]
        part += tone(len(part), *DIGITS[str(rng.choice(list(DIGITS)))])
        at += length + int((rng.uniform(0.15, 1.2) if by_hand else 0.08) * RATE)
    return wave


def ring_china(rng: Rng, count: int) -> Wave:
    return tone(count, 450) * cadence(count, 1, 4, rng.uniform(0, 5))


def ring_us(rng: Rng, count: int) -> Wave:
    return tone(count, 440, 480) * cadence(count, 2, 4, rng.uniform(0, 6))


def busy_china(rng: Rng, count: int) -> Wave:
    return tone(count, 450) * cadence(count, 0.35, 0.35)


def busy_us(rng: Rng, count: int) -> Wave:
    return tone(count, 480, 620) * cadence(count, 0.5, 0.5)


def special_information(rng: Rng, count: int) -> Wave:
    """Three rising tones before an announcement, here again and again without one."""
    place = (np.arange(count) / RATE) % 2.0
    steps = [
        tone(count, hertz) * ((place >= i / 3) & (place < (i + 1) / 3))
        for i, hertz in enumerate((950, 1400, 1800))
    ]
    return np.asarray(sum(steps))


def fax(rng: Rng, count: int) -> Wave:
    """Calling tone, answer tone, then modems that train."""
    quarter = count // 4
    calling = tone(quarter, 1100) * cadence(quarter, 0.5, 3)
    answer = tone(quarter, 2100)
    rest = count - 2 * quarter
    bits = np.repeat(rng.integers(0, 2, rest // 26 + 1), 27)[:rest]
    modem = np.sin(2 * np.pi * np.cumsum(np.where(bits, 1650, 1850)) / RATE)
    training = rng.normal(size=rest) * 0.7
    return np.concatenate((calling, answer, np.where(np.arange(rest) < rest // 2, modem, training)))


def beeps(rng: Rng, count: int) -> Wave:
    """A recorder's or a machine's beep now and then."""
    hertz = float(rng.choice((1000, 1400, 440, 2000)))
    return tone(count, hertz) * cadence(count, rng.uniform(0.1, 0.6), rng.uniform(0.8, 6))
