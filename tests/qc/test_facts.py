"""Hours, frequency and the note."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qc.facts import answer, local_time
from qc.language.condition import Fact
from tests.qc.calls import record

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = Fact.model_validate({"hours": {"from": "08:00", "to": "22:00"}})


def holds(fact: Fact | dict[str, Any], **changes: Any) -> bool | None:
    wanted = fact if isinstance(fact, Fact) else Fact.model_validate(fact)
    judged = answer(wanted, record(**changes), SHANGHAI)
    return None if judged is None else judged.holds


@pytest.mark.parametrize(
    ("clock", "outside"),
    [("07:59:59", True), ("08:00:00", False), ("22:00:00", False), ("22:00:01", True), ("23:30:00", True),
     ("00:30:00", True), ("12:00:00", False)],
)  # fmt: skip
def test_both_ends_of_the_hours_are_permitted(clock: str, outside: bool):
    assert holds(HOURS, started_at=f"2026-06-03T{clock}+08:00") is outside


def test_the_clock_is_the_customers():
    assert holds(HOURS, started_at="2026-06-03T15:30:00Z") is True  # 23:30 in Shanghai
    assert holds(HOURS, started_at="2026-06-03T00:30:00Z") is False


def test_hours_say_nothing_without_a_time_and_nothing_against_inbound_calls():
    assert holds(HOURS, started_at=None) is None
    assert holds(HOURS, started_at=None, direction="inbound") is False
    assert holds(HOURS, started_at="2026-06-03T23:30:00+08:00", direction="inbound") is False


def test_an_unknown_direction_leaves_doubt():
    late = record(started_at="2026-06-03T23:30:00+08:00", direction=None)
    judged = answer(HOURS, late, SHANGHAI)
    assert judged is not None
    assert (judged.holds, judged.sure, judged.measured[0]) == (True, False, "当地时间23:30")


@pytest.mark.parametrize(
    ("window", "outside"),
    [
        ({"from": "21:00", "to": "23:45", "proof": "recording H1"}, False),
        ({"from": "21:00", "to": "23:45", "proof": " "}, True),
        ({"from": "21:00", "to": "23:00", "proof": "recording H1"}, True),
        ({"from": "23:00", "to": "01:00", "proof": "recording H1"}, False),
    ],
)
def test_agreed_times_count_with_proof_and_when_they_cover_the_start(window: dict[str, str], outside: bool):
    case = {"agreed_times": [window]}
    assert holds(HOURS, started_at="2026-06-03T23:30:00+08:00", case=case) is outside


def history(*entries: tuple[str, bool, str]) -> list[dict[str, Any]]:
    return [{"started_at": at, "connected": connected, "number": number} for at, connected, number in entries]


HOME, OFFICE = "+8613800138000", "+8613900139000"


def test_connected_calls_a_day_count_all_numbers_and_this_call():
    fact = {"frequency": {"connected_per_day": 3}}
    two = [("2026-06-03T08:05:00+08:00", True, HOME), ("2026-06-03T09:05:00+08:00", True, OFFICE)]
    missed = [("2026-06-03T09:30:00+08:00", False, HOME)]
    yesterday = [("2026-06-02T20:00:00+08:00", True, HOME)]
    assert holds(fact, history=history(*two, *missed, *yesterday)) is False
    assert holds(fact, history=history(*two, ("2026-06-02T16:30:00Z", True, HOME))) is True  # 00:30 today


def test_attempts_a_day_count_unanswered_ones_to_the_same_number():
    fact = {"frequency": {"attempts_per_day_number": 6}}
    five = [(f"2026-06-03T08:{minute:02}:00+08:00", False, HOME) for minute in range(5)]
    other = [("2026-06-03T09:00:00+08:00", False, OFFICE), ("2026-06-03T09:10:00+08:00", True, HOME)]
    assert holds(fact, history=history(*five, *other)) is False
    assert holds(fact, history=history(*five, ("2026-06-03T09:30:00+08:00", False, "138 0013 8000"))) is True


def test_seven_in_seven_days():
    fact = {"frequency": {"attempts_in_days": {"attempts": 7, "days": 7}}}
    six = [(f"2026-06-02T08:{minute:02}:00+08:00", False, HOME) for minute in range(6)]
    assert holds(fact, history=history(*six)) is False
    assert holds(fact, history=history(*six, ("2026-05-28T20:00:00+08:00", False, HOME))) is True
    assert holds(fact, history=history(*six, ("2026-05-27T20:00:00+08:00", False, HOME))) is False


def test_rest_after_a_talk_counts_its_day_as_the_first():
    fact = {"frequency": {"rest_after_talk_days": 7}}
    assert holds(fact, history=history(("2026-05-28T23:00:00+08:00", True, HOME))) is True
    assert holds(fact, history=history(("2026-05-27T09:00:00+08:00", True, HOME))) is False
    assert holds(fact, history=history(("2026-06-02T09:00:00+08:00", False, HOME))) is False


def test_frequency_needs_the_time_and_spares_inbound_calls():
    fact = {"frequency": {"connected_per_day": 1}}
    today = history(("2026-06-03T09:00:00+08:00", True, HOME))
    assert holds(fact, history=today) is True
    assert holds(fact, history=today, started_at=None) is None
    assert holds(fact, history=today, direction="inbound") is False


def test_a_missing_note_is_only_one_that_should_be_there():
    assert holds({"note": "missing"}, note=None) is True
    assert holds({"note": "missing"}) is False
    assert holds({"note": "missing"}, note={"outcome": "refusal"}) is False
    assert holds({"note": "given"}, note={"outcome": "refusal"}) is True


def test_outcomes_of_the_note():
    in_list = {"note": {"outcome_in": ["no_answer", "refusal"]}}
    not_in_list = {"note": {"outcome_not_in": ["promise_to_pay"]}}
    assert holds(in_list, note={"outcome": "refusal"}) is True
    assert holds(in_list, note={"outcome": "callback"}) is False
    assert holds(in_list, note=None) is False
    assert holds(not_in_list, note={"outcome": "refusal"}) is True
    assert holds(not_in_list, note={"text": "…"}) is False


def test_other_facts():
    relative = {"number": HOME, "relation": "relative"}
    assert holds({"ended_by": "agent"}) is True
    assert holds({"ended_by": "customer"}) is False
    assert holds({"relation_in": ["relative"]}, customer=relative) is True
    assert holds({"relation_not_in": ["debtor"]}, customer=relative) is True
    assert holds({"relation_not_in": ["debtor"]}) is False
    assert holds({"direction": "outbound"}) is True
    assert holds({"earlier_stop_request": True}) is False
    assert holds({"earlier_stop_request": True}, case={"stop_requested": True}) is True
    stopped = [{"started_at": "2026-06-01T09:00:00+08:00", "connected": True, "stop_request": True}]
    assert holds({"earlier_stop_request": True}, history=stopped) is True


def test_local_time_needs_time_and_zone():
    assert local_time(record(), None) is None
    assert local_time(record(started_at=None), SHANGHAI) is None
    assert str(local_time(record(), ZoneInfo("UTC"))) == "2026-06-03 02:00:00+00:00"


@pytest.mark.parametrize("word", ["debtor", "Self", "本人", "cardholder", " 客户 "])
def test_words_for_the_debtor_are_the_debtor(word: str):
    call = {"customer": {"number": "+8613800138000", "relation": word}}
    assert holds({"relation_not_in": ["debtor"]}, **call) is False
    assert holds({"relation_in": ["debtor"]}, **call) is True


@pytest.mark.parametrize(("word", "sure"), [("relative", True), ("邻居", True), ("R-07", False)])
def test_a_relation_that_nobody_knows_leaves_doubt(word: str, sure: bool):
    call = record(customer={"number": "+8613800138000", "relation": word})
    judged = answer(Fact.model_validate({"relation_not_in": ["debtor"]}), call, SHANGHAI)
    assert judged is not None
    assert (judged.holds, judged.sure) == (True, sure)


def test_a_call_that_is_listed_twice_was_made_once():
    earlier = {"started_at": "2026-06-03T09:00:00+08:00", "connected": True, "number": "+8613800138000"}
    limit = {"frequency": {"connected_per_day": 3}}
    assert holds(limit, history=[earlier] * 3) is False
    made = [earlier | {"started_at": f"2026-06-03T09:0{minute}:00+08:00"} for minute in range(3)]
    assert holds(limit, history=made) is True


def test_unknown_numbers_are_not_one_number():
    missed = [{"started_at": f"2026-06-03T09:0{minute}:00+08:00", "connected": False} for minute in range(7)]
    limit = {"frequency": {"attempts_per_day_number": 6}}
    assert holds(limit, history=missed, customer={"timezone": "Asia/Shanghai"}) is False
