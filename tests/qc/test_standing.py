"""What earlier calls left open, and what settles it."""

from typing import Any

import pytest

from qc.answers import Answer
from qc.language.facts import Standing
from qc.standing import standing
from tests.qc.calls import record

HOME, OTHER = "+8613800138000", "+8613900139000"
ALL = ("record", "inbound", "promise")


def judged(of: str, *history: dict[str, Any], settled_by: tuple[str, ...] = ALL, **changes: Any) -> Answer:
    wanted = Standing.model_validate({"of": of, "settled_by": settled_by})
    return standing(wanted, record(history=list(history), **changes))


def on(day: int, **entry: Any) -> dict[str, Any]:
    return {"started_at": f"2026-05-{day:02}T10:00:00+08:00", "connected": True, "number": HOME} | entry


@pytest.mark.parametrize("matter", ["stop_request", "dispute"])
@pytest.mark.parametrize(
    ("opened", "holds"),
    [(True, True), ("amount", True), ("yes", True), (False, False), ("no", False), ("", False), (None, False),
     ("withdrawn", False), ("已解决", False)],
)  # fmt: skip
def test_an_entry_opens_a_matter(matter: str, opened: Any, holds: bool):
    assert judged(matter, on(1, **{matter: opened})).holds is holds


def test_so_does_the_outcome_of_its_note():
    assert judged("dispute", on(1, outcome="dispute")).holds is True
    assert judged("stop_request", on(1, outcome="stop_request")).holds is True
    assert judged("dispute", on(1, outcome="dispute", dispute=False)).holds is False
    assert judged("dispute", on(1, outcome="stop_request")).holds is False


@pytest.mark.parametrize(
    ("then", "by", "holds"),
    [
        ({"resolved": True}, ALL, False),
        ({"resolved": "dispute"}, ALL, False),
        ({"resolved": "dispute.amount"}, ALL, False),
        ({"resolved": ["stop_request", "dispute"]}, ALL, False),
        ({"resolved": "stop_request"}, ALL, True),
        ({"resolved": False}, ALL, True),
        ({"resolved": True}, ("inbound",), True),
        ({"dispute": "withdrawn"}, ("record",), False),
        ({"direction": "inbound"}, ALL, False),
        ({"direction": "inbound"}, ("record",), True),
        ({"direction": "inbound", "dispute": True}, ALL, True),
        ({"promise": True}, ALL, False),
        ({"outcome": "promise_to_pay"}, ALL, False),
        ({"outcome": "promise_to_pay"}, ("record", "inbound"), True),
        ({"outcome": "no_answer", "connected": False}, ALL, True),
    ],
)
def test_what_settles_a_dispute(then: dict[str, Any], by: tuple[str, ...], holds: bool):
    assert judged("dispute", on(1, dispute=True), on(5, **then), settled_by=by).holds is holds


def test_what_was_settled_before_settles_nothing():
    assert judged("dispute", on(1, resolved=True), on(5, dispute=True)).holds is True
    assert (
        judged("dispute", on(1, dispute=True), on(5, resolved=True), on(9, dispute=True)).since
        == "2026-05-09 10:00"
    )
    assert judged("dispute", on(1, dispute=True, resolved=True)).holds is False


def test_the_case_outweighs_the_history():
    assert judged("dispute", on(1, dispute=True), case={"dispute_open": False}).holds is False
    assert judged("stop_request", on(1, stop_request=True), case={"stop_requested": False}).holds is False
    found = judged("dispute", case={"dispute_open": True})
    assert (found.holds, found.sure, found.since) == (True, True, "case")
    assert judged("vulnerable", case={"vulnerable": "怀孕"}).holds is True


@pytest.mark.parametrize(
    ("entry", "sure"),
    [
        ({"dispute": True}, False),
        ({"dispute": True, "resolved": False}, True),
        ({"dispute": "paid", "resolved": None}, False),
    ],
)
def test_a_dispute_is_certain_only_where_the_record_says_that_it_is_open(entry: dict[str, Any], sure: bool):
    assert judged("dispute", on(1, **entry)).sure is sure


def test_a_request_to_stop_is_certain_until_it_is_taken_back():
    found = judged("stop_request", on(1, stop_request=True))
    assert (found.sure, found.since) == (True, "2026-05-01 10:00")
    assert found.measured == ("2026-05-01 10:00要求停止联系", "asked for contact to stop on 2026-05-01 10:00")


def test_a_request_of_unknown_time_leaves_doubt():
    undated = {"started_at": "neulich", "connected": True, "stop_request": True}
    found = judged("stop_request", undated)
    assert (found.holds, found.sure) == (True, False)
    assert judged("stop_request", undated, on(1, resolved=True)).holds is False


def test_a_third_party_speaks_for_itself_alone():
    refused = on(1, stop_request=True, number=OTHER, relation="colleague")
    again = {"customer": {"number": OTHER, "relation": "colleague"}}
    another = {"customer": {"number": "+8613700137000", "relation": "colleague"}}
    assert judged("stop_request", refused, **again).holds is True
    assert judged("stop_request", refused, **another).holds is False
    assert judged("stop_request", refused).holds is False  # the debtor did not ask for anything
    unnamed = on(1, stop_request=True, number=OTHER)
    assert judged("stop_request", unnamed, **again).holds is True


def test_what_the_debtor_asks_binds_calls_to_others_but_disputes_are_the_debtors():
    contact = {"customer": {"number": OTHER, "relation": "relative"}}
    assert judged("stop_request", on(1, stop_request=True, relation="debtor"), **contact).holds is True
    assert judged("dispute", on(1, dispute=True, relation="debtor"), **contact).holds is False
