"""A Whisper model of CTranslate2 on the device that was asked for."""

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from ingest.audio import RATE
from store.errors import EngineError
from transcription.engines.device import chosen_device, no_gpu, require_compute_type, speaks_of_cuda
from transcription.engines.engine import EngineSettings


def open_model(source: str, settings: EngineSettings) -> WhisperModel:
    """Load the model in the folder `source`, or of that hub id.

    Raises:
        EngineError: `engine.no_gpu`, `engine.compute_type`, `model.unreadable`.
    """
    device = chosen_device(settings.device, ctranslate2.get_cuda_device_count)
    try:
        has = ctranslate2.get_supported_compute_types(device)
        require_compute_type(settings.compute_type, device, has)
        model = WhisperModel(
            source, device=device, compute_type=settings.compute_type, cpu_threads=settings.threads
        )
        if device == "cuda":  # the libraries of CUDA are loaded at the first use: before any call, then
            encoded(model, model.feature_extractor(np.zeros(RATE, dtype=np.float32)))
    except (RuntimeError, ValueError, OSError) as error:
        if device == "cuda" and speaks_of_cuda(error):
            raise no_gpu(str(error)) from error
        raise EngineError(
            f"the model cannot be loaded ({error})".replace("\n", " "),
            code="model.unreadable",
            where=source,
            mend="Set DITING_MODEL to bundled, or to a folder with a CTranslate2 Whisper model.",
        ) from error
    return model


def encoded(model: WhisperModel, features: NDArray[np.float32]) -> NDArray[np.floating]:
    """What the encoder makes of one window (mel bands, frames), in the memory of the processor wherever the
    model computes."""
    window = ctranslate2.StorageView.from_array(np.ascontiguousarray(features[np.newaxis]))
    return as_array(model.model.encode(window, to_cpu=True))


def as_array(storage: ctranslate2.StorageView) -> NDArray[np.floating]:
    """The numbers; numpy has no bfloat16."""
    if storage.dtype == ctranslate2.DataType.bfloat16:
        storage = storage.to(ctranslate2.DataType.float32)
    return np.asarray(storage)
