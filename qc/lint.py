"""What is wrong with rule packs, before anybody is judged by them."""

from collections.abc import Sequence
from pathlib import Path

from qc.language.checks import lint_source
from qc.language.loader import read_packs
from qc.language.positions import Problem
from qc.language.readiness import unready
from qc.packs import pack_folders


def lint(paths: Sequence[Path | str], folders: Sequence[Path] = ()) -> list[Problem]:
    """All problems of packs given by name (shipped, or in one of `folders`), folder or single topic file, in
    order of place.

    Raises:
        RuleError: a pack cannot be found.
    """
    problems: set[Problem] = set()
    for path in paths:
        source = read_packs(*pack_folders(path, folders))
        problems |= {*lint_source(source), *unready(source)}
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.field, problem.message))
