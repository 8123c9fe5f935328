"""Words with times from the tokens of a recogniser that tells only when each token begins."""

import re
from collections.abc import Sequence

from transcription.types import Word

# A spoken character or word piece seldom lasts longer; what follows it is silence.
LONGEST_TOKEN_S = 0.4
# Where the recogniser does not say how sure it is: neither trusted nor refused for it.
UNTOLD_CONFIDENCE = 0.5

_CONTINUED = "@@"
_LATIN_END = re.compile(r"[A-Za-z0-9']$")
_LATIN_START = re.compile(r"^[A-Za-z0-9']")
_SPOKEN = re.compile(r"\w")


def words_of(
    tokens: Sequence[str], starts: Sequence[float], seconds: float, *, spaced: bool
) -> tuple[Word, ...]:
    """Put tokens together to words: each Chinese character by itself, pieces of a Latin word as one.

    Args:
        tokens: in their order.
        starts: when each begins, in seconds from the start of the clip; of another length than the tokens
            where the model tells no times.
        seconds: length of the clip; no word ends after it.
        spaced: True where a space before a piece begins a Latin word (SenseVoice), False where `@@`
            after a piece says that the word goes on (Paraformer).

    Returns:
        The words; none where there are no times.
    """
    if not tokens or len(tokens) != len(starts):
        return ()
    words: list[Word] = []
    goes_on = False
    for token, start, following in zip(tokens, starts, [*starts[1:], seconds], strict=True):
        text = token.removesuffix(_CONTINUED)
        begin = min(max(0.0, start), seconds)
        end = max(begin, min(following, begin + LONGEST_TOKEN_S, seconds))
        joined = goes_on or not _SPOKEN.search(text) or (spaced and _within_word(words, text))
        if words and joined:
            words[-1] = words[-1]._replace(text=words[-1].text + text, end=end)
        else:
            words.append(Word(_apart(words, text), begin, end, UNTOLD_CONFIDENCE))
        goes_on = token.endswith(_CONTINUED)
    return tuple(words)


def _within_word(words: Sequence[Word], text: str) -> bool:
    return bool(words and _LATIN_END.search(words[-1].text) and _LATIN_START.search(text))


def _apart(words: Sequence[Word], text: str) -> str:
    """The word with a space before it where it is Latin, so that words one after the other read well."""
    return f" {text}" if words and _LATIN_START.search(text) else text
