"""Ids in the names of recordings: how a recording is found whose record does not name it."""

import re
from collections.abc import Mapping
from typing import Final

# Asterisk's uniqueid is EPOCH.SEQUENCE; with a system name SYSTEM-EPOCH.SEQUENCE. FreeSWITCH has UUIDs.
_UNIQUEID: Final = re.compile(r"(?<![0-9.])([0-9]{9,11}\.[0-9]{1,9})(?![0-9])")
_UUID: Final = re.compile(r"(?<![0-9a-f])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])", re.I)
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_LONGEST: Final = 1_000


def ids_in(name: str) -> tuple[str, ...]:
    """The ids that a file name holds: `out-5551-20240127-150724-1706368044.0.wav` holds `1706368044.0`."""
    text = name[-_LONGEST:]
    found = _UNIQUEID.findall(text) + [uuid.lower() for uuid in _UUID.findall(text)]
    return tuple(dict.fromkeys(found))


def recording_name(template: str, columns: Mapping[str, str]) -> str | None:
    """`{uniqueid}.wav` filled in; None where a column it names is empty."""
    names = _FIELD.findall(template)
    if any(not columns.get(name) for name in names):
        return None
    return _FIELD.sub(lambda found: columns[found.group(1)], template)
