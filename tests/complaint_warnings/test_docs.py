"""docs/warnings.md tells the numbers that are really used."""

import re
from pathlib import Path

from complaint_warnings.scoring.weights import ITEM_INDICATORS, default_weights

PAGE = (Path(__file__).parents[2] / "docs" / "warnings.md").read_text(encoding="utf-8")
FLOORS_OF_ITEMS = {"trigger": "high", "escalation": "medium", "friction": "low"}


def _rows() -> dict[str, tuple[str, str]]:
    """Indicator -> (group, points) from the table of indicators; `.media` continues the name before."""
    table = PAGE.split("## Indicators")[1].split("## The weights file")[0]
    found = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = re.findall(r"`([^`]+)`", cells[0])
        for name in names:
            full = names[0].split(".")[0] + name if name.startswith(".") else name
            found[full] = (cells[1], cells[2])
    return found


def test_every_indicator_is_documented_with_its_points():
    rows = _rows()
    for name, weight in default_weights().indicators.items():
        group, points = rows[name]
        assert group == weight.group
        assert float(points.split()[0]) == weight.points


def test_every_case_step_is_documented():
    rows = _rows()
    for name, steps in default_weights().case.items():
        assert [float(p) for p in rows[name][1].split(", ")] == [step.points for step in steps]


def test_the_levels_are_documented_with_their_threshold_and_floors():
    weights = default_weights()
    table = PAGE.split("| level | threshold |")[1].split("## Indicators")[0]
    for level in ("high", "medium", "low"):
        [line] = [line for line in table.splitlines() if line.startswith(f"| {level} |")]
        assert float(line.split("|")[2]) == getattr(weights.thresholds, level)
        for name, weight in weights.indicators.items():
            if name in ITEM_INDICATORS:
                assert weight.floor == FLOORS_OF_ITEMS[weight.group]
            elif weight.floor == level and not (level == "high" and name.startswith("complaint_intent.")):
                assert f"`{name}`" in line


def test_what_multiplies_a_state_is_documented():
    by = default_weights().emotion
    row = next(
        line for line in PAGE.splitlines() if line.startswith("| `emotion.angry`, `emotion.anxious` |")
    )
    heard = f"times {by.both:g} for both, {by.voice:g} for the voice alone"
    assert row.endswith(f"{heard}, {by.rising:g} rising, {by.falling:g} falling |")
    assert by.disagree == 1
