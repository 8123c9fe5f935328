from datetime import UTC, datetime, timedelta

import pytest

from ingest.facts.join import join, with_facts
from ingest.facts.types import About, Fact
from ingest.metadata import parse_call_record

BEGAN = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)  # 22:30 in Shanghai
BEFORE, AFTER = BEGAN - timedelta(days=1), BEGAN + timedelta(minutes=30)
CASE = About(case="K1", customer="C1")


def record(**over):
    document = {
        "external_id": "T1",
        "source": "pbx",
        "started_at": BEGAN.isoformat(),
        "customer": {"id": "C1", "number": "13800138000"},
        "case": {"id": "K1"},
    }
    return parse_call_record({**document, **over}, "x")


def fact(kind="case", about=CASE, as_of=BEFORE, **data):
    return Fact(kind, about, data, as_of)


@pytest.mark.parametrize(
    ("about", "fits"),
    [
        (About(call="pbx/T1"), True),
        (About(call="other/T1", case="K1"), False),
        (About(case="K1"), True),
        (About(case="K2", customer="C1"), False),
        (About(customer="C1"), True),
        (About(customer="C2", number="+8613800138000"), False),
        (About(number="+8613800138000"), True),
        (About(number="+8613800138001"), False),
        (About(), False),
    ],
)
def test_whom_a_fact_is_about(about, fits):
    assert about.fits(record()) is fits


def test_what_the_record_says_is_believed():
    given = record(case={"id": "K1", "days_overdue": 10, "amount_due": "5"})
    known = with_facts(given, [fact(days_overdue=63, client="银行", currency="USD", amount_due="9")])
    assert (known.case.days_overdue, known.case.client) == (10, "银行")
    assert (str(known.case.amount_due), known.case.currency) == ("5", "CNY")


def test_what_changes_counts_from_when_it_is_so():
    facts = [
        fact(days_overdue=1),
        fact(as_of=BEFORE + timedelta(hours=1), days_overdue=2),
        fact(as_of=AFTER, days_overdue=3),
    ]
    assert with_facts(record(), facts).case.days_overdue == 2
    assert with_facts(record(started_at=None), facts).case.days_overdue is None
    late = fact(as_of=AFTER, client="银行", complaints_before=2)
    assert (
        with_facts(record(), [late]).case.client,
        with_facts(record(), [late]).case.complaints_before,
    ) == ("银行", 0)


def test_several_cases_of_one_customer():
    facts = [fact(about=About(case=case, customer="C1"), days_overdue=9) for case in ("K1", "K2")]
    assert with_facts(record(), facts).case.days_overdue == 9
    unnamed = record(case={})
    assert with_facts(unnamed, facts).case.days_overdue is None
    assert with_facts(unnamed, facts[:1]).case.days_overdue == 9


def test_whose_number_it_is_holds_for_that_number_only():
    mine = fact("debtor", About(customer="C1", number="+8613800138000"), relation="relative", name="李")
    other = fact(
        "debtor", About(customer="C1", number="+8613900139000"), relation="colleague", timezone="Asia/Tokyo"
    )
    known = with_facts(record(), [mine, other]).customer
    assert (known.relation, known.name, known.timezone) == ("relative", "李", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("as_of", "valid", "counts"),
    [
        (BEFORE, {}, True),
        (AFTER, {}, False),
        (BEFORE, {"valid_from": "2026-03-06"}, False),
        (BEFORE, {"valid_from": "2026-03-05", "valid_to": "2026-03-05"}, True),
        (BEFORE, {"valid_to": "2026-03-04"}, False),
    ],
)
def test_agreed_times_that_were_agreed_before_the_call(as_of, valid, counts):
    agreed = fact(
        "agreed_time", as_of=as_of, **{"from": "21:00:00", "to": "23:00:00", "proof": "H1", **valid}
    )
    windows = with_facts(record(), [agreed]).case.agreed_times
    assert [window.proof for window in windows] == (["H1"] if counts else [])


def test_notes():
    call = About(call="pbx/T1")
    first = fact("note", call, as_of=AFTER, outcome="callback", text="a")
    second = fact("note", call, as_of=AFTER + timedelta(minutes=1), outcome="dispute", text="b")
    known = with_facts(record(), [second, first])
    assert (known.note_given, known.note.outcome, known.note.text) == (True, "dispute", "a\nb")
    own = record(note={"outcome": "refusal"})
    assert with_facts(own, [first]).note.outcome == "refusal"
    assert with_facts(record(note=None), [first]).note.outcome == "callback"
    loose = fact("note", CASE, outcome="callback")  # that it is of this call is not known
    assert with_facts(record(), [loose]) == record()


def test_the_hash_tells_what_a_record_was_joined_with():
    assert join(record(), []).facts_hash == ""
    assert join(record(), [fact(about=About(case="K9"), client="x")]).facts_hash == ""
    one = fact(client="x")
    assert join(record(), [one]).facts_hash == join(record(), [one]).facts_hash != ""
    back = [one, fact(as_of=AFTER, client="y"), fact(as_of=AFTER + timedelta(1), client="x")]
    assert join(record(), back).record == join(record(), [one]).record
    assert join(record(), back).facts_hash != join(record(), [one]).facts_hash
