"""Mandarin wordings written apart from the rules: heard where meant, quiet where they only sound alike."""

from pathlib import Path

import pytest
import yaml

from qc.packs import load_packs
from tests.qc.calls import judge, record

FILES = (
    "cn_wordings.yaml",
    "cn_wordings_by_kind.yaml",
    "kept_back_cn_agent.yaml",
    "kept_back_cn_customer.yaml",
)


def read_wordings() -> dict[str, dict[str, list[list[str]]]]:
    wordings: dict[str, dict[str, list[list[str]]]] = {}
    for name in FILES:
        cases = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
        for category, kinds in cases.items():
            kept = wordings.setdefault(category, {"said": [], "near": []})
            for kind, turns in kinds.items():
                kept[kind].extend(turns)
    return wordings


WORDINGS = read_wordings()


@pytest.fixture(scope="module")
def pack():
    return load_packs(["cn-base"])


def reported(turns: list[str], name: str, pack) -> bool:
    category, _, state = name.partition("/")
    ended_by = "agent" if category == "no_closing" else "customer"
    call = record(ended_by=ended_by, note={"outcome": "callback", "text": "-"})
    found = judge(pack, *turns, call=call).findings
    return any(
        finding.category == category and (not state or finding.attributes.get("state") == state)
        for finding in found
    )


@pytest.mark.parametrize("name", WORDINGS)
def test_heard_where_it_is_meant(name: str, pack):
    assert [turns for turns in WORDINGS[name]["said"] if not reported(turns, name, pack)] == []


@pytest.mark.parametrize("name", WORDINGS)
def test_quiet_where_it_only_sounds_alike(name: str, pack):
    assert [turns for turns in WORDINGS[name]["near"] if reported(turns, name, pack)] == []


def test_the_creditors_contract_adds_to_the_base_rules():
    packs = load_packs(["cn-base", "cn-telecom-client"])
    late = record(started_at="2026-06-03T21:30:00+08:00")
    found = judge(packs, "a: 您好，我是启和商务的，受联通委托", "c: 你说", "a: 再见", call=late).findings
    assert [finding.rule for finding in found if finding.category == "off_hours"] == [
        "ct.off_hours.evening@2"
    ]
