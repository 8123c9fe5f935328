"""`python -m qc.check PACK|FOLDER|FILE…`: problems and failing examples of rule packs, for those who write them."""

from pathlib import Path

import typer
from rich.console import Console

from qc.lint import lint


def check(paths: list[Path]) -> None:
    """Show every problem of the packs, then every example that fails."""
    console = Console(soft_wrap=True, highlight=False)
    problems = lint([str(path) for path in paths])
    for problem in problems:
        console.print(str(problem), markup=False)
    console.print(f"{len(problems)} problem(s)", markup=False)
    raise typer.Exit(1 if problems else 0)


if __name__ == "__main__":
    typer.run(check)
