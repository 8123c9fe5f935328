"""The ledger as files: what the command line and the API both do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.ledger import given
from complaint_warnings.ledger.columns import Shown
from complaint_warnings.ledger.csv_file import csv_chunks
from complaint_warnings.ledger.lines import LedgerLine, Wanted, every
from complaint_warnings.ledger.rows import WarningPoint, points_of
from complaint_warnings.ledger.workbook import write_workbook
from complaint_warnings.types import Language
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError
from store.settings import Settings
from store.views import Subject, Viewing, exported, new_export_id

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def shown(settings: Settings, language: Language) -> Shown:
    """Times in the zone of the house, advice in the language asked for."""
    return Shown(ZoneInfo(settings.timezone), language)


def put_export_on_record(
    sessions: SessionFactory, clock: Clock, wanted: Wanted, how: Shown, *, actor: str, kind: str
) -> Shown:
    """Write to the view log and the audit log who exports, before anything is written. Returns `how` with the
    mark that stands on the export: its id leads back to the entry."""
    export_id = new_export_id()
    details = {"format": kind, "filters": given(wanted.filters), "unmasked": not wanted.masked}
    with transaction(sessions) as session:
        exported(
            session,
            clock,
            Viewing(actor, Subject("ledger"), masked=wanted.masked),
            export_id=export_id,
            action="ledger.exported",
            details=details,
        )
    at = clock.now().astimezone(how.zone)
    return replace(how, mark=f"导出 Export {export_id} · {actor} · {at:%Y-%m-%d %H:%M:%S %z}")


def write_ledger(
    sessions: SessionFactory,
    file: Path,
    wanted: Wanted,
    how: Shown,
    *,
    explain: bool = False,
    told: Callable[[int], None] = lambda _lines: None,
) -> int:
    """Write the ledger to a file, .xlsx or .csv by its name, and return how many lines it has.

    Args:
        sessions: the database.
        file: replaced in one step; its folder is made.
        wanted: which lines, in which order.
        how: zone and language.
        explain: with a second sheet of the points (.xlsx only).
        told: told of every batch that was written.

    Raises:
        BadInputError: `cli.unwritable`, `ledger.too_long`, `ledger.sort`.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with reading(sessions) as session:
            batches = _counted(every(session, wanted), told)
            if file.suffix.lower() == ".csv":
                return _write_csv(batches, file, how)
            points = explaining(session) if explain else None
            return write_workbook(batches, file, how, explain=points)
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})",
            code="cli.unwritable",
            where=str(file),
            mend="Check the folder, its rights and the free space.",
        ) from error


def explaining(session: Session) -> Callable[[Sequence[LedgerLine]], Mapping[int, Sequence[WarningPoint]]]:
    """Gives the points of the warnings of some lines."""

    def explain(lines: Sequence[LedgerLine]) -> Mapping[int, Sequence[WarningPoint]]:
        return points_of(session, [line.warning_id for line in lines if line.warning_id is not None])

    return explain


def _write_csv(batches: Iterator[list[LedgerLine]], file: Path, how: Shown) -> int:
    lines = 0

    def counted() -> Iterator[list[LedgerLine]]:
        nonlocal lines
        for batch in batches:
            lines += len(batch)
            yield batch

    with replaced(file) as part, part.open("wb") as target:
        for chunk in csv_chunks(counted(), how):
            target.write(chunk)
    return lines


@contextmanager
def replaced(file: Path) -> Iterator[Path]:
    """A file beside `file` that takes its place when all was written, and goes when something failed."""
    part = file.with_name(f"{file.name}.part")
    try:
        yield part
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _counted(batches: Iterator[list[LedgerLine]], told: Callable[[int], None]) -> Iterator[list[LedgerLine]]:
    for batch in batches:
        yield batch
        told(len(batch))
