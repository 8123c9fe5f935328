"""`diting subject`: what a person may ask for: all that is on record about them, and that it be deleted."""

from pathlib import Path
from typing import Annotated

import typer

from api import subjects
from api.cli import retention_shown
from api.cli.console import Language, err, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.exported_file import exported_file
from api.words import Words
from pipeline.retention import orders
from pipeline.retention.policy import load_policy
from pipeline.retention.prove import prove
from pipeline.retention.subject import find_debtor
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.people import find_actor
from store.settings import Settings

app = typer.Typer(help="Requests of people about their own data. 个人信息请求。", no_args_is_help=True)
Debtor = Annotated[str | None, typer.Option("--debtor", metavar="KEY", help="`customer:C889201`")]
Phone = Annotated[str | None, typer.Option("--phone", metavar="NUMBER", help="the person's number")]
Reason = Annotated[str, typer.Option("--reason", help="a reference, without names: it stays on record")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command()
def export(
    file: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="where to write it")],
    reason: Reason,
    debtor: Debtor = None,
    phone: Phone = None,
    recordings: Annotated[bool, typer.Option("--recordings", help="with the recordings")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """Write everything on record about a person into one archive, other people's data hidden. 导出本人信息。

    Calls, transcripts, findings, warnings, cases, facts, and who saw and heard what.
    """
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    store = settings.recording_store() if recordings else None
    with exported_file(file) as waiting, open_sessions(settings.database_url) as sessions:
        with reading(sessions) as session:
            key = find_debtor(session, debtor=debtor, phone=phone)
            number = subjects.export(session, store, clock, key, me(), waiting)
        with transaction(sessions) as session:
            subjects.put_on_record(session, clock, by=me(), reason=reason, number=number)
    told = Words(f"已写入 {file}（导出编号 {number}）", f"Written: {file} (export {number})")
    err.print(told.say(lang.value), markup=False)


@app.command()
def erase(
    by: Annotated[str, typer.Option("--by", metavar="PERSON", help="who acts, of `diting people list`")],
    reason: Reason,
    debtor: Debtor = None,
    phone: Phone = None,
    lang: Lang = Language.ZH,
) -> None:
    """Order that everything about a person be deleted that need not be kept. 申请删除本人信息。

    What must be kept is named with its reason. A second person agrees with `diting retention approve`, where
    the policy wants that; else it is done at once, and proven for every call.
    """
    settings, clock = Settings(), SystemClock()
    policy = load_policy(settings.retention_file)
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            key = find_debtor(session, debtor=debtor, phone=phone)
            row, stands = orders.order_subject(
                session, clock, policy, debtor_key=key, actor=find_actor(session, by), reason=reason
            )
        for each in stands.kept:
            out.print(Words(f"保留：{each}", f"kept: {each}").say(lang.value), markup=False)
        if row.state == "ordered":
            store = settings.recording_store()
            row = orders.carry_out(sessions, clock, store, policy, row.id)
            with reading(sessions) as session:
                gone = [prove(session, store, call).gone for call in stands.free]
            proven = Words(
                f"{sum(gone)}/{len(gone)} 通通话已证明删除。",
                f"{sum(gone)} of {len(gone)} calls are proven gone.",
            )
            out.print(proven.say(lang.value))
    retention_shown.show_order(row, lang)
