"""Looking at tickets: list, one ticket, its history, the collector's feedback, what somebody may do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.tickets import page
from api.cli.tickets.verbs import By, Ticket
from api.tickets import (
    event_document,
    feedback_document,
    possible_document,
    ticket_document,
    ticket_line,
)
from api.words import Lang as LangName
from api.words import Words
from qc.review.diagram import mermaid
from qc.review.loading import load
from qc.review.rulebook import UNKNOWN, Rulebook, rulebook
from qc.review.service import Wanted, list_tickets, possible_now
from qc.review.sight import seen_events
from qc.review.types import STATES
from qc.review.wording import action_words, state_words
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.people import find_actor
from store.settings import Settings

StateName = StrEnum("StateName", {state.upper(): state for state in STATES})  # type: ignore[misc]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/tickets.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@contextmanager
def _look() -> Iterator[Session]:
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        yield session


def list_(
    state: Annotated[StateName | None, typer.Option(help="only in this state")] = None,
    reviewer: Annotated[str | None, typer.Option(metavar="ID", help="whose to review")] = None,
    collector: Annotated[str | None, typer.Option(metavar="ID", help="who spoke in the call")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the tickets, newest first. 列出质检工单。"""
    wanted = Wanted(state.value if state else None, None, reviewer, collector, limit)
    with _look() as session:
        lines = [ticket_line(row, call) for row, call in list_tickets(session, wanted)]
    if as_json:
        typer.echo(json.dumps(lines, ensure_ascii=False, default=_moment))
        return
    if lines:
        out.print(_table(lines, lang.value))
    out.print(Words(f"{len(lines)} 个工单。", f"{len(lines)} tickets.").say(lang.value))


def show(ticket: Ticket, by: By, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show one ticket as a person may see it: the machine's, people's and the final result. 查看工单。"""
    with _look() as session:
        loaded = load(session, ticket)
        document = ticket_document(loaded, find_actor(session, by), _book(session, loaded.pack_hash))
    _told(document, as_json, lambda: page.of_ticket(document, lang.value, ZoneInfo(Settings().timezone)))


def feedback(ticket: Ticket, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show what the collector is told: what was said, the clause, what to say instead. 催收员反馈。"""
    with _look() as session:
        loaded = load(session, ticket)
        document = feedback_document(loaded, _book(session, loaded.pack_hash))
    _told(document, as_json, lambda: page.of_feedback(document, lang.value))


def history(ticket: Ticket, by: By) -> None:
    """Print what happened to a ticket, as a person may see it, one JSON object a line. 工单全部事件。"""
    with _look() as session:
        loaded, actor = load(session, ticket), find_actor(session, by)
        events = seen_events(loaded.view, loaded.events, actor)
        lines = [event_document(event, actor, loaded) for event in events]
    for line in lines:
        typer.echo(json.dumps(line, ensure_ascii=False))


def allowed(ticket: Ticket, by: By, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show what a person may do with a ticket now, and what stands in the way of the rest. 可执行的动作。"""
    with _look() as session:
        found = possible_now(load(session, ticket), find_actor(session, by), SystemClock().now())
    if as_json:
        typer.echo(json.dumps([possible_document(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        name, said = each.line.action.replace("_", "-"), action_words(each.line.action, lang.value)
        state = state_words(each.to_state, lang.value)
        barred = f"  ✗ {each.refusal.message} [{each.refusal.code}]" if each.refusal else ""
        out.print(f"{name:14} {said} → {state}{barred}", markup=False, soft_wrap=True)


def diagram(lang: Lang = Language.ZH) -> None:
    """Print the states and steps as a Mermaid diagram, from the table that decides. 输出状态图。"""
    typer.echo(mermaid(lang.value), nl=False)


def _book(session: Session, pack_hash: str | None) -> Rulebook:
    return UNKNOWN if pack_hash is None else rulebook(session, pack_hash)


def _told(document: dict[str, Any], as_json: bool, lines: Callable[[], Iterator[str]]) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, default=_moment))
        return
    for line in lines():
        out.print(line, markup=False, soft_wrap=True)


def _moment(value: Any) -> str:
    return str(value.isoformat())


def _table(lines: list[dict[str, Any]], lang: LangName) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("工单", "ticket"), Words("通话", "call"), Words("优先级", "priority"), Words("状态", "state"),
        Words("催收员", "collector"), Words("质检员", "reviewer"), Words("得分", "score"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for line in lines:
        cells = [
            line["id"], line["call"], line["priority"], state_words(line["state"], lang),
            line["collector_id"], line["assigned_to"], line["final_score"],
        ]  # fmt: skip
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in cells))
    return table
