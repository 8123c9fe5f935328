"""Withdrawal: somebody who has become quieter, flatter, slower and shorter than earlier in the same call.

That somebody trembles or cries is not told: in a tone language the pitch of ordinary words moves more, and as
fast, as that of a trembling voice does (docs/voice.md).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from transcription.types import Because, Cue
from transcription.voice.cues.lasting import turns_of
from transcription.voice.cues.limits import common_limits, doubts, worth
from transcription.voice.types import SpeakerVoice, UtteranceVoice

Turn = Sequence[UtteranceVoice]

# So much of the call must lie before and after the change.
_MIN_TURNS = 3
_MIN_SPEECH_S = 8.0
# How much less than before is a sign.
QUIETER_DB = 2.0
FLATTER_SEMITONES = 1.5
SLOWER_RATE = 0.8
SHORTER_SHARE = 0.6
LATER_S = 0.8
# At so many places at most a change is looked for.
_MOST_PLACES = 12
# Single signs are chance.
MIN_SIGNS = 4
# Nobody has shown on real calls how often this is right: a person always decides.
MOST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of what somebody said in a call: medians over the turns."""

    level: float | None
    pitch_range: float | None
    rate: float | None
    seconds: float
    response_s: float | None


def withdrawals(voices: Sequence[UtteranceVoice], speakers: Iterable[SpeakerVoice]) -> list[Cue]:
    """Who withdrew in the course of the call, from when on.

    Args:
        voices: everything said in the call, in order of time.
        speakers: those who are known well enough.
    """
    cues = []
    for speaker in speakers:
        turns = turns_of(speaker.speaker, voices)
        delays = _delays(turns, voices)
        last = len(turns) - _MIN_TURNS
        found = [
            (len(signs), at, signs)
            for at in range(_MIN_TURNS, last + 1, max(1, len(turns) // _MOST_PLACES))
            if _speech_s(turns[:at]) >= _MIN_SPEECH_S
            and len(signs := _signs(_part(turns[:at], delays[:at]), _part(turns[at:], delays[at:])))
            >= MIN_SIGNS
        ]
        if found and speaker.calm_from is not None:
            # The first change with most signs.
            count, at, signs = max(found, key=lambda change: (change[0], -change[1]))
            cues.append(_cue(speaker, turns[at:], count, signs))
    return cues


def _signs(before: _Part, after: _Part) -> list[Because]:
    """In plain words what became less."""
    signs = []
    quieter = _less(before.level, after.level)
    if quieter >= QUIETER_DB:
        signs.append(Because(f"音量低 {quieter:.1f} dB", f"{quieter:.1f} dB quieter"))
    flatter = _less(before.pitch_range, after.pitch_range)
    if flatter >= FLATTER_SEMITONES:
        signs.append(Because(f"起伏少 {flatter:.1f} 个半音", f"{flatter:.1f} semitones flatter"))
    slower = _less(before.rate, after.rate)
    if slower >= SLOWER_RATE:
        signs.append(Because(f"语速慢 {slower:.1f} 字/秒", f"{slower:.1f} characters/s slower"))
    if after.seconds <= SHORTER_SHARE * before.seconds:
        signs.append(
            Because(
                f"每次说话 {before.seconds:.1f} 秒变为 {after.seconds:.1f} 秒",
                f"turns of {after.seconds:.1f} s after {before.seconds:.1f} s",
            )
        )
    later = _less(after.response_s, before.response_s)
    if later >= LATER_S:
        signs.append(Because(f"回答晚 {later:.1f} 秒", f"answers {later:.1f} s later"))
    return signs


def _less(before: float | None, after: float | None) -> float:
    return 0.0 if before is None or after is None else before - after


def _part(turns: Sequence[Turn], delays: Sequence[float | None]) -> _Part:
    def middle(measure: Callable[[UtteranceVoice], float | None]) -> float | None:
        known = [value for turn in turns for voice in turn if (value := measure(voice)) is not None]
        return median(known) if len(known) >= _MIN_TURNS else None

    known = [delay for delay in delays if delay is not None]
    return _Part(
        level=middle(lambda voice: voice.level),
        pitch_range=middle(lambda voice: voice.pitch_range),
        rate=middle(lambda voice: voice.rate),
        seconds=median(_speech_s([turn]) for turn in turns),
        response_s=median(known) if len(known) >= _MIN_TURNS else None,
    )


def _delays(turns: Sequence[Turn], voices: Sequence[UtteranceVoice]) -> list[float | None]:
    """How long after the other each turn begins; None where nobody spoke before."""
    ends: dict[int, float | None] = {}
    last: float | None = None
    for voice in voices:
        ends[voice.utterance] = last
        if voice.speaker != turns[0][0].speaker:
            last = voice.end if last is None else max(last, voice.end)
    before = [(turn[0].start, ends[turn[0].utterance]) for turn in turns]
    return [None if end is None else max(0.0, start - end) for start, end in before]


def _speech_s(turns: Sequence[Turn]) -> float:
    return sum(voice.end - voice.start for turn in turns for voice in turn)


def _cue(speaker: SpeakerVoice, turns: Sequence[Turn], count: int, signs: Sequence[Because]) -> Cue:
    voices = [voice for turn in turns for voice in turn]
    limits = common_limits(voices)
    doubt = doubts(limits)
    return Cue(
        "withdrawal",
        speaker.speaker,
        voices[0].start,
        voices[-1].end,
        count,
        "signs",
        tuple(voice.utterance for voice in voices),
        confidence=round(MOST_CONFIDENCE * worth(limits), 2),
        because=Because(
            f"与此前相比{'，'.join(sign.zh for sign in signs)}{doubt.zh}",
            f"{', '.join(sign.en for sign in signs)} than before{doubt.en}",
        ),
    )
