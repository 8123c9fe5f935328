"""Whether somebody could bring this installation back, and to what time."""

from collections.abc import Iterator
from datetime import datetime

from pipeline.backup.manifest import Manifest
from pipeline.backup.nightly import is_too_old
from pipeline.backup.vault import Vault
from pipeline.doctor.types import Finding
from store.clock import Clock
from store.errors import DitingError
from store.settings import Settings


def backup(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """How old the newest backup is. Its bytes are not read: `diting backup verify` does."""
    if settings.backup_dir is None:
        yield Finding(
            "backup",
            "warning",
            "没有设置备份目录",
            "no folder of backups is named",
            "设置 DITING_BACKUP_DIR，并每晚运行 diting backup make（docs/operations.md）。",
            "Set DITING_BACKUP_DIR and run diting backup make every night (docs/operations.md).",
        )
        return
    vault = Vault(settings.backup_dir)
    newest = _newest(vault)
    if newest is None:
        yield Finding(
            "backup",
            "wrong",
            f"{vault.folder} 中没有可读的备份",
            f"there is no backup that can be read in {vault.folder}",
            "运行 diting backup make。",
            "Run diting backup make.",
        )
        return
    yield _age(newest, clock.now(), settings.backup_max_age_hours)
    if newest.recordings.absent:
        count = len(newest.recordings.absent)
        yield Finding(
            "backup",
            "warning",
            f"最近的备份缺 {count} 个录音",
            f"{count} recordings could not be read for the newest backup",
            "运行 diting verify 查看是哪些录音。",
            "Run diting verify: it names them.",
        )


def _age(newest: Manifest, now: datetime, limit_hours: float) -> Finding:
    hours = (now - newest.moment).total_seconds() / 3600
    late = is_too_old(newest.moment, now, limit_hours)
    return Finding(
        "backup",
        "wrong" if late else "ok",
        f"最近的备份是 {newest.name}，{hours:.1f} 小时前",
        f"the newest backup is {newest.name}, {hours:.1f} hours old",
        "查看夜间备份为何没有完成，并运行 diting backup make。" if late else "",
        "See why the nightly backup did not end well, and run diting backup make." if late else "",
    )


def _newest(vault: Vault) -> Manifest | None:
    for name in reversed(vault.names()):
        try:
            return vault.manifest(name)
        except DitingError:
            continue
    return None
