"""`diting sources list | status | dead`: which sources there are, how they stand, and what was not taken."""

import json
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.words import Words
from ingest.sources import overview
from ingest.sources.config import RestSource, place_of
from ingest.sources.file import load_sources
from ingest.sources.models import SourceItemRow, SourceStateRow
from store.database import open_sessions, reading
from store.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
Lang_ = Annotated[Language, typer.Option(help="language of what is shown")]

_STANDING: Final = (
    Words("来源", "source"),
    Words("上次读取", "read"),
    Words("待接收", "found"),
    Words("已接收", "taken"),
    Words("拒收", "refused"),
    Words("放弃", "dead"),
    Words("问题", "problem"),
)


def list_(as_json: AsJson = False) -> None:
    """List the sources of the sources file. 列出来源。"""
    sources = load_sources(Settings()).sources
    rows = [
        {
            "source": name,
            "kind": each.kind,
            "place": place_of(each),
            "metadata": "rest" if isinstance(each, RestSource) else each.metadata.format,
            "enabled": each.enabled,
        }
        for name, each in sources.items()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    headings = ("来源 Source", "类型 Kind", "位置 Place", "元数据 Records", "启用 Enabled")
    out.rows(headings, [list(row.values()) for row in rows])


def status(as_json: AsJson = False, lang: Lang_ = Language.ZH) -> None:
    """Show how the sources stand: when they were read, what is taken, refused, given up. 来源状态。"""
    settings = Settings()
    known = load_sources(settings).sources
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        counts = overview.counts(session)
        states = {row.source: row for row in session.scalars(select(SourceStateRow))}
        oldest = overview.oldest_waiting(session)
    rows = [
        _status_row(name, states.get(name), counts.get(name, {}), oldest.get(name))
        for name in dict.fromkeys([*known, *counts, *states])
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    zone = ZoneInfo(settings.timezone)
    shown = []
    for row in rows:
        problem = row["problem"]["message"] if row["problem"] else ""
        if row["source"] not in known and not row["source"].startswith("push:"):
            problem = Words("不在来源文件中", "not in the sources file").say(lang.value)
        found = [row[each] for each in overview.STATES]
        shown.append([row["source"], _clock(row["scanned_at"], zone), *found, problem])
    out.rows([heading.say(lang.value) for heading in _STANDING], shown)


def dead(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="of one source; default all")] = None,
    refused: Annotated[bool, typer.Option("--refused", help="also what was refused as it is")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="so many at most")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what was given up, the newest first. 列出放弃的录音。"""
    settings = Settings()
    prepare_database(settings)
    states = ("dead", "refused") if refused else ("dead",)
    query = select(SourceItemRow).where(SourceItemRow.state.in_(states))
    if name is not None:
        query = query.where(SourceItemRow.source == name)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = [
            _item_document(row)
            for row in session.scalars(query.order_by(SourceItemRow.id.desc()).limit(limit))
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    headings = ("来源 Source", "录音 Key", "状态 State", "次数 Attempts", "原因 Reason")
    out.rows(
        headings, [[row[each] for each in ("source", "key", "state", "attempts", "message")] for row in rows]
    )


def _item_document(row: SourceItemRow) -> dict[str, Any]:
    return {
        "source": row.source,
        "key": row.key,
        "state": row.state,
        "attempts": row.attempts,
        "code": row.code,
        "message": row.message,
        "modified_at": row.modified_at.isoformat(),
        "ended_at": None if row.ended_at is None else row.ended_at.isoformat(),
    }


def _status_row(
    name: str, state: SourceStateRow | None, counts: dict[str, int], oldest: datetime | None
) -> dict[str, Any]:
    problem = None
    if state is not None and state.code is not None:
        problem = {"code": state.code, "message": state.message, "failures": state.failures}
    read = None if state is None or state.scanned_at is None else state.scanned_at.isoformat()
    return {
        "source": name,
        "scanned_at": read,
        **{each: counts.get(each, 0) for each in overview.STATES},
        "oldest_waiting": None if oldest is None else oldest.isoformat(),
        "problem": problem,
    }


def _clock(text: str | None, zone: ZoneInfo) -> str:
    return "" if text is None else datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
