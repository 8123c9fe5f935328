"""`diting rules show`: all about one rule, as a page."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api import words
from api.cli.console import Language, out
from api.cli.rules import common
from api.cli.rules.common import Json, Lang, PackOption, said
from api.words import Words
from qc.language.schema import Example
from qc.workbench.book import Book, Entry, find_rule
from qc.workbench.outline import ROLES, Part, outline, window_of

SIDES = {**words.SPEAKERS, "any": Words("双方", "Either side")}


def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="id, or id@version")],
    pack: PackOption = None,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Show all about one rule: what it looks for, sources, examples, advice. 查看一条规则的全部内容。"""
    book, entries = find_rule(rule, common.books(pack))
    if as_json:
        typer.echo(json.dumps([common.rule_json(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        out.print(Group(*_page(entry, book, lang.value)), soft_wrap=False)


def _page(entry: Entry, book: Book, lang: words.Lang) -> Iterator[RenderableType]:
    compiled, rule = entry.compiled, entry.compiled.rule
    yield Text.assemble((compiled.name, "bold"), "  ", (said(rule.title, lang), "bold"))
    yield Padding(_facts(entry, lang), (0, 0, 1, 2))
    yield from _section(
        Words("找什么", "What it looks for"),
        [_tree(part, lang) for part in outline(compiled, book.source)],
        lang,
    )
    guards = Text(", ".join(compiled.guards) or "—")
    yield from _section(Words("排除条件", "Guards"), [guards], lang)
    cites = [
        Text(f"{cite.source}  [{cite.confidence or 'policy'}]  {cite.quote}".rstrip(), overflow="fold")
        for cite in rule.cite
    ]
    yield from _section(Words("依据", "Sources"), cites, lang)
    for name, heading in (
        ("violates", Words("必须发现", "Must be found")),
        ("allowed", Words("不得发现", "Must not be found")),
    ):
        yield from _section(
            heading,
            [Text(example_text(each, lang), overflow="fold") for each in getattr(rule.examples, name)],
            lang,
        )
    if rule.why:
        yield from _section(Words("说明", "Why"), [Text(said(rule.why, lang), overflow="fold")], lang)
    if rule.advice:
        yield from _section(
            Words("建议说法", "Advice"), [Text(said(rule.advice, lang), overflow="fold")], lang
        )


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


def _section(heading: Words, lines: Sequence[RenderableType], lang: words.Lang) -> Iterator[RenderableType]:
    if lines:
        yield Text(heading.say(lang), style="bold cyan")
        yield Padding(Group(*lines), (0, 0, 1, 2))


def _tree(part: Part, lang: words.Lang, depth: int = 0) -> RenderableType:
    role = ROLES[part.role].say(lang)
    style = "yellow" if part.against else "green"
    own = Padding(
        Text.assemble((role, style), " ", part.says.say(lang), overflow="fold"), (0, 0, 0, 2 * depth)
    )
    return Group(own, *(_tree(inner, lang, depth + 1) for inner in part.parts))


def example_text(example: Example, lang: words.Lang) -> str:
    """An example on one line: who says what, and what else it sets."""
    if isinstance(example, str):
        return example
    turns = [
        f"{words.named(words.SPEAKERS, speaker).say(lang)}：{text}"
        for turn in example.turns
        for speaker, text in turn.model_dump(include={"agent", "customer", "unknown"}).items()
        if text is not None
    ]
    beside = [f"{key}: {value}" for key, value in example.call.items()]
    beside += [f"{cue.kind} {cue.start:g}–{cue.end:g} s" for cue in example.cues]
    return " / ".join(turns) + (f"  [{'; '.join(beside)}]" if beside else "")
