"""What `diting rules backtest` shows: tables of what changes, and the calls to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from api import words
from api.cli.console import out
from api.masking import mask_text
from api.words import Words
from pipeline.backtest.compare import CallChange, Change, Comparison, Found
from pipeline.backtest.report import decided, labels, review
from pipeline.backtest.run import Plan

_TICKETS = {
    "opened": Words("新增", "opened"),
    "withdrawn": Words("撤回", "withdrawn"),
    "priority": Words("优先级变化", "of another priority"),
}
_WARNINGS = {
    "new": Words("新增", "new"),
    "gone": Words("消失", "gone"),
    "higher": Words("升级", "higher"),
    "lower": Words("降级", "lower"),
}


def show(plan: Plan, comparison: Comparison, *, minutes: float, examples: int, lang: words.Lang) -> None:
    """Prints the comparison.

    Args:
        plan: what was compared.
        comparison: what changes.
        minutes: what a person takes to look at one finding.
        examples: so many changed calls are shown at most.
        lang: the language shown.
    """
    out.print(Text(f"{plan.old.name} → {plan.new.name}", style="bold"))
    sentence = Words(
        f"{comparison.calls} 通通话，{len(comparison.changed)} 通有变化",
        f"{comparison.calls} calls, {len(comparison.changed)} of them change",
    )
    out.print(sentence.say(lang), markup=False)
    for heading, changes in (
        (Words("规则", "rule"), comparison.rules),
        (Words("类别", "category"), comparison.categories),
    ):
        changed = [change for change in changes if change.any]
        if changed:
            out.print(_table(heading, changed, lang))
    for name, value in _sums(comparison, minutes, lang):
        out.print(Text(f"{name.say(lang)}: "), Text(value, style="bold"))
    told = labels(comparison)
    if told is not None:
        out.print(_labels(told, lang))
    for change in comparison.changed[:examples]:
        _call(change, lang)
    if len(comparison.changed) > examples:
        rest = len(comparison.changed) - examples
        more = Words(f"另有 {rest} 通（--examples、--json）", f"{rest} more (--examples, --json)")
        out.print(more.say(lang), markup=False)


def _table(heading: Words, changes: Sequence[Change], lang: words.Lang) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    headings = (
        heading, Words("原", "old"), Words("新", "new"), Words("新增", "gained"), Words("减少", "lost"),
        Words("转为确定", "surer"), Words("转为存疑", "less sure"),
    )  # fmt: skip
    for at, each in enumerate(headings):
        table.add_column(each.say(lang), justify="right" if at else "left", overflow="fold")
    for change in changes:
        figures = (
            change.old,
            change.new,
            change.gained,
            change.lost,
            change.more_certain,
            change.less_certain,
        )
        table.add_row(Text(change.name), *(str(figure) if figure else "·" for figure in figures))
    return table


def _sums(comparison: Comparison, minutes: float, lang: words.Lang) -> list[tuple[Words, str]]:
    cost, people = review(comparison, minutes), decided(comparison)
    sums = [
        (Words("涉及催收员", "collectors affected"), str(len(comparison.collectors))),
        (Words("涉及客户", "debtors affected"), str(len(comparison.debtors))),
        (Words("工单", "tickets"), _counted(comparison.tickets, _TICKETS, lang)),
        (Words("预警（逐通）", "warnings (call by call)"), _counted(comparison.warnings, _WARNINGS, lang)),
        (
            Words("复核工时", "hours of review"),
            f"{cost['hours_old']} → {cost['hours_new']} ({cost['hours_more']:+})",
        ),
    ]
    if any(people["stand"]) or any(people["overturned"]):
        precision = " → ".join(_share(value) for value in people["precision"])
        sums.append((Words("已复核发现的精确率", "precision among decided findings"), precision))
        sums.append((Words("仍能发现的成立项", "of those that stand, still found"), _share(people["kept"])))
    return sums


def _counted(counts: Mapping[str, int], names: Mapping[str, Words], lang: words.Lang) -> str:
    told = ", ".join(f"{names[name].say(lang)} {count}" for name, count in counts.items())
    return told or Words("无变化", "no change").say(lang)


def _labels(told: Mapping[str, Any], lang: words.Lang) -> Table:
    """Precision and recall by category, where they change, and the mean of all."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for at, heading in enumerate(
        (Words("类别", "category"), Words("精确", "prec."), Words("召回", "recall"), Words("F1", "F1"))
    ):
        table.add_column(heading.say(lang), justify="right" if at else "left", overflow="fold")
    for name, row in told["categories"].items():
        pairs = [row[measure] for measure in ("precision", "recall", "f1")]
        if any(before != after for before, after in pairs):
            table.add_row(Text(name), *(_pair(pair) for pair in pairs))
    table.add_row(Words("宏平均", "macro").say(lang), "", "", _pair(told["macro_f1"]), style="bold")
    return table


def _pair(pair: Sequence[float | None]) -> str:
    return " → ".join(_share(value) for value in pair)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _call(change: CallChange, lang: words.Lang) -> None:
    out.print(Text(change.call, style="bold"))
    for sign, style, found in (
        ("+", "green", change.gained), ("-", "red", change.lost), ("~", "yellow", change.turned),
    ):  # fmt: skip
        for each in found:
            out.print(Text(f"  {sign} {_found(each, lang)}", style=style), soft_wrap=True)
    if change.ticket[0] != change.ticket[1]:
        before, after = (
            "—" if each is None else words.named(words.PRIORITIES, each).say(lang) for each in change.ticket
        )
        out.print(Words(f"  工单 {before} → {after}", f"  ticket {before} → {after}").say(lang), markup=False)


def _found(found: Found, lang: words.Lang) -> str:
    sure = "" if found.status == "certain" else Words("（存疑）", " (unsure)").say(lang)
    quoted = f" “{mask_text(found.heard)}”" if found.heard else ""
    return f"{found.rule}{sure}{quoted}"
