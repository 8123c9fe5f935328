"""`diting warnings fit`: weights proposed from complaints that arrived."""

import json
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
import yaml
from rich.table import Table

from api.cli import warnings_simulate
from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.warnings_backtest import orders_table
from api.cli.warnings_trials import (
    AsJson,
    ComplaintsGiven,
    Covers,
    Horizon,
    KnownAfter,
    Said,
    arrived,
    weights_in_use,
)
from api.words import Lang, Words
from complaint_warnings.backtest.document import (
    figures_to_document,
    proposal_to_document,
    simulation_to_document,
)
from complaint_warnings.backtest.figures import Figures
from complaint_warnings.backtest.proposal import Proposal, propose
from complaint_warnings.backtest.service import (
    DELAY_HOURS,
    HORIZON_DAYS,
    held_out_figures,
    rows_to_learn_from,
)
from complaint_warnings.scoring.simulate import Simulation
from complaint_warnings.scoring.weights import Weights
from store.database import open_sessions, reading
from store.errors import BadInputError
from store.settings import Settings


def fit(
    file: Annotated[Path, typer.Option("--out", metavar="FILE.yaml", help="the new weights file to write")],
    complaints: ComplaintsGiven = None,
    horizon: Horizon = HORIZON_DAYS,
    known_after: KnownAfter = DELAY_HOURS,
    covers: Covers = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="so many differences at most")] = 20,
    as_json: AsJson = False,
    lang: Said = Language.ZH,
) -> None:
    """Propose weights from complaints that arrived, in a new file. The weights in use are not changed.
    根据真实投诉提出新权重，写入新文件；现用权重不变。"""
    if file.exists():
        raise BadInputError(
            "the file exists already", code="fit.file_exists", where=str(file), mend="Name a new file."
        )
    settings = Settings()
    prepare_database(settings)
    now = weights_in_use(settings)
    zone = ZoneInfo(settings.timezone)
    with open_sessions(settings.database_url) as sessions:
        with reading(sessions) as session:
            given = arrived(
                session, complaints, zone=zone, horizon=horizon, known_after=known_after, covers=covers
            )
            proposal = propose(rows_to_learn_from(session, given.complaints, now, given.plan), now)
            judged = {
                weights.model: held_out_figures(session, given.complaints, weights, given.plan, zone=zone)
                for weights in (now, proposal.weights)
            }
        simulation = warnings_simulate.simulated(
            sessions, now, proposal.weights, open_only=False, limit=limit, lang=lang.value
        )
    _write(file, proposal, now)
    if as_json:
        said = proposal_to_document(proposal) | {
            "file": str(file),
            "complaints_from": given.origin,
            "held_out": {model: figures_to_document(found) for model, found in judged.items()},
            "simulation": simulation_to_document(simulation),
        }
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        _tell(file, proposal, judged, simulation, lang.value)


def _tell(
    file: Path, proposal: Proposal, judged: dict[str, Figures], simulation: Simulation, lang: Lang
) -> None:
    out.print(_table(proposal, lang))
    for model, found in judged.items():
        out.print(Words(f"留出部分，{model}", f"held out, {model}").say(lang), markup=False)
        out.print(orders_table(found, lang))
    warnings_simulate.tell(simulation, lang)
    out.print(
        Words(f"已写入 {file}；现用权重未变。", f"Written to {file}. The weights in use are unchanged.").say(
            lang
        ),
        markup=False,
    )


def _write(file: Path, proposal: Proposal, now: Weights) -> None:
    head = (
        f"# Proposed by `diting warnings fit` from {now.model} and {proposal.taught} complaints; "
        f"{proposal.held_out} were held out to judge by.\n"
        "# Triggers, floors, thresholds and half-lives are those of the weights it started from.\n"
    )
    data = proposal.weights.model_dump(by_alias=True, exclude_none=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(head + text)
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})",
            code="cli.unwritable",
            where=str(file),
            mend="Check the folder, its rights and the free space.",
        ) from error


def _table(proposal: Proposal, lang: Lang) -> Table:
    heads = (
        Words("指标", "indicator"),
        Words("现在", "now"),
        Words("建议", "proposed"),
        Words("见于投诉", "seen with a complaint"),
    )
    table = Table(*(head.say(lang) for head in heads))
    for each in proposal.indicators:
        if each.before != each.after:
            table.add_row(each.name, f"{each.before:g}", f"{each.after:g}", str(each.complaints))
    for name, before, after in proposal.caps:
        table.add_row(f"groups.{name}.cap", f"{before:g}", f"{after:g}", "")
    table.caption = Words(
        f"{proposal.weights.model}：学自 {proposal.taught} 件投诉，留出 {proposal.held_out} 件检验",
        f"{proposal.weights.model}: learned from {proposal.taught} complaints, {proposal.held_out} held out",
    ).say(lang)
    return table
