"""Commands about what is stored: `db upgrade`, `verify`, `retry`, `version`."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cli.console import CRASHED, err, line, out
from api.cli.database import prepare_database
from api.cli.progress import bar
from ingest.models import CallRow
from pipeline import service
from pipeline.verify import (
    audit_problems,
    call_problems,
    deletion_problems,
    ledger_problems,
    pack_problems,
    recording_problem,
    recordings_on_record,
    ticket_problems,
    version_problems,
)
from pipeline.version import diting_version
from store import audit, migrate
from store.clock import Clock, SystemClock
from store.database import open_sessions, reading, transaction
from store.errors import BadInputError, NotFoundError
from store.settings import Settings


def upgrade() -> None:
    """Bring the database to this version's tables; harmless to repeat. 升级数据库。"""
    settings = Settings()
    before = migrate.current_revision(settings.database_url)
    migrate.upgrade(settings.database_url)
    after = migrate.current_revision(settings.database_url)
    out.print(
        f"Database is at revision {after}"
        + (" already." if before == after else f" (was {before or 'empty'}).")
    )


def verify() -> None:
    """Check that what is stored agrees with itself. 校验审计链、录音与各通话的记录。

    The audit chain, every recording against its hash, the rows of every call, tickets, and the ledger. Exit
    code 1 when anything does not hold; each break is one line on standard error.
    """
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        breaks = [
            *audit_problems(session),
            *call_problems(session),
            *version_problems(session),
            *pack_problems(session),
            *ledger_problems(session),
            *ticket_problems(session),
            *deletion_problems(session),
        ]
        entries = session.query(audit.AuditEntry).count()
        hashes = recordings_on_record(session)
    recordings = settings.recording_store()
    with bar(err) as progress:
        for sha256 in progress.track(hashes, description="recordings"):
            problem = recording_problem(recordings, sha256)
            if problem is not None:
                breaks.append(problem)
    for problem in breaks:
        line(problem)
    verdict = f"{len(breaks)} do not hold." if breaks else "all whole."
    out.print(f"{entries} audit entries and {len(hashes)} recordings checked: {verdict}")
    raise typer.Exit(CRASHED if breaks else 0)


def retry(
    call: Annotated[
        str | None,
        typer.Argument(metavar="CALL", help="number, SOURCE/EXTERNAL_ID, or external id if unique"),
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="all failed calls with this error, as `diting doctor` tells it")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="all failed calls")] = False,
) -> None:
    """Put a failed call back to the stage where it failed, or many of them. 重试失败的通话。"""
    if (call is not None) + (code is not None) + every != 1:
        raise BadInputError(
            "name one call, or --code, or --all", code="retry.which", mend="Give exactly one of the three."
        )
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        if call is not None:
            with transaction(sessions) as session:
                name, state = _retry(session, clock, find_call(session, call))
            out.print(f"{name} is {state} again; `diting worker` goes on with it.", markup=False)
            return
        with reading(sessions) as session:
            failed = service.failed_calls(session, code=code)
        for number in failed:  # each by itself: broken off half way, it goes on where it was
            with transaction(sessions) as session:
                _retry(session, clock, session.get_one(CallRow, number))
    out.print(f"{len(failed)} failed calls are on their way again.", markup=False)


def _retry(session: Session, clock: Clock, row: CallRow) -> tuple[str, str]:
    """Put one call back; returns its name and its state now."""
    state = service.retry_on_record(session, clock, row, actor="cli")
    return f"{row.source}/{row.external_id}", state


def find_call(session: Session, name: str) -> CallRow:
    """The call that a person means by its number, by `source/external_id`, or by an external id that only
    one source uses.

    Raises:
        NotFoundError: `call.not_found`.
        BadInputError: `call.ambiguous`.
    """
    source, _, external_id = name.partition("/")
    query = select(CallRow).where(CallRow.source == source, CallRow.external_id == external_id)
    row = session.scalars(query).one_or_none()
    if row is None and name.isdecimal() and len(name) < 10:
        row = session.get(CallRow, int(name))
    if row is not None:
        return row
    found = session.scalars(select(CallRow).where(CallRow.external_id == name).limit(2)).all()
    if len(found) > 1:
        raise BadInputError(
            "calls of several sources have this external id",
            code="call.ambiguous",
            where=name,
            mend="Write it as SOURCE/EXTERNAL_ID, or give the call's number.",
        )
    if not found:
        raise NotFoundError(
            "there is no such call",
            code="call.not_found",
            where=name,
            mend="Give its number, or its source and external id with a slash between.",
        )
    return found[0]


def version() -> None:
    """Print the version. 版本号。"""
    out.print(diting_version())
