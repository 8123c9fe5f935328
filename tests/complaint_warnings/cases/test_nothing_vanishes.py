"""What somebody inside might try so that a case vanishes, or is closed with something of it unhandled."""

from dataclasses import replace

import pytest

from store.database import transaction
from store.people import Change, change_person

from .acting import actions, by, by_system, view
from .people import (
    ACTORS,
    CAUSE,
    CONTACT,
    EVALUATION,
    HIGH_TEAM,
    NOW,
    PLAN,
    RESULT,
    REVIEW,
    TRACK,
)
from .test_door import Cases

AGAIN = (("chen", "contact", CONTACT), ("chen", "resolve", RESULT), ("chen", "track", TRACK))
REASON = {"reason": "客户再次来电"}
COMPLAINT = {
    "complaint": 1, "number": "W-2026-000001-1", "channel": "company_line", "source": "complaint",
    "arrived_at": NOW.isoformat(), "received_by": "sun", "level": "medium", "sha256": "0" * 64,
}  # fmt: skip
TALK = {"channel": "phone", "at": NOW.isoformat(), "said": "说明", "mood": "calm"}
ANSWER = {"to": "customer", "channel": "phone", "at": NOW.isoformat(), "words": "说明"}
CLASSIFIED = {"classification": "misunderstanding", "reason": "合同有约定"}


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("evidence", {"flags": ["self_harm"]}),
        ("evidence", {"self_harm": True, "call_id": 7}),
        ("level_raised", {"level": "high"}),
        ("merged_from", {"case": 9, "number": "W-2026-000009", "level": "low"}),
        ("complaint_received", COMPLAINT),
    ],
)
def test_what_comes_to_an_evaluated_case_is_handled_before_it_closes(cases, action, details):
    case = cases.evaluated()
    by_system(cases, case, action, **details)
    assert (cases.row(case).state, cases.row(case).result) == ("planned", None)
    assert actions(cases, case)[-2:] == [action, "handle_again"]
    assert cases.refused(case, "feng", "close").code == "case.transition"
    for who, step, document in AGAIN:
        cases.act(case, who, step, document)
    assert cases.act(case, "liu", "evaluate", EVALUATION) == "evaluated"


def test_no_result_before_somebody_talked_about_what_came_last(cases):
    case = cases.begin(level="high")
    for who, action, document in (
        ("wang", "sign", REVIEW), ("li", "collect", {}), ("feng", "form_team", HIGH_TEAM),
        ("chen", "analyse", CAUSE), ("chen", "plan", PLAN), ("chen", "contact", CONTACT),
    ):  # fmt: skip
        cases.act(case, who, action, document)
    by_system(cases, case, "evidence", self_harm=True, call_id=7)
    assert cases.refused(case, "chen", "resolve", RESULT).code == "case.not_contacted"
    cases.act(case, "chen", "contact", CONTACT)
    assert cases.act(case, "chen", "resolve", RESULT) == "resolved"


def test_nothing_new_rests_because_the_case_was_put_on_hold(cases):
    case = cases.evaluated()
    cases.act(case, "li", "hold", {"reason": "other", "words": "等"})
    by_system(cases, case, "evidence", self_harm=True, call_id=7)
    assert actions(cases, case)[-3:] == ["evidence", "resume", "handle_again"]
    assert (view(cases, case).held, cases.row(case).state) == (False, "planned")


def test_lowering_first_does_not_take_the_lead_out(cases):
    case = cases.begin(level="high")
    cases.act(case, "wang", "set_level", {"level": "low", "reason": "复评"})
    refusal = cases.refused(case, "wang", "dismiss", REASON)
    assert (refusal.code, "was high" in refusal.message) == ("case.role", True)
    assert cases.act(case, "feng", "dismiss", REASON) == "closed"


def test_merged_the_lowered_case_keeps_its_highest_level(cases):
    one, two = cases.begin(level="high"), cases.begin(debtor_key="debtor:C2", level="low")
    cases.act(one, "wang", "set_level", {"level": "low", "reason": "复评"})
    cases.act(one, "li", "merge", {"into": two, "reason": "同一事项"})
    assert cases.row(two).level == "low"
    assert cases.refused(two, "zhou", "dismiss", REASON).code == "case.role"


def test_every_collector_complained_of_stays_out(cases):
    case = cases.begin(level="high", collector_id="liu", team=None)
    by_system(cases, case, "complaint_received", **COMPLAINT, collector_id="zhao")
    by_system(cases, case, "evidence", concerned=["sun"])
    cases.act(case, "li", "name_collector", {"collector_id": "zhang", "reason": "录音核实"})
    assert cases.row(case).collector_id == "zhang"
    assert view(cases, case).concerned == {"liu", "zhao", "sun", "zhang"}
    assert cases.refused(case, "feng", "form_team", HIGH_TEAM).code == "case.handler"
    for who in ("liu", "sun", "zhao"):
        assert cases.refused(case, who, "contact", CONTACT).code == "case.handler"
    owned = PLAN | {"measures": [PLAN["measures"][0] | {"owner": "zhao"}]}
    members = [m | {"person": "wu"} if m["person"] == "liu" else m for m in HIGH_TEAM["members"]]
    cases.act(case, "feng", "form_team", HIGH_TEAM | {"members": members})
    cases.act(case, "chen", "analyse", CAUSE)
    assert cases.refused(case, "chen", "plan", owned).code == "case.handler"


def test_a_merged_case_brings_its_collectors_and_its_reporters(cases):
    one = cases.begin(actor=ACTORS["wang"], debtor_key="debtor:C2", collector_id="liu")
    two = cases.begin(collector_id="zhang")
    cases.act(one, "li", "merge", {"into": two, "reason": "同一事项"})
    assert view(cases, two).concerned == {"liu", "zhang"}
    assert cases.refused(two, "wang", "sign", REVIEW).code == "case.self_review"
    assert cases.refused(two, "wang", "dismiss", REASON).code == "case.self_review"
    assert cases.act(two, "zhou", "sign", REVIEW) == "reviewed"


def test_merging_an_unread_report_into_a_signed_case_does_not_sign_it(cases):
    one, two = cases.begin(debtor_key="debtor:C2"), cases.begin()
    cases.act(two, "wang", "sign", REVIEW)
    cases.act(one, "li", "merge", {"into": two, "reason": "同一事项"})
    assert view(cases, two).review is None
    assert cases.act(two, "zhou", "sign", REVIEW) == "reviewed"


def test_who_brought_an_item_or_mended_the_report_does_not_review_it(cases):
    case = cases.begin()
    by_system(cases, case, "evidence", item="report:R-1", brought_by=["wang"])
    assert cases.refused(case, "wang", "sign", REVIEW).code == "case.self_review"
    cases.act(case, "zhou", "send_back", {"reason": "时间不清"})
    both = replace(ACTORS["wu"], roles=frozenset({"supervisor", "department_head"}))
    with transaction(cases.sessions) as session:
        change_person(session, cases.clock, "wu", Change(roles=("supervisor", "department_head")))
    by(cases, both, case, "report_again", {"changes": "已补充"})
    assert cases.refused(case, "zhou", "report_again", {"changes": "…"}).code == "case.transition"
    with pytest.raises(Exception, match="may not review"):
        by(cases, both, case, "sign", REVIEW)


def test_a_signature_falls_when_who_signed_turns_out_to_have_reported(cases):
    case = cases.evaluated()
    by_system(cases, case, "evidence", item="report:R-1", brought_by=["wang"])
    assert cases.refused(case, "feng", "close").code == "case.review_missing"
    assert cases.act(case, "zhou", "sign", REVIEW) == "evaluated"
    assert cases.act(case, "feng", "close") == "closed"


def test_relief_of_an_earlier_round_grants_nothing(cases):
    case = cases.begin(level="high")
    relief = {"kind": "fee_relief", "amount": "120.50", "reason": "违约金过高"}
    granted = RESULT | {"outcome": "relief_granted"}
    for who, action, document in (
        ("wang", "sign", REVIEW), ("feng", "form_team", HIGH_TEAM), ("chen", "propose_relief", relief),
        ("wang", "approve_relief", {"relief": 1}), ("chen", "analyse", CAUSE), ("chen", "plan", PLAN),
        ("chen", "contact", CONTACT), ("chen", "resolve", granted), ("chen", "track", TRACK),
        ("liu", "evaluate", EVALUATION), ("feng", "close", {}), ("feng", "reopen", REASON),
        ("feng", "form_team", HIGH_TEAM), ("chen", "analyse", CAUSE), ("chen", "plan", PLAN),
        ("chen", "contact", CONTACT),
    ):  # fmt: skip
        cases.act(case, who, action, document)
    assert cases.refused(case, "chen", "resolve", granted).code == "case.relief"
    assert cases.act(case, "chen", "resolve", RESULT) == "resolved"


def complained(cases: Cases) -> int:
    """A high complaint, handled until nothing is left but closing it."""
    case = cases.begin(level="high")
    by_system(cases, case, "complaint_received", **COMPLAINT)
    for who, action, document in (
        ("wang", "sign", REVIEW), ("feng", "form_team", HIGH_TEAM), ("chen", "analyse", CAUSE),
        ("chen", "plan", PLAN), ("chen", "contact", CONTACT), ("chen", "resolve", RESULT),
        ("xu", "classify", CLASSIFIED), ("chen", "answer", ANSWER), ("chen", "callback", TALK),
        ("chen", "track", TRACK), ("liu", "evaluate", EVALUATION),
    ):  # fmt: skip
        cases.act(case, who, action, document)
    return case


def test_a_second_complaint_has_its_own_class_answer_and_callback(cases):
    case = complained(cases)
    by_system(cases, case, "complaint_received", **COMPLAINT | {"number": "W-2026-000001-2"})
    for who, step, document in (*AGAIN, ("liu", "evaluate", EVALUATION)):
        cases.act(case, who, step, document)
    for code, who, step, document in (
        ("case.not_classified", "xu", "classify", CLASSIFIED),
        ("case.not_answered", "chen", "answer", ANSWER),
        ("case.not_called_back", "chen", "callback", TALK),
    ):
        assert cases.refused(case, "feng", "close").code == code
        cases.act(case, who, step, document)
    assert cases.act(case, "feng", "close") == "closed"


def test_reopened_a_complaint_is_answered_again(cases):
    case = complained(cases)
    cases.act(case, "feng", "close")
    cases.act(case, "feng", "reopen", REASON)
    for who, step, document in (
        ("feng", "form_team", HIGH_TEAM), ("chen", "analyse", CAUSE), ("chen", "plan", PLAN), *AGAIN,
        ("liu", "evaluate", EVALUATION),
    ):  # fmt: skip
        cases.act(case, who, step, document)
    assert cases.refused(case, "feng", "close").code == "case.not_classified"


def test_a_mediation_that_ended_before_the_bad_mark_mends_nothing(cases):
    case = complained(cases)
    mediation = {"stage": "failed", "mediator": "市消费者协会", "words": "未达成一致"}
    cases.act(case, "chen", "mediate", mediation)
    cases.act(case, "chen", "callback", TALK | {"mood": "angry", "satisfaction": 1})
    assert cases.refused(case, "feng", "close").code == "case.dissatisfied"
    cases.act(case, "chen", "mediate", mediation)
    assert cases.act(case, "feng", "close") == "closed"


def test_a_talk_from_before_the_complaint_is_no_callback_and_three_tries_are_not_one(cases):
    case = cases.begin(level="high")
    by_system(cases, case, "complaint_received", **COMPLAINT)
    for who, action, document in (
        ("wang", "sign", REVIEW), ("feng", "form_team", HIGH_TEAM), ("chen", "analyse", CAUSE),
        ("chen", "plan", PLAN), ("chen", "contact", CONTACT), ("chen", "resolve", RESULT),
        ("xu", "classify", CLASSIFIED), ("chen", "callback", TALK), ("chen", "answer", ANSWER),
        ("chen", "track", TRACK), ("liu", "evaluate", EVALUATION),
        ("chen", "callback", TALK | {"at": "2026-03-01T10:00:00+08:00"}),
        *[("chen", "callback", TALK | {"reached": False, "mood": "unknown"})] * 3,
    ):  # fmt: skip
        cases.act(case, who, action, document)
    assert cases.refused(case, "feng", "close").code == "case.not_called_back"


def test_a_measure_is_done_by_its_owner_or_the_team(cases):
    case = cases.begin(level="high")
    for who, action, document in (
        ("feng", "form_team", HIGH_TEAM), ("chen", "analyse", CAUSE),
        ("chen", "plan", PLAN | {"measures": [PLAN["measures"][0] | {"owner": "wu"}]}),
    ):  # fmt: skip
        cases.act(case, who, action, document)
    done = {"measure": 1, "words": "已致歉"}
    assert cases.refused(case, "sun", "measure_done", done).code == "case.not_in_team"
    assert cases.refused(case, "chen", "measure_done", done | {"measure": 2}).code == "case.document"
    assert cases.act(case, "wu", "measure_done", done) == "planned"
    assert view(cases, case).measures_done == {1}
