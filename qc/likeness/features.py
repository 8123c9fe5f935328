"""What of a text the model looks at: runs of characters and runs of sounds, weighted and scaled."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import log, sqrt

from qc.matching.syllables import syllables
from qc.matching.text import SENTENCE_ENDS, normalise

CHARACTERS = (1, 2, 3, 4)  # lengths of the runs of characters
SOUNDS = (2, 3, 4)  # lengths of the runs of syllables: what a recogniser garbles still sounds alike
_EDGE = "^"
_SOUND = "~"  # begins a gram of sounds; characters never do, as matching drops it
Vector = Mapping[str, float]


@lru_cache(maxsize=512)
def grams(text: str) -> Mapping[str, int]:
    """How often each run of characters and of sounds occurs in normalised `text`.

    Sentence ends other than question marks are edges: recognisers set them as they like.
    """
    found: Counter[str] = Counter()
    for sentence in _sentences(text):
        edged = _EDGE + sentence + _EDGE
        for length in CHARACTERS:
            found.update(edged[at : at + length] for at in range(len(edged) - length + 1))
        del found[_EDGE]
        sounds = [_EDGE, *syllables(sentence), _EDGE]
        for length in SOUNDS:
            found.update(
                _SOUND + " ".join(sounds[at : at + length]) for at in range(len(sounds) - length + 1)
            )
    return found


def _sentences(text: str) -> Iterable[str]:
    start = 0
    for at, char in enumerate(text):
        if char in SENTENCE_ENDS:
            end = at + 1 if char == "?" else at
            if end > start:
                yield text[start:end]
            start = at + 1
    if start < len(text):
        yield text[start:]


def fold(raw: str) -> str:
    """Text as it is compared: normalised like everything that rules are matched with."""
    return normalise(raw).text


def is_sound(gram: str) -> bool:
    """Whether a gram is of sounds."""
    return gram.startswith(_SOUND)


def shown(gram: str) -> str:
    """A gram as people read it: edges left out, sounds in slashes."""
    inner = gram.replace(_EDGE, "").strip()
    return f"/{inner[len(_SOUND) :].strip()}/" if is_sound(gram) else inner


def weigh(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """TF-IDF: 1 + log of the count, times the rarity of the gram; characters and sounds are each scaled to
    length 1 and then both to length 1 together. Grams without a rarity are left out."""
    blocks: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for gram, count in counts.items():
        rare = rarity.get(gram)
        if rare is not None:
            blocks[is_sound(gram)][gram] = (1 + log(count)) * rare
    filled = [block for block in blocks if block]
    out: dict[str, float] = {}
    for block in filled:
        norm = sqrt(sum(value * value for value in block.values()) * len(filled))
        out.update((gram, value / norm) for gram, value in block.items())
    return out


def rarities(counted: Iterable[Mapping[str, int]], at_least: int) -> dict[str, float]:
    """The smoothed inverse document frequency of every gram that `at_least` of the counted texts have."""
    frequency: Counter[str] = Counter()
    number = 0
    for counts in counted:
        number += 1
        frequency.update(counts.keys())
    return {
        gram: 1 + log((1 + number) / (1 + count))
        for gram, count in sorted(frequency.items())
        if count >= at_least
    }
