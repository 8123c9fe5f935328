"""The transcript of a call from what was heard in each of its turns."""

from collections.abc import Sequence
from dataclasses import replace

from transcription.guard import confidence
from transcription.hearing import Part, clip_start
from transcription.listen import Judged
from transcription.sound.speech import Turn
from transcription.speakers.decision import decision_of
from transcription.speakers.roles import Roles
from transcription.text.simplify import simplify
from transcription.text.word_choice import settle_words
from transcription.types import RejectedText, Speaker, Transcript, Utterance, Word

# The call cannot be judged when this much of the speech has no accepted text.
UNHEARD_SHARE = 0.3
_UNHEARD_S = 5.0


def assemble(empty: Transcript, parts: Sequence[Part], roles: Roles) -> Transcript:
    """Put the accepted text of all parts in order, and keep beside it what was refused and what is unheard.

    Args:
        empty: the transcript without any text: language, engine, options and problems so far.
        parts: what was heard, in order of time.
        roles: who is on each side.
    """
    utterances: list[Utterance] = []
    rejected: list[RejectedText] = []
    unheard: list[tuple[Speaker, float, float]] = []
    for part in parts:
        speaker = speaker_of(roles.speakers, part.turn)
        rejected += [_rejected(part.turn, judged, speaker) for judged in part.heard.refused]
        if part.heard.accepted is None:
            unheard.append((speaker, *times_of(part.turn)))
        else:
            number = len(utterances)
            utterances.append(_utterance(number, part.turn, part.heard.accepted, speaker, roles.trust))
    problems = empty.problems if utterances else ("transcript.empty", *empty.problems)
    if _much_unheard(parts):
        problems = (*problems, "speech.unheard")
    return replace(
        empty,
        utterances=tuple(utterances),
        rejected=tuple(rejected),
        unheard=tuple(unheard),
        problems=problems,
        roles=decision_of(roles),
    )


def speaker_of(roles: Sequence[Speaker] | None, turn: Turn) -> Speaker:
    """Who speaks in a turn."""
    return "unknown" if roles is None else roles[turn.side]


def times_of(turn: Turn) -> tuple[float, float]:
    """Start and end of a turn in seconds, as they are written."""
    return round(turn.start, 2), round(turn.end, 2)


def _much_unheard(parts: Sequence[Part]) -> bool:
    speech = sum(part.turn.speech_s for part in parts)
    missed = sum(part.turn.speech_s for part in parts if part.heard.accepted is None)
    return missed >= _UNHEARD_S and missed > UNHEARD_SHARE * speech


def _rejected(turn: Turn, judged: Judged, speaker: Speaker) -> RejectedText:
    text, reason = simplify(judged.reading.text), judged.verdict.reason or ""
    return RejectedText(speaker, *times_of(turn), text, reason, turn.side, judged.verdict.measures)


def _utterance(number: int, turn: Turn, judged: Judged, speaker: Speaker, trust: float) -> Utterance:
    offset, sure = clip_start(turn), confidence(judged.reading)
    heard = simplify(judged.reading.text)
    text, words = settle_words(heard, [_simple(word) for word in judged.reading.words], sure)
    start, end = times_of(turn)
    return Utterance(
        id=number,
        speaker=speaker,
        start=start,
        end=end,
        text=text,
        confidence=round(sure, 3),
        words=tuple(_placed(word, offset) for word in words),
        role_trust=trust,
        side=turn.side,
        doubts=judged.verdict.doubts,
        measures=judged.verdict.measures,
        as_heard=heard if heard != text else None,
    )


def _simple(word: Word) -> Word:
    return word._replace(text=simplify(word.text))


def _placed(word: Word, offset: float) -> Word:
    start, end = round(offset + word.start, 2), round(offset + word.end, 2)
    return word._replace(start=start, end=end, confidence=round(word.confidence, 3))
