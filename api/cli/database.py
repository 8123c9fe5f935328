"""Makes the database ready for a command."""

from store import migrate
from store.settings import Settings


def prepare_database(settings: Settings) -> None:
    """Brings an embedded installation's database up to date; several machines' is left to `db upgrade`.

    Raises:
        ConflictError: `database.outdated`, `database.newer`.
    """
    if settings.execution == "distributed":
        migrate.require_head(migrate.current_revision(settings.database_url))
    else:
        migrate.upgrade(settings.database_url)
