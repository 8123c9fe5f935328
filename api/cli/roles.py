"""`diting roles`: who is the agent in a call, and a person's word on it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from api import words
from api.cli.console import CRASHED, FINE, UNJUDGED, Language, err, line, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.show import conduct_style
from api.cli.storage import find_call
from api.masking import mask_text
from api.stored_roles import StoredRoles, StoredVersion, stored_roles
from api.words import Lang, Words
from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.roles import Decided, set_roles, swap_roles
from pipeline.stages import run_stage
from pipeline.states import as_state, stage_of
from pipeline.tools import Tools, open_tools
from store.clock import SystemClock
from store.database import SessionFactory, open_sessions, reading, transaction
from store.settings import Settings

Call = Annotated[
    str, typer.Argument(metavar="CALL", help="number, SOURCE/EXTERNAL_ID, or external id if unique")
]
Because = Annotated[str | None, typer.Option(help="why, for whoever reads it later")]
Seen = Annotated[int | None, typer.Option("--version", min=1, help="refuse if another version is current")]
Shown = Annotated[Language, typer.Option(help="language of what is shown")]


class SideName(StrEnum):
    """The two sides of a call, as a person names them."""

    FIRST = "first"
    SECOND = "second"


def show(call: Call, lang: Shown = Language.ZH) -> None:
    """Show who is taken for the agent, why, and all versions with their scores. 查看角色与各版本。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        _show(sessions, call, lang.value)


def swap(call: Call, because: Because = None, version: Seen = None, lang: Shown = Language.ZH) -> None:
    """Exchange agent and customer, and judge the call anew. 互换坐席与客户，并重新质检。

    Every version stays on record. Swapping again swaps back: name the version you saw to be safe.
    """

    def decide(session: Session, row: CallRow) -> Decided:
        return swap_roles(session, SystemClock(), call_id=row.id, by=me(), reason=because, expected=version)

    raise typer.Exit(_decide(call, decide, lang.value))


def set_side(
    call: Call,
    agent_side: Annotated[
        SideName, typer.Option(help="where the agent is: the first channel or voice, or the second")
    ],
    because: Because = None,
    version: Seen = None,
    lang: Shown = Language.ZH,
) -> None:
    """Say which side is the agent, and judge the call anew. 指定坐席在哪一侧，并重新质检。

    For calls whose roles nobody could tell, and to confirm what was only assumed. Repeating it is harmless.
    """
    side = list(SideName).index(agent_side)

    def decide(session: Session, row: CallRow) -> Decided:
        return set_roles(
            session, SystemClock(), call_id=row.id, side=side, by=me(), reason=because, expected=version
        )

    raise typer.Exit(_decide(call, decide, lang.value))


def _decide(call: str, decide: Callable[[Session, CallRow], Decided], lang: Lang) -> int:
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            row = find_call(session, call)
            decided = decide(session, row)
        # Also when nothing changed: the command may have been interrupted before.
        if stage_of(decided.state) and settings.execution == "embedded":
            with err.status(Words("重新质检", "judging anew").say(lang)):
                _judge_anew(settings, row.id)
        state = _show(sessions, str(row.id), lang)
    if state == "failed":
        return CRASHED
    return UNJUDGED if state == "unjudged" else FINE


def _judge_anew(settings: Settings, call_id: int) -> None:
    """Take the call through the rest of its way here and now. Where a worker is faster, or the call has to
    wait, the rest is left to a worker, as after a crash of this command."""
    tools = open_tools(settings)
    try:
        while _next_stage(tools, call_id):
            continue
    finally:
        tools.close()


def _next_stage(tools: Tools, call_id: int) -> bool:
    with reading(tools.sessions) as session:
        stage = stage_of(as_state(session.get_one(WorkRow, call_id).state))
    ended = run_stage(tools, call_id, stage) if stage else None
    if ended is None:
        return False
    for reason in ended.reasons if ended.state in {"failed", "transcribed", "heard", "inspected"} else ():
        line(reason)
    return stage_of(ended.state) not in {None, stage}


def _show(sessions: SessionFactory, call: str, lang: Lang) -> str:
    with reading(sessions) as session:
        row = find_call(session, call)
        work = session.get(WorkRow, row.id)
        state = work.state if work else "received"
        roles = stored_roles(session, row.id)
        heading = Text(f"{row.source}/{row.external_id}", style="bold")
        out.print(heading, words.named(words.STATUSES, state).say(lang))
        if roles.versions:
            out.print(_versions(roles, lang))
        for side in roles.sides:
            name = words.SIDES.get(side.side, Words(f"第{side.side + 1}侧", f"side {side.side + 1}")).say(
                lang
            )
            speaker = words.named(words.SPEAKERS, side.speaker).say(lang)
            out.print(Text(f"{name} · {speaker}: {side.begins}"))
        if stage_of(as_state(state)):
            rest = Words("`diting worker` 会继续处理", "`diting worker` goes on with it").say(lang)
            out.print(rest, markup=False)
    return state


def _versions(roles: StoredRoles, lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Words("版本", "Version"),
        Words("来源", "Made"),
        Words("角色依据", "Roles"),
        Words("坐席", "Agent"),
        Words("得分", "Score"),
        Words("合规等级", "Conduct"),
    ):
        table.add_column(heading.say(lang), overflow="fold")
    for each in roles.versions:
        current = each is roles.current
        mark = Words("（当前）", " (current)").say(lang) if current else ""
        side = words.SIDES[each.agent_side].say(lang) if each.agent_side is not None else "—"
        table.add_row(
            Text(f"{each.version.number}{mark}", style="bold" if current else ""),
            Text(_made(each, lang)),
            Text(_how(each, lang)),
            Text(side),
            *_judged(each, lang),
        )
    return table


def _made(each: StoredVersion, lang: Lang) -> str:
    at = f"{each.version.created_at:%Y-%m-%d %H:%M} UTC"
    decision = each.version.decision
    if decision is None:
        return f"{each.version.engine} {each.version.model} {at}"
    kind = words.named(words.DECISIONS, decision.kind).say(lang)
    reason = f": {mask_text(decision.reason)}" if decision.reason else ""
    return f"{kind} {decision.decided_by} {at}{reason}"


def _how(each: StoredVersion, lang: Lang) -> str:
    if each.roles is None:
        return "—"
    return f"{words.named(words.ROLES_HOW, each.roles.how).say(lang)} ({each.roles.trust:.2f})"


def _judged(each: StoredVersion, lang: Lang) -> tuple[Text, Text]:
    if each.inspection is None:
        return Text("—"), Text("—")
    score = ("≤ " if each.unjudged else "") + str(each.inspection.score)
    status, band = "unjudged" if each.unjudged else "inspected", each.inspection.band
    return Text(score), Text(words.conduct(status, band).say(lang), style=conduct_style(band))
