"""A small pack that the tests of the workbench look at."""

from pathlib import Path

from qc.workbench.book import Book, open_book
from tests.qc.conftest import write_pack

TOPIC = """
words:
  kin: [爸, 妈]
concepts:
  tell: {phrase: 告诉你<kin>}
rules:
- id: t.tell
  category: threat
  title: {zh: 告知家人, en: Tell the family}
  cite: [{source: cn.cba2026, quote: 不得骚扰, confidence: S2}]
  where: {first_utterances: 2}
  detect: {any: [{concept: tell}, {phrase: 让你单位都知道}]}
  unless: [{phrase: 经您同意}]
  examples: {violates: [我会告诉你妈], allowed: [您好]}
- id: t.pressed
  category: dispute_ignored
  title: {zh: 异议后催收, en: Pressed after a dispute}
  cite: [{source: policy}]
  detect: {order: {first: {category: dispute.paid}, then: {phrase: 今天还款}}}
  examples: {violates: [[{customer: 还清了}, {agent: 今天还款}]], allowed: [今天还款]}
- id: t.paid
  category: dispute.paid
  title: {zh: 称已还, en: Says it is paid}
  cite: [{source: policy}]
  detect: {phrase: 还清了}
  examples: {violates: [还清了], allowed: [没还]}
- id: t.late
  category: off_hours
  title: {zh: 过晚, en: Late}
  cite: [{source: policy}]
  where: {direction: outbound, not_relation: colleague}
  detect: {fact: {hours: {from: "08:00", to: "21:00"}}}
  examples: {violates: [{call: {started_at: "2026-06-03T23:00:00+08:00"}}], allowed: [您好]}
- id: t.draft
  status: draft
  category: abuse
  title: {zh: 粗话, en: Rude}
  certain: false
  detect: {phrase: 你真差劲}
"""


def book(folder: Path, topic: str = TOPIC) -> Book:
    return open_book([str(write_pack(folder, topic))])
