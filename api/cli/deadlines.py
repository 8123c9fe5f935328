"""`diting deadlines`: what is due and when, the working calendar, and saying what is to be said."""

import json
import re
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from api import words
from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.deadlines import STANDINGS, CalendarOut, DeadlineOut, calendar_out, deadline_out
from api.words import Words
from complaint_warnings.cases.service import find_case
from complaint_warnings.clocks.calendars import INSTEAD
from complaint_warnings.clocks.house import house_of
from complaint_warnings.clocks.service import deadlines_of, due
from pipeline.rounds import renew_deadlines, tell_deadlines
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.errors import BadInputError
from store.settings import Settings

app = typer.Typer(help="Time limits of warnings and complaints. 时限。", no_args_is_help=True)

Case = Annotated[str, typer.Argument(metavar="CASE", help="the case's id or number (W-2026-000012)")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/deadlines.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]

_SPAN = re.compile(r"([1-9][0-9]{0,5})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
_WEEKDAYS = Words("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")


@app.command("list")
def list_(
    breached: Annotated[bool, typer.Option("--breached", help="only what is overdue")] = False,
    within: Annotated[
        str | None, typer.Option(metavar="SPAN", help="only what is due by then: 90m, 24h, 3d")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List what is awaited, the most urgent first. 列出待办时限。"""
    span = None if within is None else read_span(within)
    settings, now = Settings(), SystemClock().now()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = due(session, now, within=span, breached=breached, limit=limit)
        found = [deadline_out(row, case, now) for row, case in rows]
    _print(found, settings, as_json=as_json, lang=lang.value)


@app.command()
def show(case: Case, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show all deadlines of a case and why each is when it is. 查看案件时限及依据。"""
    settings, now = Settings(), SystemClock().now()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        row = find_case(session, case)
        found = [deadline_out(each, row, now) for each in deadlines_of(session, row.id)]
    _print(found, settings, as_json=as_json, lang=lang.value)
    if not as_json:
        for each in found:
            out.print(f"- {each.why[lang.value]}", markup=False, soft_wrap=True)


@app.command()
def calendar(
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1990, max=2100)],
    country: Annotated[str, typer.Option(metavar="CC", help="ISO 3166 code")] = "CN",
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show which days of a year are worked; a year without official data is refused. 工作日历。"""
    shown = calendar_out(house_of(Settings()).calendars.of(country.upper()), year)
    if as_json:
        typer.echo(shown.model_dump_json())
        return
    out.print(_days(shown, lang.value))
    counted = Words(f"{year} 年共 {shown.working_days} 个工作日。", f"{shown.working_days} working days.")
    out.print(counted.say(lang.value))


@app.command()
def tick(lang: Lang = Language.ZH) -> None:
    """Say now what is to be said: warnings, breaches, steps up the line. 立即检查时限并预警。

    A running installation does this by itself; twice does no harm.
    """
    settings = Settings()
    house_of(settings)
    prepare_database(settings)
    count = 0
    with open_sessions(settings.database_url) as sessions:
        while renew_deadlines(sessions, SystemClock()):
            continue
        while said := tell_deadlines(sessions, SystemClock()):
            count += said
    out.print(Words(f"发出 {count} 条期限提示。", f"{count} things were said.").say(lang.value))


def read_span(text: str) -> timedelta:
    """`90m`, `24h`, `3d`.

    Raises:
        BadInputError: `cli.span`.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise BadInputError(
            f"{text!r} is no span of time", code="cli.span", where="--within", mend="Write 90m, 24h or 3d."
        )
    return int(found.group(1)) * _UNITS[found.group(2)]


def _print(found: list[DeadlineOut], settings: Settings, *, as_json: bool, lang: words.Lang) -> None:
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False))
        return
    if found:
        out.print(_table(found, ZoneInfo(settings.timezone), lang))
    out.print(Words(f"{len(found)} 个时限。", f"{len(found)} deadlines.").say(lang))


def _table(found: list[DeadlineOut], zone: ZoneInfo, lang: words.Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("案件", "case"), Words("等级", "level"), Words("时限", "clock"), Words("到期", "due"),
        Words("情况", "standing"), Words("处理人", "handler"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for each in found:
        cells = (
            each.case_number, words.LEVELS[each.level].say(lang), each.title[lang], _due(each, zone, lang),
            STANDINGS[each.standing].say(lang), each.handler_id or "",
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _due(each: DeadlineOut, zone: ZoneInfo, lang: words.Lang) -> str:
    if each.due_at is None:
        return "—"
    notes = [
        note.say(lang)
        for note, holds in (
            (Words("手动", "by hand"), each.by_hand),
            (Words("暂定", "provisional"), each.provisional),
        )
        if holds
    ]
    return _moment(each.due_at, zone) + (f" ({', '.join(notes)})" if notes else "")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _days(shown: CalendarOut, lang: words.Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Words("日期", "day"), Words("", ""), Words("", ""), Words("原因", "why")):
        table.add_column(heading.say(lang))
    names = _WEEKDAYS.zh if lang == "zh" else _WEEKDAYS.en.split()
    for day in shown.exceptions:
        kind = Words("上班", "worked") if day.working else Words("放假", "off")
        why = _HOLIDAYS.get(day.why.removeprefix(INSTEAD), day.why) if lang == "zh" else day.why
        table.add_row(day.date.isoformat(), names[day.date.weekday()], kind.say(lang), Text(why))
    sources = {day.source for day in shown.exceptions}
    table.caption = ", ".join(sorted(sources))
    return table
