"""The packs of an installation with their standing: who approved them, and what is in them."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.rule_shapes import BothLanguages, PackDetail, PackOut, PackProblem, PackVersionOut
from api.rules import both, version_out
from pipeline.library import Library, Opened, is_shipped
from qc.approval.lookup import in_force, versions
from qc.approval.models import PackVersionRow
from qc.language.schema import PackHead
from store.errors import DitingError


def packs(session: Session, library: Library, *, approval: bool) -> list[PackOut]:
    """All packs, those that come with Diting first.

    Args:
        session: the database.
        library: opens packs.
        approval: whether two persons have to approve what judges.
    """
    force, waiting = in_force(session), _waiting(session)
    return [_pack(session, library, pack, force, waiting, approval) for pack in library.known(session)]


def pack_detail(session: Session, library: Library, pack: str, *, approval: bool) -> PackDetail:
    """One pack with its versions.

    Raises:
        NotFoundError: `rules.pack_unknown`.
    """
    library.require(session, pack)
    force = in_force(session)
    shown = _pack(session, library, pack, force, _waiting(session), approval)
    opened = None if shown.problem else library.live(session, pack)
    return PackDetail(
        **dict(shown),
        description=both(_head(opened).description) if opened else None,
        files=sorted(opened.files) if opened else [],
        versions=pack_versions(session, pack),
    )


def pack_versions(session: Session, pack: str) -> list[PackVersionOut]:
    """The versions of a pack on record, the newest first."""
    judging = {row.id for row in in_force(session).values()}
    rows = reversed(versions(session, pack))
    return [version_out(row, judging=row.id in judging) for row in rows]


def _pack(
    session: Session,
    library: Library,
    pack: str,
    force: Mapping[str, PackVersionRow],
    waiting: Mapping[str, int],
    approval: bool,
) -> PackOut:
    shipped, row = is_shipped(pack), force.get(pack)
    opened, problem = _opened(session, library, pack)
    head = _head(opened) if opened else None
    counts = Counter(entry.compiled.rule.status for entry in opened.entries) if opened else None
    return PackOut(
        pack=pack,
        title=BothLanguages(zh=head.title.zh, en=head.title.en) if head else None,
        language=head.language if head else None,
        version=head.version if head else None,
        jurisdiction=head.jurisdiction if head else None,
        extends=list(head.extends) if head else [],
        shipped=shipped,
        approved=shipped or row is not None or not approval,
        approved_by=row.approved_by if row else None,
        approved_at=row.approved_at if row else None,
        proposals=waiting.get(pack, 0),
        rules=None
        if counts is None
        else {
            "draft": counts["draft"],
            "shadow": counts["shadow"],
            "stable": counts["stable"],
            "deprecated": counts["deprecated"],
        },
        problem=problem,
    )


def _opened(session: Session, library: Library, pack: str) -> tuple[Opened | None, PackProblem | None]:
    """The pack, or why it cannot be read."""
    try:
        return library.live(session, pack), None
    except DitingError as error:
        where = None if error.where is None else error.where.rpartition("/")[2]
        return None, PackProblem(code=error.code, message=error.message, where=where, mend=error.mend)


def _head(opened: Opened) -> PackHead:
    return next(head for head in opened.book.source.heads if head.id == opened.pack)


def _waiting(session: Session) -> Mapping[str, int]:
    return Counter(row.pack for row in versions(session) if row.state == "proposed")
