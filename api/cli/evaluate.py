"""`diting evaluate`: how well findings agree with labelled calls."""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api import words
from api.cli.console import BAD_INPUT, FINE, Language, err, line, out
from api.cli.progress import bar
from api.words import Lang, Words
from pipeline.evaluation import Agreement, CallOutcome, CategoryCounts, Evaluation, ratio, summarise, to_json
from pipeline.labelled_run import run_labelled
from pipeline.labels import LabelledCall, find_labelled
from store.errors import BadInputError
from store.settings import Settings
from transcription.engines.survey import require_usable


class Source(StrEnum):
    """Where the words come from."""

    AUDIO = "audio"
    TRANSCRIPT = "transcript"


def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="NAME.labels.json beside the calls' files")
    ],
    source: Annotated[
        Source, typer.Option("--from", help="listen to the recordings, or read the transcripts")
    ] = Source.TRANSCRIPT,
    mono: Annotated[bool, typer.Option("--mono", help="use NAME.mono.*, the mono mixes, instead")] = False,
    pack: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="also judge by this rule pack; repeatable")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="processes; default one per core")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object (docs/cli.md)")] = False,
    lang: Annotated[Language, typer.Option(help="language of the table")] = Language.ZH,
) -> None:
    """Compare findings with labelled calls. 用已标注的通话评估质检效果。

    Precision, recall and F1 per category, near-miss false alarms, agreement of score band and warning
    level. Exit code 2 when a call could not be read; it then counts as missed.
    """
    from_audio = source is Source.AUDIO or mono
    calls, left_out = usable(find_labelled(folder, mono=mono), from_audio)
    for name in left_out:
        line(f"{name}: no {'recording' if from_audio else 'transcript'}, left out. [evaluate.left_out]")
    if not calls:
        raise BadInputError(
            "no call has a " + ("recording" if from_audio else "transcript"),
            code="evaluate.nothing",
            where=str(folder),
            mend="Try --from " + ("transcript." if from_audio else "audio."),
        )
    outcomes = _run(calls, from_audio, pack or [], jobs or os.cpu_count() or 1)
    evaluation = summarise(outcomes)
    if as_json:
        head = {"folder": str(folder), "from": "audio" if from_audio else "transcript", "mono": mono}
        typer.echo(json.dumps({**head, "left_out": left_out, **to_json(evaluation)}, ensure_ascii=False))
    else:
        show(evaluation, lang.value)
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    for outcome in refused:
        line(outcome.reason)
    raise typer.Exit(BAD_INPUT if refused else FINE)


def usable(calls: list[LabelledCall], from_audio: bool) -> tuple[list[LabelledCall], list[str]]:
    """The calls that have the files needed, and the names of the others."""
    has = {call.name: bool(call.recording if from_audio else call.transcript) for call in calls}
    return [call for call in calls if has[call.name]], [name for name, present in has.items() if not present]


def _run(calls: list[LabelledCall], from_audio: bool, packs: list[str], jobs: int) -> list[CallOutcome]:
    settings = Settings(engine_threads=1)
    if from_audio:
        require_usable(settings)
    outcomes = []
    with bar(err) as progress:
        task = progress.add_task("", total=len(calls))
        for outcome in run_labelled(
            calls,
            source="audio" if from_audio else "transcript",
            settings=settings,
            packs=packs,
            jobs=min(jobs, len(calls)),
        ):
            outcomes.append(outcome)
            progress.update(task, advance=1, description=outcome.name)
    return outcomes


_HEADINGS = (
    Words("类别", "category"),
    Words("通话", "calls"),
    Words("正确", "tp"),
    Words("误报", "fp"),
    Words("漏报", "fn"),
    Words("精确", "prec."),
    Words("召回", "recall"),
    Words("F1", "F1"),
    Words("位置", "place"),
    Words("近似误报", "near-miss"),
)
_WIDE = 110  # columns of a terminal that has room for ids and names


def show(evaluation: Evaluation, lang: Lang) -> None:
    """Prints the table and the sums."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))  # fits a terminal of 80 columns
    for position, heading in enumerate(_HEADINGS):
        table.add_column(heading.say(lang), justify="right" if position else "left", no_wrap=True)
    for counts in evaluation.categories:
        table.add_row(_name(counts.category, lang), *_cells(counts))
    table.add_row(Words("合计", "all").say(lang), *_cells(evaluation.total), style="bold")
    out.print(table)
    _sums(evaluation, lang)


def _name(category: str, lang: Lang) -> str:
    shown = words.named(words.CATEGORIES, category).say(lang)
    return f"{category} {shown}" if lang == "zh" and out.width >= _WIDE else category


def _cells(counts: CategoryCounts) -> list[str]:
    return [
        str(counts.support),
        str(counts.tp),
        str(counts.fp),
        str(counts.fn),
        _share(counts.precision),
        _share(counts.recall),
        _share(counts.f1),
        f"{counts.placed}/{counts.placeable}",
        f"{counts.near_miss_alarms}/{counts.near_misses}",
    ]


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _sums(evaluation: Evaluation, lang: Lang) -> None:
    total = evaluation.total
    statuses = ", ".join(
        f"{words.named(words.STATUSES, name).say(lang)} {count}"
        for name, count in evaluation.statuses.items()
    )
    near = ratio(total.near_miss_alarms, total.near_misses)
    percent = "—" if near is None else f"{near:.1%}"
    for name, value in (
        (Words("通话", "calls"), f"{len(evaluation.outcomes)} ({statuses})"),
        (Words("宏平均 F1（出现过的类别）", "macro-F1 (categories that occur)"), _share(evaluation.macro_f1)),
        (Words("微平均 F1", "micro-F1"), _share(total.f1)),
        (
            Words("近似误报率", "near-miss false alarms"),
            f"{percent} ({total.near_miss_alarms}/{total.near_misses})",
        ),
        (Words("合规等级一致", "score band agrees"), _agreement(evaluation.band)),
        (Words("预警等级一致", "warning level agrees"), _agreement(evaluation.level)),
    ):
        out.print(f"{name.say(lang)}: [bold]{value}[/bold]")


def _agreement(agreement: Agreement) -> str:
    return f"{agreement.right}/{agreement.of}"
