"""The written rules of the house, as checks on the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the bottom up: a package may import itself and what stands before it.
LAYERS = ("store", "ingest", "transcription", "qc", "complaint_warnings", "pipeline", "api")
FOLDERS = {layer: ROOT / layer for layer in LAYERS} | {
    "complaint_warnings": ROOT / "warnings" / "complaint_warnings"
}
CLOCK = ROOT / "store" / "clock.py"
# Where a transaction ends: the helper that everybody uses, and the migrations' own connection.
TRANSACTION_EDGE = {ROOT / "store" / "database.py"}
MAY_PRINT = ROOT / "api" / "cli"


def sources(layer: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(FOLDERS[layer].rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def every_source() -> Iterator[tuple[Path, ast.Module]]:
    for layer in LAYERS:
        yield from sources(layer)


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level if node.level else str(node.module)), node.lineno


def upward_imports(layer: str, tree: ast.Module) -> list[tuple[str, int]]:
    above = LAYERS[LAYERS.index(layer) + 1 :]
    return [(name, line) for name, line in imported(tree) if name.split(".")[0] in above]


def calls_of(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in names:
                yield node


def naive_clock_reads(tree: ast.Module) -> list[int]:
    """Lines that ask the system for the time of day (`time.monotonic` and the like measure, and may stay)."""
    lines = []
    for call in calls_of(tree, "now", "utcnow", "today", "fromtimestamp", "time", "time_ns", "localtime"):
        called = call.func
        owner = called.value if isinstance(called, ast.Attribute) else None
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        asks_clock = name in {"datetime", "date", "dt"} and called.attr != "time"  # type: ignore[union-attr]
        if asks_clock or (name == "time" and called.attr in {"time", "time_ns", "localtime"}):  # type: ignore[union-attr]
            lines.append(call.lineno)
    return lines


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_downwards(layer: str) -> None:
    wrong = [(str(path), *found) for path, tree in sources(layer) for found in upward_imports(layer, tree)]

    assert wrong == []


def test_imports_are_absolute() -> None:
    relative = [
        (str(path), line) for path, tree in every_source() for name, line in imported(tree) if name[0] == "."
    ]

    assert relative == []


def test_only_the_edge_commits() -> None:
    wrong = [
        (str(path), call.lineno)
        for path, tree in every_source()
        if path not in TRANSACTION_EDGE
        for call in calls_of(tree, "commit")
    ]

    assert wrong == []


def test_only_the_clock_knows_the_time() -> None:
    wrong = [(str(p), line) for p, tree in every_source() if p != CLOCK for line in naive_clock_reads(tree)]

    assert wrong == []


def test_only_the_command_line_prints() -> None:
    wrong = [
        (str(path), call.lineno)
        for path, tree in every_source()
        if not path.is_relative_to(MAY_PRINT)
        for call in calls_of(tree, "print")
        if isinstance(call.func, ast.Name)
    ]

    assert wrong == []


def test_services_and_stages_leave_celery_alone() -> None:
    """Celery is one way to run the stages; only its own modules, and who starts them, know it."""
    may = {ROOT / "pipeline" / f"{name}.py" for name in ("celery_app", "draining", "observing", "tasks")}
    wrong = [
        (str(path), line)
        for path, tree in every_source()
        if path not in may and not path.is_relative_to(ROOT / "api" / "cli")
        for name, line in imported(tree)
        if name.split(".")[0] in {"celery", "kombu"} or name == "pipeline.tasks"
    ]

    assert wrong == []


def test_folder_warnings_is_no_package() -> None:
    """The standard library owns the name `warnings`: a module here would replace it for everybody."""
    assert [path.name for path in (ROOT / "warnings").glob("*.py")] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import api.http.app", True),
        ("from pipeline.states import Stage", True),
        ("from store.clock import Clock", False),
        ("from qc import findings", False),
        ("import pipelines", False),
    ],
)
def test_upward_import_is_noticed(line: str, found: bool) -> None:
    assert bool(upward_imports("qc", ast.parse(line))) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("date.today()", True),
        ("time.time()", True),
        ("clock.now()", False),
        ("time.monotonic()", False),
        ("moment.time()", False),
        ("datetime.time(1, 2)", False),
    ],
)
def test_clock_read_is_noticed(line: str, found: bool) -> None:
    assert bool(naive_clock_reads(ast.parse(line))) is found
