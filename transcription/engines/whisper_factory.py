"""Starts faster-whisper, and says beforehand whether it can be started."""

from pathlib import Path

from store.errors import EngineError
from transcription.engines.bundled_model import require_wheels
from transcription.engines.device import chosen_device
from transcription.engines.engine import Engine, EngineSettings
from transcription.engines.registry import Untold

BUNDLED = "bundled"
_WEIGHTS = "model.bin"


class WhisperFactory:
    """Makes the engine from a bundled model, a folder or a hub id."""

    library = "faster-whisper"

    def __call__(self, settings: EngineSettings) -> Engine:
        """Load the model; see `whisper_engine`."""
        # Loading the library takes a second; commands that transcribe nothing do not pay for it.
        from transcription.engines.whisper import whisper_engine  # noqa: PLC0415

        return whisper_engine(settings)

    def check(self, settings: EngineSettings) -> str | None:
        """Look for the model, and for a GPU where one must be there, without loading anything.

        Raises:
            EngineError: `engine.no_gpu`, `model.missing`, `model.unreadable`.
        """
        chosen_device(settings.device, _gpus)
        if settings.model == BUNDLED:
            require_wheels()
            return None
        folder = Path(settings.model)
        if folder.is_dir():
            if not (folder / _WEIGHTS).is_file():
                raise EngineError(
                    f"the folder holds no {_WEIGHTS}",
                    code="model.unreadable",
                    where=str(folder),
                    mend="Set DITING_MODEL to bundled, or to a folder with a CTranslate2 Whisper model.",
                )
            return None
        if folder.is_absolute() or settings.model.startswith((".", "~")):
            raise EngineError(
                "there is no such model folder",
                code="model.missing",
                where=settings.model,
                mend="Set DITING_MODEL to a CTranslate2 Whisper folder, to a hub id, or to bundled.",
            )
        return Untold(f"whether the hub has {settings.model} shows when it is loaded")


def _gpus() -> int:
    # The library takes a moment to load; who computes on the processor does not pay for it.
    from ctranslate2 import get_cuda_device_count  # noqa: PLC0415

    return int(get_cuda_device_count())


factory = WhisperFactory()
