"""Summaries of how it was said: one line for a call, a few figures for a collector. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from transcription.types import Cue, CueKind, Speaker
from transcription.voice.types import Interaction, SpeakerTurns, SpeakerVoice

# A figure from fewer calls says more about these calls than about the collector.
MIN_CALLS: Final = 5
_BARS: Final = "▁▂▃▄▅▆▇█"
_LOWEST: Final = -1.5  # standard deviations, as in the report
_HIGHEST: Final = 4.0
_TEN_MINUTES_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class CallOfCollector:
    """What one call says of its collector: how long it lasted, and what was heard in it."""

    duration_s: float
    speakers: tuple[SpeakerVoice, ...]
    interaction: Interaction
    cues: tuple[Cue, ...]

    @property
    def agent(self) -> SpeakerVoice | None:
        """The collector's voice; None where it could not be measured."""
        return next((v for v in self.speakers if v.speaker == "agent" and v.calm_from is not None), None)

    @property
    def turns(self) -> SpeakerTurns | None:
        """How the collector took part; None where that is not known."""
        return next((turns for turns in self.interaction.turns if turns.speaker == "agent"), None)

    def has(self, speaker: Speaker, *kinds: CueKind) -> bool:
        """Whether any cue of these kinds was heard from the speaker."""
        return any(cue.speaker == speaker and cue.kind in kinds for cue in self.cues)


@dataclass(frozen=True, slots=True)
class CollectorSummary:
    """A collector over several calls. A figure is None where too few calls (`MIN_CALLS`) have what it takes.

    `calls` were heard, the voice could be measured in `measured` of them; `minutes` is their length in all.
    `raised` and `agitated` are shares of the measured calls in which the collector's voice was so;
    `customer_stirred` the share of calls in which the customer's voice was raised, agitated or escalated.
    `interruptions` is how often the collector took the customer's turn in ten minutes of calls, `talk_share`
    the collector's part of all speech, `response_s` the median time until the collector answered,
    `longest_s` the median of the longest stretches alone, `calm_pitch` the median in semitones above 100 Hz.
    """

    calls: int
    measured: int
    minutes: float
    raised: float | None
    agitated: float | None
    customer_stirred: float | None
    interruptions: float | None
    talk_share: float | None
    response_s: float | None
    longest_s: float | None
    calm_pitch: float | None


def collector_summary(calls: Sequence[CallOfCollector]) -> CollectorSummary:
    """The figures of one collector's calls, in any order."""
    measured = [call for call in calls if call.agent is not None]
    talked = [(call, turns) for call in calls if (turns := call.turns) is not None]
    pitches = [call.agent.calm_pitch for call in measured if call.agent is not None]
    heard_customer = [
        call for call in calls if any(v.speaker == "customer" and v.calm_from for v in call.speakers)
    ]
    return CollectorSummary(
        calls=len(calls),
        measured=len(measured),
        minutes=round(sum(call.duration_s for call in calls) / 60, 1),
        raised=_share(measured, lambda call: call.has("agent", "raised_voice")),
        agitated=_share(measured, lambda call: call.has("agent", "agitation")),
        customer_stirred=_share(
            heard_customer, lambda call: call.has("customer", "raised_voice", "agitation", "escalation")
        ),
        interruptions=_rate(talked),
        talk_share=_talk_share([turns for _, turns in talked]),
        response_s=_middle(
            [turns.response_s for _, turns in talked],
            [each for _, turns in talked for each in turns.responses],
        ),
        longest_s=_middle([turns.longest_s for _, turns in talked]),
        calm_pitch=_middle(pitches),
    )


def _share(calls: Sequence[CallOfCollector], test: Callable[[CallOfCollector], bool]) -> float | None:
    return round(sum(map(test, calls)) / len(calls), 3) if len(calls) >= MIN_CALLS else None


def _rate(talked: Sequence[tuple[CallOfCollector, SpeakerTurns]]) -> float | None:
    seconds = sum(call.duration_s for call, _ in talked)
    if len(talked) < MIN_CALLS or not seconds:
        return None
    return round(sum(turns.cut_in for _, turns in talked) / seconds * _TEN_MINUTES_S, 2)


def _talk_share(parts: Sequence[SpeakerTurns]) -> float | None:
    """Weighted by how much was said: the share of a short call is chance."""
    both = sum(turns.talk_s / turns.share for turns in parts if turns.share)
    if len(parts) < MIN_CALLS or not both:
        return None
    return round(sum(turns.talk_s for turns in parts) / both, 3)


def _middle(of_calls: Iterable[float | None], values: Sequence[float] | None = None) -> float | None:
    """The median of what is known of enough calls, or of `values`, of which each call may have several."""
    known = [value for value in of_calls if value is not None]
    return round(median(values or known), 2) if len(known) >= MIN_CALLS else None


def sparkline(track: Sequence[float | None], width: int) -> str:
    """A track of arousal in at most `width` characters, each the highest of what it stands for; a blank where
    nothing is known."""
    if not track:
        return ""
    columns = min(width, len(track))
    parts = [track[len(track) * at // columns : len(track) * (at + 1) // columns] for at in range(columns)]
    return "".join(_bar([value for value in part if value is not None]) for part in parts)


def _bar(known: Sequence[float]) -> str:
    if not known:
        return " "
    height = (min(max(*known, _LOWEST), _HIGHEST) - _LOWEST) / (_HIGHEST - _LOWEST)
    return _BARS[min(int(height * len(_BARS)), len(_BARS) - 1)]
