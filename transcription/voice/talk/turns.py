"""Turns: who has the floor, with signs of listening told apart from them."""

from collections.abc import Sequence
from dataclasses import dataclass

from transcription.spans import Spans
from transcription.voice.talk.listening import (
    ASIDE_S,
    MURMUR_S,
    UNCLEAR,
    asks,
    is_backchannel,
    is_remark,
    objects,
)
from transcription.voice.talk.spoken import Place, Stretch

# Who listens lets the other go on at once; after a longer pause the other had come to an end.
_GOES_ON_S = 1.0
# Before this much of the other's speech is left, an answer may begin: it is no sign of listening.
_LAST_S = 0.2
# After so long a silence somebody who goes on begins anew.
BREAK_S = 3.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says until the other takes the floor, in stretches in order of time."""

    place: Place
    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> float:
        """When it starts."""
        return self.stretches[0].start

    @property
    def end(self) -> float:
        """When it ends."""
        return max(stretch.end for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Floor:
    """All speech of a call: what has the floor, in turns, and what only shows that somebody listens."""

    turns: tuple[Turn, ...]
    listening: tuple[Stretch, ...]


def take_floor(spoken: Sequence[Stretch]) -> Floor:
    """Tell turns from signs of listening.

    Args:
        spoken: all speech, in order of start.
    """
    at = Spans(spoken)
    listening: list[Stretch] = []
    turns: list[Turn] = []
    for stretch in spoken:
        if _listens(stretch, at):
            listening.append(stretch)
            continue
        last = turns[-1] if turns else None
        if last is not None and last.place == stretch.place and stretch.start - last.end < BREAK_S:
            turns[-1] = Turn(last.place, (*last.stretches, stretch))
        else:
            turns.append(Turn(stretch.place, (stretch,)))
    return Floor(tuple(turns), tuple(listening))


def _is_murmur(stretch: Stretch) -> bool:
    """Too short to say anything, or short and so unclear that the words are a guess."""
    unclear = stretch.utterance.confidence < UNCLEAR
    return stretch.seconds <= (ASIDE_S if unclear else MURMUR_S)


def _is_aside(stretch: Stretch, over: Stretch) -> bool:
    """Little enough, however it was heard, while the other simply goes on; an objection is more than that."""
    goes_on = over.end - stretch.end >= _LAST_S and stretch.seconds <= ASIDE_S
    return goes_on and not objects(stretch.text) and is_remark(stretch.text, over.text)


def _listens(stretch: Stretch, spoken: Spans[Stretch]) -> bool:
    """Said over the other's speech, or in a pause of it, and the other had not asked."""
    near = [
        other
        for other in spoken.between(stretch.start - _GOES_ON_S, stretch.end + _GOES_ON_S)
        if other.place != stretch.place
    ]
    over = [other for other in near if other.start < stretch.start < other.end - _LAST_S]
    within = [other for other in over if other.end >= stretch.end]
    if within and (_is_murmur(stretch) or _is_aside(stretch, within[0])):
        return True
    if not is_backchannel(stretch.utterance.text, stretch.utterance.end - stretch.utterance.start):
        return False
    if over:
        return True
    before = [other for other in near if other.end <= stretch.start + _LAST_S]
    goes_on = any(other.start >= stretch.end - _LAST_S for other in near)
    return bool(before) and goes_on and not asks(max(before, key=lambda other: other.end).text)
