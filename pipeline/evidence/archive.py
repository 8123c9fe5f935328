"""Writes an evidence archive: the same content gives the same bytes, on any machine and any day.

Nothing is compressed, every file has the same date and rights, and the manifest comes first."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

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
    files: Mapping[str, bytes | Path]


def write(contents: Contents, secret: str | None, out: IO[bytes]) -> str:
    """Write the archive into a file that can be sought; signed where there is a secret. Memory stays bounded.

    Returns: the SHA-256 of the manifest.

    Raises:
        BadInputError: `evidence.too_large`.
    """
    files: dict[str, bytes | Path] = {**contents.files, "verify.py": Path(standalone.__file__)}
    listed = [_listed(name, files[name]) for name in sorted(files)]
    if sum(file["bytes"] for file in listed) > MAX_BYTES - 1024**2:
        raise BadInputError(
            "the evidence of this call does not fit into one archive",
            code="evidence.too_large",
            where=f"call {contents.call_key}",
            mend="Leave the recording out, and hand it over beside the archive.",
        )
    manifest = to_bytes(_manifest(contents, listed, signed=secret is not None))
    first: dict[str, bytes | Path] = {MANIFEST: manifest}
    if secret is not None:
        first[SIGNATURE] = to_bytes(signature(secret, manifest))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (*first.items(), *sorted(files.items())):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr, info.create_system = _RIGHTS, 3
            with _opened(content) as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target)
    return hashlib.sha256(manifest).hexdigest()


def _opened(content: bytes | Path) -> IO[bytes]:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _listed(name: str, content: bytes | Path) -> dict[str, Any]:
    with _opened(content) as file:
        digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
        return {"name": name, "bytes": file.seek(0, io.SEEK_END), "sha256": digest.hexdigest()}


def to_bytes(document: Any) -> bytes:
    """A document as it is written into an archive."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _manifest(contents: Contents, listed: Sequence[dict[str, Any]], *, signed: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "product": contents.product,
        "export": asdict(contents.stamp),
        "call": {"key": contents.call_key},
        "recording": {"sha256": contents.recording_sha256, "file": contents.recording_file},
        "audit": asdict(contents.log),
        "signed": signed,
        "files": list(listed),
    }
