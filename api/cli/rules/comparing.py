"""`diting rules diff`: what changed between two versions of a pack."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.text import Text

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.rules.common import Json, Lang, said
from api.pack_difference import difference_out
from api.words import Lang as LangName
from api.words import Words
from pipeline.backtest.sides import open_side
from qc.language.schema import Rule
from qc.workbench.book import open_book
from qc.workbench.difference import Change, Difference, RuleChange, compare
from store.database import open_sessions, reading
from store.settings import Settings

_MOST = 40  # entries of a list that are shown; --json has them all
_KEPT = re.compile(r"[a-z0-9-]+@[0-9a-f.]+|[0-9a-f]{7,64}")  # versions on record: cn-base@1.2, or a hash
Pack = Annotated[
    str,
    typer.Argument(metavar="PACK", help="a pack by name, folder, id@version or hash (diting rules versions)"),
]


def diff(old: Pack, new: Pack, as_json: Json = False, lang: Lang = Language.ZH) -> None:
    """Compare two packs, or two versions of one: rules, phrases, words, concepts. 比较两个规则包（版本）。"""
    difference = _difference(old, new)
    if as_json:
        typer.echo(json.dumps(difference_out(difference).model_dump(), ensure_ascii=False))
        return
    for text in _lines(difference, lang.value):
        out.print(text, soft_wrap=True)
    if not difference:
        out.print(Words("没有差别。", "No difference.").say(lang.value))


def _difference(old: str, new: str) -> Difference:
    """What differs; the database is asked only for versions that are named by number or hash."""
    settings = Settings()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        session = None
        if any(_KEPT.fullmatch(each) for each in (old, new)):
            prepare_database(settings)
            sessions = stack.enter_context(open_sessions(settings.database_url))
            session = stack.enter_context(reading(sessions))
        sources = []
        for name, given in (("old", old), ("new", new)):
            place = Path(folder) / name
            place.mkdir()
            side = open_side(given, settings, session, place)
            sources.append(open_book([str(side.folder)], settings.rule_folders).source)
        return compare(*sources)


def _lines(difference: Difference, lang: LangName) -> Iterator[Text]:
    for heading, changes in (
        (Words("规则包", "Packs"), difference.packs),
        (Words("词表", "Word lists"), difference.words),
        (Words("概念", "Concepts"), difference.concepts),
    ):
        if changes:
            yield Text(heading.say(lang), style="bold cyan")
        for change in changes:
            yield from _change(change, lang)
    rules = (*difference.added, *difference.removed, *difference.changed)
    if rules:
        yield Text(Words("规则", "Rules").say(lang), style="bold cyan")
    yield from (_rule("+", "green", rule, lang) for rule in difference.added)
    yield from (_rule("-", "red", rule, lang) for rule in difference.removed)
    for changed in difference.changed:
        yield from _changed(changed, lang)
    counts = (len(difference.added), len(difference.removed), len(difference.changed))
    if any(counts):
        zh = "新增 {} 条，删去 {} 条，改动 {} 条。".format(*counts)
        yield Text(Words(zh, "{} added, {} removed, {} changed.".format(*counts)).say(lang))


def _rule(sign: str, style: str, rule: Rule, lang: LangName) -> Text:
    return Text(f"  {sign} {rule.id}@{rule.version}  {said(rule.title, lang)}", style=style)


def _changed(changed: RuleChange, lang: LangName) -> Iterator[Text]:
    name = changed.after if changed.before == changed.after else f"{changed.before} → {changed.after}"
    yield Text(f"  ~ {name}", style="yellow")
    for change in changed.changes:
        yield from _change(change, lang, "      ")
    if changed.through:
        used = ", ".join(changed.through)
        yield Text("      " + Words(f"所用词表或概念有改动：{used}", f"uses what changed: {used}").say(lang))
    if changed.before == changed.after and any(
        change.field in ("detect", "unless") for change in changed.changes
    ):
        yield Text(
            "      " + Words("含义已改，但版本号未变", "its meaning changed, its version did not").say(lang),
            style="red",
        )


def _change(change: Change, lang: LangName, indent: str = "  ") -> Iterator[Text]:
    built = change.before is not None or change.after is not None
    if built and not (change.added or change.removed):
        yield Text.assemble(
            f"{indent}{change.field}: ", (change.before or "—", "red"), " → ", (change.after or "—", "green")
        )
        return
    yield Text(f"{indent}{change.field}:")
    yield from _entries("-", "red", change.removed, indent, lang)
    yield from _entries("+", "green", change.added, indent, lang)
    if built:
        yield Text.assemble(
            f"{indent}  ", (change.before or "—", "red"), " → ", (change.after or "—", "green")
        )


def _entries(sign: str, style: str, entries: Sequence[str], indent: str, lang: LangName) -> Iterator[Text]:
    yield from (Text(f"{indent}  {sign} {entry}", style=style) for entry in entries[:_MOST])
    if len(entries) > _MOST:
        more = len(entries) - _MOST
        yield Text(f"{indent}  {sign} " + Words(f"… 另有 {more} 项", f"… {more} more").say(lang), style=style)
