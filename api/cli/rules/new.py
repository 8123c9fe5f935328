"""`diting rules new`: a pack folder, or a draft rule, to fill in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import Language, out
from api.cli.rules.common import Lang
from api.words import Lang as LangName
from api.words import Words
from qc.workbench.draft import Draft, new_pack, new_rule
from store.errors import BadInputError

Texts = list[str] | None


def new(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="a folder for a new pack, or FOLDER/topic.yaml for a rule")
    ],
    rule: Annotated[
        str | None, typer.Option("--id", help="id of the rule, such as house.threat.visit")
    ] = None,
    category: Annotated[str | None, typer.Option(help="category of the rule (docs/rules.md)")] = None,
    title: Annotated[
        str | None, typer.Option(help="title; with a stroke in both languages: 粗话/Rude words")
    ] = None,
    phrase: Annotated[Texts, typer.Option(help="what is said; repeatable")] = None,
    violates: Annotated[Texts, typer.Option(help="a sentence that must be found; repeatable")] = None,
    allowed: Annotated[
        Texts, typer.Option(help="a sentence much like it that is allowed; repeatable")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Make a pack, or a draft rule in one, to fill in. 新建规则包，或在其中新建规则草稿。

    At a terminal it asks for what was not given; elsewhere TODO stands in its place. `--lang` is the language
    of a new pack.
    """
    say: LangName = lang.value
    if path.suffix != ".yaml":
        zh, en = _both(title or _ask(Words("规则包名称", "Title of the pack").say(say)))
        files = new_pack(path, say, zh, en)
        out.print("\n".join(map(str, files)), markup=False, soft_wrap=True)
        following = f"diting rules new {path}/topic.yaml"
        out.print(Words(f"接下来：{following}", f"Next: {following}").say(say), markup=False, soft_wrap=True)
        return
    draft = _draft(rule, category, title, (phrase, violates, allowed), say)
    new_rule(path, draft)
    out.print(str(path), markup=False, soft_wrap=True)
    steps = f"diting rules lint {path} · diting rules test {path} · diting rules try --pack {path.parent} …"
    out.print(
        Words(f"接下来：填好 TODO，然后 {steps}", f"Next: fill in every TODO, then {steps}").say(say),
        markup=False,
        soft_wrap=True,
    )


def _draft(
    rule: str | None, category: str | None, title: str | None, texts: tuple[Texts, Texts, Texts], lang: str
) -> Draft:
    """The draft from the options and, at a terminal, from questions.

    Raises:
        BadInputError: `cli.usage`, the id or category is not known.
    """
    english = lang == "en"
    name = rule or _ask("Id, such as house.threat.visit" if english else "编号，如 house.threat.visit")
    kind = category or _ask("Category, such as threat" if english else "类别，如 threat")
    if not name or not kind:
        raise BadInputError(
            "a new rule needs an id and a category", code="cli.usage",
            mend="Add --id house.threat.visit --category threat.",
        )  # fmt: skip
    zh, en = _both(title or _ask("Title" if english else "名称"))
    asked = (
        ("What is said, one phrase" if english else "要找的一句话"),
        ("A sentence that must be found" if english else "一句必须发现的话"),
        ("A sentence much like it that is allowed" if english else "一句相近但不得发现的话"),
    )
    given = [list(each or filter(None, [_ask(words)])) for each, words in zip(texts, asked, strict=True)]
    return Draft(name, kind, zh, en, *given)


def _ask(question: str) -> str:
    """The answer, empty where nobody can be asked."""
    if not sys.stdin.isatty():
        return ""
    return str(typer.prompt(question, default="", show_default=False)).strip()


def _both(title: str) -> tuple[str, str]:
    """`粗话/Rude` as Chinese and English; one alone is left for both to be seen to."""
    zh, _, en = title.partition("/")
    return zh.strip(), en.strip()
