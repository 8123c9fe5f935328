"""Which stored calls have to be judged again: those whose packs say something else now."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from ingest.facts.join import FactIndex
from ingest.facts.service import facts_about_all
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from pipeline.judging import Judge
from pipeline.models import WorkRow
from qc.models import InspectionRow
from transcription.models import HearingRow, TranscriptRow
from transcription.voice.hear import VERSION

JUDGED = ("assessed", "unjudged")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """One call as it was judged last. `cues` tells whether it was heard by the present measures: if not, it
    would have to be listened to again."""

    call_id: int
    debtor_key: str
    language: str | None
    client: str | None
    pack_hash: str | None
    cues: bool

    def is_stale(self, judge: Judge) -> bool:
        """Whether its packs say something else now."""
        return judge.packs(self.language, self.client).hash != self.pack_hash


@dataclass(frozen=True, slots=True)
class Choice:
    """Calls to judge again, debtor by debtor, those of one debtor together; and how many are left alone.

    `unchanged` were judged by the packs as they are now. `unheard` would have to be listened to again.
    """

    debtors: tuple[tuple[int, ...], ...]
    unchanged: int
    unheard: int

    @property
    def calls(self) -> int:
        """How many calls are to be judged again."""
        return sum(map(len, self.debtors))

    def batches(self, size: int) -> Iterator[list[int]]:
        """The calls in portions of about `size`; those of one debtor stay together."""
        batch: list[int] = []
        for calls in self.debtors:
            batch += calls
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch


def choose_calls(
    session: Session, judge: Judge, *, packs: Iterable[str] = (), since: datetime | None = None
) -> Choice:
    """The judged calls whose packs changed since.

    Args:
        session: the database.
        judge: knows which packs judge a call now.
        packs: only calls that one of these packs (by id) judges; default: all.
        since: only calls that began then or later.

    Raises:
        RuleError: a rule file is wrong.
    """
    judge, wanted = judge.pinned(), frozenset(packs)
    debtors: list[tuple[int, ...]] = []
    unchanged = unheard = 0
    for _, calls in groupby(stored_calls(session, since=since), key=lambda call: call.debtor_key):
        again = []
        for call in calls:
            now = judge.packs(call.language, call.client)
            concerned = not wanted or any(name.partition("@")[0] in wanted for name in now.names)
            if not concerned or not call.is_stale(judge):
                unchanged += 1
            elif not call.cues:
                unheard += 1
            else:
                again.append(call.call_id)
        if again:
            debtors.append(tuple(again))
    return Choice(tuple(debtors), unchanged, unheard)


def stored_calls(
    session: Session, *, since: datetime | None = None, among: Collection[int] | None = None
) -> Iterator[Stored]:
    """The judged calls that nobody works on, debtor by debtor.

    Args:
        session: the database.
        since: only those that began then or later.
        among: only these.
    """
    newer, later = aliased(TranscriptRow), aliased(InspectionRow)
    newest = select(func.max(newer.id)).where(newer.call_id == CallRow.id).scalar_subquery()
    last = select(func.max(later.id)).where(later.call_id == CallRow.id).scalar_subquery()
    heard = select(HearingRow.id).where(
        HearingRow.transcript_id == TranscriptRow.id, HearingRow.version == VERSION
    )
    query = (
        select(
            CallRow.id,
            CallRow.debtor_key,
            TranscriptRow.language,
            CallRow.record["language"].as_string(),
            CallRow.record["case"]["client"].as_string(),
            InspectionRow.pack_hash,
            heard.exists(),
            InspectionRow.facts_hash,
        )
        .join(WorkRow, WorkRow.call_id == CallRow.id)
        .join(TranscriptRow, TranscriptRow.id == newest)
        .outerjoin(InspectionRow, InspectionRow.id == last)
        .where(WorkRow.state.in_(JUDGED), WorkRow.lease_owner.is_(None))
        .order_by(CallRow.debtor_key, CallRow.started_at, CallRow.id)
    )
    if since is not None:
        query = query.where(CallRow.started_at >= since)
    if among is not None:
        query = query.where(CallRow.id.in_(among))
    rows = session.execute(query.execution_options(yield_per=2000))
    for part in rows.partitions(_AT_ONCE):
        # The creditor, whose packs judge a call, may be known from the case system alone.
        with_facts = [row[0] for row in part if row[-1] and row[4] is None]
        clients = _clients(session, with_facts) if with_facts else {}
        for call_id, debtor, written, told, client, pack_hash, cues, _facts in part:
            known = clients.get(call_id, client)
            yield Stored(call_id, debtor, written or told, known, pack_hash, bool(cues))


def _clients(session: Session, call_ids: Collection[int]) -> dict[int, str | None]:
    """The creditors of calls whose records do not name them."""
    calls = session.scalars(select(CallRow).where(CallRow.id.in_(call_ids)))
    records = {
        call.id: parse_call_record(call.record, f"call {call.source}/{call.external_id}") for call in calls
    }
    facts = FactIndex(facts_about_all(session, records.values()))
    return {call_id: facts.join(record).record.case.client for call_id, record in records.items()}
