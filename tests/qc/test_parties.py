"""Whose number was called."""

import pytest

from ingest.record import EarlierCall
from qc.parties import is_known, party, person_of, same_person
from tests.qc.calls import record

MINE, THEIRS = "+8613800138000", "+8613900139000"


@pytest.mark.parametrize(
    ("word", "spelled", "known"),
    [(" Self ", "debtor", True), ("本人", "debtor", True), ("relative", "relative", True),
     ("律师", "律师", True),
     ("R-07", "r-07", False)],
)  # fmt: skip
def test_words_for_people(word: str, spelled: str, known: bool):
    assert (party(word), is_known(party(word))) == (spelled, known)


@pytest.mark.parametrize(
    ("then", "number", "now", "expected"),
    [
        ("debtor", MINE, "debtor", True),
        ("debtor", THEIRS, "debtor", True),  # another number of the debtor
        ("relative", MINE, "debtor", False),
        ("debtor", MINE, "relative", False),
        ("relative", MINE, "relative", True),
        ("relative", THEIRS, "relative", False),
        ("colleague", MINE, "relative", True),  # one number, one person
        ("relative", None, "relative", True),
        ("relative", None, "colleague", None),
        ("R-07", MINE, "debtor", None),
        (None, THEIRS, "debtor", True),
        (None, THEIRS, "relative", False),
        (None, MINE, "relative", True),
    ],
)
def test_whether_two_calls_went_to_one_person(
    then: str | None, number: str | None, now: str, expected: bool | None
):
    earlier = EarlierCall(number=number, relation=then)
    call = record(customer={"number": MINE, "relation": now})
    assert same_person(earlier, call) is expected


def test_an_entry_without_a_relation_is_the_debtors_unless_the_number_says_otherwise():
    call = record(customer={"number": MINE, "relation": "relative"})
    assert person_of(EarlierCall(number=THEIRS), call) == "debtor"
    assert person_of(EarlierCall(number=MINE), call) == "relative"
