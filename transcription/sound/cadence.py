"""What tones mean: by their pitch and by how long they sound and pause."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from transcription.sound.tones import Tone, series
from transcription.types import LineKind, LineSound

# One tone of this pitch is a signal of the exchange: 450 Hz in China, 425 in most of Europe, 400 elsewhere.
_SINGLE = (400.0, 425.0, 450.0)
_RING_PAIRS = ((440.0, 480.0), (400.0, 450.0))
_BUSY_PAIRS = ((480.0, 620.0),)
_DIAL_PAIRS = ((350.0, 440.0),)
_SPECIAL = (950.0, 1400.0, 1800.0)  # three rising tones before "the number you have dialled"
_SPECIAL_WITHIN_HZ, _SPECIAL_S = 45.0, 1.8
_FAX = (1100.0, 2100.0, 2225.0)
_DTMF_LOW = (697.0, 770.0, 852.0, 941.0)
_DTMF_HIGH = (1209.0, 1336.0, 1477.0, 1633.0)
_DTMF_WITHIN = 0.025
_SINGLE_WITHIN_HZ = 13.0
_LONGEST_PAUSE_S = 6.5  # ring-back pauses 4 s in China, 5 s at most elsewhere
_RING_S = (0.75, 2.6)
_BUSY_S = (0.3, 0.8)
_DIAL_S = 2.8
_ALL_KEYS_PAUSE_S = 3.0
_BEEP_S = (0.17, 2.0)
_BEEP_HZ = (300.0, 2600.0)
_BEEP_PURITY = 0.95
# A vowel may look like a tone for a quarter of a second, but its pitch moves by 5 Hz and more.
_DRIFT_HZ, _SWAY_DB = 4.0, 2.5
_BEEP_DRIFT_HZ, _BEEP_SWAY_DB = 1.5, 1.5
# One key alone must be clear: in real speech, pairs of that pitch were seen for 60 ms.
_ONE_KEY_S = 0.08


def is_key(tone: Tone) -> bool:
    """Whether the pair is one that a telephone key makes. Which key, nobody needs to know."""
    low = any(abs(tone.low - hertz) <= _DTMF_WITHIN * hertz for hertz in _DTMF_LOW)
    return low and any(abs(tone.high - hertz) <= _DTMF_WITHIN * hertz for hertz in _DTMF_HIGH)


def key_presses(found: Sequence[Tone], channel: int) -> list[LineSound]:
    """Keys pressed one after the other, as one sound; the digits are personal data and are not told."""
    groups: list[list[Tone]] = []
    for tone in filter(is_key, found):
        if groups and tone.start - groups[-1][-1].end <= _ALL_KEYS_PAUSE_S:
            groups[-1].append(tone)
        else:
            groups.append([tone])
    return [
        _sound("dtmf", channel, group) for group in groups if len(group) > 1 or group[0].seconds >= _ONE_KEY_S
    ]


def signals(found: Sequence[Tone], channel: int) -> list[LineSound]:
    """Ring-back, busy, dial, fax and special information tones, beeps and long tones of one channel."""
    sounds: list[LineSound] = []
    steady = [
        tone for tone in found if tone.drift <= _DRIFT_HZ and tone.sway <= _SWAY_DB and not is_key(tone)
    ]
    for group in series(steady, _LONGEST_PAUSE_S):
        kind = _kind(group)
        if kind is not None:
            sounds.append(_sound(kind, channel, group))
    return sorted(_without_special_parts(sounds, steady, channel), key=lambda sound: sound.start)


def _kind(group: Sequence[Tone]) -> LineKind | None:
    tone = group[0]
    if any(tone.near(*pair) for pair in _DIAL_PAIRS):
        return "dial_tone"
    if any(tone.near(hertz, within=_SINGLE_WITHIN_HZ) for hertz in _SINGLE):
        return _by_cadence(group) or _other(group)
    if any(tone.near(*pair) for pair in _RING_PAIRS):
        return _by_cadence(group)
    if any(tone.near(*pair) for pair in _BUSY_PAIRS):
        return "busy"
    if tone.high == 0 and any(tone.near(hertz, within=20.0) for hertz in _FAX) and _is_fax(group):
        return "fax"
    return _other(group)


def _by_cadence(group: Sequence[Tone]) -> LineKind | None:
    lengths = [tone.seconds for tone in group]
    pauses = [after.start - before.end for before, after in pairwise(group)]
    length = float(np.median(lengths))
    if max(lengths) >= _DIAL_S:
        return "dial_tone"
    if _RING_S[0] <= length <= _RING_S[1] and (not pauses or min(pauses) >= 1.5):
        return "ringback"
    if len(group) >= 3 and length <= _BUSY_S[1] and max(pauses) >= 1.5 and min(pauses) < 0.5:
        return "ringback"  # two short rings and a pause, as in Britain
    if len(group) >= 2 and length <= _BUSY_S[1] and float(np.median(pauses)) <= 1.2:
        return "busy"
    return None


def _is_fax(group: Sequence[Tone]) -> bool:
    """The calling machine sounds for half a second every three; the answering one for seconds."""
    return max(tone.seconds for tone in group) >= 2.0 or (
        len(group) >= 2 and all(0.35 <= tone.seconds <= 0.7 for tone in group)
    )


def _other(group: Sequence[Tone]) -> LineKind | None:
    """A beep, or a long tone, where most of the group sounds like a machine's."""
    tone = group[0]
    if tone.high or not _BEEP_HZ[0] <= tone.low <= _BEEP_HZ[1]:
        return None
    whole = [item for item in group if item.purity >= _BEEP_PURITY]
    if any(item.seconds > _BEEP_S[1] for item in whole):
        return "tone"
    still = [item for item in whole if item.drift <= _BEEP_DRIFT_HZ and item.sway <= _BEEP_SWAY_DB]
    beeps = [item for item in still if item.seconds >= _BEEP_S[0]]
    return "beep" if 2 * len(beeps) > len(group) else None


def _without_special_parts(sounds: list[LineSound], found: Sequence[Tone], channel: int) -> list[LineSound]:
    """The three tones of the special information signal are one sound, not three beeps."""
    triples = zip(found, found[1:], found[2:], strict=False)
    made = [_sound("busy", channel, triple) for triple in triples if _is_special(triple)]
    kept = [
        sound
        for sound in sounds
        if not any(sound.start < signal.end and sound.end > signal.start for signal in made)
    ]
    return kept + made


def _is_special(triple: Sequence[Tone]) -> bool:
    """Three rising tones within a second: the number cannot be reached."""
    rising = all(
        tone.near(hertz, within=_SPECIAL_WITHIN_HZ) for tone, hertz in zip(triple, _SPECIAL, strict=True)
    )
    return rising and triple[-1].end - triple[0].start < _SPECIAL_S


def _sound(kind: LineKind, channel: int, group: Sequence[Tone]) -> LineSound:
    purity = float(np.mean([tone.purity for tone in group]))
    repeats = 0.8 if len(group) == 1 and kind in ("ringback", "busy") else 1.0
    return LineSound(
        kind=kind,
        channel=channel,
        start=round(group[0].start, 2),
        end=round(group[-1].end, 2),
        confidence=round(min(0.99, purity) * repeats, 2),
        parts=tuple((round(tone.start, 2), round(tone.end, 2)) for tone in group),
    )
