"""An explanation of a rule as JSON has it, on the command line and over HTTP alike."""

from dataclasses import asdict
from typing import Any

from qc.workbench.explain import Explained, Heard


def part_json(part: Explained) -> dict[str, Any]:
    """A part of an explanation as JSON has it."""
    return {
        "role": part.part.role,
        "kind": part.part.condition.kind,
        "says": part.part.says._asdict(),
        "against": part.part.against,
        "found": part.found,
        "heard": [_heard_json(heard) for heard in part.heard],
        "dropped": [_heard_json(heard) for heard in part.dropped],
        "elsewhere": [_heard_json(heard) for heard in part.elsewhere],
        "measured": part.measured._asdict() if part.measured else None,
        "likeness": asdict(part.likeness) if part.likeness else None,
        "nearest": _heard_json(part.nearest) if part.nearest else None,
        "parts": [part_json(inner) for inner in part.parts],
    }


def _heard_json(heard: Heard) -> dict[str, Any]:
    return {**asdict(heard), "text": heard.text.zh}
