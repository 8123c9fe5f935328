"""Two speakers on one channel, told apart by the sound of their voices."""

from collections.abc import Callable, Sequence

import librosa
import numpy as np
from numpy.typing import NDArray

from ingest.audio import Samples
from transcription.sound.speech import Stretch

# Gives the sound of one channel between two times in seconds, so that no more of it need be held.
Clip = Callable[[float, float], Samples]

_COEFFICIENTS = 20
_MIN_FRAMES = 8
# The spread of a coefficient tells less about the speaker than its mean.
_SPREAD_WEIGHT = 0.7
_SEED = 0


def split_by_voice(clip: Clip, rate: int, stretches: Sequence[Stretch]) -> tuple[tuple[Stretch, ...], ...]:
    """Divide the stretches of one channel between two voices; the voice heard first comes first.

    Two voices are always assumed: embedding distance cannot tell one speaker from two. With fewer than
    two stretches the second voice has none.
    """
    if len(stretches) < 2:
        return tuple(stretches), ()
    # Loading it takes longer than most commands; only mono recordings need it.
    from sklearn.cluster import KMeans  # noqa: PLC0415

    features = np.array([_voice(clip(stretch.start, stretch.end), rate) for stretch in stretches])
    spread = features.std(axis=0)
    scaled = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    lengths = np.array([stretch.end - stretch.start for stretch in stretches])
    labels = KMeans(2, n_init=10, random_state=_SEED).fit(scaled, sample_weight=lengths).labels_
    first = tuple(stretch for stretch, label in zip(stretches, labels, strict=True) if label == labels[0])
    second = tuple(stretch for stretch, label in zip(stretches, labels, strict=True) if label != labels[0])
    return first, second


def _voice(part: Samples, rate: int) -> NDArray[np.float64]:
    """Mean and spread of the cepstral shape over the louder frames, without the level."""
    cepstra = librosa.feature.mfcc(
        y=part,
        sr=rate,
        n_mfcc=_COEFFICIENTS,
        n_fft=512,
        hop_length=rate // 100,
        n_mels=40,
        fmin=100,
        fmax=3800,
    )
    level = cepstra[0]
    shape = cepstra[1:, level >= np.percentile(level, 30)]
    if shape.shape[1] < _MIN_FRAMES:
        shape = cepstra[1:]
    return np.concatenate([shape.mean(axis=1), shape.std(axis=1) * _SPREAD_WEIGHT]).astype(np.float64)
