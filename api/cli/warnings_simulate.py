"""`diting warnings simulate`: what would be otherwise under other weights."""

import json
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.warnings_trials import AsJson, Said, WeightsFile, level, weights_in_use
from api.masking import mask_text, masked_details
from api.words import Lang, Words
from complaint_warnings.backtest.document import simulation_to_document
from complaint_warnings.backtest.population import stored_episodes
from complaint_warnings.scoring.overrides import with_settings
from complaint_warnings.scoring.simulate import Difference, Simulation
from complaint_warnings.scoring.simulate import simulate as run
from complaint_warnings.scoring.weights import Weights, load_weights
from complaint_warnings.types import LEVELS
from store.database import SessionFactory, open_sessions, reading
from store.settings import Settings


def simulate(
    weights: WeightsFile = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="one setting, such as indicators.dispute.points=30"),
    ] = None,
    open_only: Annotated[
        bool, typer.Option("--open", help="only warnings that are open, and debtors without one")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="so many differences at most")] = 50,
    as_json: AsJson = False,
    lang: Said = Language.ZH,
) -> None:
    """Score everything stored under other weights and tell what would be otherwise. Nothing is changed.
    用另一套权重模拟评分，不改动任何数据。"""
    settings = Settings()
    prepare_database(settings)
    before = weights_in_use(settings)
    after = with_settings(load_weights(weights) if weights else before, set_ or ())
    with open_sessions(settings.database_url) as sessions:
        found = simulated(sessions, before, after, open_only=open_only, limit=limit, lang=lang.value)
    if as_json:
        typer.echo(json.dumps(masked_details(simulation_to_document(found)), ensure_ascii=False))
    else:
        tell(found, lang.value)


def simulated(
    sessions: SessionFactory, before: Weights, after: Weights, *, open_only: bool, limit: int, lang: Lang
) -> Simulation:
    """The simulation over everything stored."""
    with reading(sessions) as session:
        return run(stored_episodes(session, open_only=open_only), before, after, language=lang, show=limit)


def tell(found: Simulation, lang: Lang) -> None:
    """Moves, people affected and the differences, as tables."""
    out.print(
        Words(
            f"{found.model_before} → {found.model_after}：{found.debtors} 人，{found.episodes} 个事件。"
            f"等级上升 {found.raised} 人，下降 {found.lowered} 人，仅分数变化 {found.rescored} 人。",
            f"{found.model_before} → {found.model_after}: {found.debtors} debtors, "
            f"{found.episodes} episodes. "
            f"Level higher for {found.raised}, lower for {found.lowered}, only points for {found.rescored}.",
        ).say(lang),
        markup=False,
    )
    out.print(_moves(found, lang))
    for each in found.differences:
        out.print(_difference(each, lang), markup=False)


def _moves(found: Simulation, lang: Lang) -> Table:
    names = (None, *LEVELS)
    table = Table(Words("现在＼模拟", "now \\ then").say(lang))
    for name in names:
        table.add_column(level(name, lang), justify="right")
    for before in names:
        table.add_row(level(before, lang), *(str(found.moves.get((before, after), 0)) for after in names))
    return table


def _difference(of: Difference, lang: Lang) -> Text:
    text = Text(f"\n{mask_text(of.debtor)}", style="bold")
    if of.warning is not None:
        text.append(Words(f"（预警 {of.warning}）", f" (warning {of.warning})").say(lang))
    before = f"{level(of.level_before, lang)} {of.score_before:g}"
    text.append(f"  {before} → {level(of.level_after, lang)} {of.score_after:g}")
    for change in of.changes:
        text.append(
            f"\n  {change.indicator}  {change.before:g} → {change.after:g}  {mask_text(change.because)}",
            style="",
        )
    return text
