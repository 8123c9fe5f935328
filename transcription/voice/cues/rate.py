"""How fast somebody speaks, and who speaks hurriedly."""

import re
from collections.abc import Sequence
from statistics import median

from transcription.types import Because, Cue, Utterance

# A Chinese character and an English syllable take about the same time; a group of vowels is a syllable.
_CHINESE = re.compile(r"[㐀-䶿一-鿿]")
_SYLLABLE = re.compile(r"[aeiouy]+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")

# Hurried: this much faster than the speaker's own median, and fast for anybody.
HURRIED_RATIO = 1.3
HURRIED_RATE = 6.0
_MIN_CHARACTERS = 8
_MIN_RATE_UTTERANCES = 3
# So much faster leaves no doubt.
_SURE_RATIO = 1.5


def spoken_characters(text: str) -> int:
    """Number of syllables in the text: Chinese characters, digits, and vowel groups of Latin words."""
    return len(_CHINESE.findall(text)) + len(_DIGIT.findall(text)) + len(_SYLLABLE.findall(text))


def speech_rate(text: str, seconds: float) -> float | None:
    """Characters (syllables) per second; None without a length."""
    return spoken_characters(text) / seconds if seconds > 0 else None


def hurried_speech(utterances: Sequence[Utterance]) -> list[Cue]:
    """Utterances spoken much faster than the speaker's own pace."""
    cues = []
    for speaker in sorted({utterance.speaker for utterance in utterances}):
        rates = {
            utterance.id: (utterance, rate)
            for utterance in utterances
            if utterance.speaker == speaker
            and spoken_characters(utterance.text) >= _MIN_CHARACTERS
            and (rate := speech_rate(utterance.text, utterance.end - utterance.start)) is not None
        }
        if len(rates) < _MIN_RATE_UTTERANCES:
            continue
        usual = median(rate for _, rate in rates.values())
        cues += [
            _hurried(utterance, rate, usual)
            for utterance, rate in rates.values()
            if rate >= max(HURRIED_RATE, HURRIED_RATIO * usual)
        ]
    return cues


def _hurried(utterance: Utterance, rate: float, usual: float) -> Cue:
    margin = (rate / usual - HURRIED_RATIO) / (_SURE_RATIO - HURRIED_RATIO)
    return Cue(
        "speech_rate",
        utterance.speaker,
        utterance.start,
        utterance.end,
        round(rate, 2),
        "characters/s",
        (utterance.id,),
        confidence=round(utterance.confidence * min(1.0, 0.6 + 0.4 * margin), 2),
        because=Because(f"本人通常每秒 {usual:.1f} 字", f"usual pace of the speaker {usual:.1f}"),
    )
