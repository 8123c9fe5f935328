"""`diting agreement`: how far people agree, with each other, with an expert, and with the machine."""

from enum import StrEnum
from typing import Annotated

import typer

from api import agreement as shown
from api.cli.console import Language, out
from api.cli.me import me
from api.cli.session import changing, looking
from api.cli.shown import as_json_list, between, percent
from api.cli.storage import find_call
from api.words import Words
from qc.agreement import calibration
from qc.agreement.double import agreement, doubles
from qc.agreement.kappa import LEAST
from qc.agreement.overturns import overturned as overturned_by
from qc.agreement.overturns import words
from qc.verdicts.service import Limits
from store.clock import SystemClock

app = typer.Typer(help="How far people agree. 一致性与校准。", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="the calibration's number")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/sampling.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
Least = Annotated[int, typer.Option(min=2, help="fewer prove nothing")]


class Group(StrEnum):
    """Groups of double reviews."""

    ALL = "all"
    RULE = "rule"
    CATEGORY = "category"
    PAIR = "pair"


class Weights(StrEnum):
    """How much answers apart still agree."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Part(StrEnum):
    """Groups of overturned findings."""

    RULE = "rule"
    CATEGORY = "category"
    REVIEWER = "reviewer"
    TEAM = "team"


@app.command()
def kappa(
    by: Annotated[Group, typer.Option(help="the groups")] = Group.CATEGORY,
    weighting: Annotated[Weights, typer.Option(help="how much answers apart still agree")] = Weights.NONE,
    least: Least = LEAST,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show Cohen's kappa of blind double reviews. 盲评一致性。"""
    with looking() as (session, _):
        made = agreement(doubles(session), by.value, weighting=weighting.value, least=least)
        found = [shown.agreed_out(each) for each in made]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("分组", "group"), Words("对数", "pairs"), Words("一致率", "observed"), Words("Kappa", "kappa"),
        Words("95% 区间", "95 % interval"), Words("说明", "standing"),
    )  # fmt: skip
    rows = [
        (k.name, k.pairs, percent(k.observed), _two(k.value), f"{_two(k.low)} {_two(k.high)}",
         shown.STANDINGS[k.standing].say(lang.value))
        for k in found
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def overturned(
    by: Annotated[Part, typer.Option(help="the groups")] = Part.RULE,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show how often people overturn what the machine found. 推翻率。"""
    with looking() as (session, settings):
        limits = Limits(settings.advisory_share, settings.advisory_decisions)
        made = overturned_by(words(session), by.value, limits)
    found = [shown.overturned_out(each) for each in made]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("分组", "group"), Words("已复核", "decided"), Words("推翻", "overturned"),
        Words("比例", "share"),
        Words("95% 区间", "95 % interval"),
    )  # fmt: skip
    rows = [(o.name, o.decided, o.overturned, percent(o.share), between(o.low, o.high)) for o in found]
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command("calibrations")
def calibrations_(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """List the calibrations, newest first. 列出校准。"""
    with looking() as (session, _):
        found = [shown.calibration_out(row) for row in calibration.calibrations(session)]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("编号", "number"),
        Words("标题", "title"),
        Words("专家", "expert"),
        Words("状态", "state"),
    )
    state = {True: Words("进行中", "open"), False: Words("已关闭", "closed")}
    rows = [(c.id, c.title, c.expert, state[c.closed_at is None].say(lang.value)) for c in found]
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command("open")
def open_(
    title: Annotated[str, typer.Argument(metavar="TITLE")],
    call: Annotated[list[str], typer.Argument(metavar="CALL…", help="number, or SOURCE/EXTERNAL_ID")],
    expert: Annotated[str, typer.Option(metavar="ID", help="whose answers count as right")],
    reviewer: Annotated[list[str], typer.Option(metavar="ID", help="who is asked; repeatable")],
) -> None:
    """Open a calibration. 开启校准。"""
    with changing() as (session, _):
        calls = [find_call(session, each).id for each in call]
        row = calibration.open_calibration(
            session, SystemClock(), title=title, expert=expert, reviewers=reviewer, calls=calls, by=me()
        )
        number = row.id
    out.print(str(number), markup=False)


@app.command()
def answer(
    number: Number,
    call: Annotated[str, typer.Argument(metavar="CALL", help="number, or SOURCE/EXTERNAL_ID")],
    by: Annotated[str, typer.Option("--by", metavar="ID", help="who answers")],
    category: Annotated[
        list[str] | None, typer.Option(help="found violated; repeatable; none: the call is clean")
    ] = None,
) -> None:
    """Answer on a call of a calibration. 提交校准答案。"""
    with changing() as (session, _):
        found = find_call(session, call).id
        calibration.answer(
            session, SystemClock(), number, call_id=found, person=by, categories=category or ()
        )
    out.print(f"{by}: {', '.join(category or ()) or '—'}", markup=False)


@app.command()
def close(number: Number) -> None:
    """Close a calibration: nobody changes an answer any more. 关闭校准。"""
    with changing() as (session, _):
        calibration.close(session, SystemClock(), number, by=me())
    out.print(str(number), markup=False)


@app.command()
def results(number: Number, least: Least = LEAST, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show each reviewer against the expert. 校准结果。"""
    with looking() as (session, _):
        made = calibration.results(session, number, least=least)
    found = [shown.compared_out(each) for each in made]
    if as_json:
        as_json_list(found)
        return
    headings = (
        Words("复核人", "reviewer"), Words("通话", "calls"), Words("完全一致", "same"),
        Words("准确率", "precision"), Words("召回率", "recall"), Words("Kappa", "kappa"),
    )  # fmt: skip
    rows = [
        (c.person, c.calls, c.same, percent(c.all.precision), percent(c.all.recall),
         _two(c.kappa.value) if c.kappa.standing == "known"
         else shown.STANDINGS[c.kappa.standing].say(lang.value))
        for c in found
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)


def _two(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"
