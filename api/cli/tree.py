"""The commands of `diting` by name, each read from its module only when it is asked for: who lists cases does
not wait until speech recognition is loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one name. Each is `module:attribute` in this package, of a function or of a Typer."""

    help: str
    commands: "Mapping[str, str | Group]"


TREE: Final[Mapping[str, str | Group]] = {
    "inspect": "inspect:inspect",
    "ingest": "ingest:ingest",
    "worker": "worker:worker",
    "serve": "serve:serve",
    "demo": "demo:demo",
    "evaluate": "evaluate:evaluate",
    "engines": "engines:engines",
    "doctor": "doctor:doctor",
    "verify": "storage:verify",
    "retry": "storage:retry",
    "version": "storage:version",
    "rules": "rules:app",
    "calls": Group(
        "Calls that are stored. 已入库的通话。",
        {"export-vcon": "calls_vcon:export_vcon"},
    ),
    "roles": Group(
        "Who is the agent in a call. 通话双方的角色。",
        {"show": "roles:show", "swap": "roles:swap", "set": "roles:set_side"},
    ),
    "findings": Group(
        "What was found, and what people say. 质检发现与复核。",
        {"list": "findings:list_", "decide": "findings:decide"},
    ),
    "search": "search:app",
    "warnings": Group(
        "Complaint warnings: sources, score, export. 投诉预警。",
        {
            "export": "warnings:export",
            "report": "sources:report",
            "opinion": "sources:opinion",
            "monitor": "sources:monitor",
            "items": "sources:list_items",
            "match": "sources:match",
            "set-aside": "sources:set_aside",
            "explain": "warnings_explain:explain",
            "simulate": "warnings_simulate:simulate",
            "backtest": "warnings_backtest:backtest",
            "fit": "warnings_fit:fit",
        },
    ),
    "sources": Group(
        "Where calls come from. 通话来源。",
        {
            "list": "sources_list:list_",
            "test": "sources_run:try_source",
            "run": "sources_run:run",
            "status": "sources_list:status",
            "dead": "sources_list:dead",
            "retry": "sources_run:retry",
            "preview": "sources_preview:preview",
        },
    ),
    "facts": Group(
        "What the case system says beside the calls. 案件系统数据。",
        {"import": "facts:import_"},
    ),
    "ledger": "ledger:app",
    "complaints": "complaints:app",
    "cases": "cases:app",
    "tickets": "tickets:app",
    "deadlines": "deadlines:app",
    "notices": "notices:app",
    "learning": "learning:app",
    "sampling": "sampling:app",
    "scorecards": "scorecards:app",
    "agreement": "agreement:app",
    "coaching": "coaching:app",
    "people": "people:app",
    "evidence": "evidence:app",
    "setup-token": "people:setup_token",
    "recordings": "recordings:app",
    "retention": "retention:app",
    "subject": "subject:app",
    "privacy": "privacy:app",
    "views": "views:app",
    "voice": Group(
        "How voices sounded. 声音与情绪。",
        {
            "show": "voice:show",
            "collectors": "voice:list_collectors",
            "evaluate": "voice_evaluate:evaluate",
        },
    ),
    "backup": "backup:app",
    "db": Group("The database. 数据库。", {"upgrade": "storage:upgrade"}),
}


class Commands(Mapping[str, Any]):
    """Commands by name, loaded when one is looked up."""

    def __init__(self, places: Mapping[str, str | Group]) -> None:
        self._places = places
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command of that name.

        Raises:
            KeyError: there is none.
        """
        if name not in self._loaded:
            self._loaded[name] = _load(name, self._places[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order in which they are shown."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)


class Root(TyperGroup):
    """`diting` itself."""

    def __init__(self, *, commands: object = None, **attributes: Any) -> None:
        del commands  # nothing is registered the usual way
        super().__init__(commands=cast("dict[str, Any]", Commands(TREE)), **attributes)


def _load(name: str, place: str | Group) -> Any:
    if isinstance(place, Group):
        commands = cast("dict[str, Any]", Commands(place.commands))
        return TyperGroup(name=name, commands=commands, help=place.help, no_args_is_help=True)
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"api.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)
