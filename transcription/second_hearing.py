"""Hearing places of a call again: other ways, a little more sound around, another engine, and how likely
given words are. What comes of it is evidence beside the transcript, which stays as it is."""

from collections.abc import Callable, Sequence

from ingest.audio import Audio, Samples
from transcription.engines.engine import Engine, ScoringEngine
from transcription.questions import Answer, Question
from transcription.sound.channels import Channel
from transcription.speakers.sides import clean_sides
from transcription.text.punctuation import as_recognised, close_up
from transcription.text.simplify import simplify
from transcription.types import Transcript, Utterance

Progress = Callable[[float], None]

# Sound around an utterance: as much as when it was first heard, and more, which shifts every window.
_USUAL_MARGIN_S = 0.1
_WIDE_MARGIN_S = 0.5
_LONGEST_S = 30.0
# The usual ways of hearing: the first quick one, the careful one, and another; any further are a last resort,
# cost as much as these together, and told hardly anything more.
_WAYS = 3


def hear_again(
    audio: Audio,
    transcript: Transcript,
    questions: Sequence[Question],
    engine: Engine,
    second: Engine | None = None,
    *,
    progress: Progress | None = None,
) -> tuple[Answer, ...]:
    """Hear the utterances of some questions again. The same input gives the same answers.

    Args:
        audio: the decoded recording.
        transcript: what was heard first.
        questions: what to hear again, and what to weigh.
        engine: the engine that heard first; it hears in its other ways, and with more sound around.
        second: another engine or model, where one is configured. Where it can weigh words, its word counts.
        progress: called with the share of the questions that is done, 0..1.

    Raises:
        EngineError: an engine cannot hear now.
    """
    places = {utterance.id: utterance for utterance in transcript.utterances}
    sides = clean_sides(audio.sound) if questions else None
    heard: dict[int, tuple[str, ...]] = {}
    answers = []
    for done, question in enumerate(questions, start=1):
        utterance = places[question.utterance]
        if sides is None or utterance.side is None or transcript.language is None:
            continue
        if question.utterance not in heard:
            heard[question.utterance] = _readings(sides, utterance, transcript.language, engine, second)
        clip = _clip(sides, utterance, _USUAL_MARGIN_S)
        answers.append(
            _weighed(question, heard[question.utterance], clip, transcript.language, engine, second)
        )
        if progress is not None:
            progress(done / len(questions))
    return tuple(answers)


def _readings(
    sides: Sequence[Channel], utterance: Utterance, language: str, engine: Engine, second: Engine | None
) -> tuple[str, ...]:
    usual, wide = (_clip(sides, utterance, margin) for margin in (_USUAL_MARGIN_S, _WIDE_MARGIN_S))
    read = [engine.hear([usual], language, way) for way in range(2, min(engine.ways, _WAYS))]
    read.append(engine.hear([wide], language, min(1, engine.ways - 1)))
    if second is not None:
        read.append(second.hear([usual], language))
    texts = (close_up(simplify(reading.text)) for hearing in read for reading in hearing.readings)
    return tuple(text for text in texts if text)


def _weighed(
    question: Question,
    readings: tuple[str, ...],
    clip: Samples,
    language: str,
    engine: Engine,
    second: Engine | None,
) -> Answer:
    """The bigger model's word counts, where there is one that can weigh words."""
    judge = next((each for each in (second, engine) if isinstance(each, ScoringEngine)), None)
    heard = expected = None
    if judge is not None and question.as_heard != question.as_expected:
        texts = tuple(map(as_recognised, (question.as_heard, question.as_expected)))
        heard, expected = (round(value, 3) for value in judge.likelihoods(clip, language, texts))
    told = judge or second or engine
    return Answer(question, readings, heard, expected, told.name, told.model)


def _clip(sides: Sequence[Channel], utterance: Utterance, margin: float) -> Samples:
    start = max(0.0, utterance.start - margin)
    return sides[utterance.side or 0].part(start, min(utterance.end + margin, start + _LONGEST_S))
