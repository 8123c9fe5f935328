"""How much a clip sounds like speech."""

import numpy as np
from faster_whisper.vad import get_vad_model

from ingest.audio import Samples

_WINDOW = 512  # samples that the detector looks at together


def speech_activity(clip: Samples) -> float:
    """The mean of Silero's speech probability over a clip at 16 kHz, 0..1; 0 for an empty one."""
    if len(clip) == 0:
        return 0.0
    padded = np.pad(clip, (0, -len(clip) % _WINDOW))
    return float(np.mean(get_vad_model()(padded)))
