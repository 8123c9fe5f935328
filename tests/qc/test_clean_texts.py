"""Ordinary texts of others, where a folder of them lies beside the repository; none of them is part of it.

`coldataset/test.csv` (Apache-2.0) is social media, its label 0 harmless;
`loan_bot/nlu_expired.md` (Apache-2.0) is what customers answer a machine that reminds them of a loan.
"""

import csv
import re
from pathlib import Path

import pytest

from qc.evaluate import run_rules
from qc.examples import call_of
from qc.findings import Finding
from qc.force import in_force
from qc.language.schema import ExampleCall, Turn
from tests.qc.test_clean import OF_A_WHOLE_CALL, hint, packs_of

TEXTS = Path(__file__).parents[3] / "shared" / "text"
COLD = TEXTS / "coldataset" / "test.csv"
LOAN = TEXTS / "loan_bot" / "nlu_expired.md"
HARMLESS = 300


def plainly(turn: Turn) -> tuple[Finding, ...]:
    """What the stable rules find in one turn, hints of likeness left out."""
    rules = in_force(packs_of(("cn-base", "cn-telecom-client")).rules, None, "stable")
    found = run_rules(call_of(ExampleCall(turns=[turn]), "zh"), rules)
    return tuple(each for each in found if each.how not in OF_A_WHOLE_CALL and not hint(each))


@pytest.mark.skipif(not COLD.exists(), reason="the texts of COLDataset are not beside the repository")
def test_harmless_posts_are_seldom_misconduct():
    """They speak of crime, family and money, and are no calls: at most one in twenty accuses."""
    with COLD.open(encoding="utf-8-sig", newline="") as file:
        posts = [row["TEXT"].replace(" ", "") for row in csv.DictReader(file) if row["label"] == "0"]
    few = posts[:HARMLESS]
    accused = [post for post in few if any(each.kind == "violation" for each in plainly(Turn(agent=post)))]
    assert len(few) == HARMLESS
    assert len(accused) <= HARMLESS / 20, accused


@pytest.mark.skipif(not LOAN.exists(), reason="the answers to a loan reminder are not beside the repository")
def test_short_answers_alarm_nobody():
    """Nobody among them complains or speaks of dying."""
    said = re.findall(r"^- (.+)$", LOAN.read_text(encoding="utf-8"), re.M)
    alarms = [(text, each.rule) for text in said for each in plainly(Turn(customer=text))]
    assert len(said) > 100
    assert [alarm for alarm in alarms if alarm[1].startswith(("cn.self_harm", "cn.complaint"))] == []
