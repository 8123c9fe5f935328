"""`diting notices`: who was told of what, and what did not arrive."""

import json
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.cli.console import BAD_INPUT, CRASHED, FINE, Language, line, out
from api.cli.database import prepare_database
from api.notice_channels import missing_secrets
from api.notice_troubles import trouble
from api.notices import STATE_WORDS, delivery_document, notice_document
from api.words import Lang, Words
from complaint_warnings.notices import resending
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.policy import Policy, policy_of
from complaint_warnings.notices.sender import deliver as deliver_due
from complaint_warnings.notices.sender import deliver_one
from complaint_warnings.notices.service import house_of
from complaint_warnings.notices.types import STATES
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.errors import BadInputError
from store.people import find_actor
from store.settings import Settings

app = typer.Typer(help="Who was told of what. 通知。", no_args_is_help=True)

State = StrEnum("State", {state.upper(): state for state in STATES})  # type: ignore[misc]
_MAX = 2**31 - 1
Lang_ = Annotated[Language, typer.Option(help="language of what is shown")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
Number = Annotated[
    int, typer.Argument(metavar="NOTICE", min=1, max=_MAX, help="its number in `diting notices list`")
]


@app.command("list")
def list_(
    state: Annotated[State | None, typer.Option(help="only in this state")] = None,
    channel: Annotated[str | None, typer.Option(help="only by this channel")] = None,
    kind: Annotated[str | None, typer.Option(help="only of this kind")] = None,
    case: Annotated[int | None, typer.Option(min=1, max=_MAX, help="only of this case")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: AsJson = False,
    lang: Lang_ = Language.ZH,
) -> None:
    """List notices, the newest first. 列出通知。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = resending.list_notices(
            session,
            state=state.value if state else None,
            kind=kind,
            channel=channel,
            case_id=case,
            limit=limit,
        )
    if as_json:
        typer.echo(json.dumps([notice_document(row) for row in rows], ensure_ascii=False))
        return
    if rows:
        _print_rows(rows, lang.value, ZoneInfo(settings.timezone))
    out.print(Words(f"{len(rows)} 条。", f"{len(rows)} notices.").say(lang.value))


@app.command()
def show(notice: Number, as_json: AsJson = False) -> None:
    """Show a notice, what it says, and every attempt at it. 查看通知与每次发送。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        row = resending.find_notice(session, notice)
        shown = notice_document(row) | {
            "document": row.document,
            "deliveries": [delivery_document(each) for each in resending.deliveries(session, notice)],
        }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        if name != "deliveries" and value is not None:
            text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
            out.print(f"{name}: {text}", markup=False)
    for each in shown["deliveries"]:
        ended = each["reason"] or each["status"] or ""
        out.print(f"  {each['attempt']}. {each['began_at']} {each['outcome']} {ended}", markup=False)


@app.command()
def resend(
    by: Annotated[str, typer.Option("--by", metavar="ID", help="the person who asks for it")],
    notice: Annotated[
        list[int] | None, typer.Argument(metavar="NOTICE", min=1, max=_MAX, help="numbers of dead letters")
    ] = None,
    all_of: Annotated[
        str | None, typer.Option("--all-of", metavar="CHANNEL", help="all dead letters of a channel")
    ] = None,
    lang: Lang_ = Language.ZH,
) -> None:
    """Put dead letters back on their way, with the ids they had. 重发死信。"""
    if bool(notice) == bool(all_of):
        raise BadInputError("name notices, or --all-of a channel", code="cli.usage")
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        resending.require_may_resend(find_actor(session, by))
        numbers = list(notice or resending.dead_of(session, all_of or ""))
        count = len(resending.resend(session, clock, numbers, by=by))
    out.print(Words(f"{count} 条将重新发送。", f"{count} notices will be sent again.").say(lang.value))


@app.command()
def deliver() -> None:
    """Send what is due now, once; a worker and `serve` do it by themselves. 立即发送到期通知。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        done = deliver_due(sessions, SystemClock(), settings)
    out.print(f"sent {done.sent}, failed {done.failed}, dead letters {done.dead}", markup=False)


_RESTS = Words(
    "暂不发送：该渠道连续失败后正在暂停，或一分钟内的条数已满；稍后再试。",
    "it waits: the channel rests after failures, or has sent all that it may in a minute",
)


@app.command("test")
def try_channel(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="its name in the notices file")],
    to: Annotated[str | None, typer.Option("--to", metavar="ID", help="the person who is to get it")] = None,
    lang: Lang_ = Language.ZH,
) -> None:
    """Send a test message by a channel now, once, and say what came of it. 测试渠道。"""
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            if to is not None:
                find_actor(session, to)
            row = resending.write_test(session, house_of(settings, clock), channel, to or "")
        result = deliver_one(sessions, clock, settings, channel, row.id)
    if result is None:
        line(_RESTS.say(lang.value))
        raise typer.Exit(CRASHED)
    if result.outcome != "sent":
        line(result.reason)
        means = trouble(policy_of(settings).channels[channel].type, result)
        if means is not None:
            line(means.say(lang.value))
        raise typer.Exit(CRASHED)
    out.print(f"{channel}: {Words('已发送', 'sent').say(lang.value)} ({row.message_id})", markup=False)


@app.command()
def channels(as_json: AsJson = False, lang: Lang_ = Language.ZH) -> None:
    """List the channels, who is told by them, and whether their secrets are there. 列出渠道与路由。"""
    settings = Settings()
    policy = policy_of(settings)
    missing = missing_secrets(settings, list(policy.channels.values()))
    if as_json:
        shown = policy.model_dump(mode="json", by_alias=True) | {"missing_secrets": missing}
        typer.echo(json.dumps(shown, ensure_ascii=False))
    else:
        _print_policy(policy, lang.value)
        for name in missing:
            line(f"there is no usable secret {name} [notices.secret]")
    raise typer.Exit(BAD_INPUT if missing else FINE)


def _print_policy(policy: Policy, lang: Lang) -> None:
    out.print(f"{policy.name}", markup=False)
    if not policy.channels:
        out.print(Words("没有渠道：不会通知任何人。", "No channels: nobody is told.").say(lang))
    for name, channel in policy.channels.items():
        quiet = f" {channel.quiet.begins:%H:%M}–{channel.quiet.ends:%H:%M}" if channel.quiet else ""
        out.print(f"  {name}: {channel.type}{quiet}", markup=False)
    for route in policy.routes:
        via = policy.via if route.via is None else route.via
        out.print(f"  {', '.join(route.kinds)} → {', '.join(route.to)} ({', '.join(via)})", markup=False)


def _print_rows(rows: list[NoticeRow], lang: Lang, zone: ZoneInfo) -> None:
    headings = (
        Words("编号", "no."), Words("时间", "time"), Words("类型", "kind"), Words("案件", "case"),
        Words("渠道", "channel"), Words("收件人", "to"), Words("状态", "state"), Words("次数", "attempts"),
        Words("原因", "reason"),
    )  # fmt: skip
    out.rows(
        [heading.say(lang) for heading in headings],
        (
            (
                row.id,
                row.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                row.kind,
                row.document.get("number"),
                row.channel,
                row.recipient,
                STATE_WORDS[row.state].say(lang),
                row.attempts,
                row.reason,
            )
            for row in rows
        ),
    )
