"""Events that earlier versions stored mean what they meant, and close nothing that came later."""

from typing import Any

from complaint_warnings.cases import documents as d
from complaint_warnings.cases.decide import first_refusal
from complaint_warnings.cases.fold import fold
from complaint_warnings.cases.guards import Step
from complaint_warnings.cases.lines import Transition
from complaint_warnings.cases.transitions import line_for
from complaint_warnings.cases.view import CaseView

from .fuzzing import Happened
from .people import ACTORS, CAUSE, CONTACT, EVALUATION, HIGH_TEAM, NOW, PLAN, RESULT, REVIEW, TRACK

# What earlier versions stored: none of the fields that came since, and no event that leads back.
OLD_OPENED = {
    "number": "W-2026-000001", "kind": "warning", "debtor_key": "debtor:C1", "warning_id": 1, "level": "high",
    "source": "call", "complexity": "general", "first_seen_at": None, "debtor_name": None, "contact": None,
    "amount_due": None, "currency": None, "client": None, "collector_id": "zhang", "team": None, "advice": {},
    "flags": [], "details": {"call_id": 1},
}  # fmt: skip
OLD_EVIDENCE = {
    "warning_id": 1, "call_id": 2, "item": None, "score": 95.0, "level": "high", "model": "default@2",
    "flags": ["self_harm"], "first_seen_at": None, "debtor_name": None, "contact": None, "amount_due": None,
    "currency": None,
}  # fmt: skip
OLD_MERGED = {
    "case": 2, "number": "W-2026-000002", "level": "low", "flags": [], "collector_id": "zhao", "received": [],
    "arrived_at": None,
}  # fmt: skip


def old_case(*later: tuple[str, str, dict[str, Any]]) -> CaseView:
    """A case as it was stored when it stayed at `evaluated` whatever came."""
    told = (
        ("system", "opened", "reported", OLD_OPENED), ("wang", "sign", "reviewed", REVIEW),
        ("feng", "form_team", "teamed", HIGH_TEAM), ("chen", "analyse", "analysed", CAUSE),
        ("chen", "plan", "planned", PLAN), ("chen", "contact", "contacting", CONTACT),
        ("chen", "resolve", "resolved", RESULT), ("chen", "track", "tracking", TRACK),
        ("liu", "evaluate", "evaluated", EVALUATION),
        *((who, action, "evaluated", document) for who, action, document in later),
    )  # fmt: skip
    return fold(Happened(n, who, action, to, details) for n, (who, action, to, details) in enumerate(told, 1))


def test_an_evaluation_stored_before_what_came_closes_nothing():
    assert (
        first_refusal(line("close", old_case()), Step(1, old_case(), ACTORS["feng"], NOW, people=ACTORS))
        is None
    )
    for came in (("system", "evidence", OLD_EVIDENCE), ("system", "merged_from", OLD_MERGED)):
        late = old_case(came)
        refusal = first_refusal(line("close", late), Step(1, late, ACTORS["feng"], NOW, people=ACTORS))
        assert refusal is not None
        assert (late.state, refusal.code) == ("evaluated", "case.tracking")
        assert (late.evaluated, late.spoken) == (False, False)
        revise = line("revise_plan", late)
        document = d.RevisedPlan.model_validate(PLAN | {"reason": "新情况"}, strict=False)
        assert first_refusal(revise, Step(1, late, ACTORS["chen"], NOW, document, ACTORS)) is None
        assert revise.target == "planned"
    assert old_case(("system", "merged_from", OLD_MERGED)).concerned == {"zhang", "zhao"}


def line(action: str, view: CaseView) -> Transition:
    found = line_for(action, view)
    assert found is not None
    return found
