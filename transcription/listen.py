"""Hear one clip, and again another way while the reading is doubtful."""

from dataclasses import dataclass

from ingest.audio import Samples
from transcription.engines.engine import Engine, Reading
from transcription.guard import Verdict, judge


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a clip: the accepted reading, if any, and the refused ones with their reasons."""

    reading: Reading | None
    refused: tuple[tuple[str, str], ...] = ()


def listen(engine: Engine, clip: Samples, language: str, speech_s: float) -> Heard:
    """Hear a clip with `speech_s` seconds of speech; the likeliest accepted reading wins.

    Most clips are heard once. A doubtful reading is heard in the engine's other ways, one after the
    other, until one is beyond doubt.
    """
    judged: list[tuple[Verdict, Reading]] = []
    for way in range(engine.ways):
        reading = engine.hear([clip], language, way).readings[0]
        verdict = judge(reading, speech_s)
        judged.append((verdict, reading))
        if not verdict.doubtful:
            break
    best, reading = max(judged, key=lambda pair: pair[0].score)
    refused = tuple((read.text, verdict.reason) for verdict, read in judged if verdict.reason and read.text)
    return Heard(reading if best.reason is None else None, refused)
