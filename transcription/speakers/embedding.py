"""What a voice sounds like, as a point on a sphere: near for the same speaker, apart for different ones."""

import hashlib
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import librosa
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ingest.audio import Samples
from store.errors import EngineError

Embeddings = NDArray[np.float32]

# The encoder was trained on mel power spectra of 1.6 s, 100 frames a second, at this level.
RATE = 16_000
FRAMES_PER_S = 100
WINDOW_FRAMES = 160
_MELS = 40
_FFT = 400
_HOP = RATE // FRAMES_PER_S
_LEVEL = 10 ** (-30 / 20)

_MODELS = Path(__file__).parent / "models"
_SHA256 = {
    "ge2e.onnx": "53c931b19b20c61a71baf2f6a2155af48459ac166a70da7717066e009a4af267",
    "whitening.npy": "c6546c318b060817d8d8c3d8f1a4d16149a4ca9e9a5146c05d6860e3dee0fa99",
}
_BATCH = 64


def embed(sound: Samples, centres: Sequence[int]) -> Embeddings:
    """The voice around each of some points of a stretch of speech, shape (points, 256), of unit length.

    Args:
        sound: float32 at 16 kHz; a window reaches at most 0.8 s beyond a point and never beyond the sound.
        centres: the points, in frames of 10 ms.

    Raises:
        EngineError: `model.damaged`.
    """
    return unit(encode(sound, centres) @ _whitening())


def encode(sound: Samples, centres: Sequence[int]) -> Embeddings:
    """The same before what changes within one speaker's voice, such as shouting, is shrunk."""
    spectra = librosa.feature.melspectrogram(y=sound, sr=RATE, n_fft=_FFT, hop_length=_HOP, n_mels=_MELS)
    mels = np.asarray(spectra.T, dtype=np.float32)
    length = min(WINDOW_FRAMES, len(mels))
    windows = np.empty((len(centres), length, _MELS), dtype=np.float32)
    for index, centre in enumerate(centres):
        first = int(np.clip(centre - length // 2, 0, len(mels) - length))
        part = sound[first * _HOP : (first + length) * _HOP]
        level = float(np.sqrt(np.mean(np.square(part)))) if len(part) else 0.0
        windows[index] = mels[first : first + length] * np.float32((_LEVEL / max(level, 1e-6)) ** 2)
    batches = [windows[start : start + _BATCH] for start in range(0, len(windows), _BATCH)]
    return np.concatenate([_encoder().run(None, {"mels": batch})[0] for batch in batches])


def unit(vectors: NDArray[np.floating]) -> Embeddings:
    """The same directions, of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


@cache
def _encoder() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(_checked("ge2e.onnx"), options, providers=["CPUExecutionProvider"])


@cache
def _whitening() -> Embeddings:
    matrix = np.load(BytesIO(_checked("whitening.npy")), allow_pickle=False)
    return np.asarray(matrix, dtype=np.float32)


def _checked(name: str) -> bytes:
    path = _MODELS / name
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != _SHA256[name]:
        raise EngineError(
            "the speaker model is missing or has another SHA-256 than expected",
            code="model.damaged",
            where=str(path),
            mend="Install Diting again.",
        )
    return content
