"""Raised voices and hurried speech, from the sound of each utterance."""

from collections.abc import Mapping, Sequence
from statistics import median

from transcription.types import Cue, Speaker, Utterance
from transcription.voice.baseline import Baseline, Voice, baseline
from transcription.voice.rate import speech_rate, spoken_characters

# Mean rise of level and pitch, in standard deviations, from which a voice counts as raised …
RAISED = 2.4
# … of which the level alone must rise this much: a high voice is not a loud one …
RAISED_LEVEL_SD = 2.0
# … and the pitch must not fall: turning up the line does not lift the voice.
RAISED_PITCH_SD = 0.1
# One loud word is no raised voice.
MIN_RAISED_S = 1.5

# Hurried: this much faster than the speaker's own median, and fast for anybody.
HURRIED_RATIO = 1.3
HURRIED_RATE = 6.0
_MIN_CHARACTERS = 8
_MIN_RATE_UTTERANCES = 3


def raised_voices(voices: Mapping[Speaker, Sequence[Voice]]) -> list[Cue]:
    """Utterances in which a speaker is clearly louder and higher than the same speaker's calm voice."""
    cues = []
    for speaker, spoken in voices.items():
        calm = baseline(spoken)
        if calm is not None:
            cues += [cue for voice in spoken if (cue := _raised(speaker, voice, calm)) is not None]
    return cues


def _raised(speaker: Speaker, voice: Voice, calm: Baseline) -> Cue | None:
    level, pitch = calm.rise(voice)
    value = round((level + pitch) / 2, 2)
    if voice.seconds < MIN_RAISED_S or value < RAISED or level < RAISED_LEVEL_SD or pitch < RAISED_PITCH_SD:
        return None
    louder, higher = voice.level - calm.level, voice.pitch - calm.pitch
    return Cue(
        "raised_voice",
        speaker,
        voice.start,
        voice.end,
        value,
        "sd over own baseline",
        (voice.utterance,),
        confidence=round(min(1.0, 0.5 + (value - RAISED) / 2), 2),
        because=f"{louder:+.1f} dB, {higher:+.1f} semitones against the speaker's own calm voice",
    )


def hurried_speech(utterances: Sequence[Utterance]) -> list[Cue]:
    """Utterances spoken much faster than the speaker's own pace."""
    cues = []
    for speaker in sorted({utterance.speaker for utterance in utterances}):
        rates = {
            utterance.id: (utterance, rate)
            for utterance in utterances
            if utterance.speaker == speaker
            and spoken_characters(utterance.text) >= _MIN_CHARACTERS
            and (rate := speech_rate(utterance.text, utterance.end - utterance.start)) is not None
        }
        if len(rates) < _MIN_RATE_UTTERANCES:
            continue
        usual = median(rate for _, rate in rates.values())
        for utterance, rate in rates.values():
            if rate >= max(HURRIED_RATE, HURRIED_RATIO * usual):
                cues.append(
                    Cue(
                        "speech_rate",
                        speaker,
                        utterance.start,
                        utterance.end,
                        round(rate, 2),
                        "characters/s",
                        (utterance.id,),
                        because=f"usual pace of the speaker {usual:.1f}",
                    )
                )
    return cues
