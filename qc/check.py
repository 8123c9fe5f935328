"""`python -m qc.check PACK|FOLDER|FILE…`: problems and failing examples, for those who write rules."""

from pathlib import Path

import typer
from rich.console import Console

from qc.compile import PackSet, compile_packs
from qc.examples import run_examples
from qc.language.checks import lint_source
from qc.language.loader import Located, read_packs, shown
from qc.language.positions import dotted
from qc.lint import lint
from qc.packs import pack_folders
from store.errors import RuleError


def check(paths: list[str]) -> None:
    """Show every problem of the packs, then every example that fails. Rules with problems are not run."""
    console = Console(soft_wrap=True, highlight=False)
    bad = 0
    for path in paths:
        try:
            folders, only = pack_folders(path)
        except RuleError as error:
            console.print(str(error), markup=False)
            bad += 1
            continue
        chosen = read_packs(folders[-1:], only)
        problems = [problem for problem in lint([path]) if only is None or problem.file == shown(only)]
        failures = run_examples(_runnable(folders), frozenset(rule.id for _, rule in chosen.rules))
        for trouble in (*problems, *failures):
            console.print(str(trouble), markup=False)
        summary = (
            f"{len(chosen.rules)} rule(s), {len(problems)} problem(s), {len(failures)} failing example(s)"
        )
        console.print(f"{path}: {summary}", markup=False)
        bad += len(problems) + len(failures)
    raise typer.Exit(1 if bad else 0)


def _runnable(folders: list[Path]) -> PackSet:
    """The packs without the rules, concepts and words that have problems, or that need such."""
    source = read_packs(folders)
    source.problems.clear()
    while problems := lint_source(source):
        broken = {(problem.file, problem.field) for problem in problems}

        def sound(place: Located, broken: set[tuple[str, str]] = broken) -> bool:
            at = dotted(place.place)
            return not any(file == place.document.file and _inside(field, at) for file, field in broken)

        source.rules = [(place, rule) for place, rule in source.rules if sound(place)]
        source.concepts = {name: entry for name, entry in source.concepts.items() if sound(entry[0])}
        source.words = {name: entry for name, entry in source.words.items() if sound(entry[0])}
        source.phrases.clear()
        source.regexes.clear()
    return compile_packs(source)


def _inside(field: str, place: str) -> bool:
    return field == place or field.startswith((f"{place}.", f"{place}["))


if __name__ == "__main__":
    typer.run(check)
