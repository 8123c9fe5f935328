"""Third parties may be called only when the debtor cannot be reached."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qc.answers import Answer
from qc.facts import answer
from qc.language.condition import Fact
from tests.qc.calls import record

DEBTOR, CONTACT = "+8613800138000", "+8613900139000"
FACT = {"third_party_before": {"dials": 3, "days": 3}}


def judged(
    *history: dict[str, Any], fact: dict[str, Any] = FACT, relation: str = "colleague", **more: Any
) -> Answer:
    call = {"customer": {"number": CONTACT, "relation": relation, "timezone": "Asia/Shanghai"}} | more
    found = answer(
        Fact.model_validate(fact), record(history=list(history), **call), ZoneInfo("Asia/Shanghai")
    )
    assert found is not None
    return found


def dial(day: int, hour: int, *, connected: bool | None = False, **more: Any) -> dict[str, Any]:
    moment = f"2026-{'06' if day < 20 else '05'}-{day:02}T{hour:02}:00:00+08:00"
    return {"started_at": moment, "connected": connected, "number": DEBTOR, "relation": "debtor"} | more


@pytest.mark.parametrize(
    ("history", "too_early"),
    [
        ([dial(2, 9), dial(2, 10)], True),  # two failed by yesterday
        ([dial(2, 9), dial(2, 10), dial(2, 11)], False),  # three: from the next day on
        ([dial(3, 7), dial(3, 8), dial(3, 9)], True),  # three, but today
        ([dial(2, 9), dial(2, 10), dial(3, 9)], True),  # the third of them today
        ([dial(2, 9), dial(2, 10), dial(2, 11), dial(2, 12, connected=True)], True),  # reached after all
        ([dial(1, 9, connected=True), dial(2, 9), dial(2, 10), dial(2, 11)], False),
        ([dial(1, 9), dial(2, 9), dial(3, 9)], False),  # three days in a row, today among them
        ([dial(30, 9), dial(2, 9), dial(3, 9)], True),  # a day between them
        ([dial(31, 9), dial(1, 9), dial(2, 9, connected=True), dial(3, 9)], True),
        ([dial(2, 9, outcome="空号")], False),
        ([dial(2, 9, outcome="out_of_service", connected=True)], False),
    ],
)
def test_when_the_debtor_counts_as_unreachable(history: list[dict[str, Any]], too_early: bool):
    assert judged(*history).holds is too_early


def test_the_numbers_stand_in_the_pack():
    once = {"third_party_before": {"dials": 1, "days": 5}}
    assert judged(dial(2, 9), fact=once).holds is False
    assert judged(dial(2, 9), fact={"third_party_before": {"dials": 2, "days": 5}}).holds is True


def test_it_is_a_question_of_third_parties_we_called():
    assert judged(dial(2, 9, connected=True), relation="debtor").holds is False
    assert judged(dial(2, 9, connected=True), direction="inbound").holds is False


def test_with_no_call_to_the_debtor_on_record_nobody_is_accused():
    assert judged().holds is False
    assert judged(dial(2, 9, relation="relative", number="+8613700137000")).holds is False
    assert judged(dial(2, 9, direction="inbound", connected=True)).holds is False


@pytest.mark.parametrize("name", ["debtor_unreachable", "debtor_deceased", "debtor_incapable"])
def test_the_case_may_say_that_the_debtor_cannot_be_asked(name: str):
    assert judged(dial(2, 9, connected=True), case={name: True}).holds is False
    assert judged(dial(2, 9, connected=True), case={name: "?"}).holds is True


def test_certain_only_where_all_is_on_record():
    assert judged(dial(2, 9, connected=True)).sure is True
    assert judged(dial(2, 9, connected=True, relation=None)).sure is False
    assert judged(dial(2, 9, connected=True), relation="R-07").sure is False
    assert judged(dial(2, 9, connected=True), direction=None).sure is False
    unclear = judged(dial(2, 9), dial(2, 10, connected=None), dial(2, 11))
    assert (unclear.holds, unclear.unclear) == (False, "history.unclear")
    undated = judged(dial(2, 9), dial(2, 10) | {"started_at": None})
    assert (undated.holds, undated.unclear) == (False, "history.unclear")


def test_it_says_how_often_the_debtor_was_tried():
    assert judged(dial(2, 9), dial(3, 9)).measured[0] == "此前连续2次未能联系上债务人本人"
