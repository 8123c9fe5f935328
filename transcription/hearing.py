"""Hear all turns of a call: the words of each, and the speech that nothing was written for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.progress import Progress
from transcription.engines.engine import Engine, Hearing, LanguageGuess
from transcription.listen import Clip, Heard, hear_clips, listen
from transcription.lost import is_repeated, lost_stretches
from transcription.sound.speech import Turn
from transcription.speakers.sides import Sides

SUPPORTED_LANGUAGES = ("zh", "en")
# Sound around a turn that belongs to its first and last word.
MARGIN_S = 0.1
# So much sound is held in memory and heard in one go.
_AT_ONCE_S = 300.0
# Below this the guess of the language is no better than a toss.
_SURE_LANGUAGE = 0.4


@dataclass(frozen=True, slots=True)
class Part:
    """One turn, or a piece of one, and what came of it."""

    turn: Turn
    heard: Heard


class Spoken(NamedTuple):
    """The language of a call (None: nobody can tell), and what is wrong with it."""

    language: str | None
    problems: tuple[str, ...] = ()


def hear_turns(
    sides: Sides, engine: Engine, language: str | None, progress: Progress
) -> tuple[Spoken, list[Part]]:
    """Hear every turn, in order of time. A call in a language that is not supported has no parts.

    Args:
        sides: who speaks when; at least one turn.
        engine: who listens.
        language: where it is known; else the engine tells it from the first turns that it hears.
        progress: called with the share of the speech that is done, 0..1.
    """
    total = sum(turn.speech_s for turn in sides.turns)
    groups = list(_groups(sides.turns))
    first: Hearing | None = None
    if language is None:
        first = hear_clips(engine, [_clip(sides, turn) for turn in groups[0]], None)
    spoken = _told(language) if language is not None else _guessed(first.language if first else None)
    if spoken.language not in SUPPORTED_LANGUAGES:
        return spoken, []
    parts = [Part(turn, Heard(None)) for turn in sides.faint]
    done = 0.0
    for group in groups:
        parts += _hear_group(sides, group, engine, spoken.language, first)
        first = None
        done += sum(turn.speech_s for turn in group)
        progress(done / total)
    return spoken, sorted(parts, key=lambda part: (part.turn.start, part.turn.side))


def clip_start(turn: Turn) -> float:
    """Where the sound that is heard for a turn begins, in seconds."""
    return max(0.0, turn.start - MARGIN_S)


def _groups(turns: Sequence[Turn]) -> Iterator[list[Turn]]:
    """Consecutive turns, as many as are heard in one go. The language is told from the first group."""
    group: list[Turn] = []
    for turn in turns:
        if group and sum(each.end - each.start for each in group) + turn.end - turn.start > _AT_ONCE_S:
            yield group
            group = []
        group.append(turn)
    yield group


def _hear_group(
    sides: Sides, turns: Sequence[Turn], engine: Engine, language: str, first: Hearing | None
) -> list[Part]:
    clips = [_clip(sides, turn) for turn in turns]
    heard = listen(engine, clips, language, first)
    parts = [Part(turn, each) for turn, each in zip(turns, heard, strict=True)]
    return parts + [lost for part in parts for lost in _hear_lost(sides, part, engine, language)]


def _hear_lost(sides: Sides, part: Part, engine: Engine, language: str) -> list[Part]:
    """Hear the speech again that an accepted reading left out. What stays unheard is a part as well."""
    accepted = part.heard.accepted
    if accepted is None or not accepted.reading.words:
        return []
    offset = clip_start(part.turn)
    words = [
        word._replace(start=offset + word.start, end=offset + word.end) for word in accepted.reading.words
    ]
    lost = [Turn(part.turn.side, (stretch,)) for stretch in lost_stretches(part.turn.stretches, words)]
    if not lost:
        return []
    found = listen(engine, [_clip(sides, turn) for turn in lost], language)
    return [
        Part(turn, heard)
        for turn, heard in zip(lost, found, strict=True)
        if heard.accepted is None or not is_repeated(heard.accepted.reading.text, accepted.reading.text)
    ]


def _clip(sides: Sides, turn: Turn) -> Clip:
    return Clip(sides.clip(turn.side, clip_start(turn), turn.end + MARGIN_S), turn.speech_s, turn.side)


def _told(language: str) -> Spoken:
    return Spoken(language, () if language in SUPPORTED_LANGUAGES else ("language.unsupported",))


def _guessed(guess: LanguageGuess | None) -> Spoken:
    if guess is None:
        return Spoken(None, ("language.unknown",))
    if guess.probability < _SURE_LANGUAGE:
        known = guess.language if guess.language in SUPPORTED_LANGUAGES else None
        return Spoken(known, ("language.unknown",))
    return _told(guess.language)
