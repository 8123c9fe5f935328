"""`diting scorecards`: what reviewers rate."""

from pathlib import Path
from typing import Annotated

import typer

from api import scorecards as shown
from api.cli.console import Language, out
from api.cli.me import me
from api.cli.session import changing, looking
from api.cli.shown import as_json_list
from api.words import Words
from qc.sampling.scorecards import NOT_APPLICABLE, Rating, add_card, cards, load_card, load_file, score_card
from store.clock import SystemClock
from store.errors import BadInputError

app = typer.Typer(help="What reviewers rate. 评分表。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="CARD", help="the card's name")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON (docs/sampling.md)")]
Version = Annotated[int | None, typer.Option(min=0, help="an older version")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command("list")
def list_(as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """List the cards, the newest version of each. 列出评分表。"""
    with looking() as (session, _):
        found = cards(session)
    if as_json:
        as_json_list([shown.card_out(card, version) for card, version in found])
        return
    headings = (
        Words("评分表", "card"),
        Words("版本", "version"),
        Words("名称", "title"),
        Words("项目", "items"),
    )
    rows = [(c.name, v, c.title.zh if lang == "zh" else c.title.en, len(c.items)) for c, v in found]
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def show(card: Name, version: Version = None, as_json: AsJson = False, lang: Lang = Language.ZH) -> None:
    """Show the items of a card. 查看评分表。"""
    with looking() as (session, _):
        found, number = load_card(session, card, version)
    if as_json:
        typer.echo(shown.card_out(found, number).model_dump_json())
        return
    headings = (
        Words("项目", "item"), Words("内容", "title"), Words("权重", "weight"), Words("满分", "best"),
        Words("关键项", "critical"), Words("可不适用", "may not apply"),
    )  # fmt: skip
    rows = [
        (i.id, i.title.zh if lang == "zh" else i.title.en, f"{i.weight:g}", i.best, "✓" if i.critical else "",
         "✓" if i.not_applicable else "")
        for i in found.items
    ]  # fmt: skip
    out.rows([each.say(lang.value) for each in headings], rows)


@app.command()
def add(file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML")], lang: Lang = Language.ZH) -> None:
    """Add a card, or its next version. 添加评分表。"""
    card = load_file(file)
    with changing() as (session, _):
        row, new = add_card(session, SystemClock(), card, by=me())
        said = Words("已添加", "added") if new else Words("未变", "unchanged")
    out.print(f"{row.name}@{row.version}: {said.say(lang.value)}", markup=False)


@app.command()
def score(
    card: Name,
    ratings: Annotated[list[str], typer.Argument(metavar="ITEM=RATING", help="n/a: does not apply")],
    version: Version = None,
    as_json: AsJson = False,
    lang: Lang = Language.ZH,
) -> None:
    """Try what ratings come to; nothing is kept. 试算得分。"""
    given = dict(_rating(each) for each in ratings)
    with looking() as (session, _):
        made = score_card(load_card(session, card, version)[0], given)
    if as_json:
        typer.echo(shown.score_out(made).model_dump_json())
        return
    failed = ", ".join(made.failed)
    passed = Words("合格", "passed") if made.passed else Words("不合格", "not passed")
    out.print(f"{made.points:g} {passed.say(lang.value)} {failed}".rstrip(), markup=False)


def _rating(text: str) -> tuple[str, Rating]:
    item, _, value = text.partition("=")
    if value == NOT_APPLICABLE:
        return item, NOT_APPLICABLE
    if not value.isdecimal():
        raise BadInputError(
            f"{text!r} is no rating", code="scorecard.rating", where=item, mend="Write item=2 or item=n/a."
        )
    return item, float(value)
