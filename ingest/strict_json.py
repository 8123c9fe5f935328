"""JSON from outside: no value lost to a doubled key, nothing that a database cannot hold."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from store.errors import MetadataError

MAX_BYTES = 4 * 1024 * 1024


def load_json(path: Path) -> Any:
    """Read a JSON file (UTF-8).

    Raises:
        MetadataError: `metadata.not_found`, `metadata.too_large`, `metadata.unreadable` or
            `metadata.contradiction` (a key given twice).
    """
    where = path.name
    try:
        text = _read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(where, "the file is not UTF-8 text") from None
    return parse_json(text, where)


def parse_json(text: str, where: str) -> Any:
    """Read JSON.

    Raises:
        MetadataError: `metadata.unreadable`, `metadata.contradiction` (a key given twice).
    """
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)
    except _DoubledKeyError as error:
        raise MetadataError(
            f"the field {error.key!r} is given twice",
            code="metadata.contradiction",
            where=where,
            mend="Give it once.",
        ) from None
    except json.JSONDecodeError as error:
        raise _unreadable(f"{where} line {error.lineno}", f"the file is not JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise _unreadable(where, "the file is not JSON that can be read") from None


def check_values(data: object, where: str) -> None:
    """Refuse text and numbers that no database and no JSON file can hold.

    Raises:
        MetadataError: `metadata.bad_value`, `metadata.unreadable` (nested too deeply).
    """
    try:
        for path, value in _leaves(data, ""):
            if isinstance(value, float) and not math.isfinite(value):
                raise _bad_value(where, path, "this is not a number")
            if isinstance(value, str) and ("\x00" in value or not _is_unicode(value)):
                raise _bad_value(where, path, "the text holds characters that no text can hold")
    except RecursionError:
        raise _unreadable(where, "the fields are nested too deeply") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise MetadataError(
            "there is no such file", code="metadata.not_found", where=str(path), mend="Check the path."
        ) from None
    except OSError as error:
        raise _unreadable(str(path), error.strerror or "the file cannot be read") from error
    if len(content) > MAX_BYTES:
        raise MetadataError(
            f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB",
            code="metadata.too_large",
            where=path.name,
            mend="Send the metadata of one call, with the history of one case.",
        )
    return content


class _DoubledKeyError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _DoubledKeyError(key)
        result[key] = value
    return result


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield path, key
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bad_value(where: str, field: str, problem: str) -> MetadataError:
    return MetadataError(
        problem, code="metadata.bad_value", where=f"{where} {field}".strip(), mend="Correct the value."
    )


def _unreadable(where: str, problem: str) -> MetadataError:
    return MetadataError(
        problem, code="metadata.unreadable", where=where, mend="Send one JSON object, saved as UTF-8."
    )
