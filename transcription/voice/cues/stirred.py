"""The cue of a voice that lies above its speaker's calm one for a while."""

from transcription.types import Because, Cue, CueKind
from transcription.voice.cues.lasting import Lasting
from transcription.voice.cues.limits import common_limits, doubts, worth
from transcription.voice.cues.rises import against
from transcription.voice.types import SpeakerVoice

# Half sure where there is just enough evidence …
_JUST = 0.5
# … and each sd more makes it surer by this much.
_SURER_PER_SD = 0.4


def stirred_cue(
    kind: CueKind, part: Lasting, calm: SpeakerVoice, *, enough: float, risen: Because, just: float = _JUST
) -> Cue:
    """The cue, with what may be wrong with it.

    Args:
        kind: what it amounts to.
        part: what was said so.
        calm: the calm voice it is held against.
        enough: the evidence from which it counts.
        risen: what rose and how much, in plain words.
        just: the confidence where there is just enough.
    """
    limits = common_limits(part.voices)
    held, doubt = against(calm), doubts(limits)
    return Cue(
        kind,
        calm.speaker,
        part.voices[0].start,
        part.voices[-1].end,
        part.value,
        "sd over own baseline",
        tuple(voice.utterance for voice in part.voices),
        confidence=round(min(1.0, just + _SURER_PER_SD * (part.evidence - enough)) * worth(limits), 2),
        because=Because(f"{held.zh}：{risen.zh}{doubt.zh}", f"{risen.en} {held.en}{doubt.en}"),
    )
