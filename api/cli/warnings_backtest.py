"""`diting warnings backtest`: would the score have foretold the complaints that arrived?"""

import json
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.warnings_trials import (
    MISSED,
    ORDERS,
    AsJson,
    ComplaintsGiven,
    Covers,
    Horizon,
    KnownAfter,
    Said,
    WeightsFile,
    arrived,
    level,
    percent,
    spread,
    weights_in_use,
)
from api.masking import mask_text, masked_details
from api.words import Lang, Words
from complaint_warnings.backtest.calibration import Calibration
from complaint_warnings.backtest.document import backtest_to_document
from complaint_warnings.backtest.figures import Figures
from complaint_warnings.backtest.service import CAPACITY, DELAY_HOURS, HORIZON_DAYS, Backtest, run
from complaint_warnings.scoring.weights import load_weights
from store.database import open_sessions, reading
from store.settings import Settings

_SHOWN = 20
Capacity = Annotated[
    int, typer.Option(min=1, max=1_000_000, help="debtors that people can look at on each day asked")
]


def backtest(
    complaints: ComplaintsGiven = None,
    weights: WeightsFile = None,
    horizon: Horizon = HORIZON_DAYS,
    known_after: KnownAfter = DELAY_HOURS,
    capacity: Capacity = CAPACITY,
    covers: Covers = None,
    as_json: AsJson = False,
    lang: Said = Language.ZH,
) -> None:
    """Hold the score against complaints that really arrived: those of a file, or those on record here.
    Nothing is changed. 用真实投诉（文件或本系统登记的）回测预警评分。"""
    settings = Settings()
    prepare_database(settings)
    tried = load_weights(weights) if weights else weights_in_use(settings)
    zone = ZoneInfo(settings.timezone)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        given = arrived(
            session, complaints, zone=zone, horizon=horizon, known_after=known_after, covers=covers
        )
        done = run(session, given.complaints, tried, given.plan, zone=zone, capacity=capacity)
    if as_json:
        said = backtest_to_document(done, given.complaints) | {"complaints_from": given.origin}
        typer.echo(json.dumps(masked_details(said), ensure_ascii=False))
    else:
        _tell(done, len(given.complaints.refused), lang.value)


def _tell(done: Backtest, refused: int, lang: Lang) -> None:
    found = done.figures
    out.print(
        Words(
            f"{done.model}：{done.people} 人，{len(done.plan.days)} 个评分日，{done.rows} 个人日，"
            f"此后 {done.plan.horizon.days} 天内共 {found.complaints} 件投诉；{refused} 行未采用；"
            f"{done.undated} 项证据时间不明，未计入。",
            f"{done.model}: {done.people} debtors, {len(done.plan.days)} days, {done.rows} debtor-days, "
            f"{found.complaints} complaints within {done.plan.horizon.days} days after one; {refused} lines "
            f"refused; {done.undated} pieces of evidence of unknown time left out.",
        ).say(lang),
        markup=False,
    )
    out.print(orders_table(found, lang))
    out.print(_levels_table(found, lang))
    out.print(_months_table(found, lang))
    if found.calibration is not None:
        out.print(_calibration_table(found.calibration, lang))
    _tell_missed(done, lang)


def orders_table(found: Figures, lang: Lang) -> Table:
    """The score beside the baselines, and what it gains over the best of them."""
    orders = {"score": found.score, **found.baselines}
    table = Table(Words("排序", "order").say(lang), "AUC")
    for k in found.score.at:
        table.add_column(Words("前 {}", "first {}").say(lang).format(f"{k:.0%}" if k < 1 else f"{k:g}"))
    for name, order in orders.items():
        cells = [
            f"{spread(order.precision[k], share=True)} / {percent(order.at[k].recall)}" for k in order.at
        ]
        table.add_row(ORDERS[name].say(lang), spread(order.auc), *cells)
    table.caption = Words(
        f"各列：准确率 [95%区间] / 召回率。相对最好的基准：AUC {spread(found.gain_auc)}，"
        f"前 1% 准确率 {spread(found.gain_precision, share=True)}",
        f"precision [95 % interval] / recall. Over the best baseline: AUC {spread(found.gain_auc)}, "
        f"precision of the first 1 % {spread(found.gain_precision, share=True)}",
    ).say(lang)
    return table


def _levels_table(found: Figures, lang: Lang) -> Table:
    heads = (
        Words("达到等级", "reached"),
        Words("预警", "warnings"),
        Words("其后投诉", "complaint after"),
        Words("投诉前已预警", "complaints foreseen"),
        Words("提前天数（四分位）", "days before (quartiles)"),
    )
    table = Table(*(head.say(lang) for head in heads))
    for name, each in found.levels.items():
        lead = "–" if each.lead_days is None else " / ".join(f"{days:.1f}" for days in each.lead_days)
        table.add_row(level(name, lang), str(each.warned), str(each.followed), str(each.foreseen), lead)
    return table


def _months_table(found: Figures, lang: Lang) -> Table:
    table = Table(Words("月份", "month").say(lang), Words("投诉", "complaints").say(lang))
    for name in ORDERS:
        table.add_column(f"{ORDERS[name].say(lang)}\nAUC / {percent(0.01)}")
    for month in found.months:
        cells = [f"{month.auc_of[n]:.3f} / {percent(month.precision_of[n])}" for n in ORDERS]
        table.add_row(month.month, str(month.complaints), *cells)
    return table


def _calibration_table(of: Calibration, lang: Lang) -> Table:
    heads = (
        Words("分数", "score"),
        Words("人日", "debtor-days"),
        Words("预期", "expected"),
        Words("实际", "observed"),
    )
    table = Table(*(head.say(lang) for head in heads))
    for band in of.bands:
        table.add_row(
            f"{band.low:g}–{band.high:g}", str(band.rows), f"{band.expected:.2%}", f"{band.observed:.2%}"
        )
    errors = f"Brier {of.brier:.5f} ({of.brier_of_rate:.5f}), ECE {of.expected_error:.4f}"
    table.caption = Words(
        f"预期取自前一半日期。{errors}；括号内为只用平均率",
        f"expected from the first half of the days. {errors}; in brackets with the mean rate alone",
    ).say(lang)
    return table


def _tell_missed(done: Backtest, lang: Lang) -> None:
    told = ", ".join(
        f"{MISSED[why].say(lang)} {count}" for why, count in done.figures.missed.items() if count
    )
    total = len(done.missed)
    out.print(
        Words(
            f"未预警的投诉 {total} 件：{told or '无'}", f"Complaints without a warning: {total}. {told}"
        ).say(lang),
        markup=False,
    )
    for each in done.missed[:_SHOWN]:
        why = MISSED[each.missed].say(lang) if each.missed else ""
        out.print(f"  {each.arrived_at.isoformat()}  {mask_text(each.debtor)}  {why}", markup=False)
    if total > _SHOWN:
        out.print(Words("  其余见 --json", "  the others with --json").say(lang))
