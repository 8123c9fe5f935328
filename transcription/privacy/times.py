"""When something in an utterance is said: by the words' own times, or, without them, the whole utterance."""

from typing import Final

from transcription.types import Utterance

# Word times of recognisers are wrong by about this much (docs/privacy.md).
MARGIN_S: Final = 0.2
UNSURE_MARGIN_S: Final = 0.4
_LOW_CONFIDENCE: Final = 0.5


def seconds(utterance: Utterance, start: int, end: int) -> tuple[float, float]:
    """From when to when `start:end` of the text is heard, with a margin, in seconds.

    Where words and text do not fit together it is the whole utterance.
    """
    letters = [at for at, char in enumerate(utterance.text) if char.isalnum()]
    owner = [word for word in utterance.words for char in word.text if char.isalnum()]
    if not owner or len(owner) != len(letters):
        return max(0.0, utterance.start - MARGIN_S), utterance.end + MARGIN_S
    said = [word for at, word in zip(letters, owner, strict=True) if start <= at < end]
    if not said:
        return max(0.0, utterance.start - MARGIN_S), utterance.end + MARGIN_S
    margin = UNSURE_MARGIN_S if min(word.confidence for word in said) < _LOW_CONFIDENCE else MARGIN_S
    return max(0.0, min(word.start for word in said) - margin), max(word.end for word in said) + margin
