"""`diting views list`: who saw, heard or exported what."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy import select

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.words import Lang, Words
from store.database import open_sessions, reading
from store.settings import Settings
from store.views import ViewRow

_WHAT = {
    "listen": Words("收听", "heard"),
    "unmask": Words("查看原文", "saw in full"),
    "export": Words("导出", "exported"),
}

app = typer.Typer(help="Who saw what. 查看留痕。", no_args_is_help=True)


@app.callback()
def views() -> None:
    """Who saw what. 查看留痕。"""


@app.command("list")
def list_(
    actor: Annotated[str | None, typer.Option(metavar="ID", help="of one person")] = None,
    call: Annotated[int | None, typer.Option(metavar="ID", help="of one call, by its number")] = None,
    export: Annotated[str | None, typer.Option(metavar="ID", help="the id on an export")] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="only what was seen in full")] = False,
    limit: Annotated[int, typer.Option(min=1, help="at most so many")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line (docs/cli.md)")] = False,
    lang: Annotated[Language, typer.Option(help="language of the table")] = Language.ZH,
) -> None:
    """Who saw, heard or exported what, newest first. 谁在何时看过、听过、导出过什么。"""
    settings = Settings()
    prepare_database(settings)
    wanted = [
        *([ViewRow.actor.in_([actor, f"api:{actor}"])] if actor else []),
        *([ViewRow.call_id == call] if call else []),
        *([ViewRow.export_id == export] if export else []),
        *([ViewRow.masked.is_(False)] if unmasked else []),
    ]
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = list(session.scalars(select(ViewRow).where(*wanted).order_by(ViewRow.id.desc()).limit(limit)))
    if as_json:
        for row in rows:
            typer.echo(json.dumps(_json(row), ensure_ascii=False))
        return
    if rows:
        out.print(_table(rows, lang.value))
    out.print(Words(f"{len(rows)} 条。", f"{len(rows)} entries.").say(lang.value))


def _json(row: ViewRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "actor": row.actor,
        "what": row.what,
        "subject": row.subject,
        "call_id": row.call_id,
        "masked": row.masked,
        "reason": row.reason,
        "began_at": row.began_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "until": row.until and row.until.isoformat(),
        "heard": row.heard,
        "export_id": row.export_id,
    }


def _table(rows: Sequence[ViewRow], lang: Lang) -> Table:
    heads = (
        Words("时间", "at"), Words("谁", "who"), Words("做了什么", "did"), Words("对象", "what"),
        Words("遮蔽", "masked"), Words("理由或导出编号", "reason, or id of the export"),
    )  # fmt: skip
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head.say(lang), overflow="fold")
    for row in rows:
        hidden = Words("是", "yes") if row.masked else Words("否", "no")
        table.add_row(
            Text(f"{row.began_at:%Y-%m-%d %H:%M}"),
            Text(row.actor),
            _WHAT[row.what].say(lang),
            Text(row.subject),
            hidden.say(lang),
            Text(row.export_id or row.reason or ""),
        )
    return table
