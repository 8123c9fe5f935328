"""The summary of one call for people at a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api import words
from api.masking import mask_text
from api.report import recording
from api.report.timeline import clock
from api.words import Lang, Words

BAND_STYLE = {"clean": "green", "minor": "yellow", "major": "dark_orange", "critical": "bold red"}
LEVEL_STYLE = {"none": "green", "low": "yellow", "medium": "dark_orange", "high": "bold red"}
STATUS_STYLE = {"unjudged": "bold magenta", "refused": "bold red", "failed": "bold red"}


def summary(name: str, result: Mapping[str, Any], lang: Lang) -> RenderableType:
    """Score, findings and reasons of one result object."""
    parts: list[RenderableType] = [_headline(name, result, lang)]
    if result["reasons"]:
        parts.append(Text("  " + Words("未能判定", "Not judged").say(lang) + ":", style="bold magenta"))
        parts += [Text("    " + mask_text(reason), style="magenta") for reason in result["reasons"]]
    parts += _recording(result, lang)
    if result["findings"]:
        parts.append(Padding(_findings(result, lang), (0, 0, 0, 2)))
    elif not result["reasons"]:
        parts.append(Text("  " + Words("没有发现", "Nothing found").say(lang), style="dim"))
    warning = result["warning"]
    if warning:
        advice = f"{Words('首要建议', 'First advice').say(lang)}: {warning['advice']}"
        parts.append(Padding(Text(advice, overflow="fold"), (0, 0, 0, 2)))
    return Group(*parts, Text(""))


def _recording(result: Mapping[str, Any], lang: Lang) -> list[RenderableType]:
    """What else is on the line, and what is wrong with the recording but does not keep it from judgement."""
    shown = recording.build(result)
    sounds = [f"{row.kind.say(lang)} {row.time} ({row.name.say(lang)})" for row in shown.line]
    heard = Words("线路声音", "On the line").say(lang)
    lines = [f"{heard}: " + Words("、", ", ").say(lang).join(sounds)] if sounds else []
    noted = Words("录音提示", "Recording").say(lang)
    lines += [f"{noted}: {remark.sentence.say(lang)}" for remark in shown.remarks if not remark.grave]
    return [Text("  " + line, style="dim", overflow="fold") for line in lines]


def _headline(name: str, result: Mapping[str, Any], lang: Lang) -> Text:
    score, warning, ticket = result["score"], result["warning"], result["ticket"]
    level = warning["level"] if warning else "none"
    least = "≤ " if result["status"] == "unjudged" else ""
    pieces = [
        (name, "bold"),
        (f"{Words('得分', 'score').say(lang)} {least}{score['total']}", ""),
        (
            words.conduct(result["status"], score["band"]).say(lang),
            conduct_style(score["band"]),
        ),
        (
            f"{Words('预警', 'warning').say(lang)}: {words.named(words.LEVELS, level).say(lang)}"
            + (f" {warning['score']}" if warning else ""),
            LEVEL_STYLE[level],
        ),
        (
            f"{Words('工单', 'ticket').say(lang)}: "
            + (words.named(words.PRIORITIES, ticket["priority"]).say(lang) if ticket else "—"),
            "",
        ),
        (clock(result["call"].get("duration_s")), "dim"),
    ]
    return Text("  ").join(Text(text, style=style) for text, style in pieces)


def conduct_style(band: str | None) -> str:
    """The colour of a band; what could not be judged is never green."""
    return BAND_STYLE[band] if band else STATUS_STYLE["unjudged"]


def _findings(result: Mapping[str, Any], lang: Lang) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for ratio in (None, None, None, 2, 3):  # Chinese has no spaces to break at: fold, lest words be cut off
        table.add_column(overflow="fold", ratio=ratio)
    for finding in result["findings"]:
        unsure = finding["status"] == "unsure"
        mark = "?" if unsure else "!" if finding["kind"] == "violation" else "·"
        style = "dim" if unsure else BAND_STYLE.get(finding["severity"], "cyan")
        category = words.named(words.CATEGORIES, finding["category"]).say(lang)
        if unsure:
            category += Words("（存疑）", " (unsure)").say(lang)
        heard = f"“{mask_text(finding['heard'])}”" if finding["heard"] else ""
        table.add_row(
            Text(mark, style=style),
            Text(clock(finding["start"]), style="dim"),
            Text(category, style=style),
            Text(heard),
            Text(mask_text(finding["why"]), style="dim"),
        )
    return table


def categories(result: Mapping[str, Any], kind: str, lang: Lang) -> Text:
    """The categories found, each once; `?` marks those found only unsurely."""
    sure: dict[str, bool] = {}
    for finding in result["findings"]:
        if finding["kind"] == kind:
            sure[finding["category"]] = sure.get(finding["category"], False) or finding["status"] == "certain"
    names = [
        words.named(words.CATEGORIES, category).say(lang) + ("" if certain else " ?")
        for category, certain in sure.items()
    ]
    return Text("、".join(names) if lang == "zh" else ", ".join(names))
