"""Whole English calls through the pack for American collectors."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.metadata import parse_call_record
from qc.evaluate import inspect
from qc.packs import load_packs
from transcription.types import Transcript, Utterance

CALLS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "us_regf_calls.yaml").read_text(encoding="utf-8")
)
SPEAKERS = {"a": "agent", "c": "customer"}


@pytest.fixture(scope="module")
def pack():
    return load_packs(["us-regf"])


def utterances(turns: list[dict[str, str]]) -> Iterator[Utterance]:
    at = 0.5
    for number, turn in enumerate(turns):
        [(who, text)] = turn.items()
        end = at + max(1.0, 0.35 * len(text.split()))
        yield Utterance(id=number, speaker=SPEAKERS[who], start=at, end=end, text=text)  # type: ignore[arg-type]
        at = end + 0.4


def inspected(call: dict[str, Any], pack):
    record = {
        "external_id": call["name"],
        "source": "test",
        "direction": "outbound",
        "started_at": "2026-03-04T11:00:00-05:00",
        "customer": {"name": "Somebody", "relation": "debtor", "timezone": "America/New_York"},
        **call["call"],
    }
    spoken = tuple(utterances(call["turns"]))
    transcript = Transcript(language="en", engine="given", model="", utterances=spoken)
    return inspect(transcript, (), parse_call_record(record, call["name"]), pack)


@pytest.mark.parametrize("call", CALLS, ids=[call["name"] for call in CALLS])
def test_a_call_has_what_was_said_and_nothing_else(call: dict[str, Any], pack):
    found = {finding.category for finding in inspected(call, pack).findings}
    assert found - set(call.get("open", [])) == set(call["present"])
