"""What warns beside the calls: `diting warnings report | opinion | monitor | items | match | set-aside`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.markup import escape
from rich.table import Table

from api.cli.console import BAD_INPUT, Language, line, out
from api.cli.database import prepare_database
from api.sources import debtors_with_calls, import_posts, item_out, items, received_out, weights_of
from api.words import Words
from complaint_warnings.sources import service
from complaint_warnings.sources.documents import Debtor, Report, parse
from complaint_warnings.sources.monitor_policy import DEFAULT_MONITORS, load_monitors
from complaint_warnings.sources.posts_file import read_posts
from complaint_warnings.sources.watching import watch_debtor
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.errors import BadInputError
from store.people import find_actor
from store.settings import Settings

By = Annotated[str, typer.Option("--by", metavar="ID", help="who acts (`diting people list`)")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/warnings.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
Item = Annotated[int, typer.Argument(metavar="ITEM", help="number, of `diting warnings items`")]
Customer = Annotated[str | None, typer.Option("--customer", metavar="ID", help="as the calls have it")]
DebtCase = Annotated[
    str | None, typer.Option("--case", metavar="ID", help="of the debt, as the calls have it")
]
Phone = Annotated[str | None, typer.Option("--number", help="the debtor's telephone number")]


def report(
    by: By,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="the report, YAML or JSON")
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="a field, also debtor.customer_id; repeatable"),
    ] = None,
    doubts: Annotated[list[str] | None, typer.Option("--doubt", help="what is doubted; repeatable")] = None,
    oral: Annotated[bool, typer.Option("--oral", help="entered for the reporter, who told it")] = False,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Report what a customer doubts or objects to. 报备客户质疑或不满。

    `--set words=… --set happened_at=2026-03-05T11:30:00+08:00 --set debtor.customer_id=C1 --doubt method`.
    The reporter is who acts, unless `--set reporter=ID --oral` says otherwise.
    """
    document = _document(file, fields or [])
    document.setdefault("reporter", by)
    if doubts:
        document["doubts"] = doubts
    if oral:
        document["oral"] = True
    wanted = parse(Report, document, str(file or "report"))
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    weights = weights_of(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        received = service.report(session, clock, wanted, actor=find_actor(session, by), weights=weights)
        told = received_out(received)
    if as_json:
        typer.echo(told.model_dump_json())
        return
    known = Words("", "") if told.created else Words("（此前已收到）", " (received before)")
    said = Words(
        f"{told.item.reference} 已报备{known.zh}，预警 {told.item.warning_id}。",
        f"{told.item.reference} is reported{known.en}, warning {told.item.warning_id}.",
    )
    out.print(said.say(lang.value), markup=False)


def opinion(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="platform,link,posted_at,author,text,…")],
    by: By,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Take public posts from a CSV file. 导入舆情。

    Bad lines are refused by themselves, each with line, field and mend (exit code 2); the others are taken.
    The same file again writes nothing.
    """
    settings = Settings()
    prepare_database(settings)
    weights = weights_of(settings)
    with open_sessions(settings.database_url) as sessions:
        with reading(sessions) as session:
            actor = find_actor(session, by)
        try:
            with file.open(encoding="utf-8-sig", newline="") as text:
                lines = read_posts(text, str(file))
                done = import_posts(sessions, SystemClock(), lines, actor=actor, weights=weights)
        except OSError as error:
            raise BadInputError(
                f"cannot be read ({error.strerror})", code="posts_file.unreadable", where=str(file)
            ) from error
    for each in done.refused:
        line(f"{file}:{each.line} {each.field}: {each.message}. {each.mend}")
    if as_json:
        refused = [{name: getattr(each, name) for name in each.__slots__} for each in done.refused]
        counts = {"new": done.new, "known": done.known, "unmatched": done.unmatched}
        typer.echo(json.dumps({**counts, "refused": refused}, ensure_ascii=False))
    else:
        bad = len(done.refused)
        said = Words(
            f"新增 {done.new} 条，已有 {done.known} 条，待匹配 {done.unmatched} 条，拒收 {bad} 行。",
            f"{done.new} new, {done.known} known, {done.unmatched} unmatched, {bad} lines refused.",
        )
        out.print(said.say(lang.value))
    if done.refused:
        raise typer.Exit(BAD_INPUT)


def monitor(lang: Lang = Language.ZH) -> None:
    """Let the monitors look at every debtor's stored calls now. 立即运行系统监测。

    They look after every call by themselves; this is for new thresholds (DITING_MONITORS_FILE).
    """
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    weights, policy = weights_of(settings), load_monitors(settings.monitors_file or DEFAULT_MONITORS)
    hits = 0
    with open_sessions(settings.database_url) as sessions:
        with reading(sessions) as session:
            keys = list(debtors_with_calls(session))
        for key in keys:
            with transaction(sessions) as session:
                hits += len(watch_debtor(session, clock, debtor_key=key, weights=weights, policy=policy))
    said = Words(f"{len(keys)} 名债务人，新增 {hits} 条监测预警。", f"{len(keys)} debtors, {hits} new hits.")
    out.print(said.say(lang.value))


def list_items(
    state: Annotated[str | None, typer.Option(help="matched, unmatched or set_aside")] = None,
    source: Annotated[str | None, typer.Option(help="report, monitor or opinion")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
) -> None:
    """List reports, hits of monitors and public posts, newest first. 列出其他来源的预警条目。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = items(session, source=source, state=state, before=None, limit=limit)
        found = [item_out(row) for row in rows]
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False))
        return
    table = Table("编号 No.", "来源 Item", "类别 Kind", "状态 State", "债务人 Debtor", "预警 Warning")
    for each in found:
        cells = (each.id, each.reference, each.kind, each.state, each.debtor_key or "", each.warning_id or "")
        table.add_row(*(escape(str(cell)) for cell in cells))
    out.print(table)


def match(
    item: Item,
    by: By,
    customer: Customer = None,
    case: DebtCase = None,
    number: Phone = None,
    lang: Lang = Language.ZH,
) -> None:
    """Say whom an unmatched item is about. 将待匹配条目对应到债务人。"""
    settings = Settings()
    prepare_database(settings)
    debtor = Debtor(customer_id=customer, case_id=case, number=number)
    weights = weights_of(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        actor = find_actor(session, by)
        done = service.match(session, SystemClock(), item, debtor, actor=actor, weights=weights)
        told = item_out(done.item)
    said = Words(
        f"{told.reference} 已对应 {told.debtor_key}，预警 {told.warning_id}。",
        f"{told.reference} is about {told.debtor_key}, warning {told.warning_id}.",
    )
    out.print(said.say(lang.value), markup=False)


def set_aside(
    item: Item,
    by: By,
    reason: Annotated[str, typer.Option(help="why it concerns nobody here")],
    lang: Lang = Language.ZH,
) -> None:
    """Set an unmatched item aside; it stays in the list with the reason. 将待匹配条目归为无关。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = service.set_aside(session, SystemClock(), item, actor=find_actor(session, by), reason=reason)
        reference = row.reference
    said = Words(f"{reference} 已归为无关。", f"{reference} is set aside.")
    out.print(said.say(lang.value), markup=False)


def _document(file: Path | None, fields: list[str]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if file is not None:
        try:
            read = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise _unreadable(file) from error
        if not isinstance(read, dict):
            raise _unreadable(file)
        document = read
    for each in fields:
        name, equals, value = each.partition("=")
        if not equals:
            raise BadInputError(
                "this is no field", code="item.document", where=each, mend="Write FIELD=VALUE."
            )
        part, _, inner = name.partition(".")
        if inner:
            document[part] = {**(document.get(part) or {}), inner: value}
        else:
            document[part] = value
    return document


def _unreadable(file: Path) -> BadInputError:
    return BadInputError(
        "this is no report",
        code="item.document",
        where=str(file),
        mend="Give a YAML or JSON object in UTF-8.",
    )
