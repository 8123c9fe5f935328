"""Labelled calls: what a person says should be found (`labels.json`), and the folders that hold them."""

import glob
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.intake import AUDIO_SUFFIXES
from store.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Labels:
    """What a person says about one call.

    `present` maps each category to its labelled utterance indexes (empty where the evidence is a fact of
    the call). `band` and `level` are None where the label file does not state them; a level of "none"
    means that no warning is expected.
    """

    present: Mapping[str, frozenset[int]]
    absent: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    band: str | None = None
    level: str | None = None


def parse_labels(data: object, where: str) -> Labels:
    """Reads a `labels.json` object (docs/formats.md).

    Raises:
        BadInputError: `labels.malformed`, naming the field.
    """
    if not isinstance(data, dict):
        raise _malformed(where, "the file must hold one object")
    present: dict[str, set[int]] = {}
    for number, entry in enumerate(_list(data, "present", where)):
        if not isinstance(entry, dict) or not isinstance(entry.get("category"), str):
            raise _malformed(f"{where} present[{number}]", "each entry needs a category")
        indexes = entry.get("utterances", [])
        if not isinstance(indexes, list) or not all(type(i) is int and i >= 0 for i in indexes):
            raise _malformed(f"{where} present[{number}].utterances", "must be a list of 0-based indexes")
        present.setdefault(entry["category"], set()).update(indexes)
    expect = data.get("expect") or {}
    if not isinstance(expect, dict):
        raise _malformed(f"{where} expect", "must be an object")
    opened = frozenset(_words(data, "open", where))
    return Labels(
        present={name: frozenset(found) for name, found in present.items() if name not in opened},
        absent=frozenset(_words(data, "absent", where)) - opened - present.keys(),
        open=opened,
        band=expect.get("score_band"),
        level=expect.get("warning_level"),
    )


def _list(data: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise _malformed(f"{where} {key}", "must be a list")
    return value


def _words(data: Mapping[str, Any], key: str, where: str) -> list[str]:
    words = _list(data, key, where)
    if not all(isinstance(word, str) for word in words):
        raise _malformed(f"{where} {key}", "must be a list of category names")
    return words


def _malformed(where: str, message: str) -> BadInputError:
    return BadInputError(
        message, code="labels.malformed", where=where, mend="See the label format in docs/formats.md."
    )


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """The files of one labelled call. `recording` is None where the folder has no audio for it."""

    name: str
    labels: Path
    transcript: Path | None
    metadata: Path | None
    recording: Path | None


_SUFFIX = ".labels.json"


def find_labelled(folder: Path, *, mono: bool = False) -> list[LabelledCall]:
    """The labelled calls in a folder, by name.

    Args:
        folder: holds NAME.labels.json beside NAME.call.json, NAME.transcript.json and NAME.<audio>.
        mono: take NAME.mono.<audio>, the mono mix, instead; calls without one are left out.

    Raises:
        BadInputError: `labels.no_folder` or `labels.none`.
    """
    if not folder.is_dir():
        raise BadInputError("is not a folder", code="labels.no_folder", where=str(folder))
    calls = [_gather(path, mono) for path in sorted(folder.glob(f"*{_SUFFIX}"))]
    calls = [call for call in calls if call.recording or not mono]
    if not calls:
        raise BadInputError(
            "holds no labelled calls",
            code="labels.none",
            where=str(folder),
            mend="Put NAME.labels.json beside NAME.call.json and the recording or NAME.transcript.json.",
        )
    return calls


def _gather(labels: Path, mono: bool) -> LabelledCall:
    name = labels.name.removesuffix(_SUFFIX)
    stem = f"{name}.mono" if mono else name
    audio = [p for p in sorted(labels.parent.glob(f"{glob.escape(stem)}.*")) if p.stem == stem]
    return LabelledCall(
        name=name,
        labels=labels,
        transcript=_existing(labels.with_name(f"{name}.transcript.json")),
        metadata=_existing(labels.with_name(f"{name}.call.json")),
        recording=next((p for p in audio if p.suffix.lower() in AUDIO_SUFFIXES), None),
    )


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def load_labels(path: Path) -> Labels:
    """Reads one `labels.json`.

    Raises:
        BadInputError: `labels.unreadable` or `labels.malformed`.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInputError(
            f"is not readable JSON: {error}", code="labels.unreadable", where=str(path)
        ) from error
    return parse_labels(data, str(path))
