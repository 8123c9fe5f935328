"""`diting findings`: what was found, and what people say about it."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api import words
from api.cli.console import Language, line, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.storage import find_call
from api.masking import mask_text
from api.words import Words
from ingest.models import CallRow
from qc.taxonomy import CATEGORIES
from qc.verdicts.lookup import Listed, list_findings
from qc.verdicts.service import Limits
from qc.verdicts.service import decide as decide_on
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.settings import Settings

Lang = Annotated[Language, typer.Option(help="language of what is shown")]


class VerdictName(StrEnum):
    """What a person may say about a finding."""

    TRUE = "true"
    FALSE = "false"
    UNSURE = "unsure"


class StatusName(StrEnum):
    """How sure the machine is of a finding."""

    CERTAIN = "certain"
    UNSURE = "unsure"


VERDICTS = {
    "true": Words("成立", "true"),
    "false": Words("不成立", "false"),
    "unsure": Words("无法判断", "unsure"),
}


def list_(
    call: Annotated[
        str | None, typer.Option(help="only of this call: number, SOURCE/EXTERNAL_ID, or external id")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="only of this rule, with or without @version")] = None,
    category: Annotated[str | None, typer.Option(help="only of this category")] = None,
    status: Annotated[StatusName | None, typer.Option(help="only of this status")] = None,
    undecided: Annotated[
        bool, typer.Option("--undecided", help="only those nobody has decided on yet")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="so many at most")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON (docs/cli.md)")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the findings of the newest inspection of each call, newest first. 列出质检发现。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        found = list_findings(
            session,
            call_id=None if call is None else find_call(session, call).id,
            rule=rule,
            category=category,
            status=status,
            undecided=undecided,
            limit=limit,
        )
        names = {each.call_id: _call_name(session.get_one(CallRow, each.call_id)) for each in found}
    if as_json:
        typer.echo(json.dumps([_json(each, names[each.call_id]) for each in found], ensure_ascii=False))
        return
    if found:
        out.print(_table(found, names, lang.value))
    out.print(Words(f"{len(found)} 条发现。", f"{len(found)} findings.").say(lang.value))


def decide(
    finding: Annotated[int, typer.Argument(metavar="FINDING", help="its number in `diting findings list`")],
    verdict: Annotated[VerdictName, typer.Argument(help="is it so?")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="your name, for the record")],
    comment: Annotated[str | None, typer.Option(help="why, for whoever reads it later")] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Say whether a finding is true. 复核一条发现：成立、不成立或无法判断。

    Saying something else later replaces it; both stay on record. A rule that is overturned too often drops to
    advisory by itself.
    """
    settings = Settings()
    prepare_database(settings)
    limits = Limits(settings.advisory_share, settings.advisory_decisions)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        done = decide_on(
            session,
            SystemClock(),
            finding_id=finding,
            verdict=verdict.value,
            by=by,
            limits=limits,
            comment=comment,
            actor=me(),
        )
    told = VERDICTS[verdict.value]
    again = Words("（此前已如此记录）", " (as was said before)") if not done.changed else Words("", "")
    sentence = Words(
        f"发现 {finding}：{told.zh}{again.zh}。规则 {done.rule} 已复核 {done.tally.decided} 条，"
        f"推翻 {done.tally.overturned} 条。",
        f"Finding {finding}: {told.en}{again.en}. Of the rule {done.rule}, {done.tally.decided} findings "
        f"were decided and {done.tally.overturned} overturned.",
    )
    out.print(sentence.say(lang.value), markup=False, soft_wrap=True)
    if done.dropped:
        dropped = Words(
            f"规则 {done.rule} 被推翻过多，自下一通起仅供参考。",
            f"The rule {done.rule} was overturned too often and only advises from the next call on.",
        )
        line(f"{dropped.say(lang.value)} [rules.advisory]")


def _call_name(call: CallRow) -> str:
    return f"{call.source}/{call.external_id}"


def _json(each: Listed, call: str) -> dict[str, Any]:
    finding = each.finding
    return {
        "id": finding.id,
        "call_id": each.call_id,
        "call": call,
        "inspection_id": finding.inspection_id,
        "rule": finding.rule,
        "category": finding.category,
        "status": finding.status,
        "advisory": finding.document.get("advisory", False),
        "start": finding.start,
        "heard": mask_text(finding.document["heard"]),
        "verdicts": [
            {
                "by": verdict.person,
                "verdict": verdict.verdict,
                "comment": verdict.comment,
                "at": verdict.decided_at.isoformat(),
            }
            for verdict in each.verdicts
        ],
    }


def _table(found: list[Listed], names: dict[int, str], lang: words.Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("发现", "finding"), Words("通话", "call"), Words("规则", "rule"), Words("类别", "category"),
        Words("证据", "evidence"), Words("原话", "heard"), Words("复核", "decided"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for each in found:
        finding = each.finding
        category = CATEGORIES[finding.category]
        advises = Words("（仅供参考）", " (advisory)").say(lang) if finding.document.get("advisory") else ""
        table.add_row(
            str(finding.id),
            Text(names[each.call_id]),
            Text(finding.rule),
            Text(category.zh if lang == "zh" else category.en),
            Text(words.CERTAINTY[finding.status].say(lang) + advises),
            Text(mask_text(finding.document["heard"])),
            Text("; ".join(f"{said.person} {VERDICTS[said.verdict].say(lang)}" for said in each.verdicts)),
        )
    return table
