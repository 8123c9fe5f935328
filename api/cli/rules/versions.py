"""`diting rules propose|approve|withdraw|restore|versions`: which packs judge, and who said so."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from api import words
from api.cli.console import Language, line, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.rules.common import Json, Lang
from api.words import Words
from pipeline.notices import Notice, notices
from qc.approval import service
from qc.approval.content import PackContent, read_content
from qc.approval.lookup import in_force
from qc.approval.lookup import versions as all_versions
from qc.approval.models import PackVersionRow
from qc.examples import require_pass, run_pack_examples
from qc.packs import SHIPPED, find_folder, load_packs
from qc.verdicts.service import restore as restore_rule
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.settings import Settings

By = Annotated[str, typer.Option("--by", metavar="NAME", help="your name, for the record")]
STATES = {
    "proposed": Words("待批准", "proposed"),
    "approved": Words("已批准", "approved"),
    "withdrawn": Words("已撤回", "withdrawn"),
}
_STYLE = {"proposed": "yellow", "approved": "green", "withdrawn": "dim"}


def propose(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="a pack of yours, by name or folder")],
    by: By,
    lang: Lang = Language.ZH,
) -> None:
    """Put a version of a pack up for approval by another person. 提交规则包版本待批准。

    It must have no problems, and its examples must come out as they say. Repeating it changes nothing.
    """
    settings = Settings()
    content = checked_content(pack, settings)
    with _writing(settings) as session:
        row = service.propose(session, SystemClock(), content, by=by, actor=me())
        state, name, digest = row.state, row.name, row.content_hash
    _say(
        Words(
            f"{name} {STATES[state].zh}（{digest[:12]}）。", f"{name} is {STATES[state].en} ({digest[:12]})."
        ),
        lang,
    )
    if state == "proposed":
        _say(
            Words(
                f"请另一人批准：diting rules approve {content.pack} --by 姓名",
                f"Another person approves it: diting rules approve {content.pack} --by NAME",
            ),
            lang,
        )


def checked_content(pack: str, settings: Settings) -> PackContent:
    """The content of a site's pack that is fit to be proposed.

    Raises:
        RuleError: there is no such pack, it has problems, or an example does not come out as it says.
        ConflictError: `rules.shipped`.
    """
    folder = find_folder(pack, tuple(settings.rule_folders))
    if folder.resolve().parent == SHIPPED:
        raise service.shipped(pack)
    load_packs([str(folder)], settings.rule_folders)
    failures = run_pack_examples(str(folder))
    for failure in failures:
        line(str(failure))
    require_pass(failures, str(folder))
    return read_content(folder)


def approve(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="id of the pack")],
    by: By,
    version: Annotated[
        str | None, typer.Option(help="which one, by number or hash, where several are proposed")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Approve a proposed version; never your own proposal. 批准规则包版本（不得批准本人提交的版本）。

    It judges from the next call on.
    """

    def step(session: Session) -> PackVersionRow:
        clock = SystemClock()
        return service.approve(session, clock, pack=pack, by=by, version=version, actor=me())

    _move(step, Words("已批准，自下一通起用于质检。", "is approved and judges from the next call on."), lang)


def withdraw(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="id of the pack")],
    by: By,
    version: Annotated[str, typer.Option(help="which one, by number or hash")],
    lang: Lang = Language.ZH,
) -> None:
    """Take a proposal back, or stop an approved version. 撤回提议，或停用已批准的版本。

    What was approved before it judges again.
    """

    def step(session: Session) -> PackVersionRow:
        clock = SystemClock()
        return service.withdraw(session, clock, pack=pack, by=by, version=version, actor=me())

    _move(step, Words("已撤回。", "is withdrawn."), lang)


def restore(
    rule: Annotated[str, typer.Argument(metavar="RULE@VERSION", help="a rule that only advises")],
    by: By,
    lang: Lang = Language.ZH,
) -> None:
    """Let a rule accuse again that dropped to advisory. 恢复仅供参考的规则。

    Two persons give this command, unless DITING_PACK_APPROVAL=none.
    """
    settings = Settings()
    two = settings.pack_approval == "two_persons"
    with _writing(settings) as session:
        row = restore_rule(session, SystemClock(), rule=rule, by=by, two_persons=two, actor=me())
        waits = row.restored_at is None
    _say(
        Words(
            f"已提出恢复 {rule}，待另一人以同一命令批准。", f"{rule} waits for another person to do the same."
        )
        if waits
        else Words(f"{rule} 恢复生效。", f"{rule} accuses again."),
        lang,
    )


def versions(
    pack: Annotated[str | None, typer.Argument(metavar="[PACK]", help="only of this pack")] = None,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the versions of packs, who proposed and approved them, and what to know. 规则包版本与提示。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = list(all_versions(session, pack))
        judging = {row.id for row in in_force(session).values()}
        known = notices(session, settings)
    if as_json:
        found = [_version_json(row, row.id in judging) for row in rows]
        told = [{"code": each.code, "zh": each.zh, "en": each.en} for each in known]
        typer.echo(json.dumps({"versions": found, "notices": told}, ensure_ascii=False))
        return
    if rows:
        out.print(_table(rows, judging, lang.value))
    for notice in known:
        say_notice(notice, lang.value)


def say_notice(notice: Notice, lang: words.Lang) -> None:
    """One line on standard error."""
    line(f"{notice.zh if lang == 'zh' else notice.en} [{notice.code}]")


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        yield session


def _move(step: Callable[[Session], PackVersionRow], outcome: Words, lang: Language) -> None:
    with _writing(Settings()) as session:
        row = step(session)
        name, digest = row.name, row.content_hash
    zh, en = outcome.say("zh"), outcome.say("en")
    _say(Words(f"{name}（{digest[:12]}）{zh}", f"{name} ({digest[:12]}) {en}"), lang)


def _say(sentence: Words, lang: Language) -> None:
    out.print(sentence.say(lang.value), markup=False, soft_wrap=True)


def _version_json(row: PackVersionRow, judging: bool) -> dict[str, Any]:
    return {
        "pack": row.pack,
        "version": row.version,
        "hash": row.content_hash,
        "origin": row.origin,
        "state": row.state,
        "judging": judging,
        "proposed": {"by": row.proposed_by, "at": row.proposed_at.isoformat()},
        "approved": None
        if row.approved_at is None
        else {"by": row.approved_by, "at": row.approved_at.isoformat()},
        "withdrawn": None
        if row.withdrawn_at is None
        else {"by": row.withdrawn_by, "at": row.withdrawn_at.isoformat()},
    }


def _table(rows: list[PackVersionRow], judging: set[int], lang: words.Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("规则包", "pack"), Words("版本", "version"), Words("内容", "content"), Words("状态", "state"),
        Words("提出", "proposed"), Words("批准", "approved"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for row in rows:
        mark = Words("（用于质检）", " (judging)").say(lang) if row.id in judging else ""
        table.add_row(
            Text(row.pack),
            Text(row.version),
            Text(row.content_hash[:12], style="dim"),
            Text(STATES[row.state].say(lang) + mark, style=_STYLE[row.state]),
            Text(f"{row.proposed_by} {row.proposed_at:%Y-%m-%d %H:%M}"),
            Text("—" if row.approved_at is None else f"{row.approved_by} {row.approved_at:%Y-%m-%d %H:%M}"),
        )
    return table
