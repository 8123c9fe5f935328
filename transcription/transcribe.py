"""From audio to transcript: sides, turns, words, guard, roles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.audio import Audio, Samples
from ingest.metadata import CallRecord
from ingest.progress import Progress, ignore, portion
from transcription.engines.engine import Engine, Reading
from transcription.guard import confidence
from transcription.listen import Heard, listen
from transcription.sound.speech import Turn
from transcription.speakers.decision import decision_of
from transcription.speakers.roles import Roles, Said, judge_roles
from transcription.speakers.sides import Sides, separate
from transcription.text.numbers import call_date, finish
from transcription.text.simplify import simplify
from transcription.types import RejectedText, Speaker, Transcript, Utterance, Word

SUPPORTED_LANGUAGES = ("zh", "en")
# Below this the guess of the language is no better than a toss.
_SURE_LANGUAGE = 0.4
_LANGUAGE_CLIPS = 3
# The call cannot be judged when this much of the speech has no accepted text.
UNHEARD_SHARE = 0.3
_UNHEARD_S = 5.0
# Sound around a turn that belongs to its first and last word.
_MARGIN_S = 0.1

# How much of the work it is to find out who speaks when.
_SIDES_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _Part:
    """One turn and what came of it."""

    turn: Turn
    heard: Heard


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
        None,
        engine.name,
        engine.model,
        (),
        options=_options(engine, sides, sides.roles),
        problems=sides.problems,
        line=sides.line,
    )
    if not sides.turns:
        return replace(
            empty, language=_given_language(record), problems=("transcript.empty", *sides.problems)
        )
    language, problems = _language(record, engine, sides)
    if language not in SUPPORTED_LANGUAGES:
        unheard = tuple((_speaker(sides.roles, turn), *_times(turn)) for turn in sides.turns)
        options = _options(engine, sides, sides.roles)  # an engine may have learned what its server can do
        problems = (*problems, *sides.problems)
        return replace(empty, language=language, unheard=unheard, options=options, problems=problems)
    parts = _hear_all(sides, engine, language, portion(tell, _SIDES_SHARE, 1.0))
    roles = _roles(sides, parts, language)
    options = _options(engine, sides, roles.speakers)
    problems = (*problems, *sides.problems, *roles.problems)
    made = _assemble(replace(empty, language=language, options=options), parts, roles, problems)
    return finish(made, call_date(record))


def _options(
    engine: Engine, sides: Sides, roles: Sequence[Speaker] | None
) -> dict[str, str | int | float | bool | None]:
    """What decides the text, and where each speaker is: who listens to the voices needs to know."""
    places: dict[str, str | int | float | bool | None] = {"split": sides.how}
    if roles is not None and sides.how == "channels":
        places |= {f"{role}_channel": channel for channel, role in enumerate(roles)}
    return {**engine.options, **places}


def _given_language(record: CallRecord | None) -> str | None:
    given = record.language if record is not None else None
    return given.replace("_", "-").split("-")[0].strip().lower() or None if given else None


def _language(record: CallRecord | None, engine: Engine, sides: Sides) -> tuple[str | None, tuple[str, ...]]:
    language = _given_language(record)
    if language is None:
        longest = sorted(sides.turns, key=lambda turn: (-turn.speech_s, turn.start))[:_LANGUAGE_CLIPS]
        guess = engine.hear([_clip(sides, turn) for turn in longest], None).language
        if guess is None:
            return None, ("language.unknown",)
        if guess.probability < _SURE_LANGUAGE:
            return (guess.language if guess.language in SUPPORTED_LANGUAGES else None), ("language.unknown",)
        language = guess.language
    return language, () if language in SUPPORTED_LANGUAGES else ("language.unsupported",)


def _hear_all(sides: Sides, engine: Engine, language: str, progress: Progress) -> list[_Part]:
    total = sum(turn.speech_s for turn in sides.turns)
    done, parts = 0.0, []
    for turn in sides.turns:
        parts.append(_Part(turn, listen(engine, _clip(sides, turn), language, turn.speech_s)))
        done += turn.speech_s
        progress(done / total)
    return parts


def _clip(sides: Sides, turn: Turn) -> Samples:
    return sides.clip(turn.side, _clip_start(turn), turn.end + _MARGIN_S)


def _clip_start(turn: Turn) -> float:
    return max(0.0, turn.start - _MARGIN_S)


def _roles(sides: Sides, parts: Sequence[_Part], language: str) -> Roles:
    said = [
        Said(part.turn.side, *_times(part.turn), part.heard.reading.text)
        for part in parts
        if part.heard.reading is not None
    ]
    return judge_roles(said, language, given=sides.roles, given_trust=sides.trust, clarity=sides.clarity)


def _assemble(
    empty: Transcript,
    parts: Sequence[_Part],
    roles: Roles,
    problems: tuple[str, ...],
) -> Transcript:
    utterances: list[Utterance] = []
    rejected: list[RejectedText] = []
    unheard: list[tuple[Speaker, float, float]] = []
    for part in parts:
        speaker = _speaker(roles.speakers, part.turn)
        start, end = _times(part.turn)
        rejected += [
            RejectedText(speaker, start, end, simplify(text), reason, part.turn.side)
            for text, reason in part.heard.refused
        ]
        if part.heard.reading is None:
            unheard.append((speaker, start, end))
        else:
            utterances.append(
                _utterance(len(utterances), part.turn, part.heard.reading, speaker, roles.trust)
            )
    if not utterances:
        problems = ("transcript.empty", *problems)
    speech = sum(part.turn.speech_s for part in parts)
    missed = sum(part.turn.speech_s for part in parts if part.heard.reading is None)
    if missed >= _UNHEARD_S and missed > UNHEARD_SHARE * speech:
        problems = (*problems, "speech.unheard")
    return replace(
        empty,
        utterances=tuple(utterances),
        rejected=tuple(rejected),
        unheard=tuple(unheard),
        problems=problems,
        roles=decision_of(roles),
    )


def _speaker(roles: Sequence[Speaker] | None, turn: Turn) -> Speaker:
    return "unknown" if roles is None else roles[turn.side]


def _times(turn: Turn) -> tuple[float, float]:
    return round(turn.start, 2), round(turn.end, 2)


def _utterance(number: int, turn: Turn, reading: Reading, speaker: Speaker, trust: float) -> Utterance:
    offset = _clip_start(turn)
    words = tuple(
        Word(
            simplify(word.text),
            round(offset + word.start, 2),
            round(offset + word.end, 2),
            round(word.confidence, 3),
        )
        for word in reading.words
    )
    start, end = _times(turn)
    return Utterance(
        id=number,
        speaker=speaker,
        start=start,
        end=end,
        text=simplify(reading.text),
        confidence=round(confidence(reading), 3),
        words=words,
        role_trust=trust,
        side=turn.side,
    )
