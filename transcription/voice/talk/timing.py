"""Talking over each other: who began over whom, who took the turn, and who only listened."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from transcription.spans import Spans
from transcription.types import Because, Cue, Transcript
from transcription.voice.talk.listening import asks, confirms, is_backchannel, is_closing, is_remark
from transcription.voice.talk.spoken import PAUSE_S, Stretch, credible
from transcription.voice.talk.syllables import syllables
from transcription.voice.talk.turns import Floor

MIN_OVERLAP_S = 0.3
# An interruption starts this long before the other has finished: people hear the end of a sentence coming,
# and every other answer begins a few tenths of a second early …
MIN_INTERRUPTION_S = 0.5
# … even more so where a question is clear before its last words.
MIN_OVER_QUESTION_S = 0.8
# … and the one who began second goes on alone for this long after the other has given way.
MIN_TAKEN_TURN_S = 0.5
# A word that begins so shortly before the other's end was not said over it.
_WORD_S = 0.1
# Less than this is a remark, after which the other goes on.
MIN_TURN_S = 1.0
# Both began at once when the other had spoken for less than this since the last pause …
MIN_FLOOR_S = 0.7
# … unless the other had taken the turn in time, after a shorter silence than this, and the second one, by
# more than word times are wrong, did not yield for so long. Who began second is not quite sure then.
AWKWARD_SILENCE_S = 1.0
_SECOND_S = 0.1
_NOT_YIELDED_S = 0.8
# Between sentences people pause for about a second. A turn is followed for so long.
_BREATH_S = 1.5
_TURN_S = 10.0
# Who says a word or two at the other's end, and begins the turn after this pause, waited for it.
_REMARK_PAUSE_S = 0.3
# Somebody's sentence is finished for them with a few words, and they say yes, or the same words, at once.
_COMPLETION_S = 2.0
_CONFIRMED_S = 1.0
_REPEATED = 3
# How sure an interruption is that only just is one, and one that is twice as long; less where both voices
# are on one channel, or what one side says was also heard on the other.
_JUST, _CLEAR = 0.6, 0.95
_ONE_CHANNEL, _WITH_ECHO = 0.5, 0.6


@dataclass(frozen=True, slots=True)
class _Overlap:
    """`later` began while `earlier` was spoken, which went on for `seconds`."""

    earlier: Stretch
    later: Stretch
    seconds: float

    @property
    def ahead_of_end(self) -> float:
        """How long before the first one's end the second one began."""
        return round(self.earlier.end - self.later.start, 2)


def overlaps(transcript: Transcript, spoken: Sequence[Stretch], floor: Floor) -> list[Cue]:
    """Overlaps, the interruptions among them, and signs of listening; the speaker is the one who began
    second.

    Args:
        transcript: tells what speaks against it: one channel for both, an echo.
        spoken: all speech, in order of start.
        floor: the same, in turns and signs of listening.
    """
    cues = [_listened(stretches) for stretches in _by_utterance(floor.listening)]
    at = Spans([stretch for turn in floor.turns for stretch in turn.stretches])
    listening = {stretch.key for stretch in floor.listening}
    interrupted: set[int] = set()
    for later in spoken:
        if later.key in listening:
            continue
        overlap = _over(at, later)
        if overlap is None:
            continue
        cues.append(_overlap_cue(overlap))
        if later.utterance.id not in interrupted and _interrupts(overlap, at):
            interrupted.add(later.utterance.id)
            cues.append(_interruption_cue(overlap, transcript))
    return cues


def _by_utterance(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    for _, group in groupby(stretches, key=lambda stretch: stretch.utterance.id):
        yield list(group)


def _over(spoken: Spans[Stretch], later: Stretch) -> _Overlap | None:
    """The other side's speech that was going on when `later` started: that which ends last."""
    going_on = [
        other
        for other in spoken.between(later.start, later.start + 0.01)
        if other.place != later.place and _began_before(other, later)
    ]
    if not going_on:
        return None
    earlier = max(going_on, key=lambda other: other.end)
    seconds = round(min(earlier.end, later.end) - later.start, 2)
    return _Overlap(earlier, later, seconds) if seconds >= MIN_OVERLAP_S else None


def _began_before(other: Stretch, later: Stretch) -> bool:
    return (other.start, other.utterance.id) < (later.start, later.utterance.id)


def _interrupts(overlap: _Overlap, spoken: Spans[Stretch]) -> bool:
    """Whether the turn was taken from somebody who had it and had not come to its end."""
    earlier, later = overlap.earlier, overlap.later
    if not _had_floor(overlap, spoken) or not _takes_turn(overlap, spoken):
        return False
    if overlap.ahead_of_end < (MIN_OVER_QUESTION_S if asks(earlier.text) else MIN_INTERRUPTION_S):
        return False
    # Signs of listening take no turn, and have none to be taken, however long they are drawn out.
    words = (earlier.utterance.text, later.utterance.text)
    if any(is_closing(text) or is_backchannel(text) for text in words):
        return False
    return not _only_remarks(overlap) and not _completes(overlap, spoken)


def _only_remarks(overlap: _Overlap) -> bool:
    """Whether nothing but a sign of listening was said before the other had finished: the turn came later."""
    later, until = overlap.later, overlap.earlier.end - _WORD_S
    if not later.timed:
        return later.end < overlap.earlier.end + _WORD_S and is_remark(later.text, overlap.earlier.text)
    words = [credible(word) for word in later.utterance.words if word.end >= later.start]
    over = [word for word in words if word.start < until]
    if not over:
        return False
    text = "".join(word.text for word in over)
    if is_backchannel(text):
        return True
    next_start = words[len(over)].start if len(over) < len(words) else math.inf
    return next_start - over[-1].end >= _REMARK_PAUSE_S and is_remark(text, overlap.earlier.text)


def _had_floor(overlap: _Overlap, spoken: Spans[Stretch]) -> bool:
    """Whether the floor was the first one's: otherwise both began at once after a silence."""
    earlier, ahead = overlap.earlier, overlap.later.start - overlap.earlier.start
    if ahead >= MIN_FLOOR_S:
        return True
    in_time = any(
        other.end > earlier.start - AWKWARD_SILENCE_S and other.start < earlier.start
        for other in spoken.between(earlier.start - AWKWARD_SILENCE_S, earlier.start)
    )
    return in_time and ahead >= _SECOND_S and overlap.ahead_of_end >= _NOT_YIELDED_S


def _takes_turn(overlap: _Overlap, spoken: Spans[Stretch]) -> bool:
    """Whether who began second goes on alone, and says more than a remark."""
    earlier, later = overlap.earlier, overlap.later
    until = _goes_on_until(overlap, spoken)
    resumed = [
        other.start
        for other in spoken.between(earlier.end, until)
        if other.place == earlier.place and other.start >= earlier.end
    ]
    alone = min([until, *resumed]) - earlier.end
    return alone >= MIN_TAKEN_TURN_S and until - later.start >= MIN_TURN_S


def _goes_on_until(overlap: _Overlap, spoken: Spans[Stretch]) -> float:
    """Until when the second one goes on: through pauses, as long as the first one does not speak in them."""
    earlier, later = overlap.earlier, overlap.later
    until = later.end
    if earlier.end - until >= PAUSE_S:
        return until
    for other in spoken.between(later.start, later.start + _TURN_S):
        if other.start < later.start or other is later:
            continue
        if other.place == later.place and other.start - until < _BREATH_S:
            until = max(until, other.end)
        elif other.start > until:
            break
    return until


def _completes(overlap: _Overlap, spoken: Spans[Stretch]) -> bool:
    """Whether the other's sentence was finished in a few words, and the other took it up."""
    later = overlap.later
    if later.seconds > _COMPLETION_S:
        return False
    following = [
        other
        for other in spoken.between(later.end - _CONFIRMED_S, later.end + _CONFIRMED_S)
        if other.place == overlap.earlier.place and other.start >= overlap.earlier.end
    ]
    if not following:
        return False
    answer, offered = following[0].text, syllables(later.text)
    taken_up = syllables(answer)[: 2 * _REPEATED]
    rows = (offered[at : at + _REPEATED] for at in range(len(offered) - _REPEATED + 1))
    return confirms(answer) or any(
        row == taken_up[at : at + _REPEATED] for row in rows for at in range(len(taken_up))
    )


def _listened(stretches: Sequence[Stretch]) -> Cue:
    said, start, end = stretches[0].utterance, stretches[0].start, stretches[-1].end
    known = is_backchannel(said.text, said.end - said.start)
    because = (
        Because("应声词，对方继续说", "a word of listening, and the other went on")
        if known
        else Because("太短，说不了什么", "too short to say anything")
    )
    return Cue(
        "backchannel",
        said.speaker,
        start,
        end,
        round(end - start, 2),
        "s",
        (said.id,),
        confidence=0.9 if known else 0.5,
        because=because,
    )


def _overlap_cue(overlap: _Overlap) -> Cue:
    later = overlap.later
    return Cue(
        "overlap",
        later.utterance.speaker,
        later.start,
        round(later.start + overlap.seconds, 2),
        overlap.seconds,
        "s",
        (later.utterance.id,),
    )


def _interruption_cue(overlap: _Overlap, transcript: Transcript) -> Cue:
    later, seconds = overlap.later, overlap.ahead_of_end
    clear = min(1.0, (seconds - MIN_INTERRUPTION_S) / MIN_INTERRUPTION_S)
    confidence = _JUST + (_CLEAR - _JUST) * clear
    reasons = [
        Because(
            f"在对方说完前 {seconds:.1f} 秒开口，并接过话",
            f"started {seconds:.1f} s before the other had finished, and took the turn",
        )
    ]
    if later.start - overlap.earlier.start < MIN_FLOOR_S:
        confidence = min(confidence, _JUST)
        reasons.append(Because("对方刚刚开口", "the other had only just begun"))
    if transcript.options.get("split") == "voices":
        confidence = min(confidence, _ONE_CHANNEL)
        reasons.append(
            Because(
                "双方在同一声道，谁何时说话不够清楚",
                "both voices are on one channel, which blurs who spoke when",
            )
        )
    elif transcript.health is not None and transcript.health.echoes:
        confidence = min(confidence, _WITH_ECHO)
        reasons.append(
            Because(
                "线路有回声，可能被当作说话", "the line has an echo, which may be taken for somebody speaking"
            )
        )
    return Cue(
        "interruption",
        later.utterance.speaker,
        later.start,
        max(later.end, later.utterance.end) if not later.timed else later.end,
        seconds,
        "s",
        (later.utterance.id,),
        confidence=round(confidence, 2),
        because=Because.of(reasons),
    )
