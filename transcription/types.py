"""What was said and what was heard: plain immutable values shared by all later stages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

Speaker = Literal["agent", "customer", "unknown"]
RolesHow = Literal["channels", "assumed", "content", "person", "given", "unknown"]


class Word(NamedTuple):
    """One word (Mandarin: one or a few characters) in its place in the recording.

    `start` and `end` are seconds from the start of the recording; `confidence` is 0..1.
    """

    text: str
    start: float
    end: float
    confidence: float


NumberKind = Literal["number", "amount", "percent", "date", "time", "phone", "digits"]


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number in an utterance, beside the words as spoken.

    `text` is what `start:end` of the utterance's text says. `value` is written one way: a plain decimal
    (`number`, `percent`), a decimal with two places in `unit` (`amount`; ISO 4217), ISO 8601 as far as it
    was said (`date`: `2026-06-15`, `--06-15` without a year, `---15` without a month; `time`: `15:30`),
    E.164 (`phone`), or the row of digits. Two values with a stroke between them are all that can be told:
    `03:30/15:30` when nobody said which half of the day, `2000.00/3000.00` for 两三千. `approximate`
    where the speaker said so (三千多, 大概, about).
    """

    kind: NumberKind
    start: int
    end: int
    text: str
    value: str
    unit: str | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """One speaker's stretch of speech.

    `id` is its 0-based index in the transcript. `confidence` is 0..1 (1.0 for a given transcript).
    `words` is empty where the source gave no word times. `role_trust` is lower where the role was
    judged from content (mono recordings) instead of given by the channel. `side` is the channel or the
    voice it came from, counted from 0, whoever that is; None where nothing tells (a given transcript).
    """

    id: int
    speaker: Speaker
    start: float
    end: float
    text: str
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    role_trust: float = 1.0
    side: int | None = None
    numbers: tuple[SpokenNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedText:
    """Text that the engine produced and the guard refused: kept for audit, never matched."""

    speaker: Speaker
    start: float
    end: float
    text: str
    reason: str
    side: int | None = None


@dataclass(frozen=True, slots=True)
class RoleDecision:
    """How it was decided who is the agent, and how far that can be trusted (0..1).

    `channels`: the metadata name who speaks on which channel; `assumed`: the usual order of channels;
    `content`: judged from what was said; `person`: somebody listened and decided, `by` and `at` say who
    and when; `given`: the transcript came with its speakers; `unknown`: nobody could tell.
    """

    how: RolesHow
    trust: float
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """All utterances in order of start time.

    `language` is an ISO 639-1 code (`zh`, `en`) or None when it could not be told. `options` are the
    engine options that were used. `unheard` are `(speaker, start, end)` stretches of detected speech
    for which there is no accepted text. `problems` are reason codes (docs/errors.md) that bear on
    whether the call can be judged. `roles` is None in transcripts written before it was noted.
    """

    language: str | None
    engine: str
    model: str
    utterances: tuple[Utterance, ...]
    options: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    rejected: tuple[RejectedText, ...] = ()
    unheard: tuple[tuple[Speaker, float, float], ...] = ()
    problems: tuple[str, ...] = ()
    roles: RoleDecision | None = None


CueKind = Literal["raised_voice", "agitation", "overlap", "interruption", "dead_air", "speech_rate"]


@dataclass(frozen=True, slots=True)
class Cue:
    """Something heard rather than said.

    `value` is in `unit` (`sd over own baseline`, `s`, `characters/s`). `utterances` are the ids it
    touches: for dead_air the utterance after the silence, for interruption the one that cuts in.
    """

    kind: CueKind
    speaker: Speaker
    start: float
    end: float
    value: float
    unit: str
    utterances: tuple[int, ...] = ()
    confidence: float = 1.0
    because: str = ""
