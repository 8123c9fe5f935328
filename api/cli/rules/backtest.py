"""`diting rules backtest`: two versions of a pack over the same calls."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from api.cli.console import Language, err, line
from api.cli.database import prepare_database
from api.cli.progress import bar
from api.cli.rules.common import Json, Lang
from api.cli.rules.comparison import show
from api.cli.standing import database_if_any
from api.masking import mask_text
from api.words import Words
from pipeline.backtest.compare import CallPair, compare
from pipeline.backtest.report import to_json
from pipeline.backtest.run import Plan, Work, stored_work
from pipeline.backtest.run import backtest as run
from pipeline.backtest.sides import open_side, require_one_language
from pipeline.labels import find_labelled
from store.settings import Settings


def backtest(  # noqa: PLR0913, PLR0917 - options of a command
    old: Annotated[str, typer.Argument(metavar="OLD", help="pack, folder, id@version or hash")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="what would take its place")],
    calls: Annotated[
        Path | None, typer.Option(help="folder of labelled calls; default: the stored calls")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="stored calls from this day on")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="so many calls at most, the newest")] = None,
    minutes: Annotated[
        float, typer.Option("--minutes-per-finding", min=0, help="what a person takes to look at one")
    ] = 2.0,
    examples: Annotated[int, typer.Option(min=0, help="so many changed calls are shown")] = 10,
    jobs: Annotated[int | None, typer.Option(min=1, help="processes; default: one per core")] = None,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Run two versions of a pack over the same calls and show what changes. 用同一批通话比较两个版本。

    Changes nothing that is stored.
    """
    settings = Settings()
    if calls is None:
        prepare_database(settings)
    with TemporaryDirectory(prefix="diting-packs-") as folder:
        with database_if_any(settings) as session:
            plan = Plan(
                settings,
                open_side(old, settings, session, _inside(folder, "old")),
                open_side(new, settings, session, _inside(folder, "new")),
            )
            require_one_language(plan.old, plan.new)
            work = _labelled(calls, limit) if calls else _stored(session, settings, since, limit)
        looked_at, pairs = _judge(plan, work, jobs or os.cpu_count() or 1, lang)
    comparison = compare(pairs)
    if as_json:
        told = to_json(plan.old, plan.new, comparison, looked_at=looked_at, minutes=minutes, mask=mask_text)
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    show(plan, comparison, minutes=minutes, examples=examples, lang=lang.value)


def _inside(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _labelled(folder: Path, limit: int | None) -> list[Work]:
    found = find_labelled(folder)
    for call in found:
        if call.transcript is None:
            line(f"{call.name} has no NAME.transcript.json and is left out. [evaluate.left_out]")
    usable: list[Work] = [call for call in found if call.transcript is not None]
    return usable[:limit]


def _stored(
    session: Session | None, settings: Settings, since: datetime | None, limit: int | None
) -> list[Work]:
    if session is None:
        return []
    start = since.replace(tzinfo=ZoneInfo(settings.timezone)) if since else None
    return list(stored_work(session, since=start, limit=limit))


def _judge(plan: Plan, work: Sequence[Work], jobs: int, lang: Language) -> tuple[int, list[CallPair]]:
    total = sum(len(each) if isinstance(each, tuple) else 1 for each in work)
    looked_at = 0
    pairs: list[CallPair] = []
    with bar(err) as progress:
        task = progress.add_task(Words("比较", "comparing").say(lang.value), total=total)
        for count, found in run(plan, work, jobs=min(jobs, len(work)) or 1):
            looked_at += count
            pairs += found
            progress.advance(task, count)
    return looked_at, pairs
