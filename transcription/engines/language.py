"""The language of several clips from what was told of each."""

from collections import defaultdict
from collections.abc import Iterable

from transcription.engines.engine import LanguageGuess


def by_time(told: Iterable[tuple[str | None, float]]) -> LanguageGuess | None:
    """The language that most of the time is in.

    Args:
        told: language (None where nothing could be told) and length in seconds of each clip.

    Returns:
        The language, and as its probability its share of the time whose language was told; None where no
        language was told at all.
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    for language, length in told:
        if language:
            seconds[language] += length
    if not seconds:
        return None
    language, most = max(seconds.items(), key=lambda item: (item[1], item[0]))
    total = sum(seconds.values())
    return LanguageGuess(language, most / total if total else 1.0 / len(seconds))
