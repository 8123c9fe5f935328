"""Points, caps, veto and bands."""

import pytest

from qc.findings import Deduction, Finding
from qc.scoring import Caps, band, score
from qc.taxonomy import CATEGORIES


def finding(
    category: str, *, rule: str | None = None, status: str = "certain", points: int | None = None
) -> Finding:
    found = CATEGORIES[category]
    return Finding(
        rule=rule or f"t.{category}@1", pack="trial", category=category, kind=found.kind, speaker="agent",
        utterances=(0,), span=None, start=0.0, end=1.0, heard="…", matched="…", how="letters", confidence=1.0,
        status=status, severity=found.severity, points=found.deduct if points is None else points,  # type: ignore[arg-type]
        why={"zh": "缘由", "en": "reason"},
    )  # fmt: skip


def test_a_call_without_findings_has_full_marks():
    empty = score(())
    assert (empty.total, empty.band, empty.deductions, empty.veto) == (100, "clean", (), None)


def test_deductions_are_capped_by_category():
    scored = score([finding("dismissive", rule=f"t.{name}@1") for name in "abc"])
    assert scored.deductions == (
        Deduction("t.a@1", "dismissive", 15),
        Deduction("t.b@1", "dismissive", 15),
    )
    assert (scored.total, scored.band) == (70, "major")


def test_the_same_rule_several_times_is_one_line():
    scored = score([finding("no_closing"), finding("no_closing"), finding("no_closing")])
    assert scored.deductions == (Deduction("t.no_closing@1", "no_closing", 10),)
    assert scored.total == 90


def test_unsure_findings_and_signals_deduct_nothing():
    scored = score(
        [finding("abuse", status="unsure", points=0), finding("complaint_intent")], vetoes=["t.abuse@1"]
    )
    assert (scored.total, scored.band, scored.veto) == (100, "clean", None)


def test_a_veto_needs_a_certain_finding():
    scored = score([finding("abuse")], vetoes=["t.abuse@1"])
    assert (scored.total, scored.band, scored.veto) == (0, "critical", "t.abuse@1")
    assert scored.deductions == (Deduction("t.abuse@1", "abuse", 40),)


def test_the_score_never_falls_below_zero():
    names = [name for name, category in CATEGORIES.items() if category.kind == "violation"]
    assert score([finding(name) for name in names]).total == 0


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ([], "clean"),
        (["no_identity"], "minor"),
        (["no_identity", "no_closing"], "minor"),
        (["no_identity", "no_closing", "dead_air"], "major"),
        (["no_closing", "no_closing", "no_closing"], "minor"),
        (["dismissive"], "major"),
        (["dismissive", "off_hours"], "major"),
        (["dismissive", "off_hours", "raised_voice"], "critical"),
        (["dismissive", "dismissive", "dismissive"], "major"),
        (["abuse"], "critical"),
        (["no_identity", "improper_payment"], "critical"),
    ],
)
def test_bands(categories: list[str], expected: str):
    assert band([finding(category) for category in categories]) == expected


def test_packs_may_set_the_caps():
    findings = [finding("abuse"), finding("abuse")]
    caps = Caps(categories={"abuse": 60})
    assert [line.points for line in score(findings, caps=caps).deductions] == [60]
    caps = Caps(categories={"abuse": 60}, rules={"t.abuse@1": 20})
    assert score(findings, caps=caps).total == 80
