"""What a call leaves open, the next calls of the debtor are judged by: through the stages, in a database."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.models import WorkRow
from pipeline.stages import run_stage
from pipeline.tools import Tools
from qc.models import TicketRow
from qc.service import load_inspection
from store.database import reading, transaction
from transcription.service import save_hearing, save_transcript
from transcription.types import Speaker, Transcript, Utterance
from transcription.voice.hear import VERSION

Receive = Callable[..., int]
NUMBER, CONTACT = "+8613800138000", "+8613900139000"
SPEAKERS: dict[str, Speaker] = {"a": "agent", "c": "customer"}


def transcript(*turns: str, model: str = "") -> Transcript:
    said = [
        Utterance(at, SPEAKERS[turn[0]], at * 4.0, at * 4.0 + 3.0, turn[3:], 1.0)
        for at, turn in enumerate(turns)
    ]
    return Transcript("zh", "given", model, tuple(said))


class Desk:
    """Calls of one debtor, judged from stored transcripts."""

    def __init__(self, tools: Tools, receive: Receive) -> None:
        self.tools, self.receive = tools, receive

    def heard(self, name: str, day: int, *turns: str, **changed: object) -> int:
        """A call at ten on that day of March, transcribed and heard."""
        call_id = self.receive(name, started_at=f"2026-03-{day:02}T10:00:00+08:00", note=None, **changed)
        self.say(call_id, *turns)
        return call_id

    def say(self, call_id: int, *turns: str, model: str = "") -> None:
        with transaction(self.tools.sessions) as session:
            clock = self.tools.clock
            kept = save_transcript(
                session, clock, call_id=call_id, transcript=transcript(*turns, model=model)
            )
            save_hearing(session, clock, transcript_id=kept, version=VERSION, cues=(), answers=())
            session.get_one(WorkRow, call_id).state = "heard"

    def judge(self, call_id: int) -> dict[str, str]:
        """The categories of violations found, with their status."""
        assert run_stage(self.tools, call_id, "inspect") is not None
        assert run_stage(self.tools, call_id, "assess") is not None
        with reading(self.tools.sessions) as session:
            _, inspection = load_inspection(session, call_id)
        across = ("dispute_ignored", "stop_request_ignored", "over_frequency", "third_party_pressure")
        return {found.category: found.status for found in inspection.findings if found.category in across}

    def reasons(self, call_id: int) -> list[str]:
        with reading(self.tools.sessions) as session:
            query = select(TicketRow.reasons).where(TicketRow.call_id == call_id)
            return session.scalars(query).one_or_none() or []


@pytest.fixture
def desk(tools: Tools, receive: Receive) -> Desk:
    return Desk(tools, receive)


DISPUTE = ("a: 您好", "c: 这笔钱我上个月就还清了", "a: 好的，我给您登记核实一下，再见")
PRESSES = ("a: 您好，请问您今天能还多少？", "c: 我忙着呢")


def test_a_dispute_stands_in_the_next_call(desk: Desk) -> None:
    first, second = desk.heard("first", 1, *DISPUTE), desk.heard("second", 3, *PRESSES)

    assert desk.judge(first) == {}
    assert desk.judge(second) == {"dispute_ignored": "unsure"}  # the record does not say that it is open


def test_a_later_promise_settles_it(desk: Desk) -> None:
    calls = [
        desk.heard("first", 1, *DISPUTE),
        desk.heard("second", 2, "a: 您好", "c: 我这周五还五百块，你放心", "a: 好的，再见"),
        desk.heard("third", 4, *PRESSES),
    ]

    assert [desk.judge(call_id) for call_id in calls] == [{}, {}, {}]


def test_so_does_what_the_customer_takes_back(desk: Desk) -> None:
    back = (*DISPUTE[:2], "a: 我这边显示没有到账", "c: 哦，那是我记错了，还的是上个月的", "a: 好的再见")
    first, second = desk.heard("first", 1, *back), desk.heard("second", 3, *PRESSES)

    assert desk.judge(first) == {}
    assert desk.judge(second) == {}


STOP = ("a: 您好", "c: 以后别再给我打电话了", "a: 好的，以后不再给您打电话，再见")


def test_a_request_to_stop_stands_for_all_collectors_and_sources(desk: Desk) -> None:
    first = desk.heard("first", 1, *STOP)
    second = desk.heard("second", 3, "a: 您好", "c: 喂", source="another agency", agent={"id": "B9"})

    assert desk.judge(first) == {}
    assert desk.judge(second) == {"stop_request_ignored": "unsure"}


def test_until_the_customer_calls(desk: Desk) -> None:
    calls = [
        desk.heard("first", 1, *STOP),
        desk.heard("second", 2, "c: 你好，我想问一下账单", "a: 您请讲", direction="inbound"),
        desk.heard("third", 4, "a: 您好", "c: 喂"),
    ]

    assert [desk.judge(call_id) for call_id in calls] == [{}, {}, {}]


def test_a_contact_who_refused_is_not_called_again(desk: Desk) -> None:
    contact = {"id": "C889201", "number": CONTACT, "relation": "colleague"}
    calls = [
        desk.heard("first", 1, *STOP, customer=contact),
        desk.heard("debtor", 2, "a: 您好", "c: 喂"),
        desk.heard("again", 4, "a: 您好", "c: 喂", customer=contact),
    ]

    found = [desk.judge(call_id) for call_id in calls]
    assert found[:2] == [{}, {}]  # the debtor has asked for nothing
    assert found[2]["stop_request_ignored"] == "certain"
    assert found[2]["third_party_pressure"] == "certain"  # the debtor was reached on the 2nd


def test_a_later_call_is_reviewed_when_an_earlier_one_is_judged_anew(desk: Desk) -> None:
    first, second = desk.heard("first", 1, "a: 您好", "c: 喂"), desk.heard("second", 3, *PRESSES)
    assert (desk.judge(first), desk.judge(second)) == ({}, {})
    before = desk.reasons(second)

    desk.say(first, *DISPUTE, model="another")
    assert desk.judge(first) == {}

    added = [reason for reason in desk.reasons(second) if reason not in before]
    assert added == [
        "此前通话 central-recorder/first 在本次质检之后才有结论或有更新：请复核频次、异议与停止联系"
    ]


def test_calls_count_over_sources_and_numbers(desk: Desk) -> None:
    calls = [
        desk.receive("one", started_at="2026-03-05T09:00:00+08:00", source="agency one"),
        desk.receive("two", started_at="2026-03-05T11:00:00+08:00", source="agency two", agent={"id": "B"}),
        desk.receive("three", started_at="2026-03-05T13:00:00+08:00",
                     customer={"id": "C889201", "number": "+8613700137000"}),
        desk.receive("four", started_at="2026-03-05T15:00:00+08:00"),
    ]  # fmt: skip
    for call_id in calls:
        desk.say(call_id, "a: 您好", "c: 喂")

    assert [desk.judge(call_id) for call_id in calls] == [{}, {}, {}, {"over_frequency": "certain"}]
