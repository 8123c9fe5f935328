"""American wordings written apart from the rules: heard where meant, quiet where they only sound alike."""

from pathlib import Path

import pytest
import yaml

from qc.packs import load_packs
from tests.qc.calls import judge, record


def read_wordings() -> dict[str, dict[str, list[list[str]]]]:
    wordings: dict[str, dict[str, list[list[str]]]] = {}
    for name in ("us_wordings_agent.yaml", "us_wordings_consumer.yaml"):
        wordings |= yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return wordings


WORDINGS = read_wordings()


@pytest.fixture(scope="module")
def pack():
    return load_packs(["us-regf"])


def reported(turns: list[str], category: str, pack) -> bool:
    call = record(
        started_at="2026-03-04T11:00:00-05:00",
        customer={"relation": "debtor", "timezone": "America/New_York"},
        note={"outcome": "no_commitment", "text": "-"},
    )
    return any(
        finding.category == category for finding in judge(pack, *turns, call=call, language="en").findings
    )


@pytest.mark.parametrize("category", WORDINGS)
def test_heard_where_it_is_meant(category: str, pack):
    said = WORDINGS[category]["said"]
    assert [turns for turns in said if not reported(turns, category, pack)] == []


@pytest.mark.parametrize("category", WORDINGS)
def test_quiet_where_it_only_sounds_alike(category: str, pack):
    assert [turns for turns in WORDINGS[category]["near"] if reported(turns, category, pack)] == []
