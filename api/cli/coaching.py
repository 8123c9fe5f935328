"""`diting coaching`: what collectors are to learn, and whether it helped."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api import coaching as shown
from api.cli.console import Language, out
from api.cli.me import me
from api.cli.session import changing, looking
from api.cli.shown import as_json_list, between, percent
from api.words import CATEGORIES, Words, named
from pipeline import coaching
from qc.coaching import service
from qc.coaching.effect import effect as effect_of
from store.clock import SystemClock

app = typer.Typer(help="What collectors are to learn. 辅导任务。", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="TASK", help="the task's number")]
By = Annotated[str, typer.Option("--by", metavar="ID", help="who says so, for the record")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/sampling.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


class State(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@app.command("list")
def list_(
    collector: Annotated[str | None, typer.Option(help="only of this collector")] = None,
    team: Annotated[str | None, typer.Option(help="only of this team")] = None,
    state: Annotated[State | None, typer.Option(help="only in this state")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="only open ones whose day is over")] = False,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the tasks, newest first. 列出辅导任务。"""
    with looking() as (session, settings):
        today = SystemClock().now().astimezone(ZoneInfo(settings.timezone)).date()
        rows = service.list_tasks(
            session, collector=collector, team=team, state=state.value if state else None,
            overdue_on=today if overdue else None,
        )  # fmt: skip
        found = [shown.task_out(row) for row in rows]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("编号", "task"), Words("催收员", "collector"), Words("团队", "team"), Words("类别", "category"),
        Words("期限", "due"), Words("状态", "state"), Words("目标", "goal"),
    )  # fmt: skip
    cells = [
        (t.id, t.collector, t.team, named(CATEGORIES, t.category).say(lang.value), t.due_on,
         shown.STATES[t.state].say(lang.value), t.goal)
        for t in found
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], cells)


@app.command("set")
def set_(
    category: Annotated[str, typer.Option(help="what is to get better")],
    goal: Annotated[str, typer.Option(help="what the collector is to do, in plain words")],
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="until when")],
    ticket: Annotated[int | None, typer.Option(help="the final ticket that it comes from")] = None,
    collector: Annotated[str | None, typer.Option(metavar="ID", help="or whom it is for")] = None,
    coach: Annotated[str | None, typer.Option(metavar="ID", help="who coaches")] = None,
    follow_up: Annotated[int, typer.Option(min=0, help="so many calls are drawn afterwards")] = 5,
    window: Annotated[int, typer.Option(min=1, metavar="DAYS", help="of so many days afterwards")] = 14,
) -> None:
    """Set a task, from a final ticket or for a collector. 布置辅导任务。"""
    task = service.Task(
        category=category, goal=goal, due_on=due.date(), ticket_id=ticket, collector=collector, coach=coach,
        follow_up=follow_up, window_days=window,
    )  # fmt: skip
    with changing() as (session, settings):
        row = coaching.set_task(session, SystemClock(), task, zone=ZoneInfo(settings.timezone), by=me())
        number = row.id
    out.print(str(number), markup=False)


@app.command()
def done(task: Number, evidence: Annotated[str, typer.Option(help="how it can be seen")], by: By) -> None:
    """Say that a task was done, with the evidence. 完成辅导任务。"""
    with changing() as (session, _):
        coaching.finish(session, SystemClock(), task, evidence=evidence, by=by)
    out.print(str(task), markup=False)


@app.command()
def cancel(task: Number, reason: Annotated[str, typer.Option(help="why")], by: By) -> None:
    """Call a task off. 取消辅导任务。"""
    with changing() as (session, _):
        coaching.cancel(session, SystemClock(), task, reason=reason, by=by)
    out.print(str(task), markup=False)


@app.command()
def effect(
    task: Number,
    days: Annotated[int, typer.Option(min=1, max=365, help="so many before and after")] = 30,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Compare the collector's calls before and after. 辅导前后对比。"""
    with looking() as (session, _):
        made = effect_of(session, service.find_task(session, task), now=SystemClock().now(), days=days)
    found = shown.effect_out(made)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    headings = (
        Words("依据", "by"), Words("辅导前", "before"), Words("辅导后", "after"), Words("差值", "difference"),
        Words("95% 区间", "95 % interval"), Words("结论", "change"),
    )  # fmt: skip
    both = ((Words("机器", "machine"), found.machine), (Words("人工", "people"), found.people))
    rows = [
        (who.say(lang.value), _of(each.before), _of(each.after), percent(each.difference),
         between(each.low, each.high), shown.CHANGES[each.change].say(lang.value))
        for who, each in both
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)


def _of(each: shown.ShareOut) -> str:
    return f"{each.violating}/{each.calls}"
