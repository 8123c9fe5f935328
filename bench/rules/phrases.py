"""Phrases that no pack has, made of pieces of those that the packs have."""

import random
from collections.abc import Iterator, Sequence

from qc.language.phrase import compile_phrase
from qc.matching.index import PatternIndex
from qc.matching.text import is_chinese
from qc.matching.words import WordPattern

GAP = "~6"


def real(index: PatternIndex) -> list[WordPattern]:
    """The phrases of an index."""
    return [pattern for pattern in index.known if pattern.phrase is not None]


def made(patterns: Sequence[WordPattern], number: int, seed: int) -> Iterator[WordPattern]:
    """So many new phrases: as long as real ones, of pieces of two to four characters of real ones, as many of
    them with a gap; looked for by sound where a real one of that length would be."""
    rng = random.Random(seed)
    letters = sorted(
        {
            text
            for each in patterns
            if each.phrase
            for text in each.phrase.required
            if all(map(is_chinese, text))
        }
    )
    lengths = sorted(each.phrase.fixed for each in patterns if each.phrase)
    with_gaps = sum(each.phrase.gaps for each in patterns if each.phrase) / len(patterns)
    pieces = sorted(
        {text[at : at + 3] for text in letters for at in range(0, len(text), 2) if len(text) > at + 1}
    )
    seen = {each.source for each in patterns}
    while number:
        length = max(rng.choice(lengths), 2)
        text = ""
        while len(text) < length:
            text += rng.choice(pieces)
        text = text[:length]
        if length >= 4 and rng.random() < with_gaps:
            cut = rng.randrange(2, length - 1)
            text = text[:cut] + GAP + text[cut:]
        if text in seen:
            continue
        seen.add(text)
        number -= 1
        phrase = compile_phrase(text, {}, "zh")
        yield WordPattern(text, None, phrase, phrase.fixed >= 4, ())
