"""What lasts: neighbouring utterances of one speaker that sound alike, taken together.

How an utterance sounds is less sure the shorter it is, and where a turn is parted into utterances is chance.
Utterances of one turn that sound the same way are therefore taken together, and what speaks for them is that
of the whole run through turns that follow each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from transcription.types import Speaker
from transcription.voice.types import UtteranceVoice

Score = Callable[[UtteranceVoice], float | None]

# The mean of a measure is the surer the more was said, as the square root, until so much was said: what it
# wavers by then is the speaker's or the line's, not chance.
_FULL_S: Final = 6.0
# Longer pauses part a turn.
_PAUSE_S: Final = 2.0
# Shorter utterances (嗯, 喂) neither make a run nor end one.
_PASSING_S: Final = 0.8


@dataclass(frozen=True, slots=True)
class Lasting:
    """Utterances of one turn that sound the same way.

    `value` is their mean score, weighted by length. `evidence` is that of the whole run they belong to,
    less where little was said in it; `run_s` is how much was said in it.
    """

    voices: tuple[UtteranceVoice, ...]
    value: float
    evidence: float
    run_s: float

    @property
    def seconds(self) -> float:
        """How much was said."""
        return _seconds(self.voices)

    def mean(self, measure: Score) -> float | None:
        """Mean of a measure, weighted by length; None where it is not known of any of them."""
        known = [voice for voice in self.voices if measure(voice) is not None]
        return weighted_mean(known, measure) if known else None


def lasting(turns: Sequence[Sequence[UtteranceVoice]], score: Score, *, least: float) -> list[Lasting]:
    """The parts of one speaker's turns with a score of at least `least` throughout.

    Args:
        turns: what the speaker said, by turn, in order of time.
        score: how strongly an utterance sounds the way that is looked for; None: it cannot be told.
        least: utterances with less do not belong to what lasts.
    """
    runs: list[list[list[UtteranceVoice]]] = [[]]
    for turn in turns:
        parts = _parts(turn, score, least)
        sounds_otherwise = any(_counts(voice) and not _belongs(voice, score, least) for voice in turn)
        if sounds_otherwise:
            runs += [*([part] for part in parts), []]
        else:
            runs[-1] += parts
    return [found for run in runs if run for found in _taken_together(run, score)]


def turns_of(speaker: Speaker, voices: Sequence[UtteranceVoice]) -> list[list[UtteranceVoice]]:
    """What one speaker said, by turn: a turn ends where the other begins, or at a pause.

    Args:
        speaker: whose turns.
        voices: everything said in the call, in order of time.
    """
    turns: list[list[UtteranceVoice]] = []
    last: UtteranceVoice | None = None
    for voice in voices:
        if voice.speaker == speaker:
            goes_on = last is not None and last.speaker == speaker and voice.start - last.end < _PAUSE_S
            if not goes_on:
                turns.append([])
            turns[-1].append(voice)
        last = voice
    return turns


def weighted_mean(voices: Sequence[UtteranceVoice], measure: Score) -> float:
    """Mean of a measure over utterances, weighted by their length; at least one must have it."""
    known = [(value, voice.end - voice.start) for voice in voices if (value := measure(voice)) is not None]
    return sum(value * length for value, length in known) / sum(length for _, length in known)


def _parts(turn: Sequence[UtteranceVoice], score: Score, least: float) -> list[list[UtteranceVoice]]:
    parts: list[list[UtteranceVoice]] = [[]]
    for voice in turn:
        if _belongs(voice, score, least):
            parts[-1].append(voice)
        elif _counts(voice):
            parts.append([])
    return [part for part in parts if part]


def _taken_together(run: Sequence[Sequence[UtteranceVoice]], score: Score) -> list[Lasting]:
    """The parts of one run, each with the evidence of the whole."""
    everything = [voice for part in run for voice in part]
    seconds = _seconds(everything)
    evidence = weighted_mean(everything, score) * sqrt(min(1.0, seconds / _FULL_S))
    return [
        Lasting(tuple(part), round(weighted_mean(part, score), 2), round(evidence, 2), round(seconds, 2))
        for part in run
    ]


def _belongs(voice: UtteranceVoice, score: Score, least: float) -> bool:
    value = score(voice)
    return value is not None and value >= least


def _counts(voice: UtteranceVoice) -> bool:
    return voice.end - voice.start >= _PASSING_S


def _seconds(voices: Sequence[UtteranceVoice]) -> float:
    return sum(voice.end - voice.start for voice in voices)
