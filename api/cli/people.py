"""`diting people`: who may do what, and the tokens by which they are known."""

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.teams import app as teams
from api.words import ROLES_OF_PEOPLE, Lang, Words
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.identity.passwords import set_password
from store.identity.second_factor import take_away
from store.identity.sessions import end_sessions
from store.identity.signing_in import new_setup_token
from store.people import (
    ROLES,
    Change,
    Person,
    PersonRow,
    add_person,
    change_person,
    find_actor,
    list_people,
    new_token,
)
from store.settings import Settings

app = typer.Typer(help="The people of the house and their roles. 人员与角色。", no_args_is_help=True)
app.add_typer(teams, name="teams")

RoleName = StrEnum("RoleName", {role.upper(): role for role in ROLES})  # type: ignore[misc]
Id = Annotated[
    str, typer.Argument(metavar="ID", help="the person's id, for a collector the one in the calls")
]
Roles = Annotated[list[RoleName], typer.Option("--role", help="a role; repeatable")]
Team = Annotated[str | None, typer.Option(help="their team")]
ReportsTo = Annotated[str | None, typer.Option("--reports-to", metavar="ID", help="who is next up the line")]
Email = Annotated[str | None, typer.Option(help="their address for notices")]
Sees = Annotated[
    list[str] | None,
    typer.Option("--sees", metavar="TEAM", help="a team whose calls they see; repeatable; '*' for all"),
]
Lang_ = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command()
def add(
    person: Id,
    name: Annotated[str, typer.Option(help="their name")],
    role: Roles,
    team: Team = None,
    reports_to: ReportsTo = None,
    email: Email = None,
    sees: Sees = None,
) -> None:
    """Add a person. 添加人员。"""
    settings, roles = Settings(), tuple(each.value for each in role)
    prepare_database(settings)
    new = Person(person, name, roles, team, reports_to, email, tuple(sees) if sees else None)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        add_person(session, SystemClock(), new, by=me())
    out.print(f"{person}: {', '.join(roles)}", markup=False)


@app.command("set")
def set_(
    person: Id,
    name: Annotated[str | None, typer.Option(help="another name")] = None,
    role: Annotated[list[RoleName] | None, typer.Option("--role", help="all their roles from now on")] = None,
    team: Annotated[str | None, typer.Option(help="another team; '' for none")] = None,
    reports_to: Annotated[
        str | None, typer.Option("--reports-to", metavar="ID", help="who is next up the line; '' for nobody")
    ] = None,
    email: Annotated[str | None, typer.Option(help="another address; '' for none")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="who is inactive cannot act; the token ends")
    ] = None,
    sees: Annotated[
        list[str] | None,
        typer.Option("--sees", metavar="TEAM", help="all teams whose calls they see; '' for none"),
    ] = None,
) -> None:
    """Change what is known of a person; nobody is ever deleted. 修改人员。"""
    settings = Settings()
    prepare_database(settings)
    roles = tuple(each.value for each in role) if role else None
    change = Change(name, roles, team, reports_to, email, active, tuple(sees) if sees else None)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = change_person(session, SystemClock(), person, change, by=me())
        shown = f"{row.id}: {', '.join(row.roles)}{'' if row.active else ' (inactive)'}"
    out.print(shown, markup=False)


@app.command("list")
def list_(
    role: Annotated[RoleName | None, typer.Option(help="only with this role")] = None,
    inactive: Annotated[bool, typer.Option("--inactive", help="also those who are inactive")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    lang: Lang_ = Language.ZH,
) -> None:
    """List the people. 列出人员。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        rows = list_people(session, role=role.value if role else None, inactive=inactive)
    if as_json:
        typer.echo(json.dumps([_json(row) for row in rows], ensure_ascii=False))
        return
    if rows:
        out.print(_table(rows, lang.value))
    out.print(Words(f"{len(rows)} 人。", f"{len(rows)} people.").say(lang.value))


@app.command()
def token(person: Id) -> None:
    """Give a person a new token for the API; the old one ends. It is shown this once. 生成接口令牌。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        made = new_token(session, SystemClock(), person, by=me())
    typer.echo(made)


def _json(row: PersonRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "roles": row.roles,
        "team": row.team,
        "reports_to": row.reports_to,
        "email": row.email,
        "sees": row.sees,
        "active": row.active,
        "has_token": row.token_sha256 is not None,
    }


def _table(rows: list[PersonRow], lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    headings = (
        Words("工号", "id"), Words("姓名", "name"), Words("角色", "roles"), Words("团队", "team"),
        Words("上级", "reports to"), Words("状态", "state"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading.say(lang), overflow="fold")
    for row in rows:
        state = Words("在岗", "active") if row.active else Words("停用", "inactive")
        table.add_row(
            Text(row.id),
            Text(row.name),
            Text(", ".join(ROLES_OF_PEOPLE[role].say(lang) for role in row.roles)),
            Text(row.team or ""),
            Text(row.reports_to or ""),
            state.say(lang),
        )
    return table


@app.command()
def password(
    person: Id,
    stdin: Annotated[bool, typer.Option("--stdin", help="read it from standard input")] = False,
) -> None:
    """Give a person a new password; all their sign-ins end. It is asked for, never an argument. 设置密码。"""
    settings = Settings()
    prepare_database(settings)
    given = (
        sys.stdin.readline().rstrip("\n")
        if stdin
        else typer.prompt("密码 password", hide_input=True, confirmation_prompt=True)
    )
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        set_password(session, SystemClock(), person, given, by=me())


@app.command("second-factor-off")
def second_factor_off(person: Id) -> None:
    """Take the second factor of somebody away who lost it; all their sign-ins end. 关闭两步验证。"""
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        find_actor(session, person)
        take_away(session, clock, person, by=me())
        end_sessions(session, person, clock.now(), because="second_factor")


def setup_token() -> None:
    """A one-time token by which the first administrator is made at /setup; for a day. 首位管理员口令。"""
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        made = new_setup_token(session, SystemClock(), by=me())
    typer.echo(made)
