"""Inspections and tickets on record."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.models import CallRow, RecordingRow
from qc.findings import Inspection, TicketProposal
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.service import (
    load_inspection,
    open_failure_ticket,
    open_ticket,
    save_inspection,
    withdraw_ticket,
)
from store.clock import FixedClock
from store.database import SessionFactory
from store.errors import NotFoundError
from tests.qc.calls import judge
from tests.qc.conftest import MakePack
from transcription.models import TranscriptRow

NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
TOPIC = """
rules:
- id: t.visit
  category: threat
  title: {zh: 上门, en: Visit}
  cite: [{source: policy}]
  detect: {phrase: 上门}
  attributes: {place: home}
  examples: {violates: [上门], allowed: [您好]}
- id: t.trial
  status: shadow
  category: dismissive
  title: {zh: 试行, en: Trial}
  detect: {phrase: 随便}
  examples: {violates: [随便], allowed: [您好]}
"""


@pytest.fixture
def session(session_factory: SessionFactory) -> Iterator[Session]:
    with session_factory() as session:
        yield session


@pytest.fixture
def found(make_pack: MakePack) -> Inspection:
    return judge(make_pack(TOPIC), "a: 明天上门", "u: 随便，上门", "c: 好")


def register(session: Session, name: str = "T1") -> tuple[int, int]:
    """A call with a transcript: their row ids."""
    digest = name.encode().hex().ljust(64, "0")
    session.add(
        RecordingRow(
            sha256=digest, bytes=1, codec="opus", source_rate=8000, source_channels=2, duration_s=1.0,
            original_name="call.opus", stored_at=NOON,
        )
    )  # fmt: skip
    session.flush()
    call = CallRow(
        source="test", external_id=name, recording_sha256=digest, debtor_key="debtor:1", record={},
        record_sha256=digest, registered_at=NOON,
    )  # fmt: skip
    session.add(call)
    session.flush()
    said = TranscriptRow(
        call_id=call.id,
        engine="given",
        model="",
        options_hash=digest,
        language="zh",
        document={},
        created_at=NOON,
    )
    session.add(said)
    session.flush()
    return call.id, said.id


def save(session: Session, clock: FixedClock, ids: tuple[int, int], inspection: Inspection) -> int:
    return save_inspection(session, clock, call_id=ids[0], transcript_id=ids[1], inspection=inspection)


def test_an_inspection_comes_back_whole(session: Session, clock: FixedClock, found: Inspection):
    ids = register(session)
    saved = save(session, clock, ids, found)
    session.expire_all()
    assert load_inspection(session, ids[0]) == (saved, found)
    assert (len(found.findings), len(found.shadow), len(found.unjudged)) == (2, 1, 1)


def test_columns_say_what_lists_filter_by(session: Session, clock: FixedClock, found: Inspection):
    saved = save(session, clock, register(session), found)
    row = session.get_one(InspectionRow, saved)
    assert (row.score, row.band, row.packs, row.created_at) == (0, "critical", ["trial@1"], clock.now())
    columns = [(item.ordinal, item.rule, item.status, item.points, item.start) for item in row.findings]
    assert columns == [(0, "t.visit@1", "certain", 40, 0.0), (1, "t.visit@1", "unsure", 0, 4.0)]


def test_saving_again_writes_nothing_new(session: Session, clock: FixedClock, found: Inspection):
    ids = register(session)
    first = save(session, clock, ids, found)
    assert save(session, clock, ids, found) == first
    assert session.scalar(select(func.count()).select_from(InspectionRow)) == 1
    assert session.scalar(select(func.count()).select_from(FindingRow)) == 2


def test_the_newest_inspection_is_the_one_that_counts(
    session: Session, clock: FixedClock, found: Inspection, make_pack: MakePack
):
    ids = register(session)
    save(session, clock, ids, found)
    newer = judge(make_pack(TOPIC.replace("上门", "家访")), "a: 您好", "c: 好")
    second = save(session, clock, ids, newer)
    assert load_inspection(session, ids[0]) == (second, newer)


def test_a_call_that_was_not_inspected(session: Session):
    with pytest.raises(NotFoundError) as raised:
        load_inspection(session, 7)
    assert raised.value.code == "inspection.not_found"


PROPOSAL = TicketProposal("urgent", ("恐吓威胁：上门",))


def test_a_call_has_one_ticket(session: Session, clock: FixedClock, found: Inspection):
    ids = register(session)
    inspection = save(session, clock, ids, found)
    first = open_ticket(session, clock, inspection_id=inspection, proposal=PROPOSAL)
    assert open_ticket(session, clock, inspection_id=inspection, proposal=PROPOSAL) == first
    row = session.scalars(select(TicketRow)).one()
    assert (row.call_id, row.priority, row.state, row.reasons) == (
        ids[0],
        "urgent",
        "open",
        ["恐吓威胁：上门"],
    )


@pytest.mark.parametrize(("state", "priority"), [("open", "low"), ("taken", "urgent")])
def test_only_a_ticket_nobody_took_up_follows_a_newer_inspection(
    session: Session, clock: FixedClock, found: Inspection, make_pack: MakePack, state: str, priority: str
):
    ids = register(session)
    ticket = open_ticket(session, clock, inspection_id=save(session, clock, ids, found), proposal=PROPOSAL)
    session.get_one(TicketRow, ticket).state = state
    newer = save(session, clock, ids, judge(make_pack(TOPIC.replace("上门", "家访")), "a: 您好", "c: 好"))
    again = open_ticket(session, clock, inspection_id=newer, proposal=TicketProposal("low", ("缘由",)))
    assert again == ticket
    assert session.get_one(TicketRow, ticket).priority == priority


def test_no_ticket_without_an_inspection(session: Session, clock: FixedClock):
    with pytest.raises(NotFoundError) as raised:
        open_ticket(session, clock, inspection_id=7, proposal=PROPOSAL)
    assert raised.value.code == "inspection.not_found"


def test_a_ticket_that_no_longer_holds_is_withdrawn_and_comes_back(
    session: Session, clock: FixedClock, found: Inspection, make_pack: MakePack
):
    ids = register(session)
    ticket = open_ticket(session, clock, inspection_id=save(session, clock, ids, found), proposal=PROPOSAL)

    withdraw_ticket(session, call_id=ids[0])
    row = session.get_one(TicketRow, ticket)
    assert (row.state, row.reasons) == ("withdrawn", ["恐吓威胁：上门"])

    newer = save(session, clock, ids, judge(make_pack(TOPIC.replace("上门", "家访")), "a: 您好", "c: 好"))
    assert (
        open_ticket(session, clock, inspection_id=newer, proposal=TicketProposal("low", ("缘由",))) == ticket
    )
    assert (row.state, row.priority, row.inspection_id) == ("open", "low", newer)


def test_a_ticket_in_work_is_not_withdrawn(session: Session, clock: FixedClock, found: Inspection):
    ids = register(session)
    ticket = open_ticket(session, clock, inspection_id=save(session, clock, ids, found), proposal=PROPOSAL)
    session.get_one(TicketRow, ticket).state = "taken"
    withdraw_ticket(session, call_id=ids[0])
    assert session.get_one(TicketRow, ticket).state == "taken"


def test_a_call_that_fails_after_its_ticket_was_withdrawn_goes_to_a_person(
    session: Session, clock: FixedClock, found: Inspection
):
    ids = register(session)
    ticket = open_ticket(session, clock, inspection_id=save(session, clock, ids, found), proposal=PROPOSAL)
    withdraw_ticket(session, call_id=ids[0])
    assert open_failure_ticket(session, clock, call_id=ids[0], reason="处理失败") == ticket
    row = session.get_one(TicketRow, ticket)
    assert (row.state, row.priority, row.reasons, row.inspection_id) == ("open", "normal", ["处理失败"], None)
