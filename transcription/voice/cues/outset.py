"""Who is agitated from the first word on: nothing calmer was heard, so the voice is held against others'.

What a voice is like differs more between people and lines than between a calm and an angry sentence of one
person. So each sign must lie beyond nearly all calm speakers, at the outset and over the call; two different
ones must agree; and it is never more than unsure.
"""

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

from transcription.types import Because, Cue
from transcription.voice.cues.limits import common_limits, doubts, worth
from transcription.voice.types import Limit, SpeakerVoice, UtteranceVoice

MOST_CONFIDENCE: Final = 0.4
# Signs must agree.
MIN_SIGNS: Final = 2
# What it takes to judge somebody by others: shorter utterances say little, fewer are chance.
MIN_UTTERANCES: Final = 4
MIN_SPEECH_S: Final = 12.0
_MIN_UTTERANCE_S: Final = 1.0
# The outset is the first third of what was said, at least so many utterances.
_OUTSET: Final = 1 / 3
_OUTSET_UTTERANCES: Final = 2
# These make a voice sound higher or brighter than it is: nothing is told of it then.
_MISLEADING: Final[frozenset[Limit]] = frozenset(("noise", "crosstalk", "clipped", "short_speech"))


class Norm(NamedTuple):
    """What all but one in twenty calm speakers on the telephone stay below, in the unit of the measure; the
    outset may lie `slack` lower."""

    most: float
    slack: float


# Over calm speakers of Mandarin, read and rendered, on simulated lines (docs/voice.md); the pitch agrees with
# what is published for women's voices (about 220 ± 30 Hz, a top near 340 Hz).
PRESSED: Final = Norm(-6.0, 2.0)  # tilt, dB
HIGH: Final = Norm(19.0, 1.0)  # median pitch, semitones above 100 Hz: 300 Hz
HIGH_TOP: Final = Norm(21.5, 1.0)  # top of the pitch: 346 Hz
WIDE: Final = Norm(14.0, 1.0)  # top of the pitch above the speaker's own floor, semitones
FAST: Final = Norm(10.0, 0.5)  # characters a second of speaking


def agitated_from_the_outset(
    voices: Sequence[UtteranceVoice], speakers: Iterable[SpeakerVoice], cues: Iterable[Cue]
) -> list[Cue]:
    """Who speaks as hardly any calm person does, from the first words to the last.

    Args:
        voices: everything said in the call, in order of time.
        speakers: those who speak. Who is known from earlier calls is held against those.
        cues: what was found against the own calm voice: who has one is not judged here.
    """
    stirred = {cue.speaker for cue in cues if cue.kind in ("raised_voice", "agitation", "escalation")}
    found = []
    for speaker in speakers:
        own = [
            voice
            for voice in voices
            if voice.speaker == speaker.speaker
            and voice.pitch is not None
            and voice.end - voice.start >= _MIN_UTTERANCE_S
        ]
        known = speaker.calm_from == "history" or speaker.speaker in stirred
        misled = _MISLEADING.intersection((*speaker.limits, *common_limits(own)))
        if known or misled or len(own) < MIN_UTTERANCES or _seconds(own) < MIN_SPEECH_S:
            continue
        signs = _signs(own)
        if len(signs) >= MIN_SIGNS:
            found.append(_cue(own, signs))
    return found


def _signs(own: Sequence[UtteranceVoice]) -> list[Because]:
    """What lies beyond nearly all calm speakers, in plain words."""
    outset = own[: max(_OUTSET_UTTERANCES, round(_OUTSET * len(own)))]
    lowest = [
        voice.pitch_top - voice.pitch_range
        for voice in own
        if voice.pitch_top is not None and voice.pitch_range is not None
    ]

    def beyond(norm: Norm, measure: Callable[[UtteranceVoice], float | None]) -> float | None:
        """The measure over the call, where it lies beyond the norm there and at the outset."""
        whole, early = _middle(own, measure), _middle(outset, measure)
        if whole is None or early is None or whole < norm.most or early < norm.most - norm.slack:
            return None
        return whole

    def width(voice: UtteranceVoice) -> float | None:
        return voice.pitch_top - min(lowest) if voice.pitch_top is not None and lowest else None

    signs = []
    if (tilt := beyond(PRESSED, lambda voice: voice.tilt)) is not None:
        signs.append(
            Because(f"嗓音紧（高频 {tilt:.0f} dB）", f"a pressed voice (high frequencies {tilt:.0f} dB)")
        )
    high = beyond(HIGH, lambda voice: voice.pitch)
    top = beyond(HIGH_TOP, lambda voice: voice.pitch_top)
    if high is not None or top is not None:
        hertz = 100 * 2 ** ((_middle(own, lambda voice: voice.pitch) or 0.0) / 12)
        signs.append(Because(f"音高 {hertz:.0f} Hz", f"a pitch of {hertz:.0f} Hz"))
    if (wide := beyond(WIDE, width)) is not None:
        signs.append(
            Because(
                f"音高顶部高出本人最低处 {wide:.0f} 个半音",
                f"{wide:.0f} semitones above the own lowest pitch",
            )
        )
    if (rate := beyond(FAST, lambda voice: voice.rate)) is not None:
        signs.append(Because(f"每秒 {rate:.0f} 字", f"{rate:.0f} characters/s"))
    return signs


def _cue(own: Sequence[UtteranceVoice], signs: Sequence[Because]) -> Cue:
    limits = common_limits(own)
    doubt = doubts(limits)
    zh, en = "、".join(sign.zh for sign in signs), ", ".join(sign.en for sign in signs)
    return Cue(
        "agitation",
        own[0].speaker,
        own[0].start,
        own[-1].end,
        len(signs),
        "signs",
        tuple(voice.utterance for voice in own),
        confidence=round(MOST_CONFIDENCE * worth(limits), 2),
        because=Because(
            f"从第一句起就激动，没有更平静的话可比；与他人平静时相比：{zh}；可能本来就是这样的嗓音{doubt.zh}",
            "agitated from the first word; no calmer stretch to compare; against calm voices of others:"
            f" {en}; it may be how this person always sounds{doubt.en}",
        ),
    )


def _middle(
    voices: Sequence[UtteranceVoice], measure: Callable[[UtteranceVoice], float | None]
) -> float | None:
    known = [value for voice in voices if (value := measure(voice)) is not None]
    return median(known) if len(known) >= _OUTSET_UTTERANCES else None


def _seconds(voices: Sequence[UtteranceVoice]) -> float:
    return sum(voice.end - voice.start for voice in voices)
