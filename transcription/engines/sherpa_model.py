"""A folder with a model for sherpa-onnx: which files, which kind, which languages, and whether it is whole.

Everything that the library takes for granted is checked here, because it ends the process where it is not so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from store.errors import EngineError
from transcription.engines.onnx_metadata import read_metadata

Kind = Literal["sense_voice", "paraformer"]

MEL_BANDS = 80
_TOKENS = "tokens.txt"
_SMALL, _FULL = "model.int8.onnx", "model.onnx"
_NUMBERS: dict[Kind, tuple[str, ...]] = {
    "paraformer": ("vocab_size", "lfr_window_size", "lfr_window_shift"),
    "sense_voice": (
        *("vocab_size", "lfr_window_size", "lfr_window_shift", "normalize_samples"),
        *("with_itn", "without_itn", "lang_auto", "lang_zh", "lang_en", "lang_ja", "lang_ko", "lang_yue"),
    ),
}
_ROWS = ("neg_mean", "inv_stddev")
_SENSE_VOICE_LANGUAGES = ("zh", "en", "ja", "ko", "yue")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_MARK = re.compile(r"<.*>")
_MEND = "Set DITING_MODEL to a folder with a SenseVoice or Paraformer model for sherpa-onnx."


@dataclass(frozen=True, slots=True)
class SherpaModel:
    """A model that the library can load. `languages` are those that it can be told to read."""

    kind: Kind
    weights: Path
    tokens: Path
    languages: tuple[str, ...]


def look_at(model: str, compute_type: str) -> SherpaModel:
    """Find and check the files of the folder; with compute type `int8`, `model.int8.onnx` comes first.

    Raises:
        EngineError: `model.missing`, `model.unreadable`, `model.unsupported`.
    """
    folder = Path(model)
    if not folder.is_dir():
        raise EngineError("there is no such model folder", code="model.missing", where=model, mend=_MEND)
    names = (_SMALL, _FULL) if compute_type == "int8" else (_FULL, _SMALL)
    weights = next((folder / name for name in names if (folder / name).exists()), None)
    for path, name in ((weights, _FULL), (folder / _TOKENS, _TOKENS)):
        if path is None or not path.exists():
            raise EngineError(
                f"the model folder holds no {name}", code="model.missing", where=model, mend=_MEND
            )
    assert weights is not None  # noqa: S101 - seen above
    metadata = _metadata(weights)
    kind = _kind(metadata, weights)
    numbers = _numbers(metadata, kind, weights)
    symbols = _symbols(folder / _TOKENS, numbers["vocab_size"])
    languages = _SENSE_VOICE_LANGUAGES if kind == "sense_voice" else _written_in(symbols)
    return SherpaModel(kind, weights, folder / _TOKENS, languages)


def _metadata(weights: Path) -> dict[str, str]:
    try:
        return read_metadata(weights)
    except (OSError, ValueError) as error:
        raise _unreadable(weights, str(getattr(error, "strerror", None) or error)) from error


def _kind(metadata: Mapping[str, str], weights: Path) -> Kind:
    """What the exporter says; older Paraformer models say nothing, but have the statistics of one."""
    named = metadata.get("model_type", "")
    if named.startswith("sense_voice") and "lang_auto" in metadata:
        return "sense_voice"
    if named == "paraformer" or (not named and "lang_auto" not in metadata and _ROWS[0] in metadata):
        return "paraformer"
    raise EngineError(
        f"the model is of another kind ({named or 'it does not say which'})",
        code="model.unsupported",
        where=str(weights),
        mend=_MEND,
    )


def _numbers(metadata: Mapping[str, str], kind: Kind, weights: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in _NUMBERS[kind]:
        if not re.fullmatch(r"\d{1,9}", metadata.get(key, "")):
            raise _unreadable(weights, f"its metadata have no usable {key}")
        found[key] = int(metadata[key])
    for key in _ROWS:
        try:
            row = [float(part) for part in metadata.get(key, "").split(",")]
        except ValueError:
            row = []
        if len(row) != MEL_BANDS * found["lfr_window_size"]:
            raise _unreadable(weights, f"its metadata have no usable {key}")
    return found


def _symbols(path: Path, count: int) -> list[str]:
    """The symbols of the token file, each line `symbol number`; a number alone stands for the space.

    Read as bytes: symbols may be spaces of other scripts, which only text would be split at.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    symbols: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        *symbol, index = line.split() or [b""]
        if len(symbol) > 1 or not index.isdigit():
            raise _unreadable(path, f"line {number} is no token with its number")
        symbols[int(index)] = b"".join(symbol).decode(errors="replace") or " "
    if any(index not in symbols for index in range(count)):
        raise _unreadable(path, f"the model knows {count} tokens, and some of them are not listed")
    return list(symbols.values())


def _written_in(symbols: list[str]) -> tuple[str, ...]:
    """The languages that the tokens can write: Paraformer does not name its own."""
    spoken = [symbol for symbol in symbols if not _MARK.fullmatch(symbol)]
    scripts = (("zh", _HAN), ("en", _LATIN))
    return tuple(language for language, script in scripts if any(map(script.search, spoken)))


def _unreadable(path: Path, why: str) -> EngineError:
    return EngineError(
        f"the model cannot be loaded ({why})", code="model.unreadable", where=str(path), mend=_MEND
    )
