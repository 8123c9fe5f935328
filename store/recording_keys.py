"""The file of the keys that encrypt recordings: one `ID KEY` a line, the newest last. It is kept apart from
the database and from the recordings, and backed up by itself: without it they cannot be read."""

import base64
import binascii
import fcntl
import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.clock import Clock
from store.errors import SettingsError
from store.sealing import KEY_BYTES, Keys, key_id

_WHERE: Final = "DITING_RECORDING_KEYS_FILE"


def load_keys(file: Path | None) -> Keys | None:
    """The keys in the file, None where no file is set.

    Raises:
        SettingsError: `settings.recording_keys`, the file is not there, holds no key, or a damaged one.
    """
    if file is None:
        return None
    try:
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong("the file of keys cannot be read", f"{_WHERE}={file}") from error
    return parse_keys(text)


def parse_keys(text: str) -> Keys:
    """The keys in a text of lines `ID KEY`; blank lines and those that begin with `#` are passed over. A
    problem names the line, never the key.

    Raises:
        SettingsError: `settings.recording_keys`.
    """
    keys: dict[str, bytes] = {}
    name = ""
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        name, key = parts[0], _decoded(parts[1] if len(parts) == 2 else "")
        if len(key) != KEY_BYTES or key_id(key) != name:
            raise _wrong(f"line {number} is not an id and the key of that id", _WHERE)
        keys[name] = key
    if not keys:
        raise _wrong("the file holds no key", _WHERE)
    return Keys(keys, name)


def add_key(file: Path, clock: Clock) -> str:
    """Add a new key to the file, which is made where it is not there; returns the id. From then on it is the
    one that seals. Killed at any moment it leaves the file as it was or with the new key.

    Raises:
        SettingsError: `settings.recording_keys`, the file cannot be read or written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return _add_locked(file, clock)
        finally:
            os.close(lock)
    except OSError as error:
        raise _wrong(f"the file of keys cannot be written ({error.strerror})", f"{_WHERE}={file}") from error


def _add_locked(file: Path, clock: Clock) -> str:
    before = ""
    if file.exists():
        load_keys(file)
        before = file.read_text(encoding="ascii")
    key = AESGCM.generate_key(256)
    name = key_id(key)
    made = f"# {clock.now().date().isoformat()}\n{name} {base64.b64encode(key).decode()}\n"
    waiting = file.with_name(file.name + ".new")
    waiting.unlink(missing_ok=True)
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(before + ("" if before.endswith("\n") or not before else "\n") + made)
        out.flush()
        os.fsync(out.fileno())
    waiting.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _wrong(problem: str, where: str) -> SettingsError:
    return SettingsError(
        problem,
        code="settings.recording_keys",
        where=where,
        mend="`diting recordings new-key` makes such a file; a lost key comes from its backup only.",
    )
