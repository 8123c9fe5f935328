"""The table of calls that a person sees at the end of a run."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from api import words
from api.cli.show import LEVEL_STYLE, STATUS_STYLE, conduct_style
from api.masking import mask_text
from api.report.timeline import clock
from api.stored import StoredCall
from api.words import Lang, Words
from ingest.models import RefusalRow


def table(calls: Sequence[StoredCall], refusals: Sequence[RefusalRow], lang: Lang) -> Table:
    """One line per call and per refused file, with reasons where something could not be judged."""
    shown = Table(show_lines=True)
    for heading in (
        Words("通话", "Call"),
        Words("时长", "Length"),
        Words("得分", "Score"),
        Words("合规等级", "Conduct"),
        Words("坐席违规", "Violations"),
        Words("客户信号", "Signals"),
        Words("预警", "Warning"),
        Words("工单", "Ticket"),
    ):
        shown.add_column(heading.say(lang), overflow="fold")
    for item in calls:
        shown.add_row(*_row(item, lang))
    refused = words.STATUSES["refused"].say(lang)
    for refusal in refusals:
        reason = Text(refusal.message, style="red")
        shown.add_row(
            Text(Path(refusal.name).name),
            "—",
            "—",
            Text(refused, style=STATUS_STYLE["refused"]),
            reason,
            "",
            "",
            "",
        )
    return shown


def _row(item: StoredCall, lang: Lang) -> list[Text]:
    name, length = Text(item.call.external_id), Text(clock(item.call.recording.duration_s))
    reasons = Text("\n".join(mask_text(reason) for reason in item.reasons), style="magenta")
    if item.inspection is None:
        state = words.named(words.STATUSES, item.state).say(lang)
        return [
            name,
            length,
            Text("—"),
            Text(state, style=STATUS_STYLE.get(item.state, "")),
            reasons,
            *[Text("")] * 3,
        ]
    status = "unjudged" if item.unjudged else "inspected"
    band = item.inspection.band
    violations = _categories(item, "violation", lang)
    if reasons.plain:
        violations = Text("\n").join([part for part in (violations, reasons) if part.plain])
    level = item.warning.level if item.warning else "none"
    warning = words.named(words.LEVELS, level).say(lang)
    ticket = words.named(words.PRIORITIES, item.ticket.priority).say(lang) if item.ticket else "—"
    return [
        name,
        length,
        Text(("≤ " if item.unjudged else "") + str(item.inspection.score), justify="right"),
        Text(words.conduct(status, band).say(lang), style=conduct_style(band)),
        violations,
        _categories(item, "signal", lang),
        Text(warning + (f" {item.warning.score:.1f}" if item.warning else ""), style=LEVEL_STYLE[level]),
        Text(ticket),
    ]


def _categories(item: StoredCall, kind: str, lang: Lang) -> Text:
    """Categories with how often each was found; `?` marks those that are unsure throughout."""
    parts = []
    for found in item.found:
        if found.kind != kind:
            continue
        text = words.named(words.CATEGORIES, found.category).say(lang)
        text += f" ×{found.count}" if found.count > 1 else ""
        doubtful = found.unsure == found.count
        parts.append(Text(text + (" ?" if doubtful else ""), style="dim" if doubtful else ""))
    return Text("\n").join(parts)
