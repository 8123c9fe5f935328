"""What the times of the utterances tell: talking over each other, and silence."""

import re
from collections.abc import Sequence

from transcription.spans import Spans
from transcription.types import Cue, Transcript, Utterance

MIN_OVERLAP_S = 0.3
# An interruption starts this long before the other has finished …
MIN_INTERRUPTION_S = 0.5
# … and goes on alone for this long after the other has given way.
MIN_TAKEN_TURN_S = 0.8
# Every silence from here on is reported with its length; the rules say how much is too much.
MIN_SILENCE_S = 10.0
_BACKCHANNEL_S = 1.6
_BACKCHANNEL = re.compile(
    r"(嗯+|啊|哦+|噢|喔|唉|哎|好的?|好吧|对的?|是的?|是啊|对对|行|明白|知道了?|了解|嗯哼|喂"
    r"|ok(ay)?|yes|yeah|yep|right|sure|uh-?huh|mm-?hm+|mhm|hmm|i see)+",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[\s，。！？、,.!?…]+")


def is_backchannel(utterance: Utterance) -> bool:
    """True for 嗯, 好的, uh-huh and the like: a sign of listening, not a turn."""
    if utterance.end - utterance.start > _BACKCHANNEL_S:
        return False
    return _BACKCHANNEL.fullmatch(_SPACE.sub("", utterance.text)) is not None


def overlaps(utterances: Sequence[Utterance]) -> list[Cue]:
    """Overlaps, and the interruptions among them; the speaker is the one who starts over the other."""
    cues = []
    spoken = Spans(utterances)
    for later in utterances:
        earlier = _speaking_at(spoken, later)
        if earlier is None:
            continue
        overlap = round(min(earlier.end, later.end) - later.start, 2)
        if overlap < MIN_OVERLAP_S:
            continue
        cues.append(
            Cue(
                "overlap",
                later.speaker,
                later.start,
                round(later.start + overlap, 2),
                overlap,
                "s",
                (later.id,),
            )
        )
        taken = later.end - earlier.end >= MIN_TAKEN_TURN_S
        if (
            overlap >= MIN_INTERRUPTION_S
            and taken
            and not is_backchannel(later)
            and not is_backchannel(earlier)
        ):
            cues.append(
                Cue(
                    "interruption",
                    later.speaker,
                    later.start,
                    later.end,
                    overlap,
                    "s",
                    (later.id,),
                    because=f"started {overlap:.1f} s before the other had finished, and took the turn",
                )
            )
    return cues


def _speaking_at(spoken: Spans[Utterance], later: Utterance) -> Utterance | None:
    """The other side's utterance that was going on when `later` started: the one that ends last."""
    going_on = [other for other in spoken.between(later.start, later.start) if other.speaker != later.speaker]
    return max(going_on, key=lambda other: other.end, default=None)


def silences(transcript: Transcript) -> list[Cue]:
    """Silences of both sides between the first and the last speech, also speech without accepted text."""
    speech = sorted(
        [(utterance.start, utterance.end) for utterance in transcript.utterances]
        + [(start, end) for _, start, end in transcript.unheard]
    )
    cues, silent_from = [], speech[0][1] if speech else 0.0
    for start, end in speech:
        length = round(start - silent_from, 2)
        if length >= MIN_SILENCE_S:
            after = next((u.id for u in transcript.utterances if u.start >= start), None)
            cues.append(
                Cue("dead_air", "unknown", silent_from, start, length, "s", () if after is None else (after,))
            )
        silent_from = max(silent_from, end)
    return cues
