"""How a call sounded: what was measured of each utterance, of each second, of each speaker, and of the
two together.

Levels are in dB, pitches in semitones above 100 Hz, times in seconds. `arousal` is how far the voice lies
above the speaker's own calm voice, in standard deviations: it tells how stirred up somebody is, not why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from transcription.types import Speaker

# Why a measure of a voice may be wrong.
Limit = Literal[
    "short_speech",  # too little speech to know this speaker's calm voice
    "noise",  # little louder than the noise of the line
    "crosstalk",  # both spoke, or the other side comes through
    "agc",  # the line evens out loudness
    "clipped",  # too loud for the recorder
    "one_channel",  # both voices on one channel, told apart by their sound
    "no_times",  # the times are those of a given transcript
]
Trend = Literal["rising", "falling", "peak", "level"]


@dataclass(frozen=True, slots=True)
class UtteranceVoice:
    """One utterance as it sounds. A measure is None where too little was there to take it.

    `level`, `pitch` and `tilt` are medians of the frames with voice; `pitch_top` is the 90th percentile of
    the pitch, `pitch_range` from the 10th to it; `tilt` is the power above 1 kHz against that below, in dB
    (more when somebody presses the voice); `rate` is in characters a second of speaking; `pauses` is the
    share of the utterance in which its speaker was silent; `confidence` (0..1) is that of `arousal`.
    """

    utterance: int
    speaker: Speaker
    start: float
    end: float
    level: float | None
    pitch: float | None
    pitch_range: float | None
    tilt: float | None
    rate: float | None
    pauses: float | None
    arousal: float | None = None
    confidence: float = 0.0
    limits: tuple[Limit, ...] = ()
    pitch_top: float | None = None


@dataclass(frozen=True, slots=True)
class SpeakerVoice:
    """One speaker over the whole call: the calm voice, and how arousal went on.

    `measured_s` is the speech that could be measured. `calm_from` tells whether the calm voice is that of
    this call, or of the collector's earlier ones; None: unknown, and so no arousal is. `peak_at` is the
    time of the highest arousal that lasted.
    """

    speaker: Speaker
    measured_s: float
    calm_from: Literal["call", "history"] | None
    calm_level: float | None
    calm_pitch: float | None
    calm_tilt: float | None
    calm_rate: float | None
    trend: Trend | None = None
    peak: float | None = None
    peak_at: float | None = None
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerTurns:
    """How one speaker takes part. `share` is of the speech of both; `response_s` the median of `responses`,
    the times until this speaker answered the other (None: never did; 0.0 where the answer began before the
    other had finished; answers after an announced hold are left out); `longest_s` the longest stretch alone,
    signs of listening not counted; `cut_in` how often this speaker took the other's turn, `listened` how
    often only a sign of listening was given."""

    speaker: Speaker
    talk_s: float
    share: float
    turns: int
    response_s: float | None
    longest_s: float
    cut_in: int
    listened: int
    responses: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Interaction:
    """How the two spoke with each other: both at once, nobody (between the first and the last words), and
    nobody because one had asked to wait, which is part of `silent_s`. `limits` say why it may be wrong."""

    turns: tuple[SpeakerTurns, ...] = ()
    overlap_s: float = 0.0
    silent_s: float = 0.0
    hold_s: float = 0.0
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class VoiceReport:
    """Everything about how a call sounded. `seconds` holds, for each speaker, the arousal of every second
    of the call from its beginning, None where that speaker said nothing that can be judged. `waveform`
    is the outline of the recording, by channel: the loudest of each of many equal parts, in percent."""

    utterances: tuple[UtteranceVoice, ...] = ()
    speakers: tuple[SpeakerVoice, ...] = ()
    seconds: Mapping[Speaker, tuple[float | None, ...]] = field(default_factory=dict)
    interaction: Interaction = Interaction()
    waveform: tuple[tuple[int, ...], ...] = ()
