"""Writes an evidence archive: the same content gives the same bytes, on any machine and any day.

Nothing is compressed, every file has the same date and rights, and the manifest comes first."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.evidence import standalone
from pipeline.evidence.signing import signature
from pipeline.evidence.standalone import FORMAT, MANIFEST, MAX_BYTES, SIGNATURE
from store.errors import BadInputError

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_RIGHTS: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which export this is: by whom, when, why, and whether it shows what is otherwise hidden."""

    id: str
    made_at: str
    made_by: str
    original: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class LogRoot:
    """The audit log at that moment: number of entries, hash of the last one, root over all."""

    size: int
    head: str
    root: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into an archive. `recording_file` names the recording in `files`, where it is among them."""

    stamp: Stamp
    product: str
    call_key: str
    recording_sha256: str
    recording_file: str | None
    log: LogRoot
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """An archive and what identifies it."""

    content: bytes
    manifest_sha256: str


def write(contents: Contents, secret: str | None) -> Written:
    """The archive; signed where there is a secret.

    Raises:
        BadInputError: `evidence.too_large`.
    """
    files = {**contents.files, "verify.py": Path(standalone.__file__).read_bytes()}
    if sum(map(len, files.values())) > MAX_BYTES - 1024**2:
        raise BadInputError(
            "the evidence of this call does not fit into one archive",
            code="evidence.too_large",
            where=f"call {contents.call_key}",
            mend="Leave the recording out, and hand it over beside the archive.",
        )
    manifest = to_bytes(_manifest(contents, files, signed=secret is not None))
    first = {MANIFEST: manifest}
    if secret is not None:
        first[SIGNATURE] = to_bytes(signature(secret, manifest))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (*first.items(), *sorted(files.items())):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr, info.create_system = _RIGHTS, 3
            archive.writestr(info, content)
    return Written(out.getvalue(), hashlib.sha256(manifest).hexdigest())


def to_bytes(document: Any) -> bytes:
    """A document as it is written into an archive."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _manifest(contents: Contents, files: Mapping[str, bytes], *, signed: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "product": contents.product,
        "export": asdict(contents.stamp),
        "call": {"key": contents.call_key},
        "recording": {"sha256": contents.recording_sha256, "file": contents.recording_file},
        "audit": asdict(contents.log),
        "signed": signed,
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
