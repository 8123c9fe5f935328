"""What became of short answers: kept, heard right by letters, heard right by sound."""

from dataclasses import dataclass

from pypinyin import lazy_pinyin

from bench.asr.errors import spoken
from bench.guard.answers import Answer, Call
from transcription.types import Transcript, Utterance

# Accepted text counts for an answer when it covers this much of its time.
_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `right` and `right_sound` are None where nobody knows for certain what was said."""

    answer: Answer
    heard: str
    kept: bool
    right: bool | None
    right_sound: bool | None


def hits(call: Call, transcript: Transcript) -> list[Hit]:
    """Look up every answer of a call in its transcript."""
    accepted = [u for u in transcript.utterances if u.speaker == "customer" and spoken(u.text)]
    return [_hit(answer, accepted) for answer in call.answers]


def _hit(answer: Answer, accepted: list[Utterance]) -> Hit:
    needed = _COVERED * (answer.end - answer.start)
    there = [u for u in accepted if min(u.end, answer.end) - max(u.start, answer.start) >= needed]
    heard = "".join(u.text for u in there)
    said, found = spoken(answer.spoken.text), spoken(heard)
    if not said:
        return Hit(answer, heard, bool(there), None, None)
    return Hit(answer, heard, bool(there), found == said, lazy_pinyin(found) == lazy_pinyin(said))
