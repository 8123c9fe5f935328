"""`diting privacy evaluate`: how much personal data is found in calls that people marked."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.console import Language, out
from api.words import Lang, Words
from transcription.privacy.evaluate import Evaluation, Figures
from transcription.privacy.evaluate import evaluate as compare
from transcription.privacy.marked import read_folder

_KINDS = {
    "names": Words("姓名", "Names"),
    "numbers": Words("号码", "Numbers"),
    "others": Words("其他", "Others"),
    "name": Words("姓名", "name"),
    "phone": Words("电话", "telephone"),
    "id_card": Words("身份证", "identity card"),
    "bank_card": Words("银行卡", "bank card"),
    "last_digits": Words("尾号、验证码", "last digits, codes"),
    "digits": Words("其他长号码", "other long numbers"),
    "address": Words("地址", "address"),
    "email": Words("邮箱", "e-mail"),
    "account": Words("微信、QQ 等账号", "messenger account"),
    "plate": Words("车牌", "number plate"),
}

app = typer.Typer(help="Personal data in calls. 通话中的个人信息。", no_args_is_help=True)


@app.callback()
def privacy() -> None:
    """Personal data in calls. 通话中的个人信息。"""


@app.command()
def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="holds marked calls, *.txt (docs/privacy.md)")
    ],
    mistakes: Annotated[bool, typer.Option("--mistakes", help="also say what was missed or wrong")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object (docs/cli.md)")] = False,
    lang: Annotated[Language, typer.Option(help="language of the table")] = Language.ZH,
) -> None:
    """Find personal data in marked calls and compare. 用已标注的通话评估个人信息识别的召回率与准确率。"""
    found = compare(read_folder(folder))
    if as_json:
        typer.echo(json.dumps(_json(found), ensure_ascii=False))
        return
    out.print(_table({**found.by_group, **found.by_kind}, lang.value))
    for each in found.mistakes if mistakes else ():
        what = Words("漏", "missed") if each.missed else Words("误", "wrong")
        typer.echo(f"{what._asdict()[lang.value]} {each.kind} “{each.text}”: {each.said}")


def _json(found: Evaluation) -> dict[str, object]:
    def told(figures: Mapping[str, Figures]) -> dict[str, object]:
        return {
            name: {**asdict(each), "recall": round(each.recall, 4), "precision": round(each.precision, 4)}
            for name, each in figures.items()
        }

    return {
        "groups": told(found.by_group),
        "kinds": told(found.by_kind),
        "mistakes": [asdict(each) for each in found.mistakes],
    }


def _table(figures: Mapping[str, Figures], lang: Lang) -> Table:
    heads = (
        Words("种类", "Kind"), Words("标注", "Marked"), Words("召回率", "Recall"), Words("识别", "Found"),
        Words("准确率", "Precision"),
    )  # fmt: skip
    table = Table(*(head._asdict()[lang] for head in heads))
    for name, each in figures.items():
        recall, precision = (f"{share:.1%}" for share in (each.recall, each.precision))
        table.add_row(_KINDS[name]._asdict()[lang], str(each.marked), recall, str(each.found), precision)
    return table
