"""`diting doctor`: whether this installation can do its work, and what to do where it cannot."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from api.cli.console import CRASHED, FINE, Language, out
from api.words import Lang
from pipeline.doctor.examine import examine
from pipeline.doctor.types import Finding
from store.clock import SystemClock
from store.settings import Settings

_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "wrong": ("✗", "red")}
_NAME_WIDTH = 12


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line (docs/cli.md)")] = False,
    lang: Annotated[Language, typer.Option(help="language of what is said")] = Language.ZH,
) -> None:
    """Look whether everything that is needed works. 检查安装与运行状况。

    Exit code 1 when something is wrong; warnings leave it 0.
    """
    wrong = False
    for finding in examine(Settings(), SystemClock()):
        wrong = wrong or finding.verdict == "wrong"
        if as_json:
            typer.echo(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            _show(finding, lang.value)
    raise typer.Exit(CRASHED if wrong else FINE)


def _show(finding: Finding, lang: Lang) -> None:
    mark, style = _MARKS[finding.verdict]
    said, mend = (finding.zh, finding.mend_zh) if lang == "zh" else (finding.en, finding.mend_en)
    line = Text(f"{mark} ", style=style).append(f"{finding.check:<{_NAME_WIDTH}}", style="bold")
    out.print(line.append(said, style="none"), soft_wrap=True)
    if mend:
        code = f" [{finding.code}]" if finding.code else ""
        out.print(f"{'':<{_NAME_WIDTH + 2}}→ {mend}{code}", markup=False, soft_wrap=True)
