"""Facts of the debt and the length of the call."""

from typing import Any

import pytest

from tests.qc.calls import judge, record, rule
from tests.qc.conftest import MakePack

CASE = {
    "client": "云杉银行股份有限公司",
    "product": "credit_card",
    "days_overdue": 63,
    "amount_due": "1260.00",
    "complaints_before": 2,
}


def outcome(make_pack: MakePack, fact: str, **changes: Any) -> str:
    """`certain`, `unsure` or `none`: what a rule on the fact says of a call."""
    packs = make_pack("rules:" + rule(f"{{fact: {fact}}}"))
    found = judge(packs, "a: 您好", "c: 喂", call=record(**{"case": CASE, **changes})).findings
    return found[0].status if found else "none"


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("{days_overdue: {at_least: 63}}", "certain"),
        ("{days_overdue: {at_least: 64}}", "none"),
        ("{days_overdue: {at_least: 60, at_most: 62}}", "none"),
        ("{amount_due: {at_most: 1260}}", "certain"),
        ("{amount_due: {at_most: 1259.99}}", "none"),
        ("{complaints_before: {at_least: 2}}", "certain"),
        ("{product_in: [telecom, Credit_Card]}", "certain"),
        ("{product_in: telecom}", "none"),
        ("{product_not_in: [telecom]}", "certain"),
        ("{client_in: [云杉银行]}", "certain"),
        ("{client_not_in: [云杉银行]}", "none"),
        ("{client_not_in: [海松银行]}", "certain"),
    ],
)
def test_facts_of_the_debt(make_pack: MakePack, fact: str, expected: str):
    assert outcome(make_pack, fact) == expected


@pytest.mark.parametrize(
    "fact",
    ["{days_overdue: {at_least: 1}}", "{amount_due: {at_most: 5}}", "{product_in: x}", "{client_not_in: x}"],
)
def test_what_the_record_does_not_say_leaves_doubt(make_pack: MakePack, fact: str):
    assert outcome(make_pack, fact, case={}) == "unsure"


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("{duration: {at_least: 7}}", "certain"),
        ("{duration: {at_least: 8}}", "none"),
        ("{duration: {at_most: 9}}", "unsure"),
    ],
)
def test_without_a_length_the_words_tell_the_least(make_pack: MakePack, fact: str, expected: str):
    assert outcome(make_pack, fact) == expected


@pytest.mark.parametrize(
    ("fact", "expected"), [("{duration: {at_most: 90}}", "certain"), ("{duration: {at_most: 89}}", "none")]
)
def test_the_length_that_the_record_gives_counts(make_pack: MakePack, fact: str, expected: str):
    assert outcome(make_pack, fact, duration_s=90) == expected


def test_guards_may_stand_among_the_excuses(make_pack: MakePack):
    plain = make_pack("rules:" + rule("{phrase: 上门}"))
    excused = make_pack("rules:" + rule("{phrase: 上门}", extra="  unless: [{question: true}]\n"))
    assert len(judge(plain, "a: 要不要上门？").findings) == 1
    assert len(judge(excused, "a: 要不要上门？").findings) == 0
    assert len(judge(excused, "a: 我要上门").findings) == 1
    assert len(judge(excused, "a: 我没说上门").findings) == 0
