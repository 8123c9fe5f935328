"""`diting rules list`."""

import json
from collections.abc import Container
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api import words
from api.cli.console import Language, line, out
from api.cli.rules import common
from api.cli.rules.common import Json, Lang, PackOption, said
from api.cli.standing import database_if_any
from api.words import Words
from qc.language.mistakes import did_you_mean
from qc.taxonomy import CATEGORIES
from qc.verdicts.service import advisory_rules
from qc.workbench.book import Entry, matching
from store.errors import BadInputError
from store.settings import Settings


class Status(StrEnum):
    """How far a rule has come."""

    DRAFT = "draft"
    SHADOW = "shadow"
    STABLE = "stable"
    DEPRECATED = "deprecated"


def list_rules(
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="only rules in which this is written")
    ] = None,
    pack: PackOption = None,
    category: Annotated[
        str | None, typer.Option(help="only of this category; dispute.* for all that begin so")
    ] = None,
    status: Annotated[Status | None, typer.Option(help="only of this status")] = None,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """List rules. 列出规则。

    TEXT is looked for in ids, titles, phrases, sources, advice: 上门, cn.ban.abuse.
    """
    if category is not None and not category.endswith("*") and category not in CATEGORIES:
        mend, _ = did_you_mean(category, CATEGORIES, "docs/rules.md lists the categories.", "")
        raise BadInputError(
            f"unknown category {category!r}", code="rules.category", where="--category", mend=mend
        )
    found = [
        entry
        for book in common.books(pack)
        for entry in matching(book.entries, category=category, status=status, text=text)
    ]
    with database_if_any(Settings()) as session:
        advising = frozenset() if session is None else advisory_rules(session)
    if as_json:
        told = [common.rule_json(each) | {"advisory": each.compiled.name in advising} for each in found]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    if found:
        out.print(_table(found, advising, lang.value))
    out.print(Words(f"{len(found)} 条规则。", f"{len(found)} rules.").say(lang.value))
    if not found:
        line(
            Words("没有符合条件的规则。去掉一个条件再试。", "No rule is like that. Leave a filter out.").say(
                lang.value
            )
        )


def _table(entries: list[Entry], advising: Container[str], lang: words.Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), row_styles=("", "on grey11"))
    headings = (
        Words("规则", "rule"), Words("版本", "version"), Words("状态", "status"), Words("类别", "category"),
        Words("程度", "severity"), Words("名称", "title"), Words("依据", "cite"),
    )  # fmt: skip
    for at, heading in enumerate(headings):
        ratio = {5: 3, 6: 2}.get(at)  # title and sources share what is left
        table.add_column(heading.say(lang), overflow="fold", no_wrap=at == 0, ratio=ratio)
    for entry in entries:
        rule = entry.compiled.rule
        table.add_row(
            Text(rule.id),
            Text(str(rule.version)),
            _status(entry, advising, lang),
            Text(rule.category),
            common.severity_of(entry, lang),
            Text(said(rule.title, lang)),
            Text(", ".join(dict.fromkeys(cite.source for cite in rule.cite)), style="dim"),
        )
    return table


def _status(entry: Entry, advising: Container[str], lang: words.Lang) -> Text:
    """The status, and whether people overturned the rule so often that it only advises."""
    status = common.status_of(entry, lang)
    if entry.compiled.name in advising:
        status.append(Words("（仅供参考）", " (advisory)").say(lang), style="yellow")
    return status
