"""The labelled development calls, where they are at hand: their labels must give their level."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from complaint_warnings.score import assess
from complaint_warnings.types import CallEvidence
from complaint_warnings.weights import default_weights
from ingest.metadata import CallRecord, Case, EarlierCall

from .helpers import finding

SCRIPTS = Path(os.environ.get("DITING_DEVSET", "devset")) / "scripts"


def _evidence(script: dict[str, Any]) -> CallEvidence:
    findings = tuple(
        finding(
            label["category"],
            **{key: label[key] for key in ("channel", "state") if key in label},
        )
        for label in script["labels"]["present"]
    )
    call = script["call"]
    case = {key: value for key, value in call["case"].items() if key != "agreed_times"}
    started = datetime.fromisoformat(call["started_at"])
    record = CallRecord(
        external_id=call["external_id"],
        source=call["source"],
        started_at=started,
        case=Case(**case),
        history=tuple(EarlierCall(**earlier) for earlier in call["history"]),
    )
    band = script["expect"]["score_band"]
    return CallEvidence(call["external_id"], started, record, findings, band, script["language"])


@pytest.mark.skipif(not SCRIPTS.is_dir(), reason=f"no labelled calls in {SCRIPTS}; set DITING_DEVSET")
def test_labels_give_the_expected_level():
    wrong = {}
    scripts = sorted(SCRIPTS.glob("*.json"))
    for path in scripts:
        script = json.loads(path.read_text(encoding="utf-8"))
        result = assess([_evidence(script)], default_weights())
        got = result.level if result else "none"
        if got != script["expect"]["warning_level"]:
            wrong[path.stem] = (got, script["expect"]["warning_level"])
    assert scripts
    assert wrong == {}
