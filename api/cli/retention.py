"""`diting retention`: how long things are kept, holds, and deletion for good."""

import json
from typing import Annotated, Any

import typer
from sqlalchemy import select

from api.cli import retention_shown as shown
from api.cli.console import CRASHED, Language, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.storage import find_call
from api.words import Words
from pipeline.retention import holds, nightly, orders, work
from pipeline.retention.decide import decide_call
from pipeline.retention.erase import Way
from pipeline.retention.look import one_call
from pipeline.retention.models import DeletionOrderRow, RetentionRunRow
from pipeline.retention.policy import Policy, load_policy
from pipeline.retention.prove import prove as search
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.people import find_actor
from store.settings import Settings

app = typer.Typer(help="How long things are kept; deletion for good. 保存期限与删除。", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="who acts, of `diting people list`")]
Reason = Annotated[str, typer.Option("--reason", help="a reference, without names: it stays on record")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/retention.md)")]
Call = Annotated[str, typer.Argument(metavar="CALL", help="number, SOURCE/EXTERNAL_ID, or external id")]

KEPT = 3
_RECENT = 5


@app.command()
def plan(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show what would be deleted now and what is kept, and why. Deletes nothing. 试算，不删除。"""
    settings, clock, policy = _prepare()
    with open_sessions(settings.database_url) as sessions:
        with reading(sessions) as session:
            lines = work.plan(session, policy, clock.now()).document()
        with transaction(sessions) as session:
            row = nightly.begin(session, clock, policy, "plan", me())
            nightly.end(session, clock, row.id, lines)
    shown.show_lines(policy, lines, as_json, lang)


@app.command()
def run(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Delete for good what the policy lets go, and what was ordered. 按保存期限删除。

    Refused until `diting retention plan` was looked at with this very policy. Killed at any point, it is
    simply run again. Exit code 3 where the store did not let go of recordings, or an order waits.
    """
    settings, clock, policy = _prepare()
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            nightly.need_plan(session, clock, policy)
            row = nightly.begin(session, clock, policy, "run", me())
        left = nightly.carry_out_orders(sessions, clock, settings, policy)
        done = work.run(sessions, clock, settings.recording_store(), Way(policy, me()))
        lines = done.counts.document()
        with transaction(sessions) as session:
            nightly.end(session, clock, row.id, lines)
    shown.show_lines(policy, lines, as_json, lang)
    if done.left or left:
        told = Words(
            f"{done.left} 份录音的文件暂未删除，{left} 项删除申请未能执行，下次继续。",
            f"{done.left} recordings are still in the store and {left} orders wait; run it again.",
        )
        out.print(told.say(lang.value))
        raise typer.Exit(KEPT)


@app.command()
def show(
    call: Annotated[str | None, typer.Argument(metavar="[CALL]", help="what becomes of one call")] = None,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show the policy, recent runs, orders and holds; or what becomes of one call, and when. 查看。"""
    settings, clock, policy = _prepare()
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        if call is not None:
            seen = one_call(session, find_call(session, call).id)
            made = decide_call(policy, seen.facts, clock.now()) if seen else {}
            held = holds.holds_of(session, seen.id) if seen else []
            document: dict[str, Any] = {
                "call": seen.key if seen else call,
                "parts": {
                    part: {"why": one.why, "due": shown.text(one.due_at), "clause": one.clause}
                    for part, one in made.items()
                },
                "holds": [shown.hold_document(one) for one in held],
            }
        else:
            runs = session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.id.desc()).limit(_RECENT))
            asked = session.scalars(select(DeletionOrderRow).order_by(DeletionOrderRow.id.desc()).limit(50))
            document = {
                "policy": policy.model_dump(mode="json"),
                "runs": [
                    {"id": r.id, "kind": r.kind, "policy": r.policy, "by": r.started_by,
                     "started": shown.text(r.started_at), "ended": shown.text(r.ended_at), "result": r.result}
                    for r in runs
                ],
                "orders": [shown.order_document(one) for one in asked],
                "holds": [shown.hold_document(one) for one in holds.holds_of(session)],
            }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
    elif call is not None:
        shown.show_call(document, lang)
    else:
        shown.show_all(policy, document, lang)


@app.command("hold")
def hold_(call: Call, by: By, reason: Reason, lang: Lang = Language.ZH) -> None:
    """Hold a call, whatever the policy says, until it is released. 证据保全。"""
    settings, clock, _ = _prepare()
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = find_call(session, call)
        fresh = holds.hold(session, clock, row, actor=find_actor(session, by), reason=reason)
        name = f"{row.source}/{row.external_id}"
    told = Words(f"{name}：已保全。", f"{name} is on hold.")
    again = Words(f"{name}：此前已保全。", f"{name} was on hold already.")
    out.print((told if fresh else again).say(lang.value), markup=False)


@app.command("release")
def release_(call: Call, by: By, reason: Reason, lang: Lang = Language.ZH) -> None:
    """Release a hold that was set by hand. 解除手工保全。"""
    settings, clock, _ = _prepare()
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = find_call(session, call)
        holds.release(session, clock, row, actor=find_actor(session, by), reason=reason)
        name = f"{row.source}/{row.external_id}"
    out.print(Words(f"{name}：保全已解除。", f"{name} is released.").say(lang.value), markup=False)


@app.command()
def order(
    by: By,
    reason: Reason,
    call: Annotated[str | None, typer.Option("--call", help="this call")] = None,
    debtor: Annotated[
        str | None,
        typer.Option("--debtor", metavar="KEY", help="everything about a debtor: `customer:C889201`"),
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Order the deletion of one call, or of everything about one debtor. 申请删除（个人请求）。

    Refused while anything must be kept, with what that is. Without a second person in the policy it is
    done at once.
    """
    if (call is None) == (debtor is None):
        raise typer.BadParameter("give one of --call, --debtor")
    settings, clock, policy = _prepare()
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            kind: orders.Kind = "call" if call is not None else "debtor"
            subject = str(find_call(session, call).id) if call is not None else str(debtor)
            actor = find_actor(session, by)
            row = orders.order(session, clock, policy, kind=kind, subject=subject, actor=actor, reason=reason)
        if row.state == "ordered":
            row = orders.carry_out(sessions, clock, settings.recording_store(), policy, row.id)
    shown.show_order(row, lang)


@app.command()
def approve(
    number: Annotated[int, typer.Argument(metavar="ORDER", help="number of the order")],
    by: By,
    lang: Lang = Language.ZH,
) -> None:
    """Agree to an order as the second person; it is done at once. 第二人批准并执行删除。"""
    settings, clock, policy = _prepare()
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            orders.approve(session, clock, policy, number, actor=find_actor(session, by))
        row = orders.carry_out(sessions, clock, settings.recording_store(), policy, number)
    shown.show_order(row, lang)


@app.command()
def prove(
    call: Annotated[str, typer.Argument(metavar="CALL", help="SOURCE/EXTERNAL_ID, or the number it had")],
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Search every table and the store for what is left of a call. 删除证明。

    Exit code 1 where something is left, or where it was never deleted.
    """
    settings, _, _ = _prepare()
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        proof = search(session, settings.recording_store(), call)
    if as_json:
        typer.echo(json.dumps(shown.proof_document(proof), ensure_ascii=False))
    else:
        shown.show_proof(proof, lang)
    raise typer.Exit(0 if proof.gone else CRASHED)


def _prepare() -> tuple[Settings, SystemClock, Policy]:
    settings = Settings()
    policy = load_policy(settings.retention_file)
    prepare_database(settings)
    return settings, SystemClock(), policy
