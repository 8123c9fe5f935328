"""What the trials of weights share: where weights come from, and how figures are shown."""

import math
from pathlib import Path
from typing import Annotated

import typer

from api import words
from api.cli.console import Language
from api.words import Lang, Words
from complaint_warnings.backtest.complaints_file import ComplaintsFile, read_complaints
from complaint_warnings.backtest.ranking import Interval
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, Weights, load_weights
from complaint_warnings.types import Level
from store.settings import Settings

Said = Annotated[Language, typer.Option("--lang", help="language of what is shown")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/cli.md)")]
WeightsFile = Annotated[
    Path | None, typer.Option("--weights", metavar="FILE", help="weights to try; default: those in use")
]
ComplaintsGiven = Annotated[
    Path, typer.Option("--complaints", metavar="FILE.csv", help="complaints that arrived (docs/warnings.md)")
]
Horizon = Annotated[int, typer.Option(min=1, max=365, help="days that each day is looked ahead from")]
KnownAfter = Annotated[
    float, typer.Option(min=0, max=720, help="hours from the beginning of a call until it is known")
]


def weights_in_use(settings: Settings) -> Weights:
    """The weights of this installation.

    Raises:
        WeightsError: the file is wrong.
    """
    return load_weights(settings.weights_file or DEFAULT_WEIGHTS)


def complaints_told(path: Path) -> ComplaintsFile:
    """The complaints of the file; what is refused is told line by line on standard error."""
    file = read_complaints(path)
    for each in file.refused:
        typer.echo(f"{path}:{each.line} {each.field}: {each.message}. {each.mend}", err=True)
    return file


def level(name: Level | None, lang: Lang) -> str:
    """The level as people read it."""
    return words.LEVELS[name or "none"].say(lang)


def percent(value: float) -> str:
    """12.3 %, or a dash where it cannot be told."""
    return "–" if math.isnan(value) else f"{value:.1%}"


def spread(of: Interval, *, share: bool = False) -> str:
    """The figure with its interval."""
    if math.isnan(of.value):
        return "–"
    if share:
        return f"{of.value:.1%} [{of.low:.1%}, {of.high:.1%}]"
    return f"{of.value:.3f} [{of.low:.3f}, {of.high:.3f}]"


ORDERS = {
    "score": Words("预警评分", "warning score"),
    "violations": Words("违规最多者先", "most violations first"),
    "overdue": Words("逾期最久者先", "longest overdue first"),
    "calls": Words("通话最多者先", "most calls first"),
}
MISSED = {
    "no_calls": Words("没有通话", "no calls"),
    "not_judged": Words("通话未能质检", "calls that could not be judged"),
    "no_signals": Words("通话中没有信号", "calls without a sign"),
    "below_level": Words("有信号但未达等级", "signs below every level"),
}
