"""Deletion: complete, on record, refused when it comes again, and never of what must be kept."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ingest.audio import AudioInfo
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from ingest.record import CallRecord
from ingest.service import register_call
from ingest.together import Offered, register_calls
from pipeline.retention.erase import Way, erase_call, erase_case
from pipeline.retention.policy import Policy
from pipeline.retention.prove import prove
from pipeline.retention.work import delete_call, finish, plan, run
from pipeline.verify import (
    audit_problems,
    call_problems,
    deletion_problems,
    ledger_problems,
    recordings_on_record,
)
from qc.assigning.models import ReviewSeatRow
from qc.models import TicketRow
from qc.sampling.draw import Candidate
from qc.sampling.lookup import check_draw
from qc.sampling.models import SamplingPickRow
from qc.sampling.plan import Filters, Size
from qc.sampling.service import Wanted, draw_and_keep
from qc.verdicts.models import FindingVerdictRow
from store.database import reading, transaction
from store.errors import ConflictError
from store.recordings import file_sha256
from store.tombstones import TombstoneRow

from .house import SECRET, House, raw_bytes

LATER = datetime(2025, 3, 2, tzinfo=UTC)  # three years and a day after the calls


def everything_holds(house: House) -> list[str]:
    with reading(house.sessions) as session:
        checks = (audit_problems, call_problems, ledger_problems, deletion_problems)
        return [problem for check in checks for problem in check(session)]


def test_a_call_whose_time_is_over_is_gone_with_every_word(house: House, database_url: str) -> None:
    call_id = house.call("H001")
    assert len(house.tables_with(SECRET)) > 10
    sha256 = file_sha256(house.folder / "H001.wav")
    house.clock.moment = LATER

    done = run(house.sessions, house.clock, house.recordings, house.way)

    assert done.whole
    assert done.left == 0
    assert dict(done.counts.goes)[("recordings", "中国联通")] == 1
    assert house.tables_with(SECRET) == []
    assert not house.recordings.exists(sha256)
    if database_url.startswith("sqlite"):
        content = raw_bytes(database_url)
        assert SECRET.encode() not in content
        assert SECRET.encode("unicode_escape") not in content
    with reading(house.sessions) as session:
        (row,) = session.scalars(select(TombstoneRow))
        assert (row.kind, row.number, row.recording_sha256, row.waits) == ("call", call_id, sha256, False)
        assert row.clause == (
            "default@1 recordings: 3 years; default@1 results: 3 years; default@1 transcripts: 3 years"
        )
        assert row.counts["finding_verdict"] == 1
        assert recordings_on_record(session) == []
        proof = prove(session, house.recordings, "pbx/H001")
        assert proof.gone
        assert proof.refused_again
        assert {hit.table for hit in proof.hits} <= {"audit_entry", "tombstone"}
    assert everything_holds(house) == []


def test_what_is_a_day_too_young_stays(house: House) -> None:
    house.call("H001")
    house.clock.moment = datetime(2025, 3, 1, 1, 59, tzinfo=UTC)

    run(house.sessions, house.clock, house.recordings, house.way)

    with reading(house.sessions) as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == 1
        counts = plan(session, house.policy, house.clock.now())
        assert counts.kept["recordings", "中国联通"] == {"not_due": 1}


def test_open_cases_tickets_work_and_unknown_times_keep(house: House) -> None:
    house.call("H001", warns=True)
    house.call("H002", customer="C2", ticket=True)
    house.call("H003", customer="C3", state="received")
    house.call("H004", customer="C4", at=None)
    house.clock.moment = LATER

    done = run(house.sessions, house.clock, house.recordings, house.way)

    assert dict(done.counts.goes) == {("sources", None): 4}  # the refusals
    with reading(house.sessions) as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == 4
        lines = {line["class"]: line["kept"] for line in plan(session, house.policy, LATER).document()}
    assert lines["recordings"] == {"case": 1, "in_work": 1, "ticket": 1, "time_unknown": 1}


def test_a_closed_case_goes_after_its_calls(house: House) -> None:
    house.call("H001", warns=True)
    case_id = house.close_case("customer:C1")
    assert everything_holds(house) == []
    house.clock.moment = LATER
    run(house.sessions, house.clock, house.recordings, house.way)
    assert everything_holds(house) == []
    with transaction(house.sessions) as session:
        assert erase_case(session, house.clock, case_id, house.way) is None  # five years are not over

    house.clock.moment = datetime(2027, 3, 3, tzinfo=UTC)
    run(house.sessions, house.clock, house.recordings, house.way)

    assert everything_holds(house) == []
    assert house.tables_with(SECRET) == []
    assert house.tables_with("customer:C1") == []
    with reading(house.sessions) as session:
        kinds = set(session.scalars(select(TombstoneRow.kind)))
    assert kinds == {"call", "case", "warning"}


def test_numbers_of_deleted_rows_are_not_given_out_again(house: House) -> None:
    first = house.call("H001")
    house.clock.moment = LATER
    run(house.sessions, house.clock, house.recordings, house.way)

    assert house.call("H002", at=LATER) > first


def register_again(house: House, session: Session, path: Path, record: CallRecord, info: AudioInfo) -> object:
    try:
        return register_call(session, house.clock, house.recordings, recording=path, record=record, info=info)
    except ConflictError as error:
        return error


@pytest.mark.parametrize("together", [False, True])
def test_a_deleted_call_is_refused_when_it_comes_again(house: House, together: bool) -> None:
    call_id = house.call("H001")
    path = house.folder / "H001.wav"
    delete_call(
        house.sessions, house.clock, house.recordings, call_id, Way(house.policy, "tester", "order 1")
    )
    record = parse_call_record({"external_id": "H001", "source": "pbx"}, "test")
    info = AudioInfo("pcm", 8000, 1, 1.0, file_sha256(path), 1)

    with pytest.raises(ConflictError) as refused:
        house.recordings.put(path)
    assert refused.value.code == "recording.deleted"
    with transaction(house.sessions) as session:
        if together:
            offers = [Offered(path, record, info)]
            (error,) = register_calls(session, house.clock, house.recordings, offers)
        else:
            error = register_again(house, session, path, record, info)
    assert isinstance(error, ConflictError)
    assert error.code == "recording.deleted"
    assert not house.recordings.exists(info.sha256)


def test_killed_between_rows_and_bytes_it_is_finished_by_the_next_run(house: House) -> None:
    call_id = house.call("H001")
    sha256 = file_sha256(house.folder / "H001.wav")
    house.clock.moment = LATER
    with transaction(house.sessions) as session:
        assert erase_call(session, house.clock, call_id, house.way) is not None
    assert house.recordings.exists(sha256)  # killed here
    house.recordings.erase(sha256, {"at": "", "clause": ""})  # or even here, before it was noted

    assert run(house.sessions, house.clock, house.recordings, house.way).left == 0

    assert not house.recordings.exists(sha256)
    with reading(house.sessions) as session:
        (row,) = session.scalars(select(TombstoneRow))
        assert not row.waits
        assert row.bytes_gone_at == LATER
    assert finish(house.sessions, house.clock, house.recordings, row.id)
    assert everything_holds(house) == []


def test_classes_may_go_one_after_the_other(house: House) -> None:
    house.call("H001")
    text = house.policy.model_dump()
    text["transcripts"] = {"keep": {"years": 5}}
    text["results"] = {"keep": {"years": 4}}
    way = Way(Policy.model_validate(text), "tester")
    for year, left in (
        (2025, {"transcript", "finding", "call"}),
        (2026, {"transcript", "call"}),
        (2027, set()),
    ):
        house.clock.moment = datetime(year, 3, 2, tzinfo=UTC)
        run(house.sessions, house.clock, house.recordings, way)
        with reading(house.sessions) as session:
            there = {
                hit.table for hit in prove(session, house.recordings, "pbx/H001").hits if hit.kind == "left"
            }
        assert there & {"transcript", "finding", "call"} == left
        assert everything_holds(house) == []
    assert house.tables_with(SECRET) == []


def test_what_was_drawn_of_a_deleted_call_goes_and_the_draw_stays(house: House) -> None:
    call_id = house.call("H001")
    with transaction(house.sessions) as session:
        now = house.clock.now()
        wanted = Wanted("weekly", "random", now, now, Filters().model_dump(mode="json"), Size(number=1))
        draw = draw_and_keep(
            session, house.clock, wanted, [Candidate(call_id, "clean", 9.0)], 0, drawn_by="test"
        ).id
        ticket = session.scalars(select(TicketRow).where(TicketRow.call_id == call_id)).one()
        ticket.state = "final"
        session.add(
            ReviewSeatRow(
                ticket_id=ticket.id,
                seat="first",
                number=1,
                person="a",
                because={},
                given_by="t",
                given_at=now,
            )
        )
    house.clock.moment = LATER
    assert run(house.sessions, house.clock, house.recordings, house.way).whole
    with reading(house.sessions) as session:
        assert session.get(CallRow, call_id) is None
        assert session.scalars(select(SamplingPickRow)).all() == []
        assert session.scalars(select(ReviewSeatRow)).all() == []
        checked = check_draw(session, draw, ZoneInfo("UTC"))
        assert (checked.holds, checked.deleted) == (True, 1)


def test_without_an_erasure_nothing_is_deleted_of_what_people_said(house: House) -> None:
    house.call("H001")
    with pytest.raises(DBAPIError, match="append-only"), transaction(house.sessions) as session:
        session.execute(delete(FindingVerdictRow))


def test_a_tombstone_that_was_forged_or_removed_is_found(house: House) -> None:
    call_id = house.call("H001")
    delete_call(
        house.sessions, house.clock, house.recordings, call_id, Way(house.policy, "tester", "order 1")
    )
    with transaction(house.sessions) as session:
        session.execute(delete(TombstoneRow))
    assert everything_holds(house) == ["tombstone 1 is missing [retention.unproven]"]


def test_left_by_a_killed_writer(house: House, tmp_path: Path) -> None:
    sha256 = house.recordings.put(house.audio("H001"))
    part = next((tmp_path / "recordings").rglob(sha256)).with_name(f"{sha256}#1")
    part.write_bytes(b"x")
    house.recordings.erase(sha256, {"at": "now", "clause": "order 1"})
    assert not part.exists()
