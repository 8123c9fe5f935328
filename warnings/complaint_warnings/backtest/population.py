"""Reads everybody of whom something is kept, some debtors at a time, so that memory stays bounded."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.backtest.complaints_file import ArrivedComplaint
from complaint_warnings.backtest.history import History
from complaint_warnings.models import WarningCallRow, WarningDebtorRow, WarningRow
from complaint_warnings.scoring.document import evidence_from_document, item_from_document
from complaint_warnings.scoring.simulate import StoredEpisode
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.types import Evidence
from ingest.models import CallRow
from qc.models import InspectionRow
from store.errors import NotFoundError

_AT_ONCE = 300


@dataclass(slots=True)
class _Debtor:
    """What is kept of one debtor: evidence by warning, when items came to be known, when warnings closed, the
    times of calls that could not be judged."""

    key: str
    evidence: dict[int | None, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    received: dict[str, datetime] = field(default_factory=dict)
    closed: dict[int, datetime | None] = field(default_factory=dict)
    unjudged: list[datetime | None] = field(default_factory=list)


def stored_episodes(session: Session, *, open_only: bool = False) -> Iterator[StoredEpisode]:
    """Every episode in order of debtors. Evidence that no warning has yet belongs to the open one."""
    for debtor in _debtors(session):
        opened = next((number for number, at in debtor.closed.items() if at is None), None)
        episodes: dict[int | None, list[Evidence]] = defaultdict(list)
        for warning, evidence in debtor.evidence.items():
            episodes[opened if warning is None else warning] += evidence
        for warning, evidence in episodes.items():
            is_open = warning is None or debtor.closed[warning] is None
            if is_open or not open_only:
                yield StoredEpisode(debtor.key, warning, is_open, tuple(evidence))


def stored_episode(session: Session, warning_id: int) -> StoredEpisode:
    """What is kept of one warning.

    Raises:
        NotFoundError: `warnings.unknown`.
    """
    row = session.get(WarningRow, warning_id)
    if row is None:
        raise NotFoundError(
            f"there is no warning {warning_id}",
            code="warnings.unknown",
            mend="Look the number up in the ledger.",
        )
    calls = session.scalars(select(WarningCallRow).where(WarningCallRow.warning_id == warning_id))
    items = session.scalars(select(WarningItemRow).where(WarningItemRow.warning_id == warning_id))
    evidence: list[Evidence] = [evidence_from_document(each.evidence) for each in calls]
    evidence += [item_from_document(each.evidence) for each in items]
    return StoredEpisode(row.debtor_key, row.id, row.closed_at is None, tuple(evidence))


def stored_histories(session: Session, complaints: Mapping[str, Sequence[datetime]]) -> Iterator[History]:
    """Every debtor with their complaints (arrivals by debtor key); last those with complaints of whom nothing
    is kept."""
    rest = dict(complaints)
    for debtor in _debtors(session):
        yield History(
            debtor=debtor.key,
            evidence=tuple(each for kept in debtor.evidence.values() for each in kept),
            complaints=tuple(rest.pop(debtor.key, ())),
            closings=tuple(at for at in debtor.closed.values() if at is not None),
            unjudged=tuple(debtor.unjudged),
            received=debtor.received,
        )
    for key in sorted(rest):
        yield History(debtor=key, evidence=(), complaints=tuple(rest[key]))


def debtors_of(session: Session, complaints: Sequence[ArrivedComplaint]) -> dict[str, list[datetime]]:
    """The arrivals by debtor key. A customer or a case is looked up among the calls, and taken as the debtor
    of most of them; who was never called keeps the key that the call would have."""
    named: dict[str, set[str]] = defaultdict(set)
    for each in complaints:
        named[each.kind].add(each.who)
    keys = {
        "customer_id": _keys(session, CallRow.customer_id, sorted(named["customer_id"])),
        "case_id": _keys(session, CallRow.case_id, sorted(named["case_id"])),
    }
    found: dict[str, list[datetime]] = defaultdict(list)
    for each in complaints:
        if each.kind == "debtor":
            key = each.who
        else:
            key = keys[each.kind].get(each.who, f"{each.kind.removesuffix('_id')}:{each.who}")
        found[key].append(each.arrived_at)
    return dict(found)


def _keys(
    session: Session, column: InstrumentedAttribute[str | None], names: Sequence[str]
) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        query = select(column, CallRow.debtor_key, func.count()).where(column.in_(some))
        for name, key, calls in session.execute(query.group_by(column, CallRow.debtor_key)):
            best[str(name)] = max(best.get(str(name), (0, "")), (calls, key))
    return {name: key for name, (_calls, key) in best.items()}


def _debtors(session: Session) -> Iterator[_Debtor]:
    last = ""
    while True:
        known = union(
            select(CallRow.debtor_key).where(CallRow.debtor_key > last),
            select(WarningDebtorRow.debtor_key).where(WarningDebtorRow.debtor_key > last),
        ).subquery()
        keys = list(session.scalars(select(known.c.debtor_key).order_by(known.c.debtor_key).limit(_AT_ONCE)))
        if not keys:
            return
        found = {key: _Debtor(key) for key in keys}
        _add_warnings(session, found)
        _add_calls(session, found)
        _add_items(session, found)
        yield from found.values()
        last = keys[-1]


def _add_warnings(session: Session, found: dict[str, _Debtor]) -> None:
    query = select(WarningRow.debtor_key, WarningRow.id, WarningRow.closed_at)
    for key, number, closed_at in session.execute(query.where(WarningRow.debtor_key.in_(found))):
        found[key].closed[number] = closed_at


def _add_calls(session: Session, found: dict[str, _Debtor]) -> None:
    newest = (
        select(InspectionRow.call_id, func.max(InspectionRow.id).label("id"))
        .group_by(InspectionRow.call_id)
        .subquery()
    )
    query = (
        select(
            CallRow.debtor_key,
            CallRow.started_at,
            WarningCallRow.warning_id,
            WarningCallRow.evidence,
            InspectionRow.id,
            InspectionRow.band,
        )
        .join_from(CallRow, WarningCallRow, WarningCallRow.call_id == CallRow.id, isouter=True)
        .join(newest, newest.c.call_id == CallRow.id, isouter=True)
        .join(InspectionRow, InspectionRow.id == newest.c.id, isouter=True)
        .where(CallRow.debtor_key.in_(found))
        .order_by(CallRow.id)
    )
    for key, started_at, warning, evidence, inspection, band in session.execute(query):
        if evidence is not None:
            found[key].evidence[warning].append(evidence_from_document(evidence))
        # Without a band nothing was found, but not everything could be judged.
        if evidence is None or (inspection is not None and band is None):
            found[key].unjudged.append(started_at)


def _add_items(session: Session, found: dict[str, _Debtor]) -> None:
    query = select(WarningItemRow).where(WarningItemRow.debtor_key.in_(found)).order_by(WarningItemRow.id)
    for row in session.scalars(query):
        debtor = found[str(row.debtor_key)]
        debtor.evidence[row.warning_id].append(item_from_document(row.evidence))
        debtor.received[row.reference] = row.received_at
