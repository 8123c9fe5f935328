"""Whether recordings can be decrypted: the file of keys, who may read it, and the keys that they need."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import select

from ingest.models import RecordingRow
from pipeline.doctor.types import Finding
from store.database import open_sessions, reading
from store.errors import IntegrityError, NotFoundError
from store.recording_keys import load_keys
from store.settings import Settings
from store.tombstones import TombstoneRow

# The newest and the oldest: a key that was lost is missed at one of the two ends.
_LOOKED_AT: Final = 10
_OTHERS: Final = 0o007


def recording_keys(settings: Settings) -> Iterator[Finding]:
    """Nothing where recordings are kept plain.

    Raises:
        SettingsError: `settings.recording_keys`, the file is not there, or damaged.
    """
    keys, file = load_keys(settings.recording_keys_file), settings.recording_keys_file
    missing = {name: n for name, n in _needed(settings).items() if keys is None or name not in keys.by_id}
    if missing:
        names = ", ".join(sorted(missing))
        yield Finding(
            "keys",
            "wrong",
            f"录音所用密钥不在密钥文件中：{names}",
            f"recordings are encrypted under keys that are not in the file of keys: {names}",
            "从备份取回含这些密钥的文件，由 DITING_RECORDING_KEYS_FILE 指向它。",
            "Bring the file with these keys back from its backup; DITING_RECORDING_KEYS_FILE names it.",
            "recording.key_missing",
        )
    elif keys is not None and file is not None:
        yield _open_to_all(file) if _is_open(settings, file) else Finding(
            "keys", "ok", f"{len(keys.by_id)} 个密钥，当前 {keys.current}",
            f"{len(keys.by_id)} keys, {keys.current} encrypts",
        )  # fmt: skip


def _needed(settings: Settings) -> Counter[str]:
    """The keys of some recordings, old and new, with how many of them each opens."""
    gone = select(TombstoneRow.recording_sha256).where(TombstoneRow.kind == "recording")
    kept = select(RecordingRow.sha256).where(RecordingRow.sha256.not_in(gone)).limit(_LOOKED_AT)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        some = {
            *session.scalars(kept.order_by(RecordingRow.stored_at.desc())),
            *session.scalars(kept.order_by(RecordingRow.stored_at)),
        }
    store, found = settings.recording_store(), Counter[str]()
    for sha256 in some:
        try:
            name = store.sealed_by(sha256)
        except (NotFoundError, IntegrityError):
            continue  # `diting verify` names what is missing or damaged
        if name is not None:
            found[name] += 1
    return found


def _is_open(settings: Settings, file: Path) -> bool:
    """Whether everybody on this machine may read it; containers give their secrets out by themselves."""
    handed_out = settings.secrets_dir is not None and file.is_relative_to(settings.secrets_dir)
    return not handed_out and bool(file.stat().st_mode & _OTHERS)


def _open_to_all(file: Path) -> Finding:
    return Finding(
        "keys",
        "warning",
        f"密钥文件 {file} 对本机所有用户开放",
        f"everybody on this machine may read the file of keys {file}",
        f"chmod 600 {file}，并由运行服务的用户所有。",
        f"chmod 600 {file}, owned by the user that the services run as.",
    )
