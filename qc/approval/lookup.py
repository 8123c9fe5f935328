"""Find versions of rule packs, and read what they say."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.approval.content import PackContent, files_hash, read_content, unpacked
from qc.approval.models import PackVersionRow
from store.errors import IntegrityError, NotFoundError

SHORTEST_HASH = 7  # of a hash that a person may give instead of the whole


def in_force(session: Session) -> dict[str, PackVersionRow]:
    """The version of each site's pack that judges: of the approved ones, the one approved last."""
    query = (
        select(PackVersionRow)
        .where(PackVersionRow.origin == "site", PackVersionRow.state == "approved")
        .order_by(PackVersionRow.approved_at, PackVersionRow.id)
    )
    return {row.pack: row for row in session.scalars(query)}


def versions(session: Session, pack: str | None = None) -> Sequence[PackVersionRow]:
    """All versions, or those of one pack, in the order in which they came."""
    query = select(PackVersionRow).order_by(PackVersionRow.pack, PackVersionRow.id)
    return session.scalars(query if pack is None else query.where(PackVersionRow.pack == pack)).all()


def find_version(session: Session, pack: str | None, version: str) -> PackVersionRow:
    """The version that a person means by its number or by the beginning of its hash. Of several contents of
    one number (a shipped pack may have them) the newest.

    Raises:
        NotFoundError: `rules.version_unknown`.
    """
    wanted = [PackVersionRow.pack == pack] if pack is not None else []
    by_number = select(PackVersionRow).where(*wanted, PackVersionRow.version == version)
    row = session.scalar(by_number.order_by(PackVersionRow.id.desc()).limit(1)) if wanted else None
    if row is None and len(version) >= SHORTEST_HASH and set(version) <= set("0123456789abcdef"):
        by_beginning = select(PackVersionRow).where(*wanted, PackVersionRow.content_hash.startswith(version))
        row = session.scalar(by_beginning.order_by(PackVersionRow.id.desc()).limit(1))
    if row is None:
        raise NotFoundError(
            f"there is no version {version!r} on record" + (f" of the pack {pack!r}" if pack else ""),
            code="rules.version_unknown",
            mend="`diting rules versions` lists them.",
        )
    return row


def files_of(row: PackVersionRow) -> Mapping[str, str]:
    """The texts of a version.

    Raises:
        IntegrityError: `rules.version_damaged`, they are not what was kept.
    """
    if files_hash(row.files) != row.files_sha256:
        raise IntegrityError(
            f"the stored texts of {row.name} do not match their hash",
            code="rules.version_damaged",
            mend="Restore the database from a backup; `diting verify` shows what else is damaged.",
        )
    return row.files


def content_of(row: PackVersionRow) -> PackContent:
    """A version as this version of Diting reads it.

    Raises:
        IntegrityError: `rules.version_damaged`.
        RuleError: it cannot be read any more.
    """
    with unpacked([(row.pack, files_of(row))]) as (folder,):
        return read_content(folder)


def by_hash(session: Session, content_hash: str) -> PackVersionRow | None:
    """The version with this content, as it stands now."""
    query = select(PackVersionRow).where(PackVersionRow.content_hash == content_hash)
    return session.scalar(query.execution_options(populate_existing=True))
