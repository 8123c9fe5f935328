"""`diting people teams`: the teams of the house."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.words import Words
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.settings import Settings
from store.teams import Team, add_team, change_team, list_teams

app = typer.Typer(help="The teams of the house. 团队。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="TEAM", help="the team's name, as in the calls")]


@app.command()
def add(name: Name, title: Annotated[str, typer.Option(help="what it is called")]) -> None:
    """Add a team. 添加团队。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        _say(add_team(session, SystemClock(), name, title, by=me()))


@app.command("set")
def set_(
    name: Name,
    title: Annotated[str | None, typer.Option(help="what it is called from now on")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="whether it is active")] = None,
) -> None:
    """Change a team; none is ever deleted. 修改团队。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        _say(change_team(session, SystemClock(), name, title=title, active=active, by=me()))


@app.command("list")
def list_(
    inactive: Annotated[bool, typer.Option("--inactive", help="also those that are inactive")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    lang: Annotated[Language, typer.Option(help="language of what is shown")] = Language.ZH,
) -> None:
    """List the teams. 列出团队。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        teams = list_teams(session, inactive=inactive)
    if as_json:
        typer.echo(json.dumps([asdict(team) for team in teams], ensure_ascii=False))
        return
    headings = (
        Words("团队", "team"), Words("名称", "title"), Words("人数", "people"), Words("状态", "state"),
    )  # fmt: skip
    table = Table(*(each.say(lang.value) for each in headings), box=None, padding=(0, 2, 0, 0))
    for team in teams:
        state = Words("启用", "active") if team.active else Words("停用", "inactive")
        state = state if team.added else Words("未登记", "not added")
        table.add_row(Text(team.name), Text(team.title), str(team.people), state.say(lang.value))
    out.print(table)


def _say(team: Team) -> None:
    out.print(f"{team.name}: {team.title}{'' if team.active else ' (inactive)'}", markup=False)
