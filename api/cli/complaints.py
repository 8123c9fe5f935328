"""`diting complaints`: complaints that arrived."""

import json
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
import yaml
from rich.table import Table

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.complaints import complaint_document, receipt
from api.words import Words
from complaint_warnings.complaints import service
from complaint_warnings.complaints.documents import read_intake
from complaint_warnings.complaints.holds import held_calls
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.complaints.receipt import CHANNEL_WORDS
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.errors import BadInputError
from store.people import find_actor
from store.settings import Settings

app = typer.Typer(help="Complaints that arrived. 已收到的投诉。", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="who acts, of `diting people list`")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/complaints.md)")]


@app.command()
def receive(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="what was written down, YAML or JSON")],
    by: By,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Take a complaint in and print its receipt. 受理投诉并出具回执。

    It joins the debtor's open case or opens one; all calls with the debtor are indexed and put on hold.
    """
    intake = read_intake(_read(file))
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            row = service.receive(session, SystemClock(), intake, actor=find_actor(session, by))
        with reading(sessions) as session:
            text = receipt(session, row, lang.value, ZoneInfo(settings.timezone))
    if as_json:
        typer.echo(json.dumps(complaint_document(row), ensure_ascii=False))
        return
    out.print(text, markup=False, soft_wrap=True)


@app.command("list")
def list_(
    case: Annotated[int | None, typer.Option(help="only of this case")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the complaints, newest first. 列出投诉。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = service.complaints(session, limit=limit, case_id=case)
    if as_json:
        typer.echo(json.dumps([complaint_document(row) for row in rows], ensure_ascii=False))
        return
    if rows:
        out.print(_table(rows, lang, ZoneInfo(settings.timezone)))
    out.print(Words(f"{len(rows)} 件投诉。", f"{len(rows)} complaints.").say(lang.value))


@app.command("receipt")
def show_receipt(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="of the receipt, C-2026-000012-1")],
    lang: Lang = Language.ZH,
) -> None:
    """Print the receipt of a complaint again, with the limits as they stand. 补打受理回执。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        row = service.find_complaint(session, number)
        text = receipt(session, row, lang.value, ZoneInfo(settings.timezone))
    out.print(text, markup=False, soft_wrap=True)


@app.command()
def gather(
    case: Annotated[int, typer.Argument(metavar="CASE", help="the case")], by: By, lang: Lang = Language.ZH
) -> None:
    """Index all calls with the debtor again and hold them. 重新收集证据并保全录音。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = service.gather_evidence(session, SystemClock(), case, actor=find_actor(session, by))
        held = len(held_calls(session, case))
    told = Words(f"{row.number}：已保全 {held} 通录音。", f"{row.number}: {held} calls on hold.")
    out.print(told.say(lang.value), markup=False)


def _read(file: Path) -> dict[str, Any]:
    """What was written down; every value as text, so that a time stays as it was written.

    Raises:
        BadInputError: `complaint.file`.
    """
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (text only)
    except (OSError, UnicodeDecodeError) as error:
        problem = f"the file cannot be read ({type(error).__name__})"
    except yaml.YAMLError:
        problem = "the file is neither YAML nor JSON"
    else:
        if isinstance(data, dict):
            return data
        problem = "the file holds no fields"
    raise BadInputError(
        problem, code="complaint.file", where=str(file), mend="docs/complaints.md has an example."
    )


def _table(rows: list[ComplaintRow], lang: Language, zone: ZoneInfo) -> Table:
    heads = (
        Words("编号", "number"),
        Words("渠道", "channel"),
        Words("收到时间", "arrived"),
        Words("案件", "case"),
        Words("问题", "claim"),
    )
    table = Table(*(head.say(lang.value) for head in heads))
    for row in rows:
        channel = Words(*CHANNEL_WORDS[row.document["channel"]]).say(lang.value)
        at = f"{row.arrived_at.astimezone(zone):%Y-%m-%d %H:%M}"
        table.add_row(row.number, channel, at, str(row.case_id), row.document["claim"][:60])
    return table
