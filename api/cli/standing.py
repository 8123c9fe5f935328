"""How the rules of this installation stand, said when something starts that judges calls or shows them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from api.cli.console import line
from pipeline.notices import Notice, notices
from store import migrate
from store.database import database_address, open_sessions, reading
from store.errors import RuleError
from store.settings import Settings


@contextmanager
def database_if_any(settings: Settings) -> Iterator[Session | None]:
    """The database, to look into; None where none has been made yet, or it is another version's."""
    address = database_address(settings.database_url)
    there = address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()
    if not (there and migrate.is_current(settings.database_url)):
        yield None
        return
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        yield session


def tell_notices(settings: Settings, *, judges: bool) -> None:
    """Say on standard error what people should know about the rules.

    Args:
        settings: of this installation.
        judges: whether calls are going to be judged: then every pack must have been approved.

    Raises:
        RuleError: `rules.never_approved`.
    """
    with database_if_any(settings) as session:
        found = [] if session is None else notices(session, settings)
    for notice in found:
        if judges and notice.code == "rules.never_approved":
            raise RuleError(notice.en, code=notice.code, mend=notice.zh)
        say(notice)


def say(notice: Notice) -> None:
    """One line, in both languages."""
    line(f"{notice.zh} / {notice.en} [{notice.code}]")
