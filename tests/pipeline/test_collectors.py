"""The collector's own history: which calls count, and which are waited for, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.models import CallRow
from pipeline import service
from pipeline.collectors import NEWEST, usual_voice_of_agent
from pipeline.models import WorkRow
from pipeline.stages import run_stage
from pipeline.tools import Tools
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from transcription.service import latest_transcript_id, load_hearing, save_hearing, save_transcript
from transcription.types import Transcript
from transcription.voice.hear import VERSION
from transcription.voice.measure.history import MIN_CALLS, UsualVoice
from transcription.voice.types import SpeakerVoice, VoiceReport

from .conftest import add_call

Receive = Callable[..., int]
CALM = SpeakerVoice("agent", 40.0, "call", -28.0, 9.0, -12.0, 4.5)
CUSTOMER = SpeakerVoice("customer", 40.0, "call", -20.0, 20.0, -5.0, 6.0)
BOTH = VoiceReport(speakers=(CALM, CUSTOMER))
TRANSCRIPT = Transcript("zh", "given", "", ())


class Desk:
    """Calls of collectors, and what was heard in them."""

    def __init__(self, factory: SessionFactory, clock: FixedClock, receive: Receive) -> None:
        self.factory, self.clock, self.receive = factory, clock, receive

    def call(self, name: str, day: int, hour: int = 10, **changed: object) -> int:
        """A transcribed call on a day of March (UTC)."""
        started = datetime(2026, 3, day, hour, tzinfo=UTC).isoformat()
        call_id = self.receive(name, **({"started_at": started} | changed))
        with transaction(self.factory) as session:
            session.get_one(WorkRow, call_id).state = "transcribed"
        return call_id

    def heard(
        self,
        name: str,
        day: int,
        voice: VoiceReport | None = BOTH,
        *,
        version: str = VERSION,
        **changed: object,
    ) -> int:
        """The same, heard."""
        call_id = self.call(name, day, **changed)
        self.hear(call_id, voice, version=version)
        return call_id

    def hear(
        self, call_id: int, voice: VoiceReport | None, *, version: str = VERSION, model: str = ""
    ) -> None:
        with transaction(self.factory) as session:
            made = replace(TRANSCRIPT, model=model)
            kept = save_transcript(session, self.clock, call_id=call_id, transcript=made)
            save_hearing(session, self.clock, transcript_id=kept, version=version, cues=(), voice=voice)
            session.get_one(WorkRow, call_id).state = "heard"

    def usual(self, call_id: int) -> UsualVoice | None:
        with reading(self.factory) as session:
            return usual_voice_of_agent(session, session.get_one(CallRow, call_id))

    def is_due(self, call_id: int) -> bool:
        with reading(self.factory) as session:
            return service.lane_if_due(session, self.clock.now(), call_id, "hear") is not None


@pytest.fixture
def desk(session_factory: SessionFactory, clock: FixedClock, receive: Receive) -> Desk:
    return Desk(session_factory, clock, receive)


def test_the_collectors_voice_of_earlier_days_is_found(desk: Desk) -> None:
    for day in range(1, MIN_CALLS + 1):
        desk.heard(f"day {day}", day)
    usual = desk.usual(desk.call("now", 20))
    assert usual is not None
    assert (usual.calls, usual.pitch.value) == (MIN_CALLS, 9.0)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"agent": {"id": "somebody else"}}, id="another collector"),
        pytest.param({"source": "another recorder"}, id="another source"),
        pytest.param({"started_at": None}, id="unknown time"),
        pytest.param({"started_at": "2026-03-20T00:00:00+00:00"}, id="the same day"),
        pytest.param({"started_at": "2026-03-21T08:00:00+00:00"}, id="a later day"),
        pytest.param({"version": "0"}, id="heard by older measures"),
        pytest.param({"voice": None}, id="heard before voices were reported on"),
        pytest.param({"voice": VoiceReport(speakers=(CUSTOMER,))}, id="only the customer spoke"),
    ],
)
def test_no_other_call_counts(desk: Desk, changed: dict[str, object]) -> None:
    for day in range(1, MIN_CALLS):
        desk.heard(f"day {day}", day)
    desk.heard("other", MIN_CALLS, **changed)  # type: ignore[arg-type]
    now = desk.call("now", 20, 23)
    assert desk.usual(now) is None
    desk.heard("one more", MIN_CALLS)
    assert desk.usual(now) is not None


@pytest.mark.parametrize("changed", [{"agent": None}, {"started_at": None}])
def test_of_an_unknown_collector_or_time_nothing_is_usual(desk: Desk, changed: dict[str, object]) -> None:
    for day in range(1, MIN_CALLS + 1):
        desk.heard(f"day {day}", day, **({} if "started_at" in changed else changed))
    assert desk.usual(desk.call("now", 20, **changed)) is None


def test_the_newest_calls_count(desk: Desk) -> None:
    higher = replace(CALM, calm_pitch=12.0)
    for number in range(NEWEST + 5):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        voice = VoiceReport(speakers=(CALM if number < 5 else higher,))
        desk.heard(f"call {number}", 1, voice, started_at=moment.isoformat())
    usual = desk.usual(desk.call("now", 20))
    assert usual is not None
    assert (usual.calls, usual.pitch.value, usual.measured_s) == (NEWEST, 12.0, NEWEST * 40.0)


def test_only_the_newest_version_of_a_transcript_counts(desk: Desk) -> None:
    for day in range(1, MIN_CALLS + 1):
        desk.heard(f"day {day}", day)
    exchanged = desk.heard("exchanged", 7)
    desk.hear(exchanged, VoiceReport(speakers=(replace(CALM, calm_pitch=20.0),)), model="decided")
    usual = desk.usual(desk.call("now", 20))
    assert usual is not None
    assert usual.calls == MIN_CALLS + 1


def test_the_stage_holds_a_collector_against_earlier_days(tools: Tools, call_id: int) -> None:
    assert run_stage(tools, call_id, "transcribe") is not None
    with transaction(tools.sessions) as session:
        call = session.get_one(CallRow, call_id)
        call.started_at = datetime(2026, 3, 20, tzinfo=UTC)
        for days in range(1, MIN_CALLS + 1):
            moment = call.started_at - timedelta(days=days)
            changed = {
                "source": call.source,
                "agent": {"id": call.agent_id},
                "started_at": moment.isoformat(),
            }
            earlier = add_call(session, f"{days} days ago", **changed)
            kept = save_transcript(session, tools.clock, call_id=earlier, transcript=TRANSCRIPT)
            deep = VoiceReport(speakers=(replace(CALM, calm_pitch=-9.0, calm_tilt=-40.0, calm_rate=1.0),))
            save_hearing(session, tools.clock, transcript_id=kept, version=VERSION, cues=(), voice=deep)
    assert run_stage(tools, call_id, "hear") is not None
    with reading(tools.sessions) as session:
        transcript_id = latest_transcript_id(session, call_id)
        assert transcript_id is not None
        heard = load_hearing(session, transcript_id, VERSION)
    assert heard is not None
    assert heard.voice is not None
    sources = {voice.speaker: (voice.calm_from, voice.calm_pitch) for voice in heard.voice.speakers}
    assert sources["agent"] == ("history", -9.0)


def test_a_call_waits_for_its_collectors_calls_of_earlier_days(desk: Desk) -> None:
    earlier, same_day, now = desk.call("earlier", 4, 23), desk.call("same day", 5, 0), desk.call("now", 5, 8)
    assert [desk.is_due(call) for call in (earlier, same_day, now)] == [True, False, False]
    desk.hear(earlier, None)
    assert [desk.is_due(call) for call in (same_day, now)] == [True, True]


@pytest.mark.parametrize(
    "changed",
    [
        {"agent": {"id": "somebody else"}},
        {"agent": None},
        {"source": "another recorder"},
        {"started_at": None},
        {"started_at": "2026-03-06T00:00:00+00:00"},
    ],
)
def test_nobody_waits_for_other_calls(desk: Desk, changed: dict[str, object]) -> None:
    desk.call("other", 4, **changed)
    assert desk.is_due(desk.call("now", 5))


def test_nobody_waits_for_a_call_that_failed(desk: Desk) -> None:
    failed, now = desk.call("failed", 4), desk.call("now", 5)
    with transaction(desk.factory) as session:
        row = session.get_one(WorkRow, failed)
        row.state, row.failed_at = "failed", "received"
    assert desk.is_due(now)
