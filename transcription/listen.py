"""Hear clips, and the doubtful ones again another way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.audio import Samples
from transcription.engines.engine import Engine, Hearing, Reading
from transcription.guard import Verdict, judge
from transcription.sound.activity import speech_activity
from transcription.word_times import fit_to_sound


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading and what the guard thinks of it."""

    reading: Reading
    verdict: Verdict

    @property
    def refused(self) -> bool:
        """Whether the guard took it for something nobody said, and there is text to keep."""
        return self.verdict.reason is not None and bool(self.reading.text)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a clip: the accepted reading, if any, and the refused ones with their reasons."""

    accepted: Judged | None
    refused: tuple[Judged, ...] = ()


class Clip(NamedTuple):
    """The sound of one turn, the seconds of speech in it, and on which side it was spoken."""

    sound: Samples
    speech_s: float
    side: int = 0


def hear_clips(engine: Engine, clips: Sequence[Clip], language: str | None, way: int = 0) -> Hearing:
    """Let the engine hear clips; `language` None lets it tell the language."""
    sounds, sides = [clip.sound for clip in clips], [clip.side for clip in clips]
    return engine.hear(sounds, language, way, speakers=sides)


def listen(engine: Engine, clips: Sequence[Clip], language: str, first: Hearing | None = None) -> list[Heard]:
    """Hear clips; those of one side in the order in which they were spoken.

    Most clips are heard once. Those whose readings are doubtful are heard in the engine's other ways, one
    after the other, until one is beyond doubt; the likeliest accepted reading wins.

    Args:
        first: the engine's first hearing of these clips, where it was made already.
    """
    prompt = str(engine.options.get("prompt") or "")
    judged: list[list[Judged]] = [[] for _clip in clips]
    pending = list(range(len(clips)))
    for way in range(engine.ways):
        if not pending:
            break
        hearing = first if way == 0 else None
        hearing = hearing or hear_clips(engine, [clips[place] for place in pending], language, way)
        for place, reading in zip(pending, hearing.readings, strict=True):
            placed = replace(reading, words=fit_to_sound(reading.words, clips[place].sound))
            judged[place].append(_judge(placed, clips[place], prompt))
        pending = [place for place in pending if judged[place][-1].verdict.doubtful]
    return [_best(_believed(readings, clip, prompt)) for readings, clip in zip(judged, clips, strict=True)]


def _judge(reading: Reading, clip: Clip, prompt: str) -> Judged:
    """Judge by the text alone first: how much the clip sounds like speech costs more to tell. It is asked
    of doubtful text, and of all text of an engine that does not say how sure it is."""
    verdict = judge(reading, clip.speech_s, prompt=prompt)
    if verdict.reason is None and (verdict.doubtful or reading.log_probability is None):
        verdict = judge(reading, clip.speech_s, activity=speech_activity(clip.sound), prompt=prompt)
    return Judged(reading, verdict)


def _believed(judged: Sequence[Judged], clip: Clip, prompt: str) -> list[Judged]:
    """Judge readings that leave open whether anybody spoke by what the engine believes of the clip elsewhere.

    Of clips that it hears together, an engine cannot say that nobody spoke in one of them.
    """
    beliefs = [each.reading.no_speech for each in judged if each.reading.no_speech is not None]
    if not beliefs:
        return list(judged)
    return [
        each
        if each.reading.no_speech is not None
        else _judge(replace(each.reading, no_speech=min(beliefs)), clip, prompt)
        for each in judged
    ]


def _best(judged: Sequence[Judged]) -> Heard:
    best = max(judged, key=lambda each: each.verdict.score)
    return Heard(
        best if best.verdict.reason is None else None, tuple(each for each in judged if each.refused)
    )
