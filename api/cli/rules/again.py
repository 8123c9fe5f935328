"""`diting rules reinspect`: judges stored calls again under the packs of now."""

import json
import os
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.cli.console import Language, err, out
from api.cli.database import prepare_database
from api.cli.progress import bar
from api.cli.rules.common import Json, Lang
from api.words import Words
from pipeline.reinspection.choice import Choice, choose_calls
from pipeline.reinspection.run import reinspect as run
from pipeline.sweeper import take_back_lost
from pipeline.tools import Tools, open_tools
from store.database import reading
from store.settings import Settings


def reinspect(
    packs: Annotated[
        list[str] | None,
        typer.Option("--pack", metavar="ID", help="only calls that this pack judges; repeatable"),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="only calls from this day on")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="processes; default: one per core")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say how many calls it concerns")] = False,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Judge stored calls again whose packs changed, without listening again. 规则变更后重新质检已存通话。

    Old inspections stay on record. It may be broken off and given again at any time: what is done is done.
    """
    settings = Settings()
    prepare_database(settings)
    tools = open_tools(settings)
    try:
        take_back_lost(tools.sessions, tools.clock, attempts_max=settings.max_attempts)
        start = since.replace(tzinfo=ZoneInfo(settings.timezone)) if since else None
        with reading(tools.sessions) as session:
            choice = choose_calls(session, tools.judge, packs=packs or (), since=start)
        done = left = busy = 0
        if not dry_run:
            done, left, busy = _run(tools, choice, jobs or os.cpu_count() or 1, lang)
    finally:
        tools.close()
    told = {
        "calls": choice.calls,
        "done": done,
        "left_to_workers": left,
        "busy": busy,
        "unchanged": choice.unchanged,
        "to_be_heard_again": choice.unheard,
    }
    if as_json:
        typer.echo(json.dumps(told))
        return
    out.print(_summary(told, dry_run=dry_run).say(lang.value), markup=False, soft_wrap=True)


def _run(tools: Tools, choice: Choice, jobs: int, lang: Language) -> tuple[int, int, int]:
    done = left = busy = 0
    with bar(err) as progress:
        name = Words("重新质检", "judging again").say(lang.value)
        task = progress.add_task(name, total=choice.calls)
        for portion in run(tools, choice, jobs=jobs):
            done, left, busy = done + portion.done, left + portion.left, busy + portion.busy
            progress.advance(task, portion.done + portion.left + portion.busy)
    return done, left, busy


def _summary(told: dict[str, int], *, dry_run: bool) -> Words:
    zh = f"{told['calls']} 通的规则已变更" + ("" if dry_run else f"，已重新质检 {told['done']} 通")
    en = f"The packs of {told['calls']} calls changed" + ("" if dry_run else f"; {told['done']} judged again")
    for name, words in (
        ("left_to_workers", Words("通交由 diting worker 处理", "are left to `diting worker`")),
        ("busy", Words("通正在处理或须等待同一客户较早的通话", "are worked on, or wait for an earlier call")),
        ("unchanged", Words("通无变化", "are unchanged")),
        ("to_be_heard_again", Words("通须重新听音，未处理", "would have to be listened to again")),
    ):
        if told[name]:
            zh, en = f"{zh}；{told[name]} {words.zh}", f"{en}; {told[name]} {words.en}"
    return Words(f"{zh}。", f"{en}.")
