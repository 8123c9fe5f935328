"""States within a call: what opens, acknowledges, resolves and takes back."""

import itertools

import pytest

from qc.document import from_document, to_document
from qc.findings import StateOfCall
from qc.hits import Hit
from qc.language.checks import lint_source
from qc.language.loader import read_packs
from qc.state import Event, in_order, standing_at
from tests.qc.calls import judge, places
from tests.qc.conftest import MakePack, write_pack

TOPIC = """
concepts:
  presses: {phrase: [今天还钱, 赶紧处理]}
states:
  dispute:
    opened: {category: dispute.*}
    acknowledged: {phrase: 我给您登记}
    resolved: {phrase: 核实过了}
    withdrawn: {phrase: 我记错了}
rules:
- id: t.dispute
  category: dispute.amount
  title: {zh: 异议, en: Dispute}
  cite: [{source: policy}]
  detect: {phrase: [金额不对, 不是这个数]}
  examples: {violates: [金额不对], allowed: [您好]}
- id: t.pressed
  category: dispute_ignored
  title: {zh: 催款, en: Pressed}
  cite: [{source: policy}]
  detect: {all: [{concept: presses}, {state: {dispute: open}}]}
  examples: {violates: [[{customer: 金额不对}, {agent: 今天还钱}]], allowed: [今天还钱]}
- id: t.strict
  category: dispute_ignored
  title: {zh: 催款, en: Pressed}
  cite: [{source: policy}]
  detect: {all: [{state: {dispute: [open, acknowledged]}}, {concept: presses}]}
  examples: {violates: [[{customer: 金额不对}, {agent: 今天还钱}]], allowed: [今天还钱]}
"""


def event(to: str, at: int, place: int = 0, *, sure: bool = True) -> Event:
    return Event(to, Hit(at, (place, place + 1), "letters", to, sure=sure))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("events", "status", "opener", "by"),
    [
        ([("open", 1)], "open", 1, 1),
        ([("acknowledged", 0), ("open", 1)], "open", 1, 1),  # nothing was open to acknowledge
        ([("open", 1), ("acknowledged", 2)], "acknowledged", 1, 2),
        ([("open", 1), ("acknowledged", 2), ("acknowledged", 3)], "acknowledged", 1, 2),
        ([("open", 1), ("open", 3)], "open", 1, 1),
        ([("open", 1), ("acknowledged", 2), ("open", 3)], "open", 3, 3),
        ([("open", 1), ("resolved", 2)], "resolved", 1, 2),
        ([("open", 1), ("acknowledged", 2), ("resolved", 4)], "resolved", 1, 4),
        ([("open", 1), ("withdrawn", 3)], "withdrawn", 1, 3),
        ([("open", 1), ("withdrawn", 3), ("acknowledged", 4)], "withdrawn", 1, 3),
        ([("open", 1), ("resolved", 2), ("open", 5)], "open", 5, 5),
    ],
)
def test_what_follows_from_what(events: list[tuple[str, int]], status: str, opener: int, by: int):
    now = standing_at(in_order(event(to, at) for to, at in events))
    assert now is not None
    assert (now.status, now.opener.utterance, now.by.utterance) == (status, opener, by)


def test_nothing_is_open_before_it_was_opened():
    assert standing_at(()) is None
    assert standing_at((event("withdrawn", 0),)) is None
    events = in_order([event("open", 2), event("acknowledged", 4)])
    found = [now.status if (now := standing_at(events, at)) else None for at in range(6)]
    assert found == [None, None, None, "open", "acknowledged", "acknowledged"]


def test_the_order_of_the_words_decides_within_an_utterance():
    """ "The amount is wrong … no, my mistake" against "my mistake? no, the amount is wrong"."""
    first = in_order([event("withdrawn", 1, 8), event("open", 1, 2)])
    assert [each.to for each in first] == ["open", "withdrawn"]
    now = standing_at(in_order([event("open", 1, 8), event("withdrawn", 1, 2)]))
    assert now is not None
    assert now.status == "open"


def test_the_order_in_which_events_are_found_does_not_matter():
    events = [event("open", 1), event("acknowledged", 3), event("open", 5), event("withdrawn", 7)]
    expected = in_order(events)
    assert all(in_order(shuffled) == expected for shuffled in itertools.permutations(events))


def test_a_surer_opening_takes_the_place_of_a_doubtful_one():
    now = standing_at(in_order([event("open", 1, sure=False), event("open", 3), event("open", 5)]))
    assert now is not None
    assert (now.opener.utterance, now.opener.sure) == (3, True)


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        (["c: 金额不对", "a: 今天还钱"], [("t.pressed", (1, 0)), ("t.strict", (1, 0))]),
        (["a: 今天还钱", "c: 金额不对"], []),
        (["c: 金额不对", "a: 我给您登记", "a: 今天还钱"], [("t.strict", (2, 0))]),
        (["c: 金额不对", "a: 我给您登记，今天还钱"], [("t.strict", (1, 0))]),
        (["c: 金额不对", "a: 核实过了", "a: 今天还钱"], []),
        (["c: 金额不对", "c: 哦我记错了", "a: 今天还钱"], []),
        (["c: 金额不对", "a: 我记错了", "a: 今天还钱"], [("t.pressed", (2, 0)), ("t.strict", (2, 0))]),
        (["c: 金额不对", "a: 我给您登记", "c: 真不是这个数", "a: 今天还钱"],
         [("t.pressed", (3, 2)), ("t.strict", (3, 2))]),
        (["c: 金额不对", "a: 今天还钱", "c: 啊", "a: 赶紧处理"],
         [("t.pressed", (1, 0)), ("t.strict", (1, 0)), ("t.pressed", (3, 0)), ("t.strict", (3, 0))]),
    ],
)  # fmt: skip
def test_what_is_said_while_a_dispute_is_open(
    make_pack: MakePack, turns: list[str], found: list[tuple[str, tuple[int, ...]]]
):
    made = judge(make_pack(TOPIC), *turns)
    assert [place for place in places(made) if place[0] != "t.dispute"] == found


def test_the_finding_shows_what_was_said_and_since_when(make_pack: MakePack):
    made = judge(make_pack(TOPIC), "a: 您好", "c: 金额不对", "a: 嗯", "a: 今天还钱")
    finding = next(finding for finding in made.findings if finding.rule == "t.pressed@1")
    assert finding.heard == "今天还钱"
    assert finding.attributes == {"since": "1"}
    assert (finding.how, finding.matched) == ("order", "金额异议之后坐席“今天还钱”")
    assert finding.status == "certain"


def test_a_doubtful_dispute_makes_a_doubtful_finding(make_pack: MakePack):
    doubtful = TOPIC.replace("detect: {phrase: [金额不对", "certain: false\n  detect: {phrase: [金额不对")
    made = judge(make_pack(doubtful), "c: 金额不对", "a: 今天还钱")
    assert {finding.rule: finding.status for finding in made.findings}["t.pressed@1"] == "unsure"
    assert made.states[0].sure is False


@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (["a: 您好"], ()),
        (["c: 金额不对"], (StateOfCall("dispute", "dispute", "open", 0, 0),)),
        (["c: 金额不对", "a: 我给您登记"], (StateOfCall("dispute", "dispute", "acknowledged", 0, 1),)),
        (["c: 金额不对", "c: 我记错了"], (StateOfCall("dispute", "dispute", "withdrawn", 0, 1),)),
    ],
)
def test_what_the_call_leaves_to_later_ones(
    make_pack: MakePack, turns: list[str], left: tuple[StateOfCall, ...]
):
    made = judge(make_pack(TOPIC), *turns)
    assert made.states == left
    assert from_document(to_document(made), made.findings, made.packs, made.pack_hash) == made


def test_an_inspection_from_before_there_were_states_has_none(make_pack: MakePack):
    made = judge(make_pack(TOPIC), "c: 金额不对")
    document = to_document(made)
    del document["states"]
    assert from_document(document, made.findings, made.packs, made.pack_hash).states == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("{state: {dispute: open}}", "{state: {disput: open}}"), "there is no state 'disput'"),
        (("{dispute: open}", "{dispute: opened}"), "open"),
        (("{dispute: open}", "{dispute: open, other: open}"), "ask for one state"),
        (("  dispute:\n", "  quarrel:\n"), "it is not said what the state 'quarrel' is about"),
        (
            ("acknowledged: {phrase: 我给您登记}", "acknowledged: {state: {dispute: open}}"),
            "asks for a state",
        ),
        (("acknowledged: {phrase: 我给您登记}", "acknowledgd: {phrase: 我给您登记}"), "acknowledgd"),
        (("withdrawn: {phrase: 我记错了}", "withdrawn: {concept: nothing}"), "there is no concept 'nothing'"),
    ],
)
def test_mistakes_are_named(tmp_path, change: tuple[str, str], message: str):
    problems = lint_source(read_packs([write_pack(tmp_path, TOPIC.replace(*change))]))
    assert any(message in str(problem) for problem in problems), [str(problem) for problem in problems]


def test_a_state_that_asks_for_itself_through_a_concept_is_refused(tmp_path):
    round_about = TOPIC.replace("concepts:\n", "concepts:\n  again: {state: {dispute: open}}\n").replace(
        "{phrase: 我给您登记}", "{concept: again}"
    )
    problems = lint_source(read_packs([write_pack(tmp_path, round_about)]))
    assert [problem.code for problem in problems] == ["rules.state"]
