"""`diting search`: calls by what was said in them, and the index that finds them."""

import json
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.text import Text

from api import words
from api.call_filters import CallFilters
from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.progress import bar
from api.report.timeline import clock as minutes
from api.search import Hit, Turn, search_calls
from api.words import Words
from pipeline import search_rebuild
from store.database import open_sessions, reading
from store.errors import BadInputError
from store.settings import Settings
from transcription.search.query import parse

app = typer.Typer(help="Search what was said. 全文检索。", no_args_is_help=True)


class Order(StrEnum):
    """In what order calls are shown."""

    TIME = "time"
    RELEVANCE = "relevance"


Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command("calls")
def calls(
    query: Annotated[
        list[str], typer.Argument(metavar="WORDS", help='words, "phrases", OR, -without, speaker:customer')
    ],
    team: Annotated[str | None, typer.Option(help="only calls of this team")] = None,
    collector: Annotated[str | None, typer.Option(help="only calls of this collector")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="begun on this day or later")
    ] = None,
    sort: Annotated[Order, typer.Option(help="newest first, or most often said first")] = Order.TIME,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="so many at most")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON (docs/cli.md)")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """Find calls by what was said. 按通话内容检索。"""
    asked = parse(" ".join(query))
    settings = Settings()
    zone = ZoneInfo(settings.timezone)
    filters = CallFilters(team=team, collector=collector, since=_day(since, zone))
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        found, _ = search_calls(session, asked, filters, sort=sort.value, limit=limit, after=None)
    if as_json:
        typer.echo(json.dumps([_json(hit) for hit in found], ensure_ascii=False))
        return
    for hit in found:
        out.print(Text(f"{hit.stored.call.source}/{hit.stored.call.external_id}", style="bold"))
        for turn in hit.turns:
            out.print(_line(turn, lang.value), soft_wrap=True)
    out.print(Words(f"{len(found)} 通电话。", f"{len(found)} calls.").say(lang.value))


@app.command("rebuild")
def rebuild(lang: Lang = Language.ZH) -> None:
    """Let calls be found that were stored before there was a search. 重建检索索引，可随时中断、再次运行。"""
    settings = Settings()
    prepare_database(settings)
    done = 0
    with open_sessions(settings.database_url) as sessions, bar(Console(stderr=True)) as shown:
        task = shown.add_task("search", total=search_rebuild.count_outdated(sessions))
        for count in search_rebuild.rebuild(sessions):
            done += count
            shown.update(task, completed=done)
    out.print(Words(f"已更新 {done} 通电话的索引。", f"{done} calls were indexed.").say(lang.value))


def _line(turn: Turn, lang: words.Lang) -> Text:
    speaker = words.named(words.SPEAKERS, turn.speaker).say(lang)
    head = f"  {minutes(turn.start)} {speaker}  "
    line = Text(head + turn.text)
    for start, end in turn.spans:
        line.stylize("bold yellow", len(head) + start, len(head) + end)
    return line


def _json(hit: Hit) -> dict[str, Any]:
    call = hit.stored.call
    return {
        "call_id": call.id,
        "call": f"{call.source}/{call.external_id}",
        "started_at": call.started_at.isoformat() if call.started_at else None,
        "matching_turns": hit.matching,
        "turns": [
            {
                "turn": turn.turn,
                "speaker": turn.speaker,
                "start": turn.start,
                "end": turn.end,
                "text": turn.text,
                "spans": [list(span) for span in turn.spans],
            }
            for turn in hit.turns
        ],
    }


def _day(text: str | None, zone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        raise BadInputError(f"{text} is no day", code="cli.usage", mend="Write it as 2026-03-05.") from None
