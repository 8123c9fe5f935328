"""The documentation names everything there is: commands, options, routes, settings, categories, errors."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from api.cli.main import app as cli
from api.http.app import create_app
from qc.taxonomy import CATEGORIES
from store.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGES = ("store", "ingest", "transcription", "qc", "warnings/complaint_warnings", "pipeline", "api")
# Functions whose first argument is an error code.
TAKES_CODE = {"problem", "refusal", "_refuse", "_bad_value", "_fail", "RefusedError"}
CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def leaves(command: Any, name: str = "diting") -> Iterator[tuple[str, Any]]:
    """Every command by its full name. Typer brings click's classes itself: they are told by shape."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for child, each in inner.items():
        yield from leaves(each, f"{name} {child}")


COMMANDS = dict(leaves(typer.main.get_command(cli)))


def section(name: str) -> str:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"docs/cli.md has no section '## {name}'"
    return found.group(1)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_described(name):
    text = section(name)
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            option = max(parameter.opts, key=len)
            assert re.search(rf"{option}\b", text), f"docs/cli.md, {name}: {option} is missing"


def test_no_command_is_described_that_does_not_exist():
    headings = re.findall(r"^## (diting .+)$", (DOCS / "cli.md").read_text(encoding="utf-8"), re.M)
    assert sorted(headings) == sorted(COMMANDS)


def test_options_described_exist():
    for name, command in COMMANDS.items():
        known = {option for parameter in command.params for option in parameter.opts}
        usage = section(name).split("\n\n")[1]
        for option in re.findall(r"--[a-z][a-z-]*", usage):
            assert option in known, f"docs/cli.md, {name}: {option} does not exist"


def test_every_route_is_described(tmp_path):
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    app = create_app(Settings(data_dir=tmp_path))
    described = set(re.findall(r"`(GET|POST|PUT|HEAD|PATCH|DELETE) (/[^`]*)`", text))
    existing = set(routes(app))
    assert {(m, p) for m, p in existing if p != "/api/v1/openapi.json"} == described


def routes(app):
    for path, methods in app.openapi()["paths"].items():
        yield from ((method.upper(), path) for method in methods)
    yield from (
        ("GET", "/"),
        ("GET", "/app"),
        ("GET", "/plain"),
        ("GET", "/calls/{call_id}/report"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
    )


def test_every_setting_is_described():
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    known = {f"DITING_{name.upper()}" for name in Settings.model_fields}
    described = set(re.findall(r"`(DITING_[A-Z0-9_]+)`", text))
    assert known - described == set()
    assert {name for name in described if name not in known} == set()


def test_every_category_is_described():
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert [name for name in CATEGORIES if f"`{name}`" not in text] == []


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in TAKES_CODE and node.args:
            given.append(node.args[0])
        for value in given:
            if (
                isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and CODE.fullmatch(value.value)
            ):
                yield value.value


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_every_error_code_is_described():
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    missing = {
        f"{code} ({path.relative_to(ROOT)})"
        for path in sources()
        for code in codes_in(path)
        if f"`{code}`" not in text
    }
    assert sorted(missing) == []


def test_every_error_code_described_exists():
    """Codes are literals in the source, or made of a prefix and a name (`audit.altered`)."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    described = re.findall(r"^\| `([^`]+)` \|", (DOCS / "errors.md").read_text(encoding="utf-8"), re.M)
    assert described
    assert [code for code in described if code not in source] == []


def test_every_error_has_a_meaning_and_a_mend():
    rows = re.findall(r"^\| `[^`]+` \|.*$", (DOCS / "errors.md").read_text(encoding="utf-8"), re.M)
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) >= 3, row
        assert all(cells), row
