"""Agitation: a voice that is stirred up for a while, without being loud enough to be raised."""

from collections.abc import Iterable, Sequence
from functools import partial

from transcription.types import Because, Cue
from transcription.voice.cues.lasting import Lasting, lasting, turns_of
from transcription.voice.cues.rises import rises
from transcription.voice.cues.stirred import stirred_cue
from transcription.voice.types import SpeakerVoice, UtteranceVoice

# Arousal from which an utterance may belong to an agitated stretch …
_LEAST = 0.6
# … and what must speak for it in all (transcription/voice/cues/lasting.py).
AGITATED = 1.2
# Without the loudness, which may be the line's, the voice must be stirred up as well, the pitch above all.
_LEAST_BESIDE_LEVEL = 0.7
_LEAST_PITCH = 0.5
MIN_AGITATED_S = 2.0


def agitations(
    voices: Sequence[UtteranceVoice], speakers: Iterable[SpeakerVoice], raised: Iterable[Cue]
) -> list[Cue]:
    """Where somebody's voice is stirred up, against the same person's calm voice, and it is not raised.

    Args:
        voices: everything said in the call, in order of time.
        speakers: the calm voice of each speaker.
        raised: the raised voices: what is one is not reported twice.
    """
    known = {utterance for cue in raised for utterance in cue.utterances}
    cues = []
    for calm in speakers:
        if calm.calm_from is None:
            continue
        found = lasting(
            turns_of(calm.speaker, voices),
            partial(_score, calm=calm),
            least=_LEAST,
        )
        cues += [
            stirred_cue("agitation", part, calm, enough=AGITATED, risen=_described(part, calm))
            for part in found
            if part.evidence >= AGITATED
            and part.run_s >= MIN_AGITATED_S
            and not known.intersection(voice.utterance for voice in part.voices)
        ]
    return cues


def _score(voice: UtteranceVoice, calm: SpeakerVoice) -> float | None:
    """The arousal; None where it is not known, or little but the loudness rose."""
    rise = rises(voice, calm)
    if rise.pitch is None or rise.pitch < _LEAST_PITCH:
        return None
    beside = [value for value in (rise.pitch, rise.tilt, rise.rate) if value is not None]
    return voice.arousal if sum(beside) >= _LEAST_BESIDE_LEVEL * len(beside) else None


def _described(part: Lasting, calm: SpeakerVoice) -> Because:
    """What rose, and how much."""
    measures = (
        (part.mean(lambda voice: voice.pitch), calm.calm_pitch, "音高 {:+.1f} 个半音", "{:+.1f} semitones"),
        (
            part.mean(lambda voice: voice.tilt),
            calm.calm_tilt,
            "高频 {:+.1f} dB",
            "{:+.1f} dB of high frequencies",
        ),
        (part.mean(lambda voice: voice.rate), calm.calm_rate, "语速 {:+.1f} 字/秒", "{:+.1f} characters/s"),
        (part.mean(lambda voice: voice.level), calm.calm_level, "音量 {:+.1f} dB", "{:+.1f} dB"),
    )
    known = [
        (zh.format(value - usual), en.format(value - usual))
        for value, usual, zh, en in measures
        if value is not None and usual is not None
    ]
    return Because("，".join(zh for zh, _ in known), ", ".join(en for _, en in known))
