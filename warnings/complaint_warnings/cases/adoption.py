"""Warnings that were stored before there were cases get theirs, and their rows are sealed.

Only what the audit chain knows is adopted: a row that somebody put in, or altered, is left for
`diting ledger verify` to find, and is not made good by a seal.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.of_warning import Change, follow_warning
from complaint_warnings.models import WarningCallRow, WarningRow
from complaint_warnings.scoring.document import evidence_from_document
from complaint_warnings.seals import WARNING_SUBJECT, put_on_record, row_hash, subject_of
from complaint_warnings.turns import take_turn
from complaint_warnings.types import CallEvidence
from store.audit import AuditEntry
from store.clock import Clock
from store.errors import ConflictError
from store.people import SYSTEM

ADOPTED: Final = "warning.adopted"
_OPENED = "warning.opened"
_BATCH = 500


def waiting(session: Session, *, limit: int) -> list[int]:
    """Ids of up to `limit` warnings without a case that the audit chain knows and nobody adopted yet."""
    without = select(WarningRow.id).where(~exists().where(CaseRow.warning_id == WarningRow.id))
    ids = session.scalars(without.order_by(WarningRow.id)).all()
    return list(islice(_known(session, ids), limit))


def adopt(session: Session, clock: Clock, warning_id: int) -> bool:
    """Open the case of an open warning, and seal the row; of a closed one only the row is sealed. Again it
    does nothing.

    Returns:
        Whether anything was written.

    Raises:
        ConflictError: `warnings.not_as_recorded`, the row is not what the audit chain says.
    """
    row = session.get_one(WarningRow, warning_id)
    take_turn(session, row.debtor_key)
    session.refresh(row)
    if warning_id not in _known(session, [warning_id]) or _has_case(session, warning_id):
        return False
    _hold_against_chain(session, row)
    if row.closed_at is None:
        calls = _calls(session, row)
        first = next((each for each in calls if each.moment and each.moment == row.first_seen_at), None)
        follow_warning(session, clock, row, Change(before=None, first=first, episode=calls), actor=SYSTEM.id)
    put_on_record(session, clock, row, ADOPTED, {}, SYSTEM.id)
    return True


def _has_case(session: Session, warning_id: int) -> bool:
    return session.scalar(select(CaseRow.id).where(CaseRow.warning_id == warning_id)) is not None


def _known(session: Session, ids: Sequence[int]) -> Iterator[int]:
    """Those that the audit chain saw begin and did not see adopted."""
    for start in range(0, len(ids), _BATCH):
        subjects = {f"{WARNING_SUBJECT}:{number}": number for number in ids[start : start + _BATCH]}
        found = session.execute(
            select(AuditEntry.subject, AuditEntry.action).where(
                AuditEntry.subject.in_(subjects), AuditEntry.action.in_((_OPENED, ADOPTED))
            )
        )
        seen = {(subject, action) for subject, action in found}
        for subject, number in subjects.items():
            if (subject, _OPENED) in seen and (subject, ADOPTED) not in seen:
                yield number


def _hold_against_chain(session: Session, row: WarningRow) -> None:
    """The newest entries of the chain must agree with the row in what they say of it."""
    said: dict[str, Any] = {}
    entries = select(AuditEntry.details).where(AuditEntry.subject == subject_of(row))
    for details in session.scalars(entries.order_by(AuditEntry.seq)):
        said |= {name: details[name] for name in ("level", "score", "model", "sha256") if name in details}
    stands = {"level": row.level, "score": row.score, "model": row.model, "sha256": row_hash(row)}
    if any(stands[name] != value for name, value in said.items()):
        raise ConflictError(
            f"row {row.id} of complaint_warning is not what the audit log says",
            code="warnings.not_as_recorded",
            where=subject_of(row),
            mend="`diting ledger verify` names the rows; restore them from a backup.",
        )


def _calls(session: Session, row: WarningRow) -> list[CallEvidence]:
    """The calls of the warning."""
    documents = session.scalars(
        select(WarningCallRow.evidence)
        .where(WarningCallRow.warning_id == row.id)
        .order_by(WarningCallRow.call_id)
    )
    return [evidence_from_document(document) for document in documents]
