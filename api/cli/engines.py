"""`diting engines`: which speech engines there are, which can be used, and why the others cannot."""

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api.cli.console import CRASHED, FINE, Language, out
from api.engines import plain, usable, why
from api.words import Lang, Words
from store.settings import Settings
from transcription.engines.registry import make_engine
from transcription.engines.survey import EngineState, choices, require_usable, survey
from transcription.engines.trial import Trial, try_out

_STYLES = {True: "green", False: "red", None: "yellow"}


def engines(
    check: Annotated[
        bool, typer.Option("--check", help="load each chosen engine and let it hear a tone and silence")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object (docs/cli.md)")] = False,
    lang: Annotated[Language, typer.Option(help="language of the table")] = Language.ZH,
) -> None:
    """Show the speech engines, and whether they can be used. 列出语音转写引擎及其是否可用。

    Exit code 1 when a chosen engine cannot be used.
    """
    settings = Settings()
    states = survey(settings)
    if not as_json:
        show(states, lang.value)
    trials = []
    if check:
        require_usable(settings)
        trials = [try_out(partial(make_engine, *choice), time.monotonic) for choice in choices(settings)]
    if as_json:
        typer.echo(json.dumps(to_json(states, trials), ensure_ascii=False))
    for trial in trials if not as_json else ():
        out.print(proof(trial).say(lang.value), markup=False, soft_wrap=True)
    failed = any(state.chosen and state.usable is False for state in states)
    raise typer.Exit(CRASHED if failed else FINE)


def show(states: Sequence[EngineState], lang: Lang) -> None:
    """Prints the table, and under it what is to be said of each engine that is not known to work."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Words("", ""),
        Words("引擎", "engine"),
        Words("可用", "usable"),
        Words("程序库", "library"),
        Words("来自", "offered by"),
        Words("模型", "model"),
    ):
        table.add_column(heading.say(lang), overflow="fold")
    for state in states:
        table.add_row(
            _mark(state),
            Text(state.name, style="bold" if state.chosen else ""),
            Text(usable(state).say(lang), style=_STYLES[state.usable]),
            Text(library(state).say(lang)),
            Text(state.offered_by or "—"),
            Text(state.model or "—"),
        )
    out.print(table)
    for state in states:
        if state.problem is not None:
            name = "" if state.problem.where == state.name else f"{state.name}: "
            out.print(name + why(state.problem, lang), markup=False, soft_wrap=True)


def _mark(state: EngineState) -> str:
    """Filled: the one that hears; hollow: the one that hears doubtful places again."""
    return "" if not state.chosen else "▷" if state.second else "▶"


def library(state: EngineState) -> Words:
    """The library that does the work, with its version."""
    if state.library is None:
        return Words("—", "—")
    if state.version is None:
        return Words(f"{state.library}（未安装）", f"{state.library} (not installed)")
    return Words(*[f"{state.library} {state.version}"] * 2)


def proof(trial: Trial) -> Words:
    """What to say of an engine that has been heard to work."""
    seconds = f"{trial.loading_s:.1f} s + {trial.hearing_s:.1f} s"
    return Words(
        f"{trial.engine}（{trial.model}）工作正常：加载并试听一段纯音和一段静音，用时 {seconds}。",
        f"{trial.engine} ({trial.model}) works: loaded, and heard a tone and silence, in {seconds}.",
    )


def to_json(states: Sequence[EngineState], trials: Sequence[Trial]) -> dict[str, Any]:
    """What `--json` prints."""
    tried = [
        {
            "engine": trial.engine,
            "model": trial.model,
            "options": dict(trial.options),
            "loading_s": round(trial.loading_s, 3),
            "hearing_s": round(trial.hearing_s, 3),
            "wrote": list(trial.wrote),
        }
        for trial in trials
    ]
    return {"engines": [plain(state) for state in states], "checks": tried}
