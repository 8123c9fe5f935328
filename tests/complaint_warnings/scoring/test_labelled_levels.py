"""Labels of whole calls must give the warning level that the people who wrote them expect."""

import json
from pathlib import Path
from typing import Any

import pytest

from complaint_warnings.scoring.score import assess
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.types import CallEvidence
from ingest.metadata import load_call_record

from ..helpers import finding

ROOT = Path(__file__).parents[3]
LABELS = sorted(
    path for folder in ("bench/calls", "samples/calls") for path in (ROOT / folder).glob("*.labels.json")
)


def _evidence(path: Path, labels: dict[str, Any]) -> CallEvidence:
    name = path.name.removesuffix(".labels.json")
    findings = tuple(
        finding(label["category"], **{key: label[key] for key in ("channel", "state") if key in label})
        for label in labels["present"]
    )
    record = load_call_record(path.with_name(f"{name}.call.json"))
    language = json.loads(path.with_name(f"{name}.transcript.json").read_text(encoding="utf-8"))["language"]
    return CallEvidence(name, record.started_at, record, findings, labels["expect"]["score_band"], language)


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.name.removesuffix(".labels.json"))
def test_labels_give_the_expected_level(path: Path):
    labels = json.loads(path.read_text(encoding="utf-8"))
    result = assess([_evidence(path, labels)], default_weights())
    assert (result.level if result else "none") == labels["expect"]["warning_level"]
