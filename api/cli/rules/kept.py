"""Packs as they were when a call was inspected, from the database, for `diting rules show`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from api.cli.database import prepare_database
from pipeline.backtest.sides import open_side
from qc.approval.sets import find_set, unpack_set
from qc.models import InspectionRow
from qc.workbench.book import Book, open_book
from store.database import open_sessions, reading
from store.errors import NotFoundError
from store.settings import Settings


def kept_books(*, inspection: int | None, version: str | None) -> list[Book]:
    """The packs of an inspection, or one version of a pack.

    Args:
        inspection: number of the inspection.
        version: hash of the packs of an inspection, or `id@version` or hash of one pack.

    Raises:
        NotFoundError: `inspection.not_found`, `rules.set_unknown`, `rules.version_unknown`.
        IntegrityError: `rules.version_damaged`.
    """
    settings = Settings()
    prepare_database(settings)
    with (
        open_sessions(settings.database_url) as sessions,
        reading(sessions) as session,
        TemporaryDirectory(prefix="diting-packs-") as folder,
    ):
        if inspection is not None:
            return [_set(session, _hash_of(session, inspection), Path(folder))]
        given = version or ""
        try:
            return [_set(session, given, Path(folder))]
        except NotFoundError:
            side = open_side(given, settings, session, Path(folder))
            return [open_book([str(side.folder)], settings.rule_folders)]


def _set(session: Session, pack_hash: str, under: Path) -> Book:
    chosen = unpack_set(session, find_set(session, pack_hash), under)
    return open_book([str(folder) for folder, rules in chosen if rules])


def _hash_of(session: Session, inspection: int) -> str:
    row = session.get(InspectionRow, inspection)
    if row is None:
        raise NotFoundError(
            f"there is no inspection {inspection}",
            code="inspection.not_found",
            mend="`diting findings list --json` names the inspection of each finding.",
        )
    return row.pack_hash
