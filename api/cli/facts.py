"""`diting facts import`: lists of the case system, taken in beside the calls."""

import json
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.console import BAD_INPUT, Language, complain, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.sources_preview import given_options
from api.words import Words
from ingest.facts.service import keep
from ingest.facts.types import Fact
from ingest.formats.facts import FactOptions, read_facts
from ingest.formats.registry import checked_options
from ingest.formats.types import Unreadable
from pipeline.late_facts import judge_late_facts
from store import audit
from store.clock import Clock, SystemClock
from store.database import SessionFactory, open_sessions, transaction
from store.errors import BadInputError, printable
from store.settings import Settings

_AT_ONCE = 500

Form = Literal["csv", "excel"]


class KindName(StrEnum):
    """What the rows of a list are."""

    CASES = "cases"
    DEBTORS = "debtors"
    AGREED_TIMES = "agreed-times"
    NOTES = "notes"


_KINDS = {
    KindName.CASES: "case",
    KindName.DEBTORS: "debtor",
    KindName.AGREED_TIMES: "agreed_time",
    KindName.NOTES: "note",
}


def import_(
    kind: Annotated[KindName, typer.Argument(metavar="KIND", help="cases, debtors, agreed-times, notes")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, or Excel (.xlsx)")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="an option of the list, as YAML; repeatable"),
    ] = None,
    options: Annotated[
        Path | None, typer.Option("--options", metavar="FILE.yaml", help="the options of the list")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    lang: Annotated[Language, typer.Option(help="language of what is shown")] = Language.ZH,
) -> None:
    """Take in cases, debtors, agreed times or collectors' notes. 导入案件、债务人、约定时间、催记。

    Calls that were judged without them are judged again. Rows that cannot be used are refused by themselves
    (exit code 2); the same file again changes nothing.
    """
    given = {"source": "facts", **given_options(options, settings or []), "kind": _KINDS[kind]}
    wanted = checked_options(FactOptions, given, str(options or "--set"))
    installed, clock = Settings(), SystemClock()
    prepare_database(installed)
    refused: list[Unreadable] = []
    with open_sessions(installed.database_url) as sessions:
        try:
            with file.open("rb") as stream:
                form: Form = "excel" if file.suffix.lower() == ".xlsx" else "csv"
                rows = read_facts(stream, printable(file.name), wanted, form=form, now=clock.now())
                new, known = _take(sessions, clock, rows, refused)
        except OSError as error:
            message = f"cannot be read ({error.strerror})"
            mend = "Check the path."
            raise BadInputError(message, code="metadata.not_found", where=str(file), mend=mend) from None
        _put_on_record(sessions, clock, file, kind, new)
        again = judge_late_facts(sessions, clock)
    for each in refused:
        complain(each.error)
    _tell(new, known, len(refused), again, as_json=as_json, lang=lang)
    if refused:
        raise typer.Exit(BAD_INPUT)


def _take(
    sessions: SessionFactory, clock: Clock, rows: Iterator[Fact | Unreadable], refused: list[Unreadable]
) -> tuple[int, int]:
    """Keep the facts, so many in one transaction; returns how many were new, and how many known."""
    new = known = 0
    while batch := list(islice(rows, _AT_ONCE)):
        refused += [row for row in batch if isinstance(row, Unreadable)]
        with transaction(sessions) as session:
            kept = keep(session, clock, [row for row in batch if isinstance(row, Fact)], actor=me())
        new, known = new + kept.new, known + kept.known
    return new, known


def _put_on_record(sessions: SessionFactory, clock: Clock, file: Path, kind: KindName, new: int) -> None:
    details = {"kind": kind.value, "new": new}
    subject = f"file:{printable(file.name)}"[:400]
    with transaction(sessions) as session:
        audit.append(session, clock, actor=me(), action="facts.imported", subject=subject, details=details)


def _tell(new: int, known: int, refused: int, again: int, *, as_json: bool, lang: Language) -> None:
    if as_json:
        counts = {"new": new, "known": known, "refused": refused, "judged_again": again}
        typer.echo(json.dumps(counts))
        return
    said = Words(
        f"新增 {new} 条，已有 {known} 条，拒收 {refused} 行；{again} 通通话将重新质检。",
        f"{new} new, {known} known, {refused} rows refused; {again} calls will be judged again.",
    )
    out.print(said.say(lang.value))
