"""The matching stage as the product runs it: raw text to where which pattern matches."""

import time
from collections.abc import Sequence

import numpy as np

from qc.matching.index import PatternIndex
from qc.matching.normalise import normalise_all
from qc.matching.readings import CODES, FAMILIES
from qc.matching.search import Search
from transcription.types import Transcript, Utterance


def prepare(index: PatternIndex) -> None:
    """Make all programs and the sounds of everyday characters: a worker has them after some thousand calls.

    The product never does so: it would be the same work, only earlier, and for patterns that no call tries.
    """
    numbers = range(len(index._patterns))
    index._written.prepare(numbers)
    by_sound = [number for number in numbers if index.pattern(number).by_sound]
    index._heard.prepare(by_sound)
    for number in by_sound:
        sound = index.pattern(number).sound()
        sound._speller.prepare(sound.tree)
    everyday = np.fromiter(map(ord, _everyday_characters()), np.uint32)
    CODES.of(everyday)
    FAMILIES.of(everyday)


def _everyday_characters() -> str:
    """The 3,755 Chinese characters of the first level of GB 2312: nearly all that is said."""
    rows, cells = range(0xB0, 0xD8), range(0xA1, 0xFF)
    return bytes(byte for row in rows for cell in cells for byte in (row, cell)).decode("gb2312", "ignore")


def match(said: Sequence[Utterance], index: PatternIndex) -> int:
    """The number of matches of all patterns in the utterances of a call."""

    def confidence(at: int, span: tuple[int, int]) -> float:
        start, end = texts[at].raw_span(*span)
        return min(_confidences(said[at], start, end), default=said[at].confidence)

    texts = normalise_all([each.text for each in said])
    found = Search(texts, True, confidence, index).everything()
    return len(found.written) + sum(len(matches) for _, _, matches in found.others)


def _confidences(said: Utterance, start: int, end: int) -> list[float]:
    found, place = [], 0
    for word in said.words:
        if place < end and place + len(word.text) > start:
            found.append(word.confidence)
        place += len(word.text)
    return found


def seconds(calls: Sequence[Transcript], index: PatternIndex) -> tuple[float, int]:
    """CPU-seconds to match all calls, and the matches found."""
    found = 0
    begun = time.process_time()
    for call in calls:
        found += match(call.utterances, index)
    return time.process_time() - begun, found
