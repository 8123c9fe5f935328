"""`diting rules show`: all about one rule, as a page."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api import words
from api.clause import Clause
from api.cli.console import Language, out
from api.cli.rules import common
from api.cli.rules.common import Json, Lang, PackOption, said
from api.cli.rules.kept import kept_books
from api.rules import example_text, word_lists_of
from api.words import Words
from qc.workbench.book import Book, Entry, find_rule
from qc.workbench.outline import ROLES, Part, outline, window_of

SIDES = {**words.SPEAKERS, "any": Words("双方", "Either side")}


def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="id, or id@version")],
    pack: PackOption = None,
    inspection: Annotated[
        int | None, typer.Option(help="as it was when this inspection was made (its number)")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--hash", help="as it was in the packs with this hash, or in this version of a pack"),
    ] = None,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show all about one rule: what it looks for, sources, examples, advice. 查看一条规则的全部内容。"""
    stored = inspection is not None or version is not None
    found = kept_books(inspection=inspection, version=version) if stored else common.books(pack)
    book, entries = find_rule(rule, found)
    if as_json:
        typer.echo(json.dumps([common.rule_json(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        title = said(entry.compiled.rule.title, lang.value)
        out.print(Text.assemble((entry.compiled.name, "bold"), "  ", (title, "bold")), soft_wrap=True)
        out.print(Padding(_facts(entry, lang.value), (0, 0, 1, 2)))
        for heading, lines in _sections(entry, book, lang.value):
            if lines:
                out.print(Text(heading.say(lang.value), style="bold cyan"))
                for each in lines:
                    out.print(each, soft_wrap=True)
                out.print()


def _sections(entry: Entry, book: Book, lang: words.Lang) -> Iterator[tuple[Words, list[Text]]]:
    """The parts of the page below the facts, each with its lines."""
    compiled, rule = entry.compiled, entry.compiled.rule
    parts = outline(compiled, book.source)
    yield Words("找什么", "What it looks for"), [line for part in parts for line in _tree(part, lang)]
    yield Words("词表", "Word lists"), [_indented(text) for text in _word_lists(parts, book)]
    yield Words("排除条件", "Guards"), [_indented(", ".join(compiled.guards) or "—")]
    yield (
        Words("依据", "Sources"),
        [_indented(_clause(Clause.of(cited), lang)) for cited in rule.cite],
    )
    for name, heading in (
        ("violates", Words("必须发现", "Must be found")),
        ("allowed", Words("不得发现", "Must not be found")),
    ):
        yield heading, [_indented(example_text(each, lang)) for each in getattr(rule.examples, name)]
    yield Words("说明", "Why"), [_indented(said(rule.why, lang))] if rule.why else []
    yield Words("建议说法", "Advice"), [_indented(said(rule.advice, lang))] if rule.advice else []


def _clause(clause: Clause, lang: words.Lang) -> str:
    binding = clause.binding.say(lang) if clause.binding else ""
    known = (clause.source, clause.article, binding, f"[{clause.confidence}]", clause.quote)
    return "  ".join(part for part in known if part and part != "[]")


def _indented(text: str) -> Text:
    return Text("  " + text.rstrip())


_LISTED = 8  # so many words of a list are shown


def _word_lists(parts: Sequence[Part], book: Book) -> Iterator[str]:
    """The word lists that the rule uses, with their place and first words."""
    for name in dict.fromkeys(word_lists_of(parts)):
        if name in book.source.words:
            place, entries = book.source.words[name]
            more = f" … ({len(entries)})" if len(entries) > _LISTED else ""
            where = f"{place.document.file}:{place.document.line(place.place)}"
            yield f"<{name}>  {where}  {', '.join(entries[:_LISTED])}{more}"


def _facts(entry: Entry, lang: words.Lang) -> Table:
    compiled, rule = entry.compiled, entry.compiled.rule
    category = compiled.category
    signal = Words("信号，不扣分", "a signal takes none").say(lang)
    person = Words("一律由人工判断", "a person always decides").say(lang)
    rows: tuple[tuple[Words, Text | str | None], ...] = (
        (Words("规则包", "pack"), f"{compiled.pack}  {entry.line}"),
        (Words("类别", "category"), f"{category.id}  {category.zh if lang == 'zh' else category.en}"),
        (Words("状态", "status"), common.status_of(entry, lang)),
        (Words("程度", "severity"), common.severity_of(entry, lang)),
        (Words("扣分", "points"), _points(entry, lang) if category.kind == "violation" else signal),
        (Words("看谁", "whose words"), _whose(entry, lang)),
        (Words("生效", "in force"), common.days(entry)),
        (Words("判定", "certainty"), None if rule.certain else person),
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in rows:
        if value is not None:
            table.add_row(Text(name.say(lang)), value if isinstance(value, Text) else Text(value))
    return table


def _points(entry: Entry, lang: words.Lang) -> str:
    compiled, cap = entry.compiled, entry.compiled.rule.cap
    points = Words(f"每次扣 {compiled.points} 分", f"{compiled.points} each").say(lang)
    if cap is not None:
        points += Words(f"，每通最多 {cap} 分", f", at most {cap} a call").say(lang)
    if compiled.veto:
        points += Words("；一经确定即零分", "; a certain finding makes the score 0").say(lang)
    return points


def _whose(entry: Entry, lang: words.Lang) -> str:
    where = entry.compiled.rule.where
    given = where.model_dump(exclude_none=True, include={"direction", "relation", "not_relation"})
    speaker = words.named(SIDES, entry.compiled.side).say(lang)
    limits = [
        f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in given.items()
    ]
    return "  ".join(filter(None, (speaker, window_of(where).say(lang), *limits)))


def _tree(part: Part, lang: words.Lang, depth: int = 1) -> Iterator[Text]:
    style = "yellow" if part.against else "green"
    yield Text.assemble("  " * depth, (ROLES[part.role].say(lang), style), " ", part.says.say(lang))
    for inner in part.parts:
        yield from _tree(inner, lang, depth + 1)
