"""Innocent words that look bad: whatever is found of misconduct in them may be a doubt, never certain."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from qc.compile import PackSet
from qc.evaluate import inspect
from qc.packs import load_packs
from tests.qc.calls import record, transcript

CORPUS: dict[str, list[Any]] = yaml.safe_load(
    (Path(__file__).parent / "innocent_cn.yaml").read_text(encoding="utf-8")
)
CUSTOMER = {"number": "+8613800138000", "timezone": "Asia/Shanghai"}
NO_CALL = ("absence", "fact")  # a scene is no whole call: that nobody said goodbye in it tells nothing


@cache
def packs() -> PackSet:
    return load_packs(("cn-base", "cn-telecom-client"))


@pytest.mark.parametrize("kind", CORPUS)
def test_nobody_is_accused_for_certain(kind: str):
    accused = []
    for entry in CORPUS[kind]:
        turns, given = (entry["turns"], entry["calls"]) if isinstance(entry, dict) else (entry, {})
        call = record(**{**given, "customer": {**CUSTOMER, **given.get("customer", {})}})
        for found in inspect(transcript(*turns), (), call, packs()).findings:
            certain = found.kind == "violation" and found.status == "certain"
            whole = isinstance(entry, dict) and not found.rule.startswith("cn.unlogged.missing_note")
            if certain and (whole or found.how not in NO_CALL):
                accused.append((found.rule, found.heard))
    assert accused == []


def test_the_corpus_is_not_small():
    assert sum(map(len, CORPUS.values())) >= 60
