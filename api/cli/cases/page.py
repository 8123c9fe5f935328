"""One case as a page at the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api import words
from api.masking import mask_digits, mask_name
from api.words import Lang, Words
from complaint_warnings.cases.models import CaseEventRow
from complaint_warnings.cases.service import Loaded
from complaint_warnings.cases.view import CaseView
from complaint_warnings.cases.wording import action_words, state_words
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.ledger.rows import mask_number

# The field of a document that says in words what happened, the first that is there.
_SAID = ("words", "reason", "text", "said", "goal", "cause", "seen", "lessons", "changes", "comment", "to")


def of_case(
    loaded: Loaded, clocks: Sequence[DeadlineRow], lang: Lang, zone: ZoneInfo
) -> Iterator[RenderableType]:
    """The page, part by part."""
    yield _head(loaded, lang)
    yield Text(loaded.row.advice.get(lang, ""))
    yield from _team(loaded.view, lang)
    yield from _plan(loaded.view, lang, zone)
    yield from _reliefs(loaded.view, lang)
    if clocks:
        yield _clocks(clocks, lang, zone)
    yield _timeline(loaded.events, lang, zone)


def _head(loaded: Loaded, lang: Lang) -> Text:
    row, view = loaded.row, loaded.view
    level = Words(f"等级 {words.LEVELS[row.level].zh}", f"level {row.level}").say(lang)
    held = Words("（暂停中）", " (on hold)").say(lang) if view.held else ""
    flags = f"  ⚑ {', '.join(sorted(view.flags))}" if view.flags else ""
    owed = f"  {row.amount_due} {row.currency}" if row.amount_due else ""
    contact = f"  {mask_number(row.contact)}" if row.contact else ""
    who = f"{(row.debtor_name and mask_name(row.debtor_name)) or '—'}{contact}{owed}"
    concerned = Words(f"催收员 {row.collector_id or '不详'}", f"collector {row.collector_id or 'unknown'}")
    version = Words(f"版本 {row.version}", f"version {row.version}").say(lang)
    return Text(
        f"{row.number}  {level}  {state_words(row.state, lang)}{held}  {version}{flags}\n"
        f"{who}  {concerned.say(lang)}"
    )


def _team(view: CaseView, lang: Lang) -> Iterator[Text]:
    if view.team is None:
        return
    members = ", ".join(f"{each.person} ({each.function})" for each in view.team.members)
    said = Words(
        f"处理组：{members}；处理人 {view.team.handler}", f"Team: {members}; handler {view.team.handler}"
    )
    yield Text(said.say(lang))


def _plan(view: CaseView, lang: Lang, zone: ZoneInfo) -> Iterator[RenderableType]:
    if view.plan is None:
        return
    yield Text(Words(f"目标：{view.plan.goal}", f"Goal: {view.plan.goal}").say(lang))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Words("措施", "measure"), Words("责任人", "owner"), Words("期限", "due"), Words("", "")):
        table.add_column(heading.say(lang), overflow="fold")
    for number, measure in enumerate(view.plan.measures, start=1):
        done = "✓" if number in view.measures_done else ""
        what = Text(f"{number}. {measure.what}")
        table.add_row(what, Text(measure.owner), _moment(measure.due, zone), done)
    yield table


def _reliefs(view: CaseView, lang: Lang) -> Iterator[Text]:
    decided = {
        None: Words("待批", "waiting"),
        True: Words("已批准", "approved"),
        False: Words("未批准", "refused"),
    }
    for each in view.reliefs:
        by = f" ({each.decided_by})" if each.decided_by else ""
        word = decided[each.approved].say(lang)
        text = f"{each.number}. {each.relief.kind} {each.relief.amount} {each.relief.currency}"
        yield Text(f"{text}  {each.proposed_by} → {word}{by}")


def _clocks(clocks: Sequence[DeadlineRow], lang: Lang, zone: ZoneInfo) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Words("时限", "clock"), Words("到期", "due"), Words("情况", "state")):
        table.add_column(heading.say(lang), overflow="fold")
    for row in clocks:
        table.add_row(
            Text(row.title.get(lang, row.clock)),
            _moment(row.due_at, zone) if row.due_at else "—",
            _clock_state(row, zone).say(lang),
        )
    return table


def _clock_state(row: DeadlineRow, zone: ZoneInfo) -> Words:
    if row.met_at is not None:
        at = _moment(row.met_at, zone)
        return Words(f"已完成 {at}", f"met {at}")
    if row.breached_at is not None:
        return Words("已超时", "breached")
    if row.ended_at is not None:
        return Words("已终止", "ended")
    return Words("暂停", "paused") if row.due_at is None else Words("进行中", "running")


def _timeline(events: Sequence[CaseEventRow], lang: Lang, zone: ZoneInfo) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("序", "#"), Words("时间", "time"), Words("操作人", "who"), Words("动作", "action"),
        Words("状态", "state"), Words("内容", "words"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for event in events:
        table.add_row(
            str(event.seq),
            _moment(event.at, zone),
            Text(event.actor),
            action_words(event.action, lang),
            state_words(event.to_state, lang),
            Text(_gist(event.details)),
        )
    return table


def _gist(details: Mapping[str, Any]) -> str:
    said = next((details[name] for name in _SAID if isinstance(details.get(name), str)), "")
    return mask_digits(str(said))


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
