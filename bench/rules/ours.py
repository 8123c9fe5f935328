"""The matching stage as the product runs it: raw text to where which pattern matches."""

import time
from collections.abc import Sequence

from qc.matching.index import PatternIndex
from qc.matching.normalise import normalise_all
from qc.matching.search import Search
from transcription.types import Transcript, Utterance


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
