"""The examples inside rules are their tests."""

from qc.examples import run_examples
from tests.qc.conftest import MakePack

TOPIC = """
rules:
- id: t.visit
  category: threat
  title: {zh: 上门, en: Visit}
  cite: [{source: policy}]
  detect: {phrase: 让你在公司抬不起头}
  examples:
    violates:
    - 让你在公司抬不起头
    - [{customer: 你敢}, {agent: 让你在公司抬不起头}]
    - {turns: [{agent: 让你在公司台不起头}], recognised: true}
    allowed:
    - [{customer: 让你在公司抬不起头}]
    - {turns: [{agent: 让你在公司台不起头}]}
- id: t.hours
  category: off_hours
  title: {zh: 时段, en: Hours}
  cite: [{source: policy}]
  detect: {fact: {hours: {from: "08:00", to: "22:00"}}}
  examples:
    violates: [{call: {started_at: "2026-06-03T23:00:00+08:00"}}]
    allowed:
    - {call: {started_at: "2026-06-03T21:00:00+08:00"}}
    - {call: {started_at: "2026-06-03T23:00:00+08:00", direction: inbound}}
- id: t.silence
  category: dead_air
  title: {zh: 静默, en: Silence}
  cite: [{source: policy}]
  detect: {cue: {kind: dead_air, min_seconds: 30}}
  examples:
    violates: [{turns: [{agent: 您好, start: 0, end: 2}, {agent: 喂, start: 40, end: 41}],
                cues: [{kind: dead_air, start: 2, end: 40, value: 38, utterances: [1]}]}]
    allowed: [{turns: [{agent: 您好}], cues: [{kind: dead_air, start: 2, end: 12, value: 10}]}]
- id: t.after
  status: draft
  category: dispute_ignored
  title: {zh: 异议后, en: After}
  detect: {order: {first: {category: dispute.paid}, then: {phrase: 还钱}}}
  examples:
    violates: [[{customer: 还清了}, {agent: 还钱}]]
    allowed: [[{customer: 没钱}, {agent: 还钱}]]
- id: t.paid
  category: dispute.paid
  title: {zh: 已还, en: Paid}
  cite: [{source: policy}]
  detect: {phrase: 还清了}
  examples: {violates: [还清了], allowed: [没还]}
"""


def test_good_examples_pass(make_pack: MakePack):
    assert run_examples(make_pack(TOPIC)) == []


def test_examples_that_come_out_otherwise_are_named(make_pack: MakePack):
    broken = TOPIC.replace("violates: [还清了], allowed: [没还]", "violates: [没还], allowed: [还清了]")
    failures = [str(failure) for failure in run_examples(make_pack(broken))]
    assert failures == [
        "trial t.paid@1 did not fire on violates[0]: 没还",
        "trial t.paid@1 fired on allowed[0]: 还清了",
    ]


def test_some_rules_can_be_chosen(make_pack: MakePack):
    broken = TOPIC.replace("violates: [还清了]", "violates: [没还]")
    assert run_examples(make_pack(broken), frozenset({"t.visit"})) == []
    assert len(run_examples(make_pack(broken), frozenset({"t.paid"}))) == 1


def test_examples_of_whole_calls_are_shown_by_their_turns_or_facts(make_pack: MakePack):
    broken = TOPIC.replace('T23:00:00+08:00"}}]', 'T13:00:00+08:00"}}]').replace(
        "台不起头}], recognised", "哭}], recognised"
    )
    shown = [failure.text for failure in run_examples(make_pack(broken))]
    assert shown == ["让你在公司哭", "{'started_at': '2026-06-03T13:00:00+08:00'}"]
