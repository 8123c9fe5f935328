"""What the trials of weights share: where weights come from, and how figures are shown."""

import math
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy.orm import Session

from api import words
from api.cli.console import Language
from api.words import Lang, Words
from complaint_warnings.backtest.complaints_file import ComplaintsFile, read_complaints
from complaint_warnings.backtest.observe import Plan
from complaint_warnings.backtest.ranking import Interval
from complaint_warnings.backtest.service import covered, midnight
from complaint_warnings.backtest.stored_complaints import stored_complaints
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, Weights, load_weights
from complaint_warnings.types import Level
from ingest.times import UnreadableTimeError, read_moment
from store.clock import SystemClock
from store.errors import BadInputError
from store.settings import Settings

Said = Annotated[Language, typer.Option("--lang", help="language of what is shown")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/cli.md)")]
Covers = Annotated[
    str | None,
    typer.Option(metavar="FROM/TO", help="times between which every complaint is in the file or on record"),
]
WeightsFile = Annotated[
    Path | None, typer.Option("--weights", metavar="FILE", help="weights to try; default: those in use")
]
ComplaintsGiven = Annotated[
    Path | None,
    typer.Option(
        "--complaints", metavar="FILE.csv", help="complaints that arrived; default: those on record here"
    ),
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


@dataclass(frozen=True, slots=True)
class Arrived:
    """The complaints to judge by, where they come from, and the days that they can judge."""

    complaints: ComplaintsFile
    origin: Literal["file", "stored"]
    plan: Plan


def arrived(
    session: Session, path: Path | None, *, zone: tzinfo, horizon: int, known_after: float, covers: str | None
) -> Arrived:
    """The complaints of the file, or without one those on record up to now. What the file has wrong is told
    line by line on standard error.

    Raises:
        BadInputError: `cli.span`, `backtest.none_stored`, and those of `read_complaints` and `covered`.
    """
    within = span(covers)
    if path is not None:
        found = read_complaints(path)
        for each in found.refused:
            typer.echo(f"{path}:{each.line} {each.field}: {each.message}. {each.mend}", err=True)
    else:
        found, within = _stored(session, within, zone)
    plan = covered(found, zone=zone, horizon_days=horizon, delay_hours=known_after, span=within)
    return Arrived(found, "file" if path is not None else "stored", plan)


def _stored(
    session: Session, within: tuple[datetime, datetime] | None, zone: tzinfo
) -> tuple[ComplaintsFile, tuple[datetime, datetime]]:
    """What is on record is whole up to today: days without a complaint count, too."""
    found = stored_complaints(session, *(within or ()))
    if not found.complaints:
        raise BadInputError(
            "no complaint of that time is on record",
            code="backtest.none_stored",
            mend="Take complaints in with `diting complaints receive`, or give a file with --complaints.",
        )
    if within is None:
        first = midnight(found.complaints[0].arrived_at, zone)
        within = first, midnight(SystemClock().now(), zone)
    return found, within


def span(text: str | None) -> tuple[datetime, datetime] | None:
    """The two moments of `--covers`.

    Raises:
        BadInputError: `cli.span`.
    """
    if text is None:
        return None
    first, _, last = text.partition("/")
    try:
        found = read_moment(first), read_moment(last)
    except UnreadableTimeError as error:
        problem = str(error)
    else:
        if found[0] < found[1]:
            return found
        problem = "it ends before it begins"
    raise BadInputError(
        problem,
        code="cli.span",
        where="--covers",
        mend="Write it as 2026-01-01T00:00:00+08:00/2026-07-01T00:00:00+08:00.",
    )


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
