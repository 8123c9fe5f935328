"""Guard against invented text. A sentence nobody said would be a false accusation.

Speech recognisers write fluent text for silence, noise and music, and repeat themselves. Every reading
passes here before a rule sees it; what is refused is kept for audit and never matched.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.fuzz import partial_ratio

from transcription.engines.engine import Reading
from transcription.text.repetition import compression_ratio, repetition, says_one_thing
from transcription.text.simplify import simplify
from transcription.text.stock_phrases import stock_phrase
from transcription.voice.cues.rate import spoken_characters

# Nobody speaks faster than this; the fastest real telephone speech measured is below 8 characters per second.
MAX_RATE = 10.0
# Slower than this, words were left out.
MIN_RATE = 2.0
_MIN_RATE_SPEECH_S = 2.5
# The mean log probability per token that text needs, by the engine's own belief that nobody spoke. A word
# alone has nothing around it that would make the engine surer: answers that were really given were read at
# down to -2.4, nearly all with a belief below 0.4; coughs, doors and the buzz of a mobile phone lie above.
_NO_SPEECH_STEPS = (0.38, 0.42, 0.60, 0.65, 0.70, 0.85)
_NEEDED = (-1.6, -1.6, -0.95, -0.9, -0.8, -0.6)
_NEEDED_SHORT = (-2.4, -1.65, -1.45, -1.4, -0.9, -0.6)
SHORT_S = 1.3
_SHORT_CHARACTERS = 6
# From such a belief on, or where the sound is hardly a voice, it is likelier that nobody spoke.
NO_SPEECH = 0.55
_WEAK_AS_NO_SPEECH = 0.70
# Mean speech activity of a clip below which there is hardly a voice. Some real short words lie below:
# of short clips it tells something only where the engine has doubts as well.
WEAK_ACTIVITY = 0.2
WEAK_ACTIVITY_SHORT = 0.3
_ACTIVITY_FROM_S = 1.5
# Below this the text is doubted. A short answer is heard again only below the second: above it, hearing it
# again finds the right words no more often (docs/quality.md).
DOUBTFUL_LOG_PROBABILITY = -0.9
DOUBTFUL_LOG_PROBABILITY_SHORT = -1.3
# What an engine that tells how sure it is, but not whether anybody spoke, is taken to believe.
_UNTOLD_NO_SPEECH = 0.5
# A text is an echo of the prompt when it is this alike (0..100) to some part of it, and not a mere word.
_ECHO_LIKENESS = 85
_ECHO_CHARACTERS = 4

_NOT_SPOKEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard thinks of a reading. `reason` is why it is refused, None when it is accepted.

    A doubtful reading is worth hearing again another way; `doubts` say why, also of an accepted one.
    `few_words` means that there is clearly more speech than text. `score` orders readings of the same clip:
    the higher, the more likely what was said. `measures` are the figures that were judged.
    """

    reason: str | None
    doubtful: bool
    score: float
    doubts: tuple[str, ...] = ()
    few_words: bool = False
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """A reading as it is judged: simplified text, its letters and characters alone, and the figures."""

    text: str
    plain: str
    speech_s: float
    sureness: float
    told: bool
    no_speech: float
    activity: float
    prompt: str

    @property
    def short(self) -> bool:
        """Whether it is an answer of a word or two."""
        return self.speech_s <= SHORT_S and spoken_characters(self.plain) <= _SHORT_CHARACTERS

    @property
    def weak(self) -> bool:
        """Whether the sound is hardly a voice."""
        if self.speech_s >= _ACTIVITY_FROM_S:
            return self.activity < WEAK_ACTIVITY
        return self.activity < WEAK_ACTIVITY_SHORT and self.no_speech > _NO_SPEECH_STEPS[0]

    @property
    def unlikely_speech(self) -> bool:
        """Whether the engine, or the sound, says that perhaps nobody spoke."""
        return self.no_speech > NO_SPEECH or self.weak

    @property
    def needed(self) -> float:
        """The log probability from which the text is more than a guess."""
        no_speech = max(self.no_speech, _WEAK_AS_NO_SPEECH) if self.weak else self.no_speech
        return float(np.interp(no_speech, _NO_SPEECH_STEPS, _NEEDED_SHORT if self.short else _NEEDED))

    @property
    def guessed(self) -> bool:
        """Whether the text is no more than a guess. An engine that does not say how sure it is is believed
        only where somebody surely speaks."""
        return self.sureness < self.needed if self.told else self.unlikely_speech

    @property
    def rate(self) -> float:
        return spoken_characters(self.plain) / max(self.speech_s, 0.1)


def judge(reading: Reading, speech_s: float, *, activity: float | None = None, prompt: str = "") -> Verdict:
    """Judge a reading of a clip that holds `speech_s` seconds of detected speech.

    Args:
        reading: what the engine wrote.
        speech_s: seconds of speech that were detected in the clip.
        activity: the mean speech activity of the clip, 0..1 (`sound.activity`); None when nobody looked.
        prompt: text that the engine was given beforehand: it may come back as if it had been said.

    Reasons: `empty`, `stock_phrase`, `prompt_echo`, `repetition`, `too_fast`, `no_speech`, `low_confidence`.
    Doubts: those, and `few_words`.
    """
    text = simplify(reading.text)
    case = _Case(
        text,
        _NOT_SPOKEN.sub("", text).lower(),
        speech_s,
        reading.log_probability if reading.log_probability is not None else 0.0,
        reading.log_probability is not None,
        _belief(reading),
        1.0 if activity is None else activity,
        _NOT_SPOKEN.sub("", simplify(prompt)).lower(),
    )
    reason = _refusal(case)
    few_words = _too_slow(case)
    doubts = _doubts(case, few_words=few_words)
    odd = few_words or "repetition" in doubts
    score = case.sureness - 3.0 * odd - 6.0 * (reason is not None)
    return Verdict(
        reason,
        reason is not None or _worth_hearing_again(case, doubts),
        score,
        doubts,
        few_words,
        _measures(case, reading, activity),
    )


def confidence(reading: Reading) -> float:
    """How sure the engine is of the words, 0..1; 0.5 where it does not say."""
    if reading.words:
        return math.fsum(word.confidence for word in reading.words) / len(reading.words)
    return math.exp(min(0.0, reading.log_probability)) if reading.log_probability is not None else 0.5


def _belief(reading: Reading) -> float:
    if reading.no_speech is not None:
        return reading.no_speech
    return 0.0 if reading.log_probability is None else _UNTOLD_NO_SPEECH


def _refusal(case: _Case) -> str | None:
    checks = (
        ("empty", not case.plain),
        ("stock_phrase", stock_phrase(case.text) in ("certain", "whole")),
        ("prompt_echo", _echoes(case)),
        ("repetition", repetition(case.plain, case.speech_s) == "loop"),
        ("too_fast", spoken_characters(case.plain) > MAX_RATE * case.speech_s + 3),
        ("repetition", case.unlikely_speech and says_one_thing(case.plain)),
        ("no_speech", case.guessed and case.unlikely_speech),
        ("low_confidence", case.guessed),
    )
    return next((reason for reason, found in checks if found), None)


def _doubts(case: _Case, *, few_words: bool) -> tuple[str, ...]:
    """Why an accepted reading may still be wrong."""
    checks = (
        ("stock_phrase", stock_phrase(case.text) == "part"),
        ("repetition", repetition(case.plain, case.speech_s) == "twice"),
        ("few_words", few_words),
        ("no_speech", case.unlikely_speech),
        ("low_confidence", case.sureness < DOUBTFUL_LOG_PROBABILITY),
    )
    return tuple(doubt for doubt, found in checks if found)


def _worth_hearing_again(case: _Case, doubts: tuple[str, ...]) -> bool:
    """Whether a doubted reading may become better when the clip is heard in another way."""
    if case.short and doubts == ("low_confidence",) and case.no_speech <= _NO_SPEECH_STEPS[0]:
        return case.sureness < DOUBTFUL_LOG_PROBABILITY_SHORT
    return bool(doubts)


def _echoes(case: _Case) -> bool:
    if len(case.plain) < _ECHO_CHARACTERS or not case.prompt:
        return False
    shorter, longer = sorted((case.plain, case.prompt), key=len)
    # A prompt of a few words may well be said; text much longer than the prompt is more than its echo.
    return len(case.plain) <= 1.5 * len(case.prompt) and partial_ratio(shorter, longer) >= _ECHO_LIKENESS


def _too_slow(case: _Case) -> bool:
    return case.speech_s >= _MIN_RATE_SPEECH_S and case.rate < MIN_RATE


def _measures(case: _Case, reading: Reading, activity: float | None) -> dict[str, float]:
    figures = {
        "speech_s": case.speech_s,
        "activity": activity,
        "log_probability": reading.log_probability,
        "no_speech": reading.no_speech,
        "confidence": confidence(reading) if reading.words else None,
        "characters_per_s": case.rate,
        "compression": compression_ratio(case.plain),
    }
    return {name: round(figure, 3) for name, figure in figures.items() if figure is not None}
