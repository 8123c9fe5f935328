"""`diting warnings export`."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import Language, out
from api.cli.serve import prepare_database
from complaint_warnings.ledger.rows import ledger_rows
from complaint_warnings.ledger.workbook import write_workbook
from complaint_warnings.types import Language as LedgerLanguage
from store.database import SessionFactory, open_sessions, reading
from store.errors import BadInputError
from store.settings import Settings


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="the workbook to write")],
    lang: Annotated[Language, typer.Option(help="language of advice and explanations")] = Language.ZH,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="telephone numbers in full")] = False,
) -> None:
    """Write the warning ledger as an Excel workbook. 导出预警台账。"""
    if file.suffix.lower() != ".xlsx":
        raise BadInputError(
            "this is no name for a workbook", code="cli.not_xlsx", where=str(file), mend="End it in .xlsx."
        )
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        count = write_ledger(sessions, file, settings, lang=lang.value, masked=not unmasked)
    out.print(f"{count} warnings in {file}", markup=False)


def write_ledger(
    sessions: SessionFactory, file: Path, settings: Settings, *, lang: LedgerLanguage, masked: bool = True
) -> int:
    """Writes the ledger and returns how many warnings are in it.

    Raises:
        BadInputError: `cli.unwritable`.
    """
    with reading(sessions) as session:
        rows = ledger_rows(session, masked=masked)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(rows, file, zone=settings.timezone, language=lang)
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})",
            code="cli.unwritable",
            where=str(file),
            mend="Check the folder, its rights and the free space.",
        ) from error
    return len(rows)
