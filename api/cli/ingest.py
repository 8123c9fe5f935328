"""`diting ingest`: takes recordings in."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import BAD_INPUT, complain, err, out
from api.cli.database import prepare_database
from api.cli.progress import bar
from ingest.intake import Outcome
from pipeline.intake import take_in
from pipeline.tools import Tools, open_tools
from store.errors import BadInputError
from store.settings import Settings


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="recordings, or folders of recordings")
    ],
) -> None:
    """Take recordings in, with the NAME.call.json beside each. 接收录音。

    Offering the same files again changes nothing. What cannot be taken is put on record and said on
    standard error, one line each; the exit code is then 2. `diting worker` works on what was taken in.
    """
    settings = Settings()
    prepare_database(settings)
    tools = open_tools(settings)
    try:
        outcomes, missing = take_in_all(tools, paths)
    finally:
        tools.close()
    refused = [outcome for outcome in outcomes if outcome.error is not None]
    new = sum(outcome.created for outcome in outcomes)
    known = len(outcomes) - new - len(refused)
    out.print(f"{new} new calls, {known} known already, {len(refused) + missing} refused.")
    raise typer.Exit(BAD_INPUT if refused or missing else 0)


def take_in_all(tools: Tools, paths: list[Path]) -> tuple[list[Outcome], int]:
    """Takes everything in; what became of each file, and how many paths do not exist."""
    outcomes: list[Outcome] = []
    missing = 0
    with bar(err) as progress:
        task = progress.add_task("taking in 接收", total=None)
        for path in paths:
            try:
                for outcome in take_in(tools, path, actor="cli"):
                    outcomes.append(outcome)
                    progress.advance(task)
                    if outcome.error is not None:
                        complain(outcome.error)
            except BadInputError as error:
                missing += 1
                complain(error)
    return outcomes, missing
