"""Words that were heard on one channel and said on the other: leaked sound, and echo."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rapidfuzz.distance import LCSseq

from transcription.spans import Spans
from transcription.types import Transcript, Utterance
from transcription.voice.talk.leakage import Leakage
from transcription.voice.talk.syllables import syllables

# What comes back over the other's telephone is this much later at most.
_LATEST_S = 0.8
# Word times are not exact.
_TOLERANCE_S = 0.3
# This share of the syllables, in the same order, makes them the same words; of fewer syllables chance does.
_SAME = 0.7
_FEWEST = 4
# Where an echo was measured on the channel, less will do: the recogniser mishears faint speech.
_SAME_WITH_ECHO = 0.5
_FEWEST_WITH_ECHO = 2
# Sound that leaks across lasts; a syllable may be as faint by chance.
_FAINT_S = 0.5


def leaked_words(
    said: Sequence[Utterance], transcript: Transcript, sound: Leakage | None = None
) -> Mapping[int, frozenset[int]]:
    """Which words (by their place) of which utterances (by id) only come across from the other side: as it
    says the same words at the time, or as their sound is that of leakage.

    Of an utterance without timed words all or nothing is leaked: then place 0 stands for all of it.

    Args:
        said: what people said, in order of start.
        transcript: tells on which channels an echo was measured.
        sound: what leaks between the channels, where they were listened to.
    """
    spoken = Spans(said)
    found = {}
    for utterance in said:
        others = [
            other
            for other in spoken.between(utterance.start - _LATEST_S, utterance.end)
            if (other.speaker, other.side) != (utterance.speaker, utterance.side)
            and _may_leak(other, utterance)
        ]
        places = set(_leaked(utterance, others, _has_echo(utterance, transcript))) if others else set()
        places |= set() if sound is None else set(_faint(utterance, sound))
        if places:
            found[utterance.id] = frozenset(places)
    return found


def _may_leak(source: Utterance, utterance: Utterance) -> bool:
    """A copy is heard later than its source, or, at the same time, less surely."""
    if abs(source.start - utterance.start) < _TOLERANCE_S:
        return (source.confidence, -source.id) > (utterance.confidence, -utterance.id)
    return source.start < utterance.start


def _has_echo(utterance: Utterance, transcript: Transcript) -> bool:
    channel = transcript.options.get(f"{utterance.speaker}_channel", utterance.side)
    return transcript.health is not None and any(echo.channel == channel for echo in transcript.health.echoes)


def _faint(utterance: Utterance, sound: Leakage) -> Iterator[int]:
    """Words that are no louder than leakage; not a single one: last syllables are faint too."""
    side = utterance.side
    if side is None:
        return
    faint = [sound.is_leaked(side, word.start, word.end) for word in utterance.words]
    for is_faint, run in groupby(range(len(faint)), key=lambda place: faint[place]):
        places = list(run)
        length = utterance.words[places[-1]].end - utterance.words[places[0]].start
        if is_faint and length >= _FAINT_S:
            yield from places


def _leaked(utterance: Utterance, others: Sequence[Utterance], echo: bool) -> Iterator[int]:
    if not utterance.words:
        theirs = [syllable for other in others for syllable in syllables(other.text)]
        within = utterance.end <= max(other.end for other in others) + _LATEST_S
        if within and _are_same(syllables(utterance.text), theirs, echo):
            yield 0
        return
    for source in others:
        at = [
            place
            for place, word in enumerate(utterance.words)
            if word.start >= source.start - _TOLERANCE_S and word.end <= source.end + _LATEST_S
        ]
        mine = [syllable for place in at for syllable in syllables(utterance.words[place].text)]
        first, last = (utterance.words[at[0]].start, utterance.words[at[-1]].end) if at else (0.0, 0.0)
        if _are_same(mine, _said_between(source, first - _LATEST_S, last + _TOLERANCE_S), echo):
            yield from at


def _said_between(source: Utterance, start: float, end: float) -> list[str]:
    if not source.words:
        return syllables(source.text)
    text = [word.text for word in source.words if word.end > start and word.start < end]
    return [syllable for each in text for syllable in syllables(each)]


def _are_same(mine: Sequence[str], theirs: Sequence[str], echo: bool) -> bool:
    fewest, share = (_FEWEST_WITH_ECHO, _SAME_WITH_ECHO) if echo else (_FEWEST, _SAME)
    return len(mine) >= fewest and LCSseq.similarity(list(mine), list(theirs)) >= share * len(mine)
