"""`diting warnings export`."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.ledger_files import put_export_on_record, shown, write_ledger
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import Wanted
from store.clock import SystemClock
from store.database import open_sessions
from store.errors import BadInputError
from store.settings import Settings


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="the workbook to write")],
    lang: Annotated[Language, typer.Option(help="language of advice and explanations")] = Language.ZH,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="telephone numbers in full")] = False,
) -> None:
    """Write the whole ledger with every point explained as an Excel workbook. 导出预警台账。

    `diting ledger export` writes parts of it, and CSV.
    """
    if file.suffix.lower() != ".xlsx":
        raise BadInputError(
            "this is no name for a workbook", code="cli.not_xlsx", where=str(file), mend="End it in .xlsx."
        )
    settings = Settings()
    prepare_database(settings)
    wanted = Wanted(Filters(), SystemClock().now(), masked=not unmasked)
    with open_sessions(settings.database_url) as sessions:
        how = shown(settings, lang.value)
        how = put_export_on_record(sessions, SystemClock(), wanted, how, actor="cli", kind="xlsx")
        count = write_ledger(sessions, file, wanted, how, explain=True)
    out.print(f"{count} warnings in {file}", markup=False)
