"""Frequency: each limit at the limit and one over it, and what the record leaves open."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qc.answers import Answer
from qc.facts import answer
from qc.language.condition import Fact
from tests.qc.calls import record

HOME, OFFICE = "+8613800138000", "+8613900139000"
Entry = dict[str, Any]


def judged(limit: dict[str, Any], history: list[Entry], *, talked: bool = True, **changes: Any) -> Answer:
    fact = Fact.model_validate({"frequency": limit})
    found = answer(fact, record(history=history, **changes), ZoneInfo("Asia/Shanghai"), talked=talked)
    assert found is not None
    return found


def calls(count: int, *, day: str = "2026-06-03", **entry: Any) -> list[Entry]:
    given = {"connected": True, "number": HOME} | entry
    return [given | {"started_at": f"{day}T08:{minute:02}:00+08:00"} for minute in range(count)]


A_DAY: dict[str, Any] = {"connected_per_day": 3}
TO_A_NUMBER: dict[str, Any] = {"attempts_per_day_number": 6}
IN_DAYS: dict[str, Any] = {"attempts_in_days": {"attempts": 7, "days": 7}}
REST: dict[str, Any] = {"rest_after_talk_days": 7}


@pytest.mark.parametrize(("before", "over"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_three_conversations_a_day(before: int, over: bool):
    assert judged(A_DAY, calls(before)).holds is over


@pytest.mark.parametrize(("before", "over"), [(4, False), (5, False), (6, True)])
def test_six_attempts_a_day_to_a_number(before: int, over: bool):
    assert judged(TO_A_NUMBER, calls(before, connected=False)).holds is over


@pytest.mark.parametrize(("before", "over"), [(5, False), (6, False), (7, True)])
def test_seven_calls_in_seven_days(before: int, over: bool):
    assert judged(IN_DAYS, calls(before, connected=False)).holds is over


@pytest.mark.parametrize(
    ("day", "over"),
    [("2026-05-27", False), ("2026-05-28", True), ("2026-06-02", True), ("2026-06-03", True)],
)
def test_the_day_of_the_talk_is_the_first_of_seven(day: str, over: bool):
    assert judged(REST, calls(1, day=day)).holds is over


@pytest.mark.parametrize(("day", "over"), [("2026-05-28", True), ("2026-05-27", False)])
def test_the_window_of_seven_days_ends_today(day: str, over: bool):
    assert judged(IN_DAYS, [*calls(6, connected=False), *calls(1, day=day, connected=False)]).holds is over


def test_all_collectors_numbers_and_agencies_count_together():
    mixed = [
        {"started_at": "2026-06-03T08:00:00+08:00", "connected": True, "number": HOME, "agent": "A1"},
        {"started_at": "2026-06-03T08:30:00+08:00", "connected": True, "number": OFFICE, "agent": "A2"},
        {"started_at": "2026-06-03T09:00:00+08:00", "connected": True, "agency": "another firm"},
    ]
    found = judged(A_DAY, mixed)
    assert (found.holds, found.sure, found.measured[0]) == (True, True, "当日接通4次")


@pytest.mark.parametrize(
    "apart",
    [{"direction": "inbound"}, {"relation": "relative", "number": OFFICE}, {"connected": False}],
)
def test_what_is_no_conversation_with_the_debtor_that_we_began(apart: Entry):
    assert judged(A_DAY, [*calls(2), calls(3)[2] | apart]).holds is False


def test_a_call_that_nobody_answered_is_no_conversation_but_an_attempt():
    assert judged(A_DAY, calls(3), talked=False).holds is False
    assert judged(TO_A_NUMBER, calls(6, connected=False), talked=False).holds is True


def test_the_day_is_the_customers():
    midnight = [
        {"started_at": "2026-06-02T15:59:59Z", "connected": True},  # 23:59:59 the day before
        {"started_at": "2026-06-02T16:00:00Z", "connected": True},  # 00:00:00 today
    ]
    assert judged(A_DAY, [*calls(2), midnight[0]]).holds is False
    assert judged(A_DAY, [*calls(2), midnight[1]]).holds is True


def test_seven_days_across_a_change_of_the_clocks():
    """New York goes forward on 8 March: days are counted on the wall, not in hours."""
    fact = Fact.model_validate({"frequency": REST})
    zone = ZoneInfo("America/New_York")

    def after(moment: str) -> bool:
        call = record(
            started_at="2026-03-10T00:30:00-04:00", customer={"timezone": "America/New_York"},
            history=[{"started_at": moment, "connected": True}],
        )  # fmt: skip
        found = answer(fact, call, zone)
        assert found is not None
        return found.holds

    assert after("2026-03-04T00:00:00-05:00") is True
    assert after("2026-03-03T23:59:59-05:00") is False


@pytest.mark.parametrize(
    "apart",
    [
        {"number_reached": False},
        {"outcome": "busy"},
        {"outcome": "停机"},
        {"direction": "inbound"},
        {"case": "K2"},
        {"relation": "relative", "number": OFFICE},
    ],
)
def test_what_does_not_count_for_seven_in_seven(apart: Entry):
    case = {"id": "K1"}
    assert judged(IN_DAYS, calls(7, connected=False), case=case).holds is True
    assert judged(IN_DAYS, [*calls(6, connected=False), calls(7)[6] | apart], case=case).holds is False


def test_a_talk_that_the_customer_began_starts_the_rest():
    assert judged(REST, calls(1, direction="inbound")).holds is True
    assert judged(REST, calls(1, relation="relative", number=OFFICE)).holds is False
    assert judged(REST, calls(1, case="K2"), case={"id": "K1"}).holds is False


def test_a_third_party_is_counted_for_itself():
    call = {"customer": {"number": OFFICE, "relation": "colleague", "timezone": "Asia/Shanghai"}}
    theirs = calls(3, number=OFFICE, relation="colleague")
    assert judged(A_DAY, theirs, **call).holds is True
    assert judged(A_DAY, calls(3, relation="debtor"), **call).holds is False
    assert judged(A_DAY, calls(3, number="+8613700137000", relation="colleague"), **call).holds is False
    assert judged(A_DAY, calls(3, number=OFFICE), **call).holds is True  # the number says who it is


CONSENT = IN_DAYS | {"consent_exempts": True, "consent_days": 7}


@pytest.mark.parametrize(
    ("consent", "holds", "sure"),
    [
        (None, True, True),
        ({"proof": "recording R1", "given_at": "2026-06-01T10:00:00+08:00"}, False, True),
        ({"proof": "recording R1", "given_at": "2026-05-28T10:00:00+08:00"}, False, True),  # day seven
        ({"proof": "recording R1", "given_at": "2026-05-27T10:00:00+08:00"}, True, True),  # day eight
        ({"proof": "recording R1"}, True, False),
        ({"proof": " ", "given_at": "2026-06-01T10:00:00+08:00"}, True, False),
    ],
)
def test_consent_exempts_with_proof_and_for_its_days(consent: Entry | None, holds: bool, sure: bool):
    found = judged(CONSENT, calls(7, connected=False), consent=consent)
    assert (found.holds, found.sure) == (holds, sure)


def test_consent_exempts_nobody_where_the_limit_knows_none():
    consent = {"proof": "recording R1", "given_at": "2026-06-03T08:00:00+08:00"}
    assert judged(A_DAY, calls(3), consent=consent).holds is True


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        ({"proof": "R1", "given_at": "2026-06-02T10:00:00+08:00"}, (False, None)),
        ({"proof": ""}, (False, "history.unclear")),
        ({"proof": "R1", "given_at": "2026-05-01T10:00:00+08:00"}, (True, None)),
    ],
)
def test_earlier_calls_with_consent_do_not_count(consent: Entry, expected: tuple[bool, str | None]):
    agreed = [*calls(6, connected=False), calls(7)[6] | {"consent": consent}]
    found = judged(CONSENT, agreed)
    assert (found.holds, found.unclear) == expected


@pytest.mark.parametrize(
    ("known", "unknown", "expected"),
    [
        (1, 1, (False, None)),  # at most three with this one: it does not matter
        (2, 1, (False, "history.unclear")),  # three for sure, perhaps four
        (3, 1, (True, None)),  # four for sure
    ],
)
@pytest.mark.parametrize("entry", [{"connected": True}, {"started_at": "昨天", "connected": True},
                                   {"started_at": "2026-06-03T09:00:00+08:00"}])  # fmt: skip
def test_what_is_not_on_record_is_counted_both_ways(
    known: int, unknown: int, expected: tuple[bool, str | None], entry: Entry
):
    found = judged(A_DAY, [*calls(known), *([entry] * unknown)])
    assert (found.holds, found.unclear) == expected


def test_the_rest_after_a_talk_may_be_unclear():
    assert judged(REST, [{"connected": True}]).unclear == "history.unclear"
    assert judged(REST, [{"connected": False}]).unclear is None
    assert judged(REST, calls(1, connected=None)).unclear == "history.unclear"
    assert judged(REST, calls(1, day="2026-05-01", connected=None)).unclear is None


def test_short_conversations_count_as_the_pack_says():
    limit = A_DAY | {"min_seconds": 10}
    assert judged(limit, calls(3, duration_s=10)).holds is True
    assert judged(limit, calls(3, duration_s=9)).holds is False
    assert judged(limit, calls(3)).unclear == "history.unclear"
    assert judged(A_DAY, calls(3, duration_s=1)).holds is True


def test_an_unknown_direction_leaves_doubt():
    found = judged(A_DAY, calls(3), direction=None)
    assert (found.holds, found.sure) == (True, False)
