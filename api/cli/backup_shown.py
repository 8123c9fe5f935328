"""How backups are shown, and what is said after one was brought back."""

from typing import Any, Final

from rich.table import Column, Table

from api.cli.console import line, out
from pipeline.backup.manifest import Manifest
from pipeline.backup.restore import Restored
from store import migrate

MIB: Final = 1024**2
_NEXT: Final = (
    "set the secrets that the backup does not hold",
    "compare settings.json and the other files there with what is in force now",
    "`diting db upgrade` if it is said above, then `diting verify` and `diting doctor`",
    "start API and workers: calls that were under way go on, sources are asked again from where they stood;"
    " what came in, was decided or was sent after the backup is lost or happens again",
)


def row(manifest: Manifest) -> dict[str, Any]:
    """A backup as JSON."""
    recordings = manifest.recordings
    return {
        "name": manifest.name,
        "made_at": manifest.made_at,
        "product": manifest.product,
        "database": manifest.database.kind,
        "revision": manifest.database.revision,
        "rows": sum(manifest.database.tables.values()),
        "recordings": recordings.count,
        "recording_bytes": recordings.bytes,
        "recordings_kept": recordings.kept,
        "absent": len(recordings.absent),
        "audit_seq": manifest.audit.seq,
        "sealed": manifest.seal is not None,
    }


def table(rows: list[Manifest]) -> Table:
    """Backups as a table."""
    shown = Table(Column("name", no_wrap=True), "product", "database", "rows", "recordings", "MiB", "absent")
    for each in rows:
        recordings = each.recordings
        shown.add_row(
            each.name,
            each.product,
            f"{each.database.kind} {each.database.revision}",
            str(sum(each.database.tables.values())),
            f"{recordings.count}" + ("" if recordings.kept == "here" else " (elsewhere)"),
            f"{recordings.bytes / MIB:.1f}",
            str(len(recordings.absent)),
        )
    return shown


def tell_restored(done: Restored) -> None:
    """Say what came back, and what is to be done next."""
    manifest = done.manifest
    out.print(
        f"{manifest.name} is back: {sum(manifest.database.tables.values())} rows, {done.put} recordings;"
        f" the audit log is whole up to entry {manifest.audit.seq}.",
        markup=False,
    )
    for sha256 in done.missing:
        line(f"recording {sha256} is neither in the backup nor in the store [recording.not_found]")
    if done.deleted:
        line(f"{done.deleted} recordings were deleted for good since, and stay so [recording.deleted]")
    if manifest.database.revision != migrate.head_revision():
        out.print(
            f"The database is of Diting {manifest.product}: run `diting db upgrade` first.", markup=False
        )
    out.print(f"Settings, rules and other files of the site: {done.files}", markup=False, soft_wrap=True)
    if manifest.secrets:
        out.print(f"Secrets that were set: {', '.join(manifest.secrets)}", markup=False, soft_wrap=True)
    out.print("What to do next 接下来：", markup=False)
    for number, step in enumerate(_NEXT, 1):
        out.print(f"  {number}. {step}", markup=False, soft_wrap=True)
