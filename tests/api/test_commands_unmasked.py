"""No command gives the name or the number of somebody outside in full, unless it is told to.

Every command that answers with JSON is either asked here, as a table and as JSON, or named as one that does
not read what is on record about people.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from api.cli.main import app
from store.database import transaction
from store.people import Person, add_person
from tests.api.conftest import World, make_world, secrets

# What they are asked with; `{call}` is the number of a call.
READING: Final = {
    "agreement calibrations": "", "agreement kappa": "", "agreement overturned": "",
    "cases allowed": "1 --by control", "cases history": "1", "cases list": "", "cases show": "1",
    "coaching list": "", "complaints list": "", "deadlines list": "", "deadlines show": "1",
    "doctor": "", "findings list": "", "learning groups": "", "learning library search": "",
    "learning monthly": "2026-05", "ledger list": "", "ledger show": "W-2026-000001", "ledger summary": "",
    "ledger verify": "", "notices channels": "", "notices list": "", "people list": "",
    "people teams list": "", "retention plan": "", "retention prove": "{call}", "retention show": "",
    "roles show": "{call}", "rules explain": "{call} cn.threat.visit", "sampling draws": "",
    "sampling plans": "", "sampling reviewers": "", "search calls": "还钱", "sources dead": "",
    "sources list": "", "sources status": "", "tickets allowed": "1 --by lead", "tickets feedback": "1",
    "tickets history": "1 --by lead", "tickets list": "", "tickets show": "1 --by lead", "verify": "",
    "views list": "", "voice collectors": "", "voice show": "{call}", "warnings explain": "1",
    "warnings items": "", "warnings simulate": "", "calls export-vcon": "{call}",
}  # fmt: skip
# They write, or read files and rules alone.
OTHERS: Final = frozenset(
    """
    agreement results|backup list|coaching effect|complaints receive|deadlines calendar|engines|evaluate
    facts import|inspect|notices show|privacy evaluate|retention run|rules backtest|rules diff|rules lint
    rules list|rules reinspect|rules show|rules test|rules try|rules versions|sampling assign|sampling check
    sampling draw|sampling estimate|sampling run|scorecards list|scorecards score|scorecards show
    sources preview|sources run|sources test|voice evaluate|warnings backtest|warnings fit|warnings opinion
    warnings report
    """.replace("\n", "|")
    .strip("| ")
    .split("|")
)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that there is, by its words."""
    below = getattr(group, "commands", None)
    for name in below or ():
        yield from commands(below[name], (*path, name))
    if below is None:
        yield " ".join(path), group


ALL: Final = dict(commands(get_command(app)))


def answers_with_json(name: str) -> bool:
    return any("--json" in each.opts for each in ALL[name].params)


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = make_world(sqlite_url, tmp_path)
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    with transaction(world.tools.sessions) as session:
        add_person(session, world.tools.clock, Person("lead", "许质检", ("qc_lead",)))
        add_person(session, world.tools.clock, Person("control", "吴防控", ("control_lead",)))
    yield world
    world.tools.close()


def test_every_command_with_an_answer_is_asked_or_named() -> None:
    known = {*READING, *(each.strip() for each in OTHERS)}
    assert {name for name in ALL if answers_with_json(name)} <= known
    assert known <= set(ALL)


def test_no_command_gives_a_name_or_a_number_in_full(site: World) -> None:
    hidden = secrets(site)
    said, leaks = 0, []
    for name, given in READING.items():
        arguments = [*name.split(), *given.format(call=site.ids["S03-threat"]).split()]
        for more in ([], ["--json"]) if answers_with_json(name) else ([],):
            done = CliRunner().invoke(app, [*arguments, *more], terminal_width=300)
            assert done.exit_code in {0, 1}, f"{name}: {done.output}\n{done.exception}"
            said += len(done.output)
            leaks += [(name, *more, secret) for secret in hidden if secret in done.output]
    assert said > 10_000
    assert leaks == []
