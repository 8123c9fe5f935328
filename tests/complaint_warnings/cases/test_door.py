"""Single rules of the door, each by itself; the random ways hold them all together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from complaint_warnings.cases.check import check_cases
from complaint_warnings.cases.door import act, history
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.of_warning import case_of
from complaint_warnings.cases.service import Wanted, find_case, list_cases, load_case, possible_now
from complaint_warnings.models import WarningRow
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from ingest.record import Agent
from store import audit
from store.database import SessionFactory, transaction
from store.errors import BadInputError, DitingError, NotFoundError
from store.people import SYSTEM, Change, change_person
from tests.complaint_warnings.helpers import NOON, call, finding

from .people import (
    ACTORS,
    CAUSE,
    CONTACT,
    DAY,
    EVALUATION,
    HIGH_TEAM,
    MEDIUM_TEAM,
    NOW,
    PLAN,
    RESULT,
    REVIEW,
    TRACK,
    begin,
)


class Cases:
    """Acts in transactions of their own."""

    def __init__(self, sessions: SessionFactory, clock: Any) -> None:
        self.sessions, self.clock = sessions, clock

    def begin(self, **changes: Any) -> int:
        with transaction(self.sessions) as session:
            return begin(session, self.clock, **changes).id

    def act(self, case: int, who: str, action: str, document: dict[str, Any] | None = None) -> str:
        with transaction(self.sessions) as session:
            row = act(
                session, self.clock, case_id=case, action=action, actor=ACTORS[who], details=document or {}
            )
            return row.state

    def refused(self, *step: Any) -> DitingError:
        with pytest.raises(DitingError) as refusal:
            self.act(*step)
        return refusal.value

    def row(self, case: int) -> CaseRow:
        with self.sessions() as session:
            return session.get_one(CaseRow, case)

    def evaluated(self, **changes: Any) -> int:
        """A high case that was handled to the evaluation."""
        case = self.begin(level="high", **changes)
        for who, action, document in (
            ("wang", "sign", REVIEW), ("li", "collect", {}), ("feng", "form_team", HIGH_TEAM),
            ("chen", "analyse", CAUSE), ("chen", "plan", PLAN), ("chen", "contact", CONTACT),
            ("chen", "resolve", RESULT), ("chen", "track", TRACK), ("liu", "evaluate", EVALUATION),
        ):  # fmt: skip
            self.act(case, who, action, document)
        return case


def test_a_case_is_entered_with_a_number_and_chained(cases):
    case = cases.begin()
    row = cases.row(case)
    assert (row.number, row.state, row.version) == (f"W-2026-{case:06d}", "reported", 1)
    with cases.sessions() as session:
        [opened] = history(session, case)
        entry = session.query(audit.AuditEntry).filter_by(subject=f"case:{case}").one()
    assert (opened.action, opened.from_state, opened.to_state) == ("opened", None, "reported")
    assert (entry.actor, entry.action) == ("system", "case.opened")
    told = {"seq": 1, "state": "reported", "event": opened.sha256, "entry": opened.entry_sha256}
    assert entry.details == told  # hashes, and nothing personal


def test_a_debtor_has_one_open_case(cases):
    cases.begin()
    with pytest.raises(DitingError) as refusal:
        cases.begin()
    assert refusal.value.code == "case.other_open"


def test_self_harm_closes_only_with_two_offices_and_two_persons(cases):
    case = cases.evaluated(flags=("self_harm",))
    assert cases.refused(case, "feng", "close").code == "case.self_harm"
    cases.act(case, "wang", "sign_off", {"office": "department_head"})
    assert cases.refused(case, "feng", "close").code == "case.self_harm"
    assert cases.refused(case, "wang", "sign_off", {"office": "control_lead"}).code == "case.role"
    cases.act(case, "feng", "sign_off", {"office": "control_lead"})
    assert cases.act(case, "han", "close") == "closed"


def test_one_person_with_both_offices_is_not_two(cases):
    with transaction(cases.sessions) as session:
        change_person(session, cases.clock, "feng", Change(roles=("control_lead", "department_head")))
    both = replace(ACTORS["feng"], roles=frozenset({"control_lead", "department_head"}))
    case = cases.evaluated(flags=("self_harm",))
    with transaction(cases.sessions) as session:
        for office in ("department_head", "control_lead"):
            act(
                session, cases.clock, case_id=case, action="sign_off", actor=both, details={"office": office}
            )  # fmt: skip
    assert cases.refused(case, "feng", "close").code == "case.self_harm"


def test_a_new_plan_takes_back_what_was_agreed(cases):
    case = cases.evaluated(flags=("self_harm",))
    for who, office in (("wang", "department_head"), ("feng", "control_lead")):
        cases.act(case, who, "sign_off", {"office": office})
    assert cases.act(case, "chen", "revise_plan", PLAN | {"reason": "客户再次来电"}) == "planned"
    for action, document in (
        ("contact", CONTACT), ("resolve", RESULT), ("track", TRACK), ("evaluate", EVALUATION),
    ):  # fmt: skip
        cases.act(case, "chen", action, document)
    assert cases.refused(case, "feng", "close").code == "case.self_harm"


def test_high_work_begins_at_once_but_does_not_end_unreviewed(cases):
    case = cases.begin(level="high")
    assert cases.act(case, "chen", "contact", CONTACT) == "reported"
    assert cases.act(case, "feng", "form_team", HIGH_TEAM) == "teamed"
    for action, document in (
        ("analyse", CAUSE), ("plan", PLAN), ("contact", CONTACT), ("resolve", RESULT), ("track", TRACK),
        ("evaluate", EVALUATION),
    ):  # fmt: skip
        cases.act(case, "chen", action, document)
    assert cases.refused(case, "feng", "close").code == "case.review_missing"
    assert cases.act(case, "wang", "sign", REVIEW) == "evaluated"
    assert cases.act(case, "feng", "close") == "closed"


def test_what_is_not_high_waits_for_the_review(cases):
    case = cases.begin(level="medium")
    refusal = cases.refused(case, "li", "collect")
    assert refusal.code == "case.transition"
    assert "reported" in refusal.message
    assert "the level is high" in refusal.message
    assert refusal.mend is not None
    assert "sign" in refusal.mend


def test_while_nobody_knows_the_collector_no_collector_is_in_the_team(cases):
    case = cases.begin(collector_id=None, level="low", team=None)
    cases.act(case, "wang", "sign", REVIEW)
    cases.act(case, "li", "collect")
    team = {
        "handler": "zhao",
        "members": [{"person": "zhao", "function": "talks"}, {"person": "wu", "function": "supervisor"}],
    }
    assert cases.refused(case, "li", "form_team", team).code == "case.handler"
    cases.act(case, "li", "name_collector", {"collector_id": "zhang", "reason": "录音核实"})
    assert cases.act(case, "li", "form_team", team) == "teamed"
    named = {"collector_id": "zhao", "reason": "录音核实"}
    assert cases.refused(case, "li", "name_collector", named).code == "case.handler"


def test_a_level_that_rises_asks_for_a_larger_team(cases):
    case = cases.begin(level="medium")
    for who, action, document in (
        ("wang", "sign", REVIEW), ("li", "collect", {}), ("li", "form_team", MEDIUM_TEAM),
        ("chen", "analyse", CAUSE), ("li", "set_level", {"level": "high", "reason": "复评"}),
    ):  # fmt: skip
        cases.act(case, who, action, document)
    assert cases.refused(case, "chen", "plan", PLAN).code == "case.team"
    cases.act(case, "feng", "form_team", HIGH_TEAM)
    assert cases.act(case, "chen", "plan", PLAN) == "planned"


def test_reopened_it_goes_to_complaint_control_and_keeps_its_review(cases):
    case = cases.evaluated()
    cases.act(case, "feng", "close")
    assert cases.act(case, "wang", "reopen", {"reason": "客户再次投诉"}) == "collected"
    row = cases.row(case)
    assert (row.closed_at, row.handler_id, row.result, row.reviewer_id) == (None, None, None, "wang")
    with cases.sessions() as session:
        view = load_case(session, case).view
    assert (view.round, view.plan, view.evaluation, len(view.contacts)) == (2, None, None, 1)


def test_what_was_dismissed_unreviewed_comes_back_to_the_review(cases):
    case = cases.begin()
    assert cases.act(case, "wang", "dismiss", {"reason": "查无此事"}) == "closed"
    assert cases.row(case).result == "unfounded"
    other = cases.begin()
    assert cases.refused(case, "wang", "reopen", {"reason": "…"}).code == "case.other_open"
    cases.act(other, "wang", "dismiss", {"reason": "重复"})
    assert cases.act(case, "wang", "reopen", {"reason": "新证据"}) == "reported"


def test_a_merged_case_goes_on_in_the_other(cases):
    one = cases.begin(flags=("self_harm",), level="high")
    two = cases.begin(debtor_key="debtor:C2", level="low")
    assert cases.refused(one, "li", "merge", {"into": one, "reason": "同一事项"}).code == "case.document"
    assert cases.act(one, "li", "merge", {"into": two, "reason": "同一事项"}) == "closed"
    assert cases.row(one).result == "merged"
    assert cases.row(two).level == "high"
    with cases.sessions() as session:
        assert load_case(session, two).view.self_harm
        assert [event.action for event in history(session, two)] == ["opened", "merged_from"]
        assert list(check_cases(session)) == []
    assert cases.refused(one, "feng", "reopen", {"reason": "…"}).code == "case.closed"


def test_a_pause_ends_with_the_case(cases):
    case = cases.begin()
    cases.act(case, "li", "hold", {"reason": "awaiting_documents", "words": "等合同"})
    cases.act(case, "wang", "dismiss", {"reason": "查无此事"})
    with cases.sessions() as session:
        [pause] = load_case(session, case).view.holds
    assert pause.until == NOW


@pytest.mark.parametrize(
    ("action", "document", "field"),
    [
        ("plan", {"measures": PLAN["measures"]}, "goal"),
        ("plan", PLAN | {"measures": []}, "measures"),
        ("plan", PLAN | {"measures": [{"what": "致歉", "due": str(NOW + DAY)}]}, "measures.0.owner"),
        ("plan", PLAN | {"measures": [{"what": "致歉", "owner": "liu"}]}, "measures.0.due"),
        ("plan", PLAN | {"measures": [{"what": "致歉", "owner": "liu", "due": str(NOW)}]}, "measures.0.due"),
        ("plan", PLAN | {"measures": [{"what": "致歉", "owner": "liu", "due": "2026-03-06T10:00:00"}]},
         "measures.0.due"),
        ("contact", CONTACT | {"channel": "pigeon"}, "channel"),
        ("contact", CONTACT | {"said": "  "}, "said"),
        ("contact", CONTACT | {"said": "a\x00b"}, "said"),
        ("contact", CONTACT | {"mood": "happy"}, "mood"),
        ("contact", CONTACT | {"reached": False}, "contact"),
        ("contact", CONTACT | {"at": str(NOW + DAY)}, "at"),
        ("contact", CONTACT | {"surprise": 1}, "surprise"),
        ("contact", CONTACT | {"reached": "yes"}, "reached"),
    ],
)  # fmt: skip
def test_a_wrong_document_names_its_field(cases, action, document, field):
    case = cases.begin(level="high")
    cases.act(case, "feng", "form_team", HIGH_TEAM)
    cases.act(case, "chen", "analyse", CAUSE)
    refusal = cases.refused(case, "chen", action, document)
    assert isinstance(refusal, BadInputError)
    assert (refusal.code, refusal.where) == ("case.document", field)


def test_nobody_who_is_not_there_is_named(cases):
    case = cases.begin(level="high")
    team = HIGH_TEAM | {"members": [*HIGH_TEAM["members"], {"person": "nobody", "function": "other"}]}
    assert "nobody" in cases.refused(case, "feng", "form_team", team).message
    with transaction(cases.sessions) as session:
        change_person(session, cases.clock, "xu", Change(active=False))
    assert "xu" in cases.refused(case, "feng", "form_team", HIGH_TEAM).message


def test_unknown_cases_and_actions(cases):
    case = cases.begin()
    assert isinstance(cases.refused(case + 1, "wang", "sign", REVIEW), NotFoundError)
    assert cases.refused(case, "wang", "conjure").code == "case.action"
    assert cases.refused(case, "feng", "evidence").code == "case.role"


def test_cases_are_listed_found_and_told_what_is_possible(cases, clock):
    first, second = cases.begin(), cases.begin(debtor_key="debtor:C2", level="high")
    cases.act(first, "wang", "dismiss", {"reason": "查无此事"})
    with cases.sessions() as session:
        assert [row.id for row in list_cases(session, Wanted())] == [second, first]
        assert [row.id for row in list_cases(session, Wanted(open_only=True))] == [second]
        assert [row.id for row in list_cases(session, Wanted(state="closed"))] == [first]
        assert [row.id for row in list_cases(session, Wanted(before=second, limit=1))] == [first]
        assert find_case(session, f"w-2026-{second:06d}").id == find_case(session, str(second)).id == second
        with pytest.raises(NotFoundError):
            find_case(session, "9999999999999")
        loaded = load_case(session, second)
        mine = {each.line.action: each.refusal for each in possible_now(session, clock, loaded, ACTORS["li"])}
        assert mine["collect"] is None
        assert mine["resume"].code == "case.hold"
        assert "sign" not in mine


def test_a_warning_opens_tells_and_raises_its_case(session_factory, clock, register):
    def heard(*findings: Any, name: str, days: int = 0) -> Any:
        one = call(*findings, name=name, at=NOON + timedelta(days=days))
        return replace(one, record=one.record.model_copy(update={"agent": Agent(id="zhang", team="team-1")}))

    first = heard(finding("negative_emotion", state="angry"), name="H001")
    second = heard(finding("self_harm"), name="H002", days=1)
    ids = {}
    for one in (first, second, second):
        with transaction(session_factory) as session:
            if one.call not in ids:
                ids[one.call] = register(session, one)
            apply_call(session, clock, call_id=ids[one.call], evidence=one, weights=default_weights())
    with session_factory() as session:
        warning = session.query(WarningRow).one()
        case = case_of(session, warning.id)
        assert case is not None
        events = history(session, case.id)
        view = load_case(session, case.id).view
    assert [event.action for event in events] == ["opened", "evidence", "level_raised"]
    assert {event.actor for event in events} == {SYSTEM.id}
    assert (events[0].details["level"], case.level, view.self_harm) == ("medium", "high", True)
    assert (case.collector_id, case.team, case.warning_id) == ("zhang", "team-1", warning.id)
    assert view.calls == (ids["H001"], ids["H002"])
