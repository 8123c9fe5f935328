"""How somebody sounded while saying something: what of the voice lies near the words. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from transcription.types import Cue, CueKind, Speaker, Utterance
from transcription.voice.types import Limit, SpeakerVoice, Trend, UtteranceVoice, VoiceReport

Manner = Literal["calm", "unsettled", "raised", "agitated", "trembling", "withdrawn", "unknown"]
MANNERS: Final[tuple[Manner, ...]] = get_args(Manner)

_ABOVE_CALM: Final = "sd over own baseline"  # the unit of cues whose value is a rise of the voice
_BY_OTHERS: Final = "signs"  # that of agitation from the first word on, told from the voices of others
# What a cue says of the voice, the most telling first where several are equally sure.
_BY_CUE: Final[Mapping[CueKind, Manner]] = {
    "trembling": "trembling",
    "raised_voice": "raised",
    "agitation": "agitated",
    "withdrawal": "withdrawn",
}
# What is less sure than this is no evidence, neither that a voice was stirred up nor that it was calm.
LEAST_CONFIDENCE: Final = 0.4
# Nine of ten utterances that people speak calmly lie below this (standard deviations above the calm voice).
CALM_BELOW_SD: Final = 1.0
# The words of one turn lie in several utterances: its other parts count when they are so near (seconds).
NEAR_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Heard:
    """How an utterance sounded. `sd` is how far the voice lies above the speaker's own calm voice, in
    standard deviations, `louder` (dB) and `higher` (semitones) likewise; None where it is not known.
    `confidence` (0..1) is that of the manner, `limits` say why it may be wrong."""

    manner: Manner = "unknown"
    sd: float | None = None
    louder: float | None = None
    higher: float | None = None
    confidence: float = 0.0
    limits: tuple[Limit, ...] = ()


UNKNOWN: Final = Heard()


class Voices:
    """What is known of the voices of a call, by utterance.

    Args:
        utterances: what was said, in order of time.
        cues: what was heard beside the words.
        report: how the voices sounded, where that is known.
    """

    def __init__(
        self, utterances: Sequence[Utterance], cues: Sequence[Cue], report: VoiceReport | None
    ) -> None:
        self._said = utterances
        self._places = {said.id: at for at, said in enumerate(utterances)}
        report = report or VoiceReport()
        self._measured: dict[int, UtteranceVoice] = {voice.utterance: voice for voice in report.utterances}
        self._calm: dict[Speaker, SpeakerVoice] = {voice.speaker: voice for voice in report.speakers}
        self._cues: dict[int, list[Cue]] = {}
        # Of whom nothing calm was heard it is not known what the calm voice is.
        self._never_calm = {cue.speaker for cue in cues if _by_others(cue)}
        for cue in cues:
            if cue.kind in _BY_CUE and cue.confidence >= LEAST_CONFIDENCE:
                for utterance in cue.utterances:
                    self._cues.setdefault(utterance, []).append(cue)

    def heard(self, utterance: int) -> Heard:
        """How the speaker sounded in an utterance (its id), and in what the same turn has close to it."""
        cue = self._cue_of(utterance) or self._cue_nearby(utterance)
        if cue is not None:
            return self._stirred(cue, utterance)
        voice = self._measured.get(utterance)
        if voice is None or voice.arousal is None or voice.confidence < LEAST_CONFIDENCE:
            return UNKNOWN
        if voice.speaker in self._never_calm:
            return UNKNOWN
        manner: Manner = "calm" if voice.arousal < CALM_BELOW_SD else "unsettled"
        louder, higher = self._rise(utterance)
        return Heard(manner, voice.arousal, louder, higher, voice.confidence, voice.limits)

    def turn_of(self, utterance: int) -> Iterator[int]:
        """The ids of the other utterances of the same turn that lie near an utterance, the nearest first."""
        at = self._places.get(utterance)
        if at is None:
            return
        said = self._said[at]
        for step in (-1, 1):
            near, place = said, at + step
            while 0 <= place < len(self._said) and self._said[place].speaker == said.speaker:
                other = self._said[place]
                if max(other.start - near.end, near.start - other.end) > NEAR_S:
                    break
                yield other.id
                near, place = other, place + step

    def share(self, speaker: Speaker, utterances: Collection[int]) -> float:
        """The share of these utterances (ids) in the time that a speaker speaks; 0 for who never does."""
        own = [(said.id, said.end - said.start) for said in self._said if said.speaker == speaker]
        total = sum(seconds for _, seconds in own)
        return sum(seconds for known, seconds in own if known in utterances) / total if total > 0 else 0.0

    def trend(self, speaker: Speaker) -> Trend | None:
        """How the voice of a speaker went on over the call; None where it is not known."""
        calm = self._calm.get(speaker)
        return calm.trend if calm is not None else None

    def _cue_of(self, utterance: int) -> Cue | None:
        order = tuple(_BY_CUE)
        cues = [cue for cue in self._cues.get(utterance, ()) if self._is_own(cue, utterance)]
        return max(cues, key=lambda cue: (cue.confidence, -order.index(cue.kind)), default=None)

    def _is_own(self, cue: Cue, utterance: int) -> bool:
        at = self._places.get(utterance)
        return at is not None and cue.speaker == self._said[at].speaker

    def _cue_nearby(self, utterance: int) -> Cue | None:
        return next((cue for other in self.turn_of(utterance) if (cue := self._cue_of(other))), None)

    def _stirred(self, cue: Cue, utterance: int) -> Heard:
        at = utterance if utterance in cue.utterances else cue.utterances[0]
        voice = self._measured.get(at)
        if _by_others(cue):
            limits = voice.limits if voice is not None else ()
            return Heard(_BY_CUE[cue.kind], confidence=cue.confidence, limits=limits)
        louder, higher = self._rise(at)
        sd = cue.value if cue.unit == _ABOVE_CALM else voice.arousal if voice is not None else None
        limits = voice.limits if voice is not None else ()
        return Heard(_BY_CUE[cue.kind], sd, louder, higher, cue.confidence, limits)

    def _rise(self, utterance: int) -> tuple[float | None, float | None]:
        """How much louder (dB) and higher (semitones) than the speaker's own calm voice."""
        voice = self._measured.get(utterance)
        calm = self._calm.get(voice.speaker) if voice is not None else None
        if voice is None or calm is None:
            return None, None
        return _difference(voice.level, calm.calm_level), _difference(voice.pitch, calm.calm_pitch)


def _by_others(cue: Cue) -> bool:
    return cue.kind == "agitation" and cue.unit == _BY_OTHERS


def _difference(value: float | None, calm: float | None) -> float | None:
    return None if value is None or calm is None else round(value - calm, 1)
