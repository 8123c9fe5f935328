"""From audio to transcript: sides, turns, words, guard, roles."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.audio import Audio
from ingest.metadata import CallRecord
from ingest.progress import Progress, ignore, portion
from transcription.assemble import assemble, speaker_of, times_of
from transcription.engines.engine import Engine
from transcription.hearing import SUPPORTED_LANGUAGES, Part, hear_turns
from transcription.speakers.handover import note_handovers
from transcription.speakers.roles import Roles, Said, judge_roles
from transcription.speakers.sides import Sides, separate
from transcription.text.numbers import call_date, finish
from transcription.text.word_choice import word_choice_version
from transcription.types import Speaker, Transcript

# How much of the work it is to find out who speaks when.
_SIDES_SHARE = 0.1


def transcribe(
    audio: Audio, record: CallRecord | None, engine: Engine, *, progress: Progress | None = None
) -> Transcript:
    """Write down a call. The same audio, record and engine give the same transcript.

    Args:
        audio: the decoded recording.
        record: its metadata: the roles of the channels, and the language where given.
        engine: who listens.
        progress: called with the share of the work that is done, 0..1.
    """
    # Most of the time goes into hearing; finding the sides of a long call takes minutes nevertheless.
    tell = progress or ignore
    sides = separate(audio, record, progress=portion(tell, 0.0, _SIDES_SHARE))
    empty = Transcript(
        _given_language(record),
        engine.name,
        engine.model,
        (),
        options=_options(engine, sides, sides.roles),
        problems=sides.problems,
        line=sides.line,
    )
    if not sides.turns:
        return replace(empty, problems=("transcript.empty", *sides.problems))
    spoken, parts = hear_turns(sides, engine, empty.language, portion(tell, _SIDES_SHARE, 1.0))
    empty = replace(empty, language=spoken.language, problems=(*spoken.problems, *sides.problems))
    if spoken.language not in SUPPORTED_LANGUAGES:
        unheard = tuple((speaker_of(sides.roles, turn), *times_of(turn)) for turn in sides.turns)
        # Asked again: a server may have been found to know less than it was asked for.
        return replace(empty, unheard=unheard, options=_options(engine, sides, sides.roles))
    roles = _roles(sides, parts, spoken.language)
    options = {**_options(engine, sides, roles.speakers), "word_choice": word_choice_version()}
    problems = (*empty.problems, *roles.problems)
    made = assemble(replace(empty, options=options, problems=problems), parts, roles)
    return finish(note_handovers(made), call_date(record))


def _options(
    engine: Engine, sides: Sides, roles: Sequence[Speaker] | None
) -> dict[str, str | int | float | bool | None]:
    """What decides the text, and where each speaker is: who listens to the voices needs to know."""
    places: dict[str, str | int | float | bool | None] = {"split": sides.how}
    if sides.how == "voices":
        places["voice_clarity"] = sides.clarity
    if roles is not None and sides.how == "channels":
        places |= {f"{role}_channel": channel for channel, role in enumerate(roles)}
    return {**engine.options, **places}


def _given_language(record: CallRecord | None) -> str | None:
    given = record.language if record is not None else None
    return given.replace("_", "-").split("-")[0].strip().lower() or None if given else None


def _roles(sides: Sides, parts: Sequence[Part], language: str) -> Roles:
    said = [
        Said(part.turn.side, *times_of(part.turn), part.heard.accepted.reading.text)
        for part in parts
        if part.heard.accepted is not None
    ]
    return judge_roles(said, language, given=sides.roles, given_trust=sides.trust, clarity=sides.clarity)
