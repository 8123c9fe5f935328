"""How stirred up a voice is: how far it lies above the speaker's own calm voice.

Anger raises the voice in pitch, in loudness and in the share of its power that lies high, in all languages
that were studied. So do fear and joy: this tells that somebody is stirred up, not why. Nothing here was
fitted to recordings: every measure is in units of its natural variation between sentences. No line moves the
pitch, while automatic gain takes the loudness away and a bad or bright line the tilt: the pitch counts as
much as the other two together.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from transcription.voice.measure.baseline import CalmVoice, VoiceLike

# One measure alone proves little, however far it goes: rises are bent towards this many standard deviations.
MOST_RISE_SD: Final = 4.0
# Of level, pitch and tilt.
_WEIGHTS: Final = (1, 2, 1)
# Who presses and lifts the voice this much (mean of pitch and tilt, in sd) also gets louder …
_STIRRED_SD: Final = 2.0
# … by this much at least (in sd of level), else the line, or who made the file, evens loudness out. Fewer
# such utterances say nothing of the line.
_LOUDER_SD: Final = 1.0
_MIN_STIRRED: Final = 3


def arousal(voice: VoiceLike, calm: CalmVoice, *, level_counts: bool = True) -> float | None:
    """Mean rise of level, pitch (counted twice) and tilt above the calm voice, in standard deviations; None
    where the pitch is not known, for loudness alone says nothing. Without a level that counts, pitch and tilt
    tell."""
    level, pitch, tilt = calm.rises(voice)
    if pitch is None:
        return None
    known = [
        (bent(rise), weight)
        for rise, weight in zip((level if level_counts else None, pitch, tilt), _WEIGHTS, strict=True)
        if rise is not None
    ]
    return round(sum(rise * weight for rise, weight in known) / sum(weight for _, weight in known), 2)


def bent(rise: float) -> float:
    """The rise itself while it is small, and never more than `MOST_RISE_SD`."""
    return float(MOST_RISE_SD * np.tanh(rise / MOST_RISE_SD))


def level_counts(voices: Sequence[VoiceLike], calm: CalmVoice) -> bool:
    """False where the loudness of this speaker does not follow the voice: automatic gain, or files that were
    each brought to the same level. True where nothing speaks against it."""
    known = [
        (level, (pitch + tilt) / 2 >= _STIRRED_SD)
        for level, pitch, tilt in map(calm.rises, voices)
        if level is not None and pitch is not None and tilt is not None
    ]
    stirred, others = (
        [level for level, is_stirred in known if is_stirred is wanted] for wanted in (True, False)
    )
    if len(stirred) < _MIN_STIRRED or not others:
        return True
    return bool(np.median(stirred) - np.median(others) >= _LOUDER_SD)
