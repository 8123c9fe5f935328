"""Notes held against calls: every difference of a table of cases, and what findings make of them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.record import Note
from qc.call import Call
from qc.compile import PackSet
from qc.conditions.reconciling import differences_of
from qc.evaluate import run_rules
from qc.examples import call_of
from qc.extract.facts import from_document, to_document
from qc.extract.note import known_outcome, read_note
from qc.findings import Finding
from qc.language.schema import ExampleCall
from qc.packs import load_packs

TABLE = yaml.safe_load((Path(__file__).parent / "reconcile_cases.yaml").read_text(encoding="utf-8"))
SPEAKERS = {"a": "agent", "c": "customer"}
PACKS = {"zh": "cn-base", "en": "us-regf"}


@cache
def packs(language: str) -> PackSet:
    return load_packs([PACKS[language]])


def call(language: str, case: Mapping[str, Any], confidence: float = 1.0) -> Call:
    note = case["note"]
    turns = [{SPEAKERS[who]: text} for turn in case["turns"] for who, text in turn.items()]
    given = {"note": None if note is None else {"outcome": note[0], "text": note[1]}}
    return call_of(ExampleCall.model_validate({"turns": turns, "call": given}), language, confidence)


def judged(
    language: str, case: Mapping[str, Any], confidence: float = 1.0
) -> tuple[Call, tuple[Finding, ...]]:
    made = call(language, case, confidence)
    return made, run_rules(made, [rule for rule in packs(language).rules if rule.rule.status == "stable"])


@pytest.mark.parametrize(
    ("language", "case"),
    [
        pytest.param(language, case, id=f"{language}-{number}")
        for language, cases in TABLE.items()
        for number, case in enumerate(cases)
    ],
)
def test_every_difference(language: str, case: Mapping[str, Any]):
    made, _ = judged(language, case)
    found = [f"{'!' if each.sure else ''}{each.aspect}.{each.what}" for each in differences_of(made)]
    # What was not noted may also be hardship and the like beside it; the table names what it is about.
    assert found == case["differs"]


def test_the_table_is_large_enough():
    assert len(TABLE["zh"]) + len(TABLE["en"]) >= 40


def case(note: list[str], *turns: str) -> dict[str, Any]:
    return {"turns": [{turn[0]: turn[3:]} for turn in turns], "note": note}


def test_the_finding_says_what_differs_and_points_at_the_words():
    _, found = judged("zh", case(["promise_to_pay", "周五还800元"], "a: 您能还多少", "c: 我周五先还三百"))
    (finding,) = [each for each in found if each.category == "unlogged_call"]
    assert finding.rule == "cn.unlogged.promise_amount@1"
    assert (finding.status, finding.utterances, finding.heard) == ("certain", (1,), "我周五先还三百")
    assert finding.speaker == "agent"
    assert finding.attributes == {"differs": "promise.amount", "noted": "800.00", "said": "300.00"}
    assert finding.why == {
        "zh": "记录的金额为 800.00，录音中客户承诺 300.00。",
        "en": "The note says 800.00; the customer promised 300.00.",
    }


def test_what_was_heard_badly_accuses_nobody():
    given = case(["promise_to_pay", "周五还800元"], "a: 您能还多少", "c: 我周五先还三百")
    made, found = judged("zh", given, confidence=0.3)
    assert [(each.what, each.sure) for each in differences_of(made)] == [("amount", False)]
    assert [each.status for each in found if each.category == "unlogged_call"] == ["unsure"]


def test_the_recorder_sends_no_notes():
    made = call_of(ExampleCall.model_validate({"turns": [{"customer": "我周五还五百"}]}), "zh")
    found = run_rules(made, packs("zh").rules)
    assert (differences_of(made), [each for each in found if each.category == "unlogged_call"]) == ((), [])


def test_facts_of_a_call_are_typed_and_survive_as_documents():
    given = case(
        ["dispute", ""],
        "a: 请问是陈明先生吗",
        "c: 我是，你说",
        "a: 您有一笔欠款",
        "c: 这个钱我上个月二十号就还清了，两千三百四，手机银行转的",
        "a: 那我核实一下，明天下午三点再给您打电话可以吗",
        "c: 可以，你们别再打我单位电话了，再打我就去银保监会投诉你们",
    )
    made, _ = judged("zh", given)
    facts = {fact.type: to_document(fact) for fact in made.facts or ()}
    assert facts["dispute"] == {
        "type": "dispute", "utterances": [3], "certainty": "certain", "kind": "paid", "amount": "2340.00",
        "currency": "CNY", "date_paid": "2026-05-20", "channel": "app",
    }  # fmt: skip
    assert facts["contact"] == {
        "type": "contact", "utterances": [1], "certainty": "certain", "person": "debtor", "relation": None,
        "how": "said",
    }  # fmt: skip
    assert facts["complaint_intent"]["channel"] == "regulator"
    assert [from_document(to_document(fact)) for fact in made.facts or ()] == list(made.facts or ())


@pytest.mark.parametrize(
    ("turns", "person", "relation", "certainty"),
    [
        (["a: 请问是陈明先生吗", "c: 我是，你说"], "debtor", None, "certain"),
        (["a: 请问是陈明先生吗", "c: 不是，我是他妈妈，他不在家"], "relative", "mother", "certain"),
        (["a: 请问是陈明先生吗", "c: 打错了，我不认识这个人"], "wrong_number", None, "certain"),
        (["a: 请问陈明在吗", "c: 我是他同事，他不在"], "colleague", "colleague", "certain"),
        (["a: 您好，您有一笔欠款", "c: 嗯，我知道"], "debtor", None, "unsure"),
        (["a: 喂？喂？"], "nobody", None, "certain"),
    ],
)
def test_who_answered(turns: list[str], person: str, relation: str | None, certainty: str):
    made, _ = judged("zh", case(["no_commitment", ""], *turns))
    (contact,) = [fact for fact in made.facts or () if fact.type == "contact"]
    plain = to_document(contact)
    assert (plain["person"], plain["relation"], plain["certainty"]) == (person, relation, certainty)


@pytest.mark.parametrize(
    ("turns", "day", "time"),
    [
        (["a: 您好", "c: 我在开车，你明天下午三点再打给我"], "2026-06-04", "15:00"),
        (["a: 那我周五上午十点再给您打电话可以吗", "c: 好的"], "2026-06-05", "10:00"),
        (["a: 那我周五再给您打电话可以吗", "c: 别打了"], None, None),
        (["a: 您好", "c: 你明天别再打给我了"], None, None),
    ],
)
def test_a_call_back_that_was_agreed(turns: list[str], day: str | None, time: str | None):
    made, _ = judged("zh", case(["callback", ""], *turns))
    found = [to_document(fact) for fact in made.facts or () if fact.type == "callback"]
    assert [(each["date"], each["time"]) for each in found] == ([] if day is None else [(day, time)])


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("promise_to_pay", "promise_to_pay"),
        ("PTP", "promise_to_pay"),
        ("承诺还款", "promise_to_pay"),
        ("Call back", "callback"),
        ("无法接通", "no_answer"),
        ("家人接听", "third_party"),
        ("某种内部结果", None),
        (None, None),
    ],
)
def test_words_of_outcomes(word: str | None, outcome: str | None):
    assert known_outcome(word) == outcome


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("承诺周五还500元", {"promise"}),
        ("客户未承诺还款", {"no_promise", "debtor_spoke"}),
        ("客户称已还清，待核实", {"dispute", "debtor_spoke"}),
        ("家人接听，转告", {"third_party"}),
        ("未接通", {"nobody"}),
        ("no commitment", {"no_promise"}),
        ("Consumer will pay 200.00 on March 20", {"promise", "debtor_spoke"}),
    ],
)
def test_what_a_note_speaks_of(text: str, matters: set[str]):
    assert read_note(Note(text=text), "zh", None).matters == matters
