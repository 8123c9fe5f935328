"""`diting voice show` and `collectors`: how a call, and how a collector's calls were said."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from api import words
from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.storage import find_call
from api.report import voice
from api.report.timeline import clock
from api.report.voice import VoiceView
from api.stored import stored_result
from api.words import Lang, Words
from pipeline.collectors import Collector, collectors
from store.database import open_sessions, reading
from store.errors import BadInputError, ConflictError
from store.settings import Settings
from transcription.voice.summary import MIN_CALLS, CollectorSummary, sparkline

_WIDTH = 72
_TABLE_WIDTH = 120  # a figure cut off is worse than a line that the terminal wraps
_NEEDED = frozenset({"call", "voice", "cues", "transcript"})
_TOO_FEW = Words("太少", "too few")
Json = Annotated[bool, typer.Option("--json", help="JSON (docs/cli.md)")]
Shown = Annotated[Language, typer.Option(help="language of what is shown")]


def show(
    call: Annotated[
        str,
        typer.Argument(
            metavar="CALL",
            help="number, SOURCE/EXTERNAL_ID, external id if unique, or a result file (.json)",
        ),
    ],
    as_json: Json = False,
    lang: Shown = Language.ZH,
) -> None:
    """Show how a call was said: both voices, who took whose turn, what may be wrong. 查看通话声音。"""
    file = Path(call)
    result = (
        _from_file(file)
        if file.suffix == ".json" and file.is_file()
        else _stored(call, None if as_json else lang.value)
    )
    if as_json:
        kept = {"call": result["call"].get("external_id"), "voice": result["voice"], "cues": result["cues"]}
        typer.echo(json.dumps(kept, ensure_ascii=False))
        return
    seen = voice.build(result)
    if seen is None:
        nothing = Words("没有可说明的声音情况。", "Nothing is known of how this call was said.")
        out.print(nothing.say(lang.value))
        return
    _print(result, seen, lang.value)


def _from_file(path: Path) -> Mapping[str, Any]:
    """What `diting inspect --json` printed.

    Raises:
        BadInputError: `voice.result_file`.
    """
    try:
        result = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _no_result(path, str(error)) from error
    if not isinstance(result, dict) or not result.keys() >= _NEEDED:
        raise _no_result(path, "its keys are missing")
    return result


def _no_result(path: Path, problem: str) -> BadInputError:
    return BadInputError(
        f"this is no result file of one call: {problem}",
        code="voice.result_file",
        where=str(path),
        mend="Give what `diting inspect --json` printed for one recording.",
    )


def _stored(call: str, lang: Lang | None) -> Mapping[str, Any]:
    """The result of a stored call, explained in this language; None: in that of the call."""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        result = stored_result(session, find_call(session, call), language=lang)
    if result is None:
        raise ConflictError(
            "the call is not inspected yet",
            code="call.not_inspected",
            where=call,
            mend="Wait until `diting worker` has come to it.",
        )
    return result


def _print(result: Mapping[str, Any], seen: VoiceView, lang: Lang) -> None:
    call = result["call"]
    who = (call.get("agent") or {}).get("id")
    head = [
        call.get("external_id") or "—",
        clock(call.get("duration_s")),
        f"{words.SPEAKERS['agent'].say(lang)} {who or '—'}",
    ]
    out.print(Text("  ".join(head), style="bold"))
    drawn = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for speaker in voice.SPEAKER_ORDER:
        track = result["voice"]["seconds"].get(speaker, ())
        if any(value is not None for value in track):
            drawn.add_row(
                words.SPEAKERS[speaker].say(lang),
                Text(f"│{sparkline(track, min(_WIDTH, out.width - 14))}│", no_wrap=True),
            )
    if drawn.row_count:
        out.print(drawn)
    out.print(_figures(seen, lang))
    pairs = [f"{name.say(lang)} {value}" for name, value in seen.together]
    out.print(Text(" · ".join(pairs), style="dim"))
    out.print(Text(seen.unheard.say(lang), style="dim"))
    for who_doubted, why in seen.doubts:
        out.print(Text(f"? {who_doubted.say(lang)}: {why.say(lang)}", style="dim"))
    for cue in seen.cues:
        sure = "" if cue.sure is None else f" {cue.sure}%"
        out.print(Text(f"{cue.time}  {cue.what.say(lang)} {cue.who.say(lang)} {cue.figure}{sure}"))
        if cue.because:
            out.print(Text(f"    {cue.because}", style="dim"))


def _figures(seen: VoiceView, lang: Lang) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for speaker in seen.speakers:
        table.add_column(speaker.say(lang), justify="right")
    for name, cells in seen.rows:
        at = [f" @ {clock(cell.at)}" if cell.at is not None else "" for cell in cells]
        figures = [cell.text.say(lang) + place for cell, place in zip(cells, at, strict=True)]
        table.add_row(Text(name.say(lang), style="dim"), *figures)
    return table


def list_collectors(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="only calls from this day on")
    ] = None,
    as_json: Json = False,
    lang: Shown = Language.ZH,
) -> None:
    """Show how each collector's calls were said. 按催收员汇总声音情况。

    Figures from fewer than five calls are left out: they would say more about the calls than the collector.
    """
    settings = Settings()
    prepare_database(settings)
    start = since.replace(tzinfo=ZoneInfo(settings.timezone)) if since else None
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        known = collectors(session, since=start)
    if as_json:
        found = [{**asdict(each), "summary": None, **asdict(each.summary)} for each in known.found]
        for each in found:
            del each["summary"]
        kept = {
            "least_calls": MIN_CALLS,
            "nobody": known.nobody,
            "unheard": known.unheard,
            "collectors": found,
        }
        typer.echo(json.dumps(kept, ensure_ascii=False))
        return
    if known.found:
        table = _collector_table(known.found, lang.value)
        out.print(table, width=max(out.width, _TABLE_WIDTH), crop=False)
    out.print(
        Words(
            f"{len(known.found)} 名催收员；未计入：{known.nobody} 通不知是谁，"
            f"{known.unheard} 通没有声音测量。",
            f"{len(known.found)} collectors; left out: {known.nobody} calls of nobody in particular, "
            f"{known.unheard} calls without measured voices.",
        ).say(lang.value)
    )


_COLUMNS = (
    Words("催收员", "collector"),
    Words("通话", "calls"),
    Words("分钟", "minutes"),
    Words("音量异常", "raised"),
    Words("情绪激动", "agitated"),
    Words("客户激动", "customer stirred"),
    Words("抢话/10分钟", "cut in/10 min"),
    Words("说话占比", "talk share"),
    Words("回应", "answers in"),
    Words("最长独白", "longest"),
    Words("平静音高", "calm pitch"),
)


def _collector_table(found: tuple[Collector, ...], lang: Lang) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for place, name in enumerate(_COLUMNS):
        table.add_column(name.say(lang), justify="right" if place else "left", no_wrap=not place)
    several = len({each.source for each in found}) > 1
    for each in found:
        whose = " ".join(part for part in (each.agent_id, each.name) if part)
        table.add_row(Text(f"{each.source}/{whose}" if several else whose), *_figures_of(each.summary, lang))
    return table


def _figures_of(summary: CollectorSummary, lang: Lang) -> list[str]:
    def shown(value: float | None, form: str) -> str:
        return _TOO_FEW.say(lang) if value is None else form.format(value)

    pitch = summary.calm_pitch
    return [
        f"{summary.calls} ({summary.measured})" if summary.measured < summary.calls else str(summary.calls),
        f"{summary.minutes:.0f}",
        shown(summary.raised, "{:.0%}"),
        shown(summary.agitated, "{:.0%}"),
        shown(summary.customer_stirred, "{:.0%}"),
        shown(summary.interruptions, "{:.1f}"),
        shown(summary.talk_share, "{:.0%}"),
        shown(summary.response_s, "{:.1f} s"),
        shown(summary.longest_s, "{:.0f} s"),
        shown(None if pitch is None else voice.hertz(pitch), "{:.0f} Hz"),
    ]
