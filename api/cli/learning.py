"""`diting learning`: what the closed cases teach."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.learning import DIMENSION_WORDS, MISSED, group_document, lesson_document, month_document, read_months
from api.words import Words
from complaint_warnings.learning import service
from complaint_warnings.learning.groups import GroupPolicy, groups
from complaint_warnings.learning.library import Asked, search
from complaint_warnings.learning.month import Month, months_up_to
from complaint_warnings.learning.types import Rate
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.errors import BadInputError
from store.people import find_actor
from store.settings import Settings

app = typer.Typer(help="What the cases teach. 归因、统计与案例库。", no_args_is_help=True)
library_app = typer.Typer(help="The library of closed cases. 案例库。", no_args_is_help=True)
app.add_typer(library_app, name="library")
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
_TREND = 6  # months on the page
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/learning.md)")]


@app.command()
def monthly(
    month: Annotated[str, typer.Argument(metavar="MONTH", help="as 2026-10")],
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write a page with a trend of six months instead")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """The figures of a month: causes, resolution, satisfaction, what was foreseen. 月度归因与统计。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        wanted = months_up_to(month, _TREND if html is not None else 1)
        months = read_months(session, wanted, ZoneInfo(settings.timezone))
    found = months[-1]
    if html is not None:
        _write_page(html, months, lang)
    if as_json:
        typer.echo(json.dumps(month_document(found), ensure_ascii=False))
        return
    if html is not None:
        out.print(Words(f"已写入 {html}", f"Written to {html}").say(lang.value), markup=False, soft_wrap=True)
        return
    out.print(_figures_table(found, lang))
    if any(found.whole.causes.values()):
        out.print(_causes_table(found, lang))
    for missed in found.conversion.missed:
        why = MISSED[missed.why]
        told = Words(f"未预警的投诉 {missed.number}：{why.zh}", f"not foreseen: {missed.number}, {why.en}")
        out.print(told.say(lang.value), markup=False, soft_wrap=True)


@app.command("groups")
def list_groups(
    days: Annotated[int, typer.Option(min=1, max=3650, help="how far back to look")] = 90,
    least: Annotated[int, typer.Option(min=2, max=1000, help="how many debtors make a group")] = 3,
    window: Annotated[int, typer.Option(min=1, max=365, help="days between one and the next")] = 30,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Complaints that belong together: one creditor, one collector or one wording. 群体投诉识别。"""
    settings = Settings()
    prepare_database(settings)
    since = SystemClock().now() - timedelta(days=days)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = service.grievances(session, since)
    found = groups(rows, GroupPolicy(least=least, window=timedelta(days=window)))
    if as_json:
        typer.echo(json.dumps([group_document(group) for group in found], ensure_ascii=False))
        return
    table = Table(*(word.say(lang.value) for word in _GROUP_HEADS))
    for group in found:
        because = ", ".join(group.because)
        who = ", ".join(group.collectors)
        table.add_row(group.client or "–", str(group.debtors), because, who, ", ".join(group.numbers))
    if found:
        out.print(table)
    out.print(Words(f"{len(found)} 组。", f"{len(found)} groups.").say(lang.value))


@library_app.command("search")
def search_library(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD]…", help="all must occur")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="the cause in one word of the house")] = None,
    dimension: Annotated[str | None, typer.Option(help="process, staff or system")] = None,
    classification: Annotated[str | None, typer.Option(help="as it was classified")] = None,
    channel: Annotated[str | None, typer.Option(help="the way it came")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 20,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Search the closed cases by words, type and cause. 检索案例库。"""
    settings = Settings()
    prepare_database(settings)
    asked = Asked(tuple(words or ()), type_, dimension, None, classification, channel, limit)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = search(session, asked)
    if as_json:
        typer.echo(json.dumps([lesson_document(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        out.print(f"[b]{row.number}[/b] {row.type} · {row.result}", highlight=False)
        for head, text in zip(_LESSON_HEADS, (row.claim, row.cause, row.solution), strict=True):
            out.print(f"  {head.say(lang.value)}: {text}", markup=False)
    out.print(Words(f"{len(rows)} 个案例。", f"{len(rows)} cases.").say(lang.value))


@library_app.command("publish")
def publish(
    case: Annotated[int, typer.Argument(metavar="CASE", help="a closed case")],
    by: Annotated[str, typer.Option("--by", metavar="PERSON", help="who approves it")],
    lang: Lang = Language.ZH,
) -> None:
    """Put a closed case into the library, without the people in it. 案例入库（已去除个人信息）。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = service.publish(session, SystemClock(), case, actor=find_actor(session, by))
        number = row.number
    out.print(
        Words(f"{number} 已入库。", f"{number} is in the library.").say(lang.value),
        markup=False,
        soft_wrap=True,
    )


_GROUP_HEADS = (
    Words("委托方", "creditor"),
    Words("户数", "debtors"),
    Words("依据", "because of"),
    Words("催收员", "collectors"),
    Words("投诉", "complaints"),
)
_LESSON_HEADS = (Words("诉求", "claim"), Words("原因", "cause"), Words("措施与结果", "solution"))


def _write_page(path: Path, months: Sequence[Month], lang: Language) -> None:
    from api.report.month import render  # noqa: PLC0415 - templates are loaded only where a page is asked for

    try:
        path.write_text(render(months, lang.value), encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})",
            code="cli.unwritable",
            where=str(path),
            mend="Check the folder, its rights and the free space.",
        ) from error


def _share(rate: Rate) -> str:
    return "–" if rate.share is None else f"{rate.share:.0%} ({rate.part}/{rate.whole})"


def _figures_table(month: Month, lang: Language) -> Table:
    whole, met = month.whole, month.conversion
    days = whole.median_days_to_close
    mean = whole.satisfaction.mean
    rows = (
        (Words("收到投诉", "complaints"), str(whole.complaints)),
        (Words("结案", "closed"), str(whole.closed)),
        (Words("月末未结", "open at the end"), str(whole.open_at_end)),
        (Words("一次解决率", "settled at once"), _share(whole.one_time)),
        (Words("重复投诉", "complained again"), _share(whole.repeats)),
        (Words("首次答复及时率", "answered in time"), _share(whole.answered_in_time)),
        (Words("办结及时率", "settled in time"), _share(whole.settled_in_time)),
        (Words("结案天数（中位数）", "days to close (median)"), "–" if days is None else f"{days:.1f}"),
        (Words("满意度（1–5）", "satisfaction (1–5)"), "–" if mean is None else f"{mean:.2f}"),
        (Words("满意率", "satisfied"), _share(whole.satisfaction.satisfied)),
        (Words("预警转投诉", "warnings that became complaints"), _share(met.converted)),
        (Words("投诉前已预警", "complaints foreseen"), _share(met.foreseen)),
        (
            Words("提前天数（中位数）", "days ahead (median)"),
            "–" if met.lead_days is None else f"{met.lead_days:.1f}",
        ),
    )
    table = Table(title=month.name, show_header=False)
    for words, value in rows:
        table.add_row(words.say(lang.value), value)
    return table


def _causes_table(month: Month, lang: Language) -> Table:
    heads = (Words("维度", "dimension"), Words("原因", "cause"), Words("件数", "cases"))
    table = Table(*(head.say(lang.value) for head in heads))
    for dimension, causes in month.whole.causes.items():
        for kind, count in causes:
            table.add_row(DIMENSION_WORDS[dimension].say(lang.value), kind or "–", str(count))
    return table
