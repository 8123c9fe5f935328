"""What a model computes on: the processor, or a GPU that CUDA reaches."""

from collections.abc import Callable, Collection
from typing import Final, Literal

from store.errors import EngineError

Device = Literal["cpu", "cuda"]
# The words of the libraries when the driver or the libraries of CUDA are missing or too old.
_CUDA_WORDS: Final = ("cuda", "cublas", "cudnn")
# Words of CTranslate2 for what suits the model, and what is fastest on the device.
_DEVICE_DECIDES: Final = ("default", "auto")


def chosen_device(asked: str, gpus: Callable[[], int]) -> Device:
    """The device for a model. `auto` takes a GPU where there is one; `cuda` never ends on the processor.

    Args:
        asked: `cpu`, `cuda` or `auto`.
        gpus: counts the GPUs; asked only where the answer matters.

    Raises:
        EngineError: `engine.no_gpu`.
    """
    if asked == "cpu":
        return "cpu"
    if gpus() > 0:
        return "cuda"
    if asked == "auto":
        return "cpu"
    raise no_gpu("CUDA finds none")


def no_gpu(why: str) -> EngineError:
    """The error of a GPU that was asked for and cannot be used."""
    return EngineError(
        f"there is no GPU that can be used ({' '.join(why.split())})",
        code="engine.no_gpu",
        where="DITING_DEVICE",
        mend="Set it to cpu or auto, or mend the driver and the libraries of CUDA (docs/engines.md).",
    )


def require_compute_type(asked: str, device: Device, has: Collection[str]) -> None:
    """Refuse a way of computing that the device does not have (`has` are those it has).

    Raises:
        EngineError: `engine.compute_type`.
    """
    if asked not in (*_DEVICE_DECIDES, *has):
        raise EngineError(
            f"the device {device} cannot compute in {asked!r}",
            code="engine.compute_type",
            where="DITING_COMPUTE_TYPE",
            mend=f"Use one of: {', '.join(sorted(has))}, auto.",
        )


def speaks_of_cuda(error: Exception) -> bool:
    """Whether a library failed for the want of CUDA, not of a model."""
    said = str(error).lower()
    return any(word in said for word in _CUDA_WORDS)
