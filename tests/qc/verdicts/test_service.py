"""Verdicts of people, and the rule that drops to advisory by them, on both databases."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ingest.models import CallRow, RecordingRow
from qc.findings import Finding, Inspection, Score
from qc.service import save_inspection
from qc.verdicts.decision import Tally, Verdict
from qc.verdicts.lookup import list_findings
from qc.verdicts.models import FindingVerdictRow
from qc.verdicts.service import (
    Decided,
    Limits,
    advisory,
    advisory_rules,
    decide,
    outcomes,
    restore,
    rule_tally,
)
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from transcription.service import save_transcript
from transcription.types import Transcript

RULE = "test.rule@1"
LIMITS = Limits(share=0.3, decisions=4)
FINDING = Finding(
    rule=RULE, pack="test", category="threat", kind="violation", speaker="agent", utterances=(0,),
    span=(0, 2), start=1.0, end=2.0, heard="走着瞧", matched="走着瞧", how="letters", confidence=1.0,
    status="certain", severity="critical", points=40, why={"zh": "威胁", "en": "threat"},
)  # fmt: skip
Record = Callable[..., list[int]]


@pytest.fixture
def record(session_factory: SessionFactory, clock: FixedClock) -> Record:
    """`record("C1", finding, …, packs="0")`: inspect a call; the ids of the findings."""

    def put(name: str, *findings: Finding, packs: str = "0") -> list[int]:
        with transaction(session_factory) as session:
            call = session.scalar(select(CallRow).where(CallRow.external_id == name))
            if call is None:
                call = _call(name)
                session.add(call)
                session.flush()
            said = Transcript(language="zh", engine="given", model="", utterances=())
            transcript = save_transcript(session, clock, call_id=call.id, transcript=said)
            made = Inspection(findings, Score(0, "critical", ()), None, ("test",), packs * 64)
            save_inspection(session, clock, call_id=call.id, transcript_id=transcript, inspection=made)
            listed = list_findings(session, call_id=call.id)
            return [each.finding.id for each in reversed(listed)]

    return put


def _call(name: str) -> CallRow:
    now = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    recording = RecordingRow(
        sha256=sha256, bytes=1, codec="opus", source_rate=8000, source_channels=2, duration_s=1.0,
        original_name="call.opus", stored_at=now,
    )  # fmt: skip
    return CallRow(
        source="test", external_id=name, recording=recording, debtor_key=name, record={},
        record_sha256=sha256, registered_at=now,
    )  # fmt: skip


def say(
    sessions: SessionFactory, clock: FixedClock, finding: int, verdict: Verdict, by: str = "王敏", **more: str
) -> Decided:
    with transaction(sessions) as session:
        return decide(session, clock, finding_id=finding, verdict=verdict, by=by, limits=LIMITS, **more)


def test_every_word_of_a_person_stays_and_the_last_counts(
    session_factory: SessionFactory, clock: FixedClock, record: Record
) -> None:
    (finding,) = record("C1", FINDING)

    assert say(session_factory, clock, finding, "true") == Decided(True, RULE, Tally(1, 0), False)
    assert say(session_factory, clock, finding, "true") == Decided(False, RULE, Tally(1, 0), False)
    done = say(session_factory, clock, finding, "false", comment="开玩笑")
    assert done == Decided(True, RULE, Tally(1, 1), False)

    with reading(session_factory) as session:
        rows = session.scalars(select(FindingVerdictRow).order_by(FindingVerdictRow.id)).all()
        assert [(row.number, row.verdict, row.comment) for row in rows] == [
            (1, "true", None),
            (2, "false", "开玩笑"),
        ]
        (listed,) = list_findings(session)
        assert [(said.person, said.verdict) for said in listed.verdicts] == [("王敏", "false")]
        assert list_findings(session, undecided=True) == []
        actions = select(audit.AuditEntry.action, audit.AuditEntry.subject)
        assert session.execute(actions).all() == [("finding.decided", f"finding:{finding}")] * 2


def test_the_history_cannot_be_changed(
    session_factory: SessionFactory, clock: FixedClock, record: Record
) -> None:
    (finding,) = record("C1", FINDING)
    say(session_factory, clock, finding, "true")
    with pytest.raises(DBAPIError, match="append-only"), transaction(session_factory) as session:
        session.execute(text("UPDATE finding_verdict SET verdict = 'false'"))


def test_a_rule_overturned_too_often_only_advises_until_two_people_take_it_back(
    session_factory: SessionFactory, clock: FixedClock, record: Record
) -> None:
    findings = [record(f"C{at}", FINDING)[0] for at in range(6)]
    dropped = [say(session_factory, clock, each, "false").dropped for each in findings[:4]]
    assert dropped == [False, False, False, True]
    assert not say(session_factory, clock, findings[4], "false").dropped  # it only advises already
    with reading(session_factory) as session:
        assert advisory_rules(session) == {RULE}
        (row,) = advisory(session)
        assert row.evidence == {"decided": 4, "overturned": 4, "least_share": 0.5101}

    take_back(session_factory, clock, by="李雷")
    with pytest.raises(ConflictError) as error:
        take_back(session_factory, clock, by=" 李雷")
    assert error.value.code == "rules.same_person"
    with reading(session_factory) as session:
        assert advisory_rules(session) == {RULE}
    take_back(session_factory, clock, by="韩梅")

    with reading(session_factory) as session:
        assert advisory_rules(session) == frozenset()
        assert rule_tally(session, RULE) == Tally(0, 0)  # what was decided before does not count again
        actions = session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq)).all()
        assert [action for action in actions if action.startswith("rule.")] == [
            "rule.dropped_to_advisory",
            "rule.restore_proposed",
            "rule.restored",
        ]
    assert say(session_factory, clock, findings[5], "false").tally == Tally(1, 1)


def take_back(sessions: SessionFactory, clock: FixedClock, *, by: str, two_persons: bool = True) -> None:
    with transaction(sessions) as session:
        restore(session, clock, rule=RULE, by=by, two_persons=two_persons)


def test_without_two_persons_one_takes_it_back(
    session_factory: SessionFactory, clock: FixedClock, record: Record
) -> None:
    for at in range(4):
        say(session_factory, clock, record(f"C{at}", FINDING)[0], "false")
    take_back(session_factory, clock, by="李雷", two_persons=False)
    with reading(session_factory) as session:
        assert advisory_rules(session) == frozenset()
    with pytest.raises(NotFoundError) as error:
        take_back(session_factory, clock, by="李雷", two_persons=False)
    assert error.value.code == "rules.not_advisory"


def test_the_same_finding_in_two_inspections_counts_once(
    session_factory: SessionFactory, clock: FixedClock, record: Record
) -> None:
    (old,) = record("C1", FINDING)
    (new,) = record("C1", FINDING, packs="1")
    assert old != new
    say(session_factory, clock, old, "false", by="王敏")
    say(session_factory, clock, new, "true", by="王敏")  # thought again

    with reading(session_factory) as session:
        assert list(outcomes(session).values()) == [True]
        assert rule_tally(session, RULE) == Tally(1, 0)


def test_unsure_findings_accuse_nobody_and_do_not_count(
    session_factory: SessionFactory, clock: FixedClock, record: Record
) -> None:
    (finding,) = record("C1", replace(FINDING, status="unsure", points=0))
    assert say(session_factory, clock, finding, "false").tally == Tally(0, 0)


def test_lists_are_narrowed(session_factory: SessionFactory, record: Record) -> None:
    other = replace(FINDING, rule="test.other@2", category="abuse", status="unsure")
    first, second = record("C1", FINDING, other)
    with reading(session_factory) as session:

        def ids(**wanted: str | int) -> list[int]:
            return [each.finding.id for each in list_findings(session, **wanted)]  # type: ignore[arg-type]

        assert ids() == [second, first]
        assert ids(rule="test.rule") == ids(rule=RULE) == [first]
        assert ids(rule="test.rule@2") == []
        assert ids(category="abuse") == ids(status="unsure") == ids(limit=1) == [second]


def test_what_is_refused(session_factory: SessionFactory, clock: FixedClock, record: Record) -> None:
    (finding,) = record("C1", FINDING)
    with pytest.raises(NotFoundError) as unknown:
        say(session_factory, clock, finding + 1, "true")
    assert unknown.value.code == "finding.unknown"
    with pytest.raises(BadInputError) as nameless:
        say(session_factory, clock, finding, "true", by=" ")
    assert nameless.value.code == "rules.no_name"
    with pytest.raises(BadInputError) as long:
        say(session_factory, clock, finding, "true", comment="长" * 2001)
    assert long.value.code == "finding.comment_too_long"
