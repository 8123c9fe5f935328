"""`diting rules lint` and `diting rules test`."""

from pathlib import Path
from typing import Annotated

import typer

import qc
from api.cli.console import CRASHED, line, out
from qc.examples import run_pack_examples
from qc.lint import lint as lint_packs

Packs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH|PACK]…", help="packs by name, folder or topic file; default: all shipped packs"
    ),
]


def lint(packs: Packs = None) -> None:
    """Show every problem of rule packs, file and line. 检查规则文件。

    Exit code 1 when there is any.
    """
    problems = lint_packs(packs or shipped_packs())
    for problem in problems:
        line(str(problem))
    out.print(f"{len(problems)} problems.")
    raise typer.Exit(CRASHED if problems else 0)


def run(packs: Packs = None) -> None:
    """Run the examples inside rules: each must fire, or must not, as it says. 运行规则自带的示例。

    Exit code 1 when one does not come out as it says.
    """
    failed = 0
    for name in packs or shipped_packs():
        failures = run_pack_examples(name)
        for failure in failures:
            line(str(failure))
        failed += len(failures)
    out.print(
        f"{failed} examples do not come out as they say." if failed else "All examples come out as they say."
    )
    raise typer.Exit(CRASHED if failed else 0)


def shipped_packs() -> list[str]:
    """The packs that come with Diting."""
    folder = Path(qc.__file__).parent / "packs"
    return sorted(path.parent.name for path in folder.glob("*/pack.yaml"))
