"""What is on record about one call, as documents: decisions, rules as they were, entries of the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.models import WarningCallRow
from ingest.models import CallRow
from pipeline.evidence import log_tree
from pipeline.evidence.archive import LogRoot
from pipeline.retention.rows import hanging
from pipeline.schema import whole_metadata
from qc.approval.lookup import by_hash, files_of
from qc.approval.sets import find_set
from qc.models import FindingRow, InspectionRow, TicketRow
from store.audit import AuditEntry, AuditHead
from store.errors import IntegrityError, NotFoundError
from transcription.models import TranscriptRow

Json = dict[str, Any]
# What the result file says already, and what only runs the work.
_NOT_DECISIONS: Final = frozenset({"transcript", "hearing", "finding", "inspection", "work"})
_OF_CASES: Final = ("complaint_case", "case_event", "case_deadline", "legal_hold", "complaint")
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Rules:
    """The packs that judged: what is said of them, and their texts by `folder/file`."""

    document: Json
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Log:
    """Entries of the audit log about a call, with the way of each to the root of the whole log."""

    root: LogRoot
    entries: Sequence[Json]


def decisions(session: Session, call: CallRow) -> Json:
    """Every row that hangs on the call, by table, and the case of its warning with its whole history."""
    rows = _rows("call", CallRow.id == call.id, session)
    found = {table: each for table, each in rows.items() if table not in _NOT_DECISIONS and table != "call"}
    for case in cases_of(session, call):
        of_case = _rows("complaint_case", CaseRow.id == case.id, session)
        for table in _OF_CASES:
            found[table] = found.get(table, []) + [
                row for row in of_case.get(table, []) if row not in found.get(table, [])
            ]
    return {table: each for table, each in sorted(found.items()) if each}


def cases_of(session: Session, call: CallRow) -> list[CaseRow]:
    """The case that the call's warning is handled in, where the session may see it."""
    warnings = select(WarningCallRow.warning_id).where(WarningCallRow.call_id == call.id)
    return list(session.scalars(select(CaseRow).where(CaseRow.warning_id.in_(warnings)).order_by(CaseRow.id)))


def _rows(root: str, condition: ColumnElement[bool], session: Session) -> dict[str, list[Json]]:
    """All rows that hang on a call or case. It was found within the caller's sight; what is of it goes with
    it, past the narrowing that statements on whole tables cannot have."""
    metadata, connection = whole_metadata(), session.connection()
    found = {}
    for name, where in hanging(root, condition).items():
        table = metadata.tables[name]
        query = select(table).where(where).order_by(*table.primary_key.columns)
        found[name] = [
            {str(key): plain(value) for key, value in row.items()}
            for row in connection.execute(query).mappings()
        ]
    return found


def plain(value: Any) -> Any:
    """A value of a column as JSON can hold it; moments are those of UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def versions(session: Session, inspection: InspectionRow) -> Json:
    """With what the call was written down and judged."""
    transcript = session.get_one(TranscriptRow, inspection.transcript_id)
    return {
        "inspected_at": plain(inspection.created_at),
        "packs": inspection.packs,
        "pack_hash": inspection.pack_hash,
        "facts_hash": inspection.facts_hash,
        "transcript": {
            "id": transcript.id,
            "engine": transcript.engine,
            "model": transcript.model,
            "options_hash": transcript.options_hash,
            "created_at": plain(transcript.created_at),
        },
    }


def rules(session: Session, inspection: InspectionRow) -> Rules:
    """The texts of the packs as they were when they judged, whatever they say today.

    Raises:
        IntegrityError: `rules.version_damaged`.
    """
    try:
        kept = find_set(session, inspection.pack_hash)
    except NotFoundError:  # judged before texts were kept
        return Rules({"kept": False, "names": inspection.packs, "packs": []}, {})
    packs, texts = [], {}
    for member in kept.members:
        version = by_hash(session, member["content_hash"])
        if version is None:
            raise IntegrityError(
                f"a pack of the set {kept.hash[:12]} is missing",
                code="rules.version_damaged",
                mend="Restore the database from a backup.",
            )
        pack = {
            "folder": version.pack,
            "name": version.name,
            "content_hash": version.content_hash,
            "files_sha256": version.files_sha256,
            "origin": version.origin,
            "approved_by": version.approved_by,
            "approved_at": plain(version.approved_at),
            "rules_ran": bool(member["rules"]),
        }
        packs.append(pack)
        texts.update({f"{version.pack}/{name}": text for name, text in files_of(version).items()})
    said = {"kept": True, "names": kept.packs, "pack_hash": kept.hash, "advisory": kept.advisory}
    return Rules(said | {"packs": packs}, texts)


def log(session: Session, call: CallRow) -> Log:
    """What the audit log says of the call, its findings, its ticket, its warning and its case.

    Raises:
        IntegrityError: `evidence.log_broken`, entries of the audit log are missing.
    """
    head = session.scalars(select(AuditHead)).one()
    hashes = session.scalars(
        select(AuditEntry.hash).where(AuditEntry.seq <= head.seq).order_by(AuditEntry.seq)
    )
    every = [bytes.fromhex(each) for each in hashes]
    if len(every) != head.seq or every[-1:] != [bytes.fromhex(head.hash)]:
        raise IntegrityError(
            "the audit log is not whole: nothing can be proven with it",
            code="evidence.log_broken",
            where=f"audit entry {head.seq}",
            mend="`diting verify` says where it is broken.",
        )
    subjects = sorted(_subjects(session, call))
    entries: dict[int, AuditEntry | None] = {head.seq: None}
    for start in range(0, len(subjects), _AT_ONCE):
        about = AuditEntry.subject.in_(subjects[start : start + _AT_ONCE])
        found = session.scalars(select(AuditEntry).where(about, AuditEntry.seq <= head.seq))
        entries.update({entry.seq: entry for entry in found})
    tree = log_tree.build(every, [seq - 1 for seq in entries])
    shown = [
        {
            "seq": seq,
            "entry": _entry(entries[seq]),
            "hash": every[seq - 1].hex(),
            "path": [step.hex() for step in tree.paths[seq - 1]],
        }
        for seq in sorted(entries)
    ]
    return Log(LogRoot(head.seq, head.hash, tree.root.hex()), shown)


def _entry(entry: AuditEntry | None) -> Json | None:
    if entry is None:
        return None
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }


def _subjects(session: Session, call: CallRow) -> set[str]:
    """What the audit log calls the call and all that is about it."""
    inspections = select(InspectionRow.id).where(InspectionRow.call_id == call.id)
    findings = session.scalars(select(FindingRow.id).where(FindingRow.inspection_id.in_(inspections)))
    tickets = session.scalars(select(TicketRow.id).where(TicketRow.call_id == call.id))
    warnings = session.scalars(select(WarningCallRow.warning_id).where(WarningCallRow.call_id == call.id))
    return {
        f"call:{call.source}/{call.external_id}",
        *(f"finding:{number}" for number in findings),
        *(f"ticket:{number}" for number in tickets),
        *(f"warning:{number}" for number in warnings if number is not None),
        *(f"case:{case.id}" for case in cases_of(session, call)),
    }
