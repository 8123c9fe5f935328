"""What was said and what was heard: plain immutable values shared by all later stages."""

from collections.abc import Iterable, Mapping
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


ChannelState = Literal["speech", "sound", "leak", "silent"]
UtteranceKind = Literal["speech", "announcement"]
LineKind = Literal[
    "ringback",
    "busy",
    "dial_tone",
    "dtmf",
    "fax",
    "beep",
    "tone",
    "music",
    "announcement",
    "voicemail",
]


@dataclass(frozen=True, slots=True)
class LineSound:
    """Something on the line that is not a person speaking.

    `channel` is that of the recording; `start` and `end` are seconds; `confidence` is 0..1. `parts` are
    the stretches that sound, where there are pauses between them (rings, key presses). Of keys it is known
    that they were pressed, never which.
    """

    kind: LineKind
    channel: int
    start: float
    end: float
    confidence: float
    parts: tuple[tuple[float, float], ...] = ()


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
    `kind` is `announcement` where a machine speaks, not the person on that side: rules pass it over.
    `doubts` say why the guard accepted the text but is not sure of it, `measures` are the figures that it
    judged by (transcription/guard.py). `as_heard` is what the recogniser wrote where other characters of the
    same sound were chosen (transcription/text/word_choice.py), else None.
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
    kind: UtteranceKind = "speech"
    doubts: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    as_heard: str | None = None


@dataclass(frozen=True, slots=True)
class RejectedText:
    """Text that the engine produced and the guard refused: kept for audit, never matched.

    `reason` is why, `measures` are the figures that the guard judged by (transcription/guard.py).
    """

    speaker: Speaker
    start: float
    end: float
    text: str
    reason: str
    side: int | None = None
    measures: Mapping[str, float] = field(default_factory=dict)


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
class ChannelHealth:
    """How good one channel of a recording is.

    Levels are in dB below full scale; `speech_db`, `snr_db` are None where nobody speaks. `clipped` is the
    share of loud samples that are cut off flat. `dropouts` is the share of the speech that is missing in
    gaps, `repeated` the share filled with the sound before. `dc` is the offset as a share of full scale.
    `low_hz` and `high_hz` are the edges of what comes through. `state` is what the channel carries:
    speech, other sound but no speech (`sound`), only what leaks in from the other side (`leak`), or
    nothing (`silent`).
    """

    state: ChannelState
    speech_s: float
    peak_db: float
    speech_db: float | None
    noise_db: float
    snr_db: float | None
    clipped: float
    dc: float
    dropouts: float
    repeated: float
    low_hz: float | None
    high_hz: float | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two channels with the same sound: how much later, louder, and whether upside down the second is."""

    delay_ms: float
    gain_db: float
    inverted: bool


@dataclass(frozen=True, slots=True)
class Echo:
    """What the other side says comes back on `channel`, later and weaker."""

    channel: int
    delay_ms: float
    level_db: float


@dataclass(frozen=True, slots=True)
class AudioHealth:
    """How good a recording is. `speed` is how many times too fast it plays (2.0: twice), None where
    nothing is wrong or nothing sure can be said."""

    channels: tuple[ChannelHealth, ...]
    duplicate: Duplicate | None = None
    echoes: tuple[Echo, ...] = ()
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """All utterances in order of start time.

    `language` is an ISO 639-1 code (`zh`, `en`) or None when it could not be told. `options` are the
    engine options that were used. `unheard` are `(speaker, start, end)` stretches of detected speech
    for which there is no accepted text. `problems` are reason codes (docs/errors.md) that bear on
    whether the call can be judged. `roles` is None in transcripts written before it was noted. `line` is
    what else is on the line, by start. `health` is how good the recording is, None without one.
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
    line: tuple[LineSound, ...] = ()
    health: AudioHealth | None = None


CueKind = Literal[
    "raised_voice",
    "agitation",
    "trembling",
    "withdrawal",
    "escalation",
    "overlap",
    "interruption",
    "backchannel",
    "dead_air",
    "hold",
    "slow_response",
    "monologue",
    "speech_rate",
]


class Because(NamedTuple):
    """What was measured, and why it may be wrong, in Chinese and English."""

    zh: str = ""
    en: str = ""

    @classmethod
    def of(cls, reasons: Iterable["Because"]) -> "Because":
        """Several reasons as one."""
        given = list(reasons)
        return cls("；".join(each.zh for each in given), "; ".join(each.en for each in given))


@dataclass(frozen=True, slots=True)
class Cue:
    """Something heard rather than said.

    `value` is in `unit` (`sd over own baseline`, `sd`, `signs`, `s`, `characters/s`). `utterances` are the
    ids it touches: for dead_air the utterance after the silence, for interruption the one that cuts in.
    """

    kind: CueKind
    speaker: Speaker
    start: float
    end: float
    value: float
    unit: str
    utterances: tuple[int, ...] = ()
    confidence: float = 1.0
    because: Because = Because()  # noqa: RUF009 - immutable
