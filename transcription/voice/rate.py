"""How fast somebody speaks."""

import re

# A Chinese character and an English syllable take about the same time; a group of vowels is a syllable.
_CHINESE = re.compile(r"[㐀-䶿一-鿿]")
_SYLLABLE = re.compile(r"[aeiouy]+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def spoken_characters(text: str) -> int:
    """Number of syllables in the text: Chinese characters, digits, and vowel groups of Latin words."""
    return len(_CHINESE.findall(text)) + len(_DIGIT.findall(text)) + len(_SYLLABLE.findall(text))


def speech_rate(text: str, seconds: float) -> float | None:
    """Characters (syllables) per second; None without a length."""
    return spoken_characters(text) / seconds if seconds > 0 else None
