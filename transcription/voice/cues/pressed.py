"""Raised voices on lines that even loudness out: told from how high and how hard pressed a voice is.

Whoever speaks louder also speaks higher and presses the voice. Where the loudness does not follow the voice
(automatic gain) these two are left; somebody excited without being loud may sound the same, so it takes more
than where the loudness is known, and it stays unsure unless it is plain.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from transcription.types import Because, Cue
from transcription.voice.cues.lasting import Lasting, lasting, turns_of
from transcription.voice.cues.raised import MIN_RAISED_S
from transcription.voice.cues.rises import rises
from transcription.voice.cues.stirred import stirred_cue
from transcription.voice.types import SpeakerVoice, UtteranceVoice

# Mean rise of pitch and tilt, in standard deviations, from which an utterance may belong to a raised voice …
_LEAST = 1.5
# … both of which must rise …
_LEAST_PITCH_SD = 1.5
_LEAST_TILT_SD = 1.0
# … and what must speak for it in all (transcription/voice/cues/lasting.py): half a standard deviation more
# than where the loudness is known. Just so much leaves it unsure.
PRESSED = 2.5
_JUST = 0.3


def pressed_voices(
    voices: Sequence[UtteranceVoice], speakers: Iterable[SpeakerVoice], raised: Iterable[Cue]
) -> list[Cue]:
    """Where somebody's voice is clearly higher and pressed on a line that evens loudness out.

    Args:
        voices: everything said in the call, in order of time.
        speakers: the calm voice of each speaker; only those with the limit `agc` are looked at.
        raised: what is raised by its loudness: it is not reported twice.
    """
    known = {utterance for cue in raised for utterance in cue.utterances}
    cues = []
    for calm in speakers:
        if "agc" not in calm.limits or calm.calm_pitch is None or calm.calm_tilt is None:
            continue
        found = lasting(turns_of(calm.speaker, voices), partial(_score, calm=calm), least=_LEAST)
        cues += [
            stirred_cue("raised_voice", part, calm, enough=PRESSED, risen=_described(part, calm), just=_JUST)
            for part in found
            if part.evidence >= PRESSED
            and part.seconds >= MIN_RAISED_S
            and not known.intersection(voice.utterance for voice in part.voices)
        ]
    return cues


def _score(voice: UtteranceVoice, calm: SpeakerVoice) -> float | None:
    rise = rises(voice, calm)
    if rise.pitch is None or rise.pitch < _LEAST_PITCH_SD or rise.tilt is None or rise.tilt < _LEAST_TILT_SD:
        return None
    return (rise.pitch + rise.tilt) / 2


def _described(part: Lasting, calm: SpeakerVoice) -> Because:
    higher = (part.mean(lambda voice: voice.pitch) or 0.0) - (calm.calm_pitch or 0.0)
    pressed = (part.mean(lambda voice: voice.tilt) or 0.0) - (calm.calm_tilt or 0.0)
    return Because(
        f"音高 {higher:+.1f} 个半音，高频 {pressed:+.1f} dB",
        f"{higher:+.1f} semitones, {pressed:+.1f} dB of high frequencies",
    )
