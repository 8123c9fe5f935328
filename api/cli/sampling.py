"""`diting sampling`: which calls people look at, and who."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select

from api import sampling as shown
from api.cli.console import Language, out
from api.cli.me import me
from api.cli.session import changing, looking
from api.cli.shown import as_json_list, between, on_day, percent
from api.reviewers import WHY, given_out, reviewer_out
from api.words import Lang as Lang_
from api.words import Words
from pipeline.reviewing import give_out
from qc.assigning.choose import Given
from qc.assigning.reviewers import Profile, reviewers, set_reviewer
from qc.sampling.lookup import check_draw, estimate_draw, find_draw, picks
from qc.sampling.models import SamplingDrawRow
from qc.sampling.plan import load_plan
from qc.sampling.service import add_plan, find_plan, plans, run_plan
from store.clock import SystemClock

app = typer.Typer(help="Sampling plans, draws, reviewers. 抽检计划、抽样与复核人。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="PLAN", help="the plan's name")]
Draw = Annotated[int, typer.Argument(metavar="DRAW", help="its number in `diting sampling draws`")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/sampling.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command("plans")
def plans_(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """List the plans, the newest version of each. 列出抽检计划。"""
    with looking() as (session, _):
        found = [shown.plan_out(row) for row in plans(session)]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("计划", "plan"),
        Words("版本", "version"),
        Words("名称", "title"),
        Words("周期", "period"),
    )
    rows = [(p.name, p.version, p.document["title"][lang.value], p.document["period"]) for p in found]
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def show(plan: Name) -> None:
    """Show a plan as JSON. 查看抽检计划。"""
    with looking() as (session, _):
        typer.echo(shown.plan_out(find_plan(session, plan)).model_dump_json())


@app.command()
def add(file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML")], lang: Lang = Language.ZH) -> None:
    """Add a plan, or its next version. 添加抽检计划。"""
    plan = load_plan(file)
    with changing() as (session, _):
        row, new = add_plan(session, SystemClock(), plan, by=me())
        said = Words("已添加", "added") if new else Words("未变", "unchanged")
    out.print(f"{row.name}@{row.version}: {said.say(lang.value)}", markup=False)


@app.command()
def run(
    plan: Name,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="a day of the period; default: the newest that is over"),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Draw for a period, once; a running installation does it by itself. 立即抽样。"""
    with changing() as (session, settings):
        zone = ZoneInfo(settings.timezone)
        date = None if day is None else day.date()
        made = run_plan(session, SystemClock(), plan, zone=zone, by=me(), day=date)
        found = [shown.draw_out(each.row) for each in made]
    _print(found, settings.timezone, as_json=as_json, lang=lang)


@app.command()
def draws(
    plan: Annotated[str | None, typer.Option(help="only of this plan")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the draws, newest first. 列出抽样记录。"""
    query = select(SamplingDrawRow).order_by(SamplingDrawRow.id.desc()).limit(limit)
    with looking() as (session, settings):
        narrowed = query if plan is None else query.where(SamplingDrawRow.name == plan)
        found = [shown.draw_out(row) for row in session.scalars(narrowed)]
    _print(found, settings.timezone, as_json=as_json, lang=lang)


def _print(found: list[shown.DrawOut], zone: str, *, as_json: bool, lang: Language) -> None:
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("编号", "draw"), Words("计划", "plan"), Words("类型", "kind"), Words("周期起", "from"),
        Words("总体", "population"), Words("未质检", "pending"), Words("抽中", "drawn"),
    )  # fmt: skip
    rows = [
        (d.id, d.name, shown.PARTS[d.part].say(lang.value), on_day(d.period_start, zone), d.population,
         d.pending, d.drawn)
        for d in found
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def draw(draw: Draw, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show a draw: strata, seed, calls. 查看一次抽样。"""
    with looking() as (session, _):
        found = shown.draw_detail(find_draw(session, draw), picks(session, draw))
    if as_json:
        typer.echo(found.model_dump_json())
        return
    out.print(f"{found.method} seed={found.seed} filters={json.dumps(found.filters)}", markup=False)
    headings = (Words("分层", "stratum"), Words("总体", "population"), Words("抽中", "drawn"))
    out.rows(
        [each.say(lang.value) for each in headings], [(s.name, s.population, s.drawn) for s in found.strata]
    )
    headings = (Words("分层", "stratum"), Words("通话", "call"), Words("双人", "twice"))
    rows = [(p.stratum, p.call, "✓" if p.second_review else "") for p in found.picks]
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def check(draw: Draw, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Draw again from the record, and compare; exit code 1 where it does not hold. 复算一次抽样。"""
    with looking() as (session, settings):
        found = shown.check_out(check_draw(session, draw, ZoneInfo(settings.timezone)))
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        held = Words("复算一致", "holds") if found.holds else Words("复算不一致", "does not hold")
        out.print(held.say(lang.value), f"missing={found.missing} foreign={found.foreign}", markup=False)
    if not found.holds:
        raise typer.Exit(1)


@app.command()
def estimate(draw: Draw, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show what the reviewed calls of a draw prove about all. 由抽样推算违规比例。"""
    with looking() as (session, _):
        found = shown.estimate_out(*estimate_draw(session, draw))
    if as_json:
        typer.echo(found.model_dump_json())
        return
    if found.share is None:
        out.print(
            Words("尚无定稿的复核，不作推算。", "No review is final yet: nothing is said.").say(lang.value)
        )
        return
    span = between(found.low, found.high)
    said = Words(
        f"{found.population} 通中有违规的约占 {percent(found.share)}（95% 区间 {span}），"
        f"已复核 {found.reviewed} 通。",
        f"Of {found.population} calls about {percent(found.share)} have a violation (95 % interval {span}); "
        f"{found.reviewed} were reviewed.",
    )
    out.print(said.say(lang.value), markup=False, soft_wrap=True)


def _why(each: Given, lang: Lang_) -> str:
    return "; ".join(f"{WHY[why].say(lang)} {count}" for why, count in each.refused.items())


@app.command("reviewers")
def reviewers_(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """List who reviews, with skills and load. 列出复核人。"""
    with looking() as (session, _):
        found = [reviewer_out(each) for each in reviewers(session)]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("人员", "person"), Words("团队", "team"), Words("语言", "languages"), Words("产品", "products"),
        Words("级别", "seniority"), Words("在手", "load"), Words("上限", "capacity"), Words("不在岗", "away"),
    )  # fmt: skip
    rows = [
        (r.id, r.team, ",".join(r.languages), ",".join(r.products), r.seniority, r.load, r.capacity,
         "✓" if r.away else "")
        for r in found
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def reviewer(
    person: Annotated[str, typer.Argument(metavar="ID", help="the person's id")],
    language: Annotated[list[str] | None, typer.Option(help="a language; repeatable; none: all")] = None,
    product: Annotated[list[str] | None, typer.Option(help="a product; repeatable; none: all")] = None,
    seniority: Annotated[int, typer.Option(min=1, max=3, help="1 to 3; urgent tickets take 2")] = 1,
    capacity: Annotated[int, typer.Option(min=1, max=1000, help="so many tickets at most at a time")] = 20,
    conflict: Annotated[
        list[str] | None, typer.Option(metavar="ID=WHY", help="a collector or team; repeatable")
    ] = None,
    away: Annotated[bool, typer.Option("--away", help="what they have goes to others")] = False,
) -> None:
    """Say what a reviewer is able to do; replaces what was said before. 设置复核人。"""
    conflicts = {who.strip(): why.strip() for who, _, why in (each.partition("=") for each in conflict or ())}
    profile = Profile(tuple(language or ()), tuple(product or ()), seniority, capacity, conflicts, away)
    with changing() as (session, _):
        set_reviewer(session, SystemClock(), person, profile, by=me())
    out.print(person, markup=False)


@app.command()
def assign(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Take tickets from who is away, and give out those that nobody has. 分派工单。"""
    with changing() as (session, settings):
        taken, given = give_out(session, SystemClock(), within_team=settings.review_within_team, by=me())
    if as_json:
        as_json_list([given_out(each) for each in given])
        return
    headings = (
        Words("工单", "ticket"),
        Words("席位", "seat"),
        Words("复核人", "reviewer"),
        Words("原因", "why"),
    )
    rows = [
        (each.task.ticket_id, each.task.seat, each.person,
         "" if each.person else _why(each, lang.value))
        for each in given
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)
    said = Words(f"收回 {len(taken)} 个席位。", f"{len(taken)} seats were taken back.")
    out.print(said.say(lang.value))
