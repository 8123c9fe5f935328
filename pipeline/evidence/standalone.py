"""Checks an evidence archive of Diting 谛听 without Diting, its server or its database.

    python3 verify.py ARCHIVE.zip [PUBLIC_KEY]

Needs Python 3.9 or newer and nothing else. Every byte is held against the manifest, the manifest against its
signature, and each entry of the audit log against the root of the whole log. PUBLIC_KEY is what the house
publishes (`diting evidence key`): without it the archive proves only that it was not changed since somebody
signed it. Exit code 0: whole. 1: refused, with the reasons. Use a copy of this file that you trust.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple  # noqa: UP035 - it runs where newer names do not

FORMAT = "diting-evidence/1"
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
SIGNED_AS = b"diting evidence manifest\n"
MAX_BYTES = 4 * 1024**3 - 1
MAX_FILES = 10_000
MAX_DOCUMENT = 64 * 1024**2
_CHUNK = 1024 * 1024
_DAY = 1 << 5 | 1  # of 1980, the first that the format knows
_RIGHTS = 0o100644 << 16
_NAME = re.compile(r"[^/\\:\x00-\x1f\x7f]+(/[^/\\:\x00-\x1f\x7f]+)*")
_HEX = re.compile(r"[0-9a-f]{64}")


class RefusedError(Exception):
    """Why an archive is refused: `code` is stable, `where` the file or entry in it."""

    def __init__(self, code: str, where: str, message: str) -> None:
        super().__init__(f"{where}: {message} [{code}]")
        self.code, self.where, self.message = code, where, message


def problems(path: Path, key: Optional[str] = None) -> List[RefusedError]:  # noqa: UP006, UP045
    """Everything that is wrong with an archive; nothing where it is whole.

    Args:
        key: the public key of the house in hexadecimal, where it is known.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return list(_problems(path, archive, key))
    except RefusedError as refused:
        return [refused]
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        return [RefusedError("evidence.not_an_archive", path.name, f"it is cut off, or no archive ({error})")]


def _problems(path: Path, archive: zipfile.ZipFile, key: Optional[str]) -> Iterator[RefusedError]:  # noqa: UP045
    names = _layout(path, archive)
    manifest, content = read_manifest(archive)
    listed = [str(file["name"]) for file in manifest["files"]]
    wanted = [MANIFEST, *([SIGNATURE] if manifest["signed"] else []), *listed]
    for name in wanted:
        if name not in names:
            yield RefusedError("evidence.missing", name, "the file is not there")
    for name in names:
        if name not in wanted:
            yield RefusedError("evidence.added", name, "the manifest does not name this file")
    if sorted(names) == sorted(wanted) and names != wanted:
        yield RefusedError(
            "evidence.order", "archive", "the files are not in the order in which they were written"
        )
    whole = True
    for file in manifest["files"]:
        if file["name"] in names and _hash(archive, file["name"]) != (file["sha256"], file["bytes"]):
            whole = False
            yield RefusedError("evidence.changed", file["name"], "its bytes are not those that were written")
    yield from _signature(archive, manifest, content, key, names)
    if whole and all(name in names for name in listed):
        yield from _audit(archive, manifest)
        yield from _recording(archive, manifest)
        yield from _rules(archive, manifest)


def _layout(path: Path, archive: zipfile.ZipFile) -> List[str]:  # noqa: UP006
    """The names, where the archive holds its files one after the other, plain, and nothing else."""
    infos = archive.infolist()
    if len(infos) > MAX_FILES or path.stat().st_size > MAX_BYTES:
        raise RefusedError("evidence.too_large", "archive", "it holds far too much")
    names = [info.orig_filename for info in infos]
    for info, name in zip(infos, names):  # noqa: B905 - older versions know no `strict`
        if not _NAME.fullmatch(name) or any(part in {".", ".."} for part in name.split("/")):
            raise RefusedError("evidence.bad_name", repr(name)[:80], "this name may lead out of the archive")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise RefusedError("evidence.compressed", name, "files of an archive are never compressed")
    if len(set(names)) != len(names):
        raise RefusedError("evidence.duplicate", "archive", "two files have the same name")
    place, directory = 0, b""
    with path.open("rb") as file:
        for info in infos:
            local, central = headers(info.orig_filename, info.CRC, info.file_size, place)
            file.seek(place)
            if file.read(len(local)) != local:
                raise RefusedError(
                    "layout", info.orig_filename, "it does not lie where and how it was written"
                )
            place += len(local) + info.file_size
            directory += central
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(infos), len(infos), len(directory), place, 0)
        file.seek(place)
        if file.read() != directory + end:
            raise RefusedError("evidence.layout", "archive", "there is more or less in it than its files")
    return names


def headers(name: str, crc: int, length: int, place: int) -> Tuple[bytes, bytes]:  # noqa: UP006
    """What stands before a file, and what the directory at the end says of it."""
    written = name.encode()
    flags = 0 if name.isascii() else 0x800
    same = struct.pack("<5H3L2H", 20, flags, 0, 0, _DAY, crc, length, length, len(written), 0)
    directory = struct.pack("<4sH", b"PK\1\2", 20 | 3 << 8) + same
    rest = struct.pack("<3H2L", 0, 0, 0, _RIGHTS, place)
    return b"PK\3\4" + same + written, directory + rest + written


def read_manifest(archive: zipfile.ZipFile) -> Tuple[Dict[str, Any], bytes]:  # noqa: UP006
    """The manifest and its bytes.

    Raises:
        RefusedError: `manifest`.
    """
    try:
        content = _read(archive, MANIFEST)
        manifest = json.loads(content)
        files = manifest["files"]
        sound = (
            manifest["format"] == FORMAT
            and isinstance(manifest["signed"], bool)
            and all(_is_file(file) for file in files)
            and len({file["name"] for file in files}) == len(files)
            and _HEX.fullmatch(manifest["audit"]["root"])
            and _HEX.fullmatch(manifest["audit"]["head"])
            and isinstance(manifest["audit"]["size"], int)
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise RefusedError("evidence.manifest", MANIFEST, "it cannot be read") from error
    if not sound:
        raise RefusedError("evidence.manifest", MANIFEST, "it is not one of this format")
    return manifest, content


def _is_file(file: Any) -> bool:
    return (
        set(file) == {"name", "bytes", "sha256"}
        and isinstance(file["name"], str)
        and isinstance(file["bytes"], int)
        and _HEX.fullmatch(file["sha256"]) is not None
    )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_DOCUMENT:
        raise RefusedError("evidence.too_large", name, "it is far too large")
    return archive.read(name)


def _hash(archive: zipfile.ZipFile, name: str) -> Tuple[str, int]:  # noqa: UP006
    digest, length = hashlib.sha256(), 0
    try:
        with archive.open(name) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                length += len(chunk)
    except zipfile.BadZipFile:  # the sum that the format itself carries
        return "", length
    return digest.hexdigest(), length


def _signature(
    archive: zipfile.ZipFile,
    manifest: Dict[str, Any],  # noqa: UP006
    content: bytes,
    key: Optional[str],  # noqa: UP045
    names: List[str],  # noqa: UP006
) -> Iterator[RefusedError]:
    if not manifest["signed"]:
        if key is not None:
            yield RefusedError("evidence.signature", SIGNATURE, "the archive is not signed")
        return
    if SIGNATURE not in names:
        return
    try:
        signed = json.loads(_read(archive, SIGNATURE))
        public, value = bytes.fromhex(signed["public_key"]), bytes.fromhex(signed["signature"])
        fine = signed["algorithm"] == "Ed25519" and verify_ed25519(public, SIGNED_AS + content, value)
    except (KeyError, TypeError, ValueError, RecursionError):
        fine, public = False, b""
    if not fine:
        yield RefusedError("evidence.signature", SIGNATURE, "the manifest is not what was signed")
    elif key is not None and public.hex() != key.lower():
        yield RefusedError(
            "evidence.signature", SIGNATURE, "somebody else signed it, not the house of this key"
        )


def _audit(archive: zipfile.ZipFile, manifest: Dict[str, Any]) -> Iterator[RefusedError]:  # noqa: UP006
    """Each entry of the audit log against its own hash, and its hash against the root of the whole log."""
    told = manifest["audit"]
    root, size = bytes.fromhex(told["root"]), told["size"]
    try:
        entries = json.loads(_read(archive, "audit.json"))["entries"]
        for one in entries:
            entry, seq = one["entry"], one["seq"]
            if entry is not None and (entry["seq"] != seq or entry_hash(entry) != one["hash"]):
                yield RefusedError("evidence.audit", f"audit entry {seq}", "it is not what was written")
            path = [bytes.fromhex(step) for step in one["path"]]
            if not is_included(bytes.fromhex(one["hash"]), seq - 1, size, path, root):
                yield RefusedError(
                    "evidence.audit", f"audit entry {seq}", "it is not in the audit log of the house"
                )
        if not any(one["seq"] == size and one["hash"] == told["head"] for one in entries):
            yield RefusedError(
                "audit", "audit.json", "the end of the audit log is not the one of the manifest"
            )
    except (KeyError, TypeError, ValueError, RecursionError):
        yield RefusedError("evidence.audit", "audit.json", "it cannot be read")


def _recording(archive: zipfile.ZipFile, manifest: Dict[str, Any]) -> Iterator[RefusedError]:  # noqa: UP006
    recording = manifest.get("recording") or {}
    name = recording.get("file")
    if name is not None and _hash(archive, name)[0] != recording.get("sha256"):
        yield RefusedError("evidence.recording", name, "it is not the recording that was kept")


def _rules(archive: zipfile.ZipFile, manifest: Dict[str, Any]) -> Iterator[RefusedError]:  # noqa: UP006
    """The texts of each pack against the hash under which the house kept them."""
    try:
        for pack in json.loads(_read(archive, "rules/packs.json"))["packs"]:
            under = f"rules/{pack['folder']}/"
            texts = {
                file["name"][len(under) :]: _read(archive, file["name"]).decode()
                for file in manifest["files"]
                if file["name"].startswith(under)
            }
            if hashlib.sha256(canonical(texts)).hexdigest() != pack["files_sha256"]:
                yield RefusedError("evidence.rules", under, "the texts are not those that judged the call")
    except (KeyError, TypeError, ValueError, RecursionError):
        yield RefusedError("evidence.rules", "rules/packs.json", "it cannot be read")


def canonical(value: Any) -> bytes:
    """JSON in the one form that hashes are made of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_hash(entry: Dict[str, Any]) -> str:  # noqa: UP006
    """The hash of an entry of the audit log, over its content and the hash of the one before."""
    return hashlib.sha256(
        canonical({name: each for name, each in entry.items() if name != "hash"})
    ).hexdigest()


def leaf(entry: bytes) -> bytes:
    """An entry's place in the tree of the log (RFC 9162)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Two places together."""
    return hashlib.sha256(b"\1" + left + right).digest()


def is_included(entry: bytes, index: int, size: int, path: List[bytes], root: bytes) -> bool:  # noqa: UP006
    """Whether the entry stands at `index` in the log of `size` entries with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, value = index, size - 1, leaf(entry)
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            value = node(step, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = node(value, step)
        place, last = place >> 1, last >> 1
    return last == 0 and value == root


# Ed25519 as RFC 8032 writes it down: only checking, where nothing is secret.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = Tuple[int, int, int, int]  # noqa: UP006


def _add(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f, g * h, f * g, e * h)


def _times(number: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _same(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % _P == 0


def _point(content: bytes) -> Optional[_Point]:  # noqa: UP045
    number = int.from_bytes(content, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return (x, y, 1, x * y % _P)


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message was made with the key of `public`."""
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, nonce = _point(public), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or number >= _L:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    return _same(_times(number, _BASE), _add(nonce, _times(hashed, key)))


def main(arguments: List[str]) -> int:  # noqa: UP006
    """Check the archive named on the command line."""
    if len(arguments) not in {1, 2}:
        sys.stderr.write(__doc__ or "")
        return 2
    path = Path(arguments[0])
    found = problems(path, arguments[1] if len(arguments) == 2 else None)
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    if not found:
        with zipfile.ZipFile(path) as archive:
            manifest, content = read_manifest(archive)
            signed = json.loads(archive.read(SIGNATURE)) if manifest["signed"] else {}
        sys.stdout.write(f"whole 完整: call {manifest['call']['key']}, {len(manifest['files'])} files\n")
        sys.stdout.write(f"manifest SHA-256 {hashlib.sha256(content).hexdigest()}\n")
        sys.stdout.write(f"signed by 签名公钥 {signed.get('public_key', 'nobody 无')}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
