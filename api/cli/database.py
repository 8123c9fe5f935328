"""Makes the database ready for a command."""

from store import migrate
from store.errors import ConflictError
from store.settings import Settings


def prepare_database(settings: Settings) -> None:
    """Brings an embedded installation's database up to date; several machines' is left to `db upgrade`.

    Raises:
        ConflictError: `database.outdated`.
    """
    if settings.execution == "embedded":
        migrate.upgrade(settings.database_url)
    elif not migrate.is_current(settings.database_url):
        raise ConflictError(
            "the database is not at this version's revision",
            code="database.outdated",
            mend="Run `diting db upgrade` once, then start again.",
        )
