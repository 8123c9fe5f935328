"""`diting rules schema`: the JSON Schema of rule files."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from qc.language import jsonschema


class Kind(StrEnum):
    """The kinds of rule files."""

    PACK = "pack"
    TOPIC = "topic"


def schema(
    kind: Annotated[Kind, typer.Argument(help="pack: pack.yaml; topic: files with rules")] = Kind.TOPIC,
) -> None:
    """Print the JSON Schema of rule files, for editors. 输出规则文件的 JSON Schema，供编辑器提示与检查。"""
    typer.echo(json.dumps(jsonschema.schema(kind.value), ensure_ascii=False, indent=2))
