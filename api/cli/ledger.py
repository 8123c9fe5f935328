"""`diting ledger`: the ledger of warnings and complaints."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.console import CRASHED, Language, err, line, out
from api.cli.database import prepare_database
from api.cli.ledger_options import Ascending, Sort, Where, read_filters
from api.ledger import line_out, month_out, problem_out
from api.ledger_files import put_export_on_record, shown, write_ledger
from api.words import Words
from complaint_warnings.cases.service import find_case
from complaint_warnings.ledger.check import check_ledger
from complaint_warnings.ledger.columns import COLUMNS, Shown
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import LedgerLine, Wanted, one, page
from complaint_warnings.ledger.sorting import DEFAULT_SORT
from complaint_warnings.ledger.summary import Month, monthly
from store import audit
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.errors import BadInputError, NotFoundError
from store.settings import Settings

app = typer.Typer(help="The ledger of warnings and complaints. 投诉预警报备台账。", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/ledger.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
Unmasked = Annotated[bool, typer.Option("--unmasked", help="telephone numbers in full")]
_IN_LISTS = ("number", "debtor", "amount", "time", "level", "state", "handler")


@app.command("list")
def list_(
    where: Where = None,
    sort: Sort = DEFAULT_SORT,
    ascending: Ascending = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="so many at most")] = 50,
    cursor: Annotated[str | None, typer.Option(help="`next` of the page before (--json)")] = None,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List lines of the ledger, newest first unless told otherwise. 查询台账。"""
    settings = Settings()
    prepare_database(settings)
    wanted = _wanted(where, sort, ascending=ascending)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        found = page(session, wanted, limit=limit, cursor=cursor)
    if as_json:
        items = [line_out(each).model_dump(mode="json") for each in found.lines]
        typer.echo(json.dumps({"items": items, "next": found.next}, ensure_ascii=False))
        return
    out.print(_table(found.lines, shown(settings, lang.value)))
    more = Words("，后面还有", ", and more follow").say(lang.value) if found.next else ""
    out.print(Words(f"{len(found.lines)} 条{more}。", f"{len(found.lines)} lines{more}.").say(lang.value))


@app.command()
def show(
    number: Annotated[str, typer.Argument(metavar="CASE", help="its number (W-2026-000012) or id")],
    unmasked: Unmasked = False,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show one line with all its columns. 查看一条台账。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        case = find_case(session, number)
        found = one(session, case.id, now=SystemClock().now(), masked=not unmasked)
    if found is None:
        raise NotFoundError(f"{number} has no line", code="case.unknown", mend="`diting ledger list`.")
    if as_json:
        typer.echo(line_out(found).model_dump_json())
        return
    how = shown(settings, lang.value)
    grid = Table(show_header=False)
    for column in COLUMNS:
        grid.add_row(column.heading(how), _text(column.value(found, how)))
    out.print(grid)


@app.command()
def summary(
    first: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="2026-01; default: this year")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="2026-12; default: this month")
    ] = None,
    where: Where = None,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Sum up months: opened, closed, carried over, by level, source, state, team, result. 台账月度汇总。"""
    settings, now = Settings(), SystemClock().now()
    prepare_database(settings)
    zone = ZoneInfo(settings.timezone)
    today = now.astimezone(zone)
    begin, end = first or f"{today:%Y}-01", last or f"{today:%Y-%m}"
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        months = monthly(session, read_filters(where), first=begin, last=end, zone=zone, now=now)
    if as_json:
        plain = [month_out(month).model_dump(mode="json") for month in months]
        typer.echo(json.dumps({"months": plain}, ensure_ascii=False))
        return
    out.print(_months(months, lang.value))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the file to write, .xlsx or .csv")],
    where: Where = None,
    sort: Sort = DEFAULT_SORT,
    ascending: Ascending = False,
    explain: Annotated[bool, typer.Option("--explain", help="second sheet: every point (.xlsx)")] = False,
    unmasked: Unmasked = False,
    lang: Lang = Language.ZH,
) -> None:
    """Write lines of the ledger as an Excel workbook or CSV. 导出台账。

    Any number of lines; every export is written to the audit log.
    """
    kind = file.suffix.lower().removeprefix(".")
    if kind not in ("xlsx", "csv"):
        raise BadInputError(
            "by its name this is neither a workbook nor CSV",
            code="ledger.format",
            where=str(file),
            mend="End it in .xlsx or .csv.",
        )
    settings = Settings()
    prepare_database(settings)
    wanted = _wanted(where, sort, ascending=ascending, masked=not unmasked)
    with open_sessions(settings.database_url) as sessions:
        how = shown(settings, lang.value)
        how = put_export_on_record(sessions, SystemClock(), wanted, how, actor="cli", kind=kind)
        count = write_ledger(sessions, file, wanted, how, explain=explain)
    out.print(Words(f"{count} 条，已写入 {file}", f"{count} lines in {file}").say(lang.value), markup=False)


@app.command()
def verify(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Check every row of the ledger against the audit chain. 校验台账未被篡改。

    Cases, their events, warnings and items, and the chain itself. Exit code 1 when anything does not hold;
    each row is one line on standard error.
    """
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        breaks = audit.verify(session)
        problems = list(check_ledger(session))
    if as_json:
        chain = [{"seq": each.seq, "kind": each.kind, "message": each.message} for each in breaks]
        rows = [problem_out(each).model_dump(mode="json") for each in problems]
        typer.echo(json.dumps({"chain": chain, "rows": rows}, ensure_ascii=False))
    else:
        for each in breaks:
            line(f"audit {each.seq}: {each.message} [audit.{each.kind}]")
        for problem in problems:
            line(f"{problem.message} [ledger.{problem.kind}]")
        bad = len(breaks) + len(problems)
        good = Words("台账与审计链一致。", "The ledger is what was written.")
        err.print((Words(f"{bad} 处不符。", f"{bad} do not hold.") if bad else good).say(lang.value))
    raise typer.Exit(CRASHED if breaks or problems else 0)


def _wanted(where: list[str] | None, sort: str, *, ascending: bool, masked: bool = True) -> Wanted:
    filters: Filters = read_filters(where)
    return Wanted(filters, SystemClock().now(), sort, not ascending, masked)


def _table(lines: Sequence[LedgerLine], how: Shown) -> Table:
    columns = [column for column in COLUMNS if column.name in _IN_LISTS]
    table = Table()
    for column in columns:
        heading = column.zh if how.language == "zh" else column.en
        table.add_column(heading, no_wrap=column.name in ("number", "time"))
    for each in lines:
        table.add_row(*(_text(column.value(each, how)) for column in columns))
    return table


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = "" if value is None else str(value)
    return escape("".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text))


def _months(months: Sequence[Month], lang: Literal["zh", "en"]) -> Table:
    table = Table()
    heads = (
        Words("月份", "Month"), Words("结转", "Carried in"), Words("新增", "Opened"), Words("关闭", "Closed"),
        Words("月末未结", "Carried out"), Words("等级", "Level"), Words("来源", "Source"),
        Words("结果", "Result"),
        Words("团队", "Team"),
    )  # fmt: skip
    for head in heads:
        table.add_column(head.say(lang))
    for month in months:
        shares = (_share(month.shares[name]) for name in ("level", "source", "result", "team"))
        counts = (month.carried_in, month.opened, month.closed, month.carried_out)
        table.add_row(month.month, *(str(count) for count in counts), *shares)
    return table


def _share(counts: Mapping[str | None, int]) -> str:
    return _text("\n".join(f"{word or '?'} {count}" for word, count in list(counts.items())[:5]))
