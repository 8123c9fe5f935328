"""Looking at cases: list, one case with its timeline, what somebody may do, and the table as a diagram."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from api import words
from api.cases import case_document, case_line, clock_document, event_document, possible_document
from api.cli.cases import page
from api.cli.cases.verbs import By, Case
from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.masking import mask_name
from api.words import Words
from complaint_warnings.cases.diagram import mermaid
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.service import Wanted, find_case, list_cases, load_case, possible_now
from complaint_warnings.cases.types import KINDS, STATES
from complaint_warnings.cases.wording import action_words, state_words
from complaint_warnings.clocks.service import deadlines_of
from complaint_warnings.types import LEVELS
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.people import find_actor
from store.settings import Settings

StateName = StrEnum("StateName", {state.upper(): state for state in STATES})  # type: ignore[misc]
LevelName = StrEnum("LevelName", {level.upper(): level for level in LEVELS})  # type: ignore[misc]
KindName = StrEnum("KindName", {kind.upper(): kind for kind in KINDS})  # type: ignore[misc]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/cases.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


def list_(
    state: Annotated[StateName | None, typer.Option(help="only in this state")] = None,
    level: Annotated[LevelName | None, typer.Option(help="only of this level")] = None,
    kind: Annotated[KindName | None, typer.Option(help="only warnings or complaints")] = None,
    handler: Annotated[str | None, typer.Option(metavar="ID", help="only of this handler")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="only those that are not closed")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the cases, newest first. 列出案件。"""
    settings = Settings()
    prepare_database(settings)
    wanted = Wanted(
        state=state.value if state else None,
        level=level.value if level else None,
        kind=kind.value if kind else None,
        handler=handler,
        open_only=open_only,
        limit=limit,
    )
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = list_cases(session, wanted)
    if as_json:
        typer.echo(json.dumps([case_line(row) for row in rows], ensure_ascii=False))
        return
    if rows:
        out.print(_table(rows, lang.value, ZoneInfo(settings.timezone)))
    out.print(Words(f"{len(rows)} 个案件。", f"{len(rows)} cases.").say(lang.value))


def show(case: Case, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show one case: where it stands, team, plan, clocks, and what happened. 查看案件。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        loaded = load_case(session, find_case(session, case).id)
        clocks = deadlines_of(session, loaded.row.id)
    if as_json:
        document = case_document(loaded) | {"clocks": [clock_document(each) for each in clocks]}
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    for part in page.of_case(loaded, clocks, lang.value, ZoneInfo(settings.timezone)):
        out.print(part)


def history(case: Case) -> None:
    """Print everything that happened to a case, one JSON object a line. 案件全部事件（JSON）。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        loaded = load_case(session, find_case(session, case).id)
    for event in loaded.events:
        typer.echo(json.dumps(event_document(event, loaded.row), ensure_ascii=False))


def allowed(case: Case, by: By, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show what a person may do with a case now, and what stands in the way of the rest. 可执行的动作。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        loaded = load_case(session, find_case(session, case).id)
        found = possible_now(session, SystemClock(), loaded, find_actor(session, by))
    if as_json:
        typer.echo(json.dumps([possible_document(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        name, said = each.line.action.replace("_", "-"), action_words(each.line.action, lang.value)
        state = state_words(each.to_state, lang.value)
        barred = f"  ✗ {each.refusal.message} [{each.refusal.code}]" if each.refusal else ""
        out.print(f"{name:18} {said} → {state}{barred}", markup=False, soft_wrap=True)


def diagram(lang: Lang = Language.ZH) -> None:
    """Print the states and steps as a Mermaid diagram, from the table that decides. 输出状态图。"""
    typer.echo(mermaid(lang.value), nl=False)


def _table(rows: list[CaseRow], lang: words.Lang, zone: ZoneInfo) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("编号", "number"), Words("等级", "level"), Words("状态", "state"), Words("债务人", "debtor"),
        Words("来源", "source"), Words("催收员", "collector"), Words("处理人", "handler"),
        Words("报备时间", "opened"), Words("结果", "result"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for row in rows:
        cells: list[Any] = [
            row.number, words.LEVELS[row.level].say(lang), state_words(row.state, lang),
            row.debtor_name and mask_name(row.debtor_name), row.source, row.collector_id, row.handler_id,
            _moment(row.opened_at, zone), row.result,
        ]  # fmt: skip
        table.add_row(*(Text(str(cell or "")) for cell in cells))
    return table


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
