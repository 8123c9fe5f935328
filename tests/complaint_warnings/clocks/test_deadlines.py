"""How the clocks follow what happens in a case."""

from complaint_warnings.clocks.types import Manual, standing

from .stories import at, clock, due, said, story


def manual(moment: str | None, kind: str = "settle") -> dict[str, object]:
    return {"kind": kind, "due": None if moment is None else at(moment).isoformat(), "reason": "约定"}


EXTEND = {"kind": "settle", "reason": "等候委托方核实"}


def test_a_clock_is_met_by_its_action_in_time_or_late():
    events = story("2026-09-29 10:00", ("2026-10-09 17:59", "resolve", {"state": "resolved"}))
    (deadline,) = clock("settle", events)
    assert (said(deadline.met_at), deadline.breached_at) == ("2026-10-09 17:59", None)
    assert standing(deadline, at("2026-12-01 00:00")) == "met"

    events = story("2026-09-29 10:00", ("2026-10-09 18:01", "resolve", {"state": "resolved"}))
    (deadline,) = clock("settle", events)
    assert (said(deadline.met_at), said(deadline.breached_at)) == ("2026-10-09 18:01", "2026-10-09 18:00")
    assert standing(deadline, at("2026-12-01 00:00")) == "met_late"


def test_the_last_moment_is_in_time():
    events = story("2026-09-29 10:00", ("2026-10-09 18:00", "resolve", {}))
    assert clock("settle", events)[0].breached_at is None


def test_until_then_it_runs_and_after_that_it_is_overdue():
    (deadline,) = clock("settle", story("2026-09-29 10:00"))
    assert standing(deadline, at("2026-10-09 18:00")) == "running"
    assert standing(deadline, at("2026-10-09 18:01")) == "overdue"


def test_an_attempt_is_no_answer():
    tried = ("2026-10-08 12:00", "contact", {"reached": False, "state": "contacting"})
    spoke = ("2026-10-08 15:00", "contact", {"reached": True, "state": "contacting"})
    (deadline,) = clock("first_answer", story("2026-10-08 09:00", tried, kind="complaint"))
    assert deadline.met_at is None
    (deadline,) = clock("first_answer", story("2026-10-08 09:00", tried, spoke, kind="complaint"))
    assert said(deadline.met_at) == "2026-10-08 15:00"


def test_closing_ends_what_is_still_awaited():
    events = story("2026-09-29 10:00", ("2026-09-30 12:00", "dismiss", {"state": "closed"}))
    (settle,) = clock("settle", events)
    assert said(settle.ended_at) == "2026-09-30 12:00"
    assert standing(settle, at("2026-12-01 00:00")) == "ended"
    (review,) = clock("review", events)
    assert said(review.met_at) == "2026-09-30 12:00"


def test_reopening_starts_the_time_again():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-30 12:00", "resolve", {"state": "resolved"}),
        ("2026-09-30 13:00", "close", {"state": "closed"}),
        ("2026-10-08 10:00", "reopen", {"state": "reported"}),
    )
    first, second = clock("settle", events)
    assert (first.number, said(first.met_at)) == (1, "2026-09-30 12:00")
    assert (second.number, said(second.starts_at), said(second.due_at)) == (
        2,
        "2026-10-08 10:00",
        "2026-10-12 18:00",
    )


def test_a_report_that_was_sent_back_and_mended_is_reviewed_anew():
    events = story(
        "2026-09-30 10:00",
        ("2026-09-30 12:00", "send_back", {"state": "returned"}),
        ("2026-10-02 12:00", "report_again", {"state": "reported"}),
    )
    first, second = clock("review", events)
    assert said(first.met_at) == "2026-09-30 12:00"
    assert said(second.due_at) == "2026-10-08 18:00"


def test_a_case_that_becomes_high_starts_at_once_from_then():
    events = story("2026-09-29 10:00", ("2026-10-03 08:00", "level_raised", {"case_level": "high"}))
    (start,) = clock("start", events)
    assert (said(start.starts_at), said(start.due_at)) == ("2026-10-03 08:00", "2026-10-03 10:00")


def test_but_not_when_its_team_is_at_work_already():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-29 12:00", "form_team", {"state": "teamed"}),
        ("2026-10-03 08:00", "level_raised", {"case_level": "high", "state": "teamed"}),
    )
    assert clock("start", events) == []


def test_a_case_that_is_no_longer_high_need_not_start_at_once():
    events = story(
        "2026-10-03 08:00", ("2026-10-03 09:00", "set_level", {"case_level": "medium"}), level="high"
    )
    (start,) = clock("start", events)
    assert said(start.ended_at) == "2026-10-03 09:00"
    assert start.breached_at is None


def test_a_case_found_complex_has_its_five_days_from_the_start():
    events = story("2026-09-30 17:00", ("2026-10-09 10:00", "collect", {"case_complexity": "complex"}))
    assert due("settle", events) == "2026-10-13 18:00"


def test_but_calling_it_complex_after_the_limit_changes_nothing():
    events = story("2026-09-30 17:00", ("2026-10-11 10:00", "collect", {"case_complexity": "complex"}))
    (deadline,) = clock("settle", events)
    assert (said(deadline.due_at), said(deadline.breached_at)) == ("2026-10-10 18:00", "2026-10-10 18:00")


def test_less_time_counts_from_the_change_and_never_gives_more():
    events = story(
        "2026-09-30 17:00",
        ("2026-10-08 10:00", "collect", {"case_complexity": "general"}),
        complexity="complex",
    )
    (deadline,) = clock("settle", events)
    # Three days from the 8th: 9, 10, 12; the five from the 30th would end on the 13th.
    assert (said(deadline.counted_from), said(deadline.due_at)) == ("2026-10-08 10:00", "2026-10-12 18:00")
    events = story(
        "2026-09-30 17:00",
        ("2026-10-12 10:00", "collect", {"case_complexity": "general"}),
        complexity="complex",
    )
    (deadline,) = clock("settle", events)
    assert (said(deadline.counted_from), said(deadline.due_at)) == ("2026-09-30 17:00", "2026-10-13 18:00")


def test_a_complaint_that_joins_a_warning_starts_the_clocks_of_complaints_from_its_arrival():
    joined = {
        "case_kind": "complaint",
        "case_source": "regulator",
        "arrived_at": "2026-10-08T09:00:00+08:00",
    }
    events = story("2026-09-30 17:00", ("2026-10-09 11:00", "complain", joined))
    assert due("first_answer", events) == "2026-10-09 09:00"
    assert due("regulator", events) == "2026-10-23 18:00"
    assert due("settle", events) == "2026-10-10 18:00", "what the warning owed it still owes"


def test_an_extension_counts_from_the_start():
    events = story("2026-09-30 17:00", ("2026-10-09 10:00", "extend_deadline", EXTEND))
    (deadline,) = clock("settle", events)
    assert said(deadline.due_at) == "2026-10-13 18:00"
    assert [(step.by, step.reason) for step in deadline.extensions] == [("head-1", "等候委托方核实")]


def test_there_are_no_more_extensions_than_the_policy_has():
    events = story(
        "2026-09-30 17:00",
        ("2026-10-09 10:00", "extend_deadline", EXTEND),
        ("2026-10-09 11:00", "extend_deadline", EXTEND),
    )
    (deadline,) = clock("settle", events)
    assert (said(deadline.due_at), len(deadline.extensions)) == ("2026-10-13 18:00", 1)


def test_nor_any_after_the_limit():
    events = story("2026-09-30 17:00", ("2026-10-10 18:01", "extend_deadline", EXTEND))
    (deadline,) = clock("settle", events)
    assert (said(deadline.due_at), deadline.extensions) == ("2026-10-10 18:00", ())


def test_the_regulators_fifteen_days_become_thirty_and_sixty():
    step = {"kind": "regulator", "reason": "情况复杂"}
    case = {"kind": "complaint", "source": "regulator"}
    once = ("2026-10-01 10:00", "extend_deadline", step)
    twice = ("2026-10-20 10:00", "extend_deadline", step)
    assert due("regulator", story("2026-09-25 10:00", once, **case)) == "2026-10-25 18:00"
    assert due("regulator", story("2026-09-25 10:00", once, twice, **case)) == "2026-11-24 18:00"
    assert due("regulator", story("2026-09-25 10:00", twice, **case, complexity="complex")) == (
        "2026-11-24 18:00"
    )


def test_a_date_by_hand_wins_over_everything_and_is_explained():
    events = story(
        "2026-09-30 17:00",
        ("2026-10-08 10:00", "set_deadline", manual("2026-10-20 12:00")),
        ("2026-10-08 11:00", "hold", {"reason": "other"}),
        ("2026-10-09 11:00", "resume", {}),
        ("2026-10-10 10:00", "extend_deadline", EXTEND),
    )
    (deadline,) = clock("settle", events)
    assert said(deadline.due_at) == "2026-10-20 12:00"
    assert said(deadline.rule_due_at) == "2026-10-14 18:00", "13th, and one working day of pause"
    assert deadline.manual == Manual(
        at("2026-10-20 12:00"), at("2026-10-08 10:00"), by="head-1", reason="约定"
    )
    assert not deadline.provisional


def test_the_last_date_by_hand_wins_and_none_takes_it_back():
    twice = story(
        "2026-09-30 17:00",
        ("2026-10-08 10:00", "set_deadline", manual("2026-10-20 12:00")),
        ("2026-10-08 11:00", "set_deadline", manual("2026-10-09 12:00")),
    )
    assert due("settle", twice) == "2026-10-09 12:00"
    back = [*twice, *story("2026-09-30 17:00", ("2026-10-09 11:00", "set_deadline", manual(None)))[1:]]
    assert due("settle", back) == "2026-10-10 18:00"


def test_a_date_for_another_clock_does_not_concern_this_one():
    events = story(
        "2026-09-30 17:00", ("2026-10-08 10:00", "set_deadline", manual("2026-10-20 12:00", "review"))
    )
    assert due("settle", events) == "2026-10-10 18:00"


def test_a_date_by_hand_after_the_limit_wins_but_the_miss_stays_on_record():
    events = story(
        "2026-09-30 17:00",
        ("2026-10-12 10:00", "set_deadline", manual("2026-10-20 12:00")),
        ("2026-10-15 10:00", "resolve", {"state": "resolved"}),
    )
    (deadline,) = clock("settle", events)
    assert (said(deadline.due_at), said(deadline.breached_at)) == ("2026-10-20 12:00", "2026-10-10 18:00")
    assert standing(deadline, at("2026-10-16 00:00")) == "met_late"


def test_warnings_of_a_date_by_hand_count_from_when_it_was_set():
    events = story("2026-09-30 17:00", ("2026-10-08 10:00", "set_deadline", manual("2026-10-18 10:00")))
    (deadline,) = clock("settle", events)
    assert [(mark.name, said(mark.at)) for mark in deadline.marks] == [
        ("50%", "2026-10-13 10:00"),
        ("80%", "2026-10-16 10:00"),
    ]


def test_a_dissatisfied_customer_is_called_back_within_a_day_each_time():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-30 10:00", "callback", {"satisfaction": 2, "reached": True}),
        ("2026-10-01 09:00", "callback", {"satisfaction": 1, "reached": True}),
        ("2026-10-02 10:00", "callback", {"satisfaction": 4, "reached": True}),
        kind="complaint",
    )
    first, second = clock("second_callback", events)
    assert (said(first.due_at), said(first.met_at), first.breached_at) == (
        "2026-10-01 10:00",
        "2026-10-01 09:00",
        None,
    )
    assert (said(second.due_at), said(second.breached_at)) == ("2026-10-02 09:00", "2026-10-02 09:00")


def test_a_satisfied_customer_is_not():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-30 10:00", "callback", {"satisfaction": 3, "reached": True}),
        kind="complaint",
    )
    assert clock("second_callback", events) == []


def test_calling_in_vain_is_no_second_callback():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-30 10:00", "callback", {"satisfaction": 2, "reached": True}),
        ("2026-10-01 09:00", "callback", {"satisfaction": None, "reached": False}),
        kind="complaint",
    )
    (deadline,) = clock("second_callback", events)
    assert (said(deadline.due_at), deadline.met_at) == ("2026-10-01 10:00", None)


def test_the_regulators_clock_ends_when_the_customer_is_told():
    events = story(
        "2026-10-08 10:00",
        ("2026-10-09 10:00", "resolve", {"state": "resolved"}),
        ("2026-10-09 15:00", "answer", {"to": "creditor"}),
        ("2026-10-10 11:00", "answer", {"to": "customer"}),
        kind="complaint",
        source="regulator",
    )
    (regulator,) = clock("regulator", events)
    assert said(regulator.met_at) == "2026-10-10 11:00"
    (told,) = clock("tell_result", events)
    assert (said(told.due_at), said(told.met_at)) == ("2026-10-10 18:00", "2026-10-10 11:00")


def test_another_complaint_in_the_same_case_starts_what_was_met_before():
    again = {"arrived_at": "2026-10-11T09:00:00+08:00", "channel": "regulator"}
    events = story(
        "2026-10-08 10:00",
        ("2026-10-08 12:00", "contact", {"reached": True}),
        ("2026-10-09 10:00", "resolve", {"state": "resolved"}),
        ("2026-10-09 11:00", "answer", {"to": "customer"}),
        ("2026-10-11 10:00", "complaint_received", again),
        kind="complaint",
        source="regulator",
    )
    for name, ends in (
        ("first_answer", "2026-10-12 09:00"),
        ("settle", "2026-10-14 18:00"),
        ("regulator", "2026-10-26 18:00"),
    ):
        first, second = clock(name, events)
        assert (first.breached_at, said(second.due_at)) == (None, ends), name


DONE = (
    ("2026-10-08 10:00", "resolve", {"state": "resolved"}),
    ("2026-10-08 11:00", "contact", {"state": "resolved", "reached": True}),
)


def test_another_plan_starts_the_time_again_and_the_next_result_is_told_too():
    events = story(
        "2026-09-29 10:00", *DONE,
        ("2026-10-09 10:00", "revise_plan", {"state": "planned"}),
        ("2026-10-10 10:00", "resolve", {"state": "resolved"}),
        kind="complaint",
    )  # fmt: skip
    assert [said(run.met_at) for run in clock("settle", events)] == ["2026-10-08 10:00", "2026-10-10 10:00"]
    assert [said(run.due_at) for run in clock("settle", events[:-1])][1] == "2026-10-13 18:00"
    assert [said(run.met_at) for run in clock("tell_result", events)] == ["2026-10-08 11:00", None]
    assert [said(run.starts_at) for run in clock("finish", events)] == [
        "2026-10-08 10:00",
        "2026-10-10 10:00",
    ]


def test_another_plan_during_the_handling_starts_nothing_twice():
    events = story("2026-09-29 10:00", ("2026-09-30 10:00", "revise_plan", {"state": "planned"}))
    (settle,) = clock("settle", events)
    assert said(settle.starts_at) == "2026-09-29 10:00"


def test_what_comes_after_the_result_is_talked_about_at_once():
    events = story(
        "2026-09-29 10:00", *DONE, ("2026-10-10 08:00", "handle_again", {"state": "planned"}), level="high"
    )
    (again,) = clock("again", events)
    assert said(again.due_at) == "2026-10-10 10:00"
    assert [said(run.starts_at) for run in clock("settle", events)][1] == "2026-10-10 08:00"


def test_a_talk_from_before_the_complaint_arrived_is_no_answer_to_it():
    early = {"reached": True, "at": "2026-10-08T08:00:00+08:00"}
    later = early | {"at": "2026-10-08T09:30:00+08:00"}
    events = story("2026-10-08 09:00", ("2026-10-08 10:00", "contact", early), kind="complaint")
    assert clock("first_answer", events)[0].met_at is None
    events = story("2026-10-08 09:00", ("2026-10-08 10:00", "contact", later), kind="complaint")
    assert said(clock("first_answer", events)[0].met_at) == "2026-10-08 10:00"


def planned(*due: str) -> dict[str, object]:
    return {"state": "planned", "measures": [{"due": at(one).isoformat()} for one in due]}


def test_each_measure_has_a_clock_until_it_is_done_or_the_plan_is_another():
    events = story(
        "2026-09-29 10:00",
        ("2026-09-30 10:00", "plan", planned("2026-10-08 10:00", "2026-10-08 12:00", "2026-10-09 10:00")),
        ("2026-10-08 09:00", "measure_done", {"state": "planned", "measure": 1}),
        ("2026-10-08 13:00", "track", {"state": "tracking", "measures_done": [2]}),
        ("2026-10-09 09:00", "revise_plan", planned("2026-10-12 10:00")),
        ("2026-10-12 09:00", "set_deadline", manual("2026-10-13 10:00", "measure.1")),
        ("2026-10-14 10:00", "close", {"state": "closed"}),
    )
    first, again = clock("measure.1", events)
    assert (said(first.met_at), first.breached_at) == ("2026-10-08 09:00", None)
    (second,) = clock("measure.2", events)
    assert (said(second.met_at), said(second.breached_at)) == ("2026-10-08 13:00", "2026-10-08 12:00")
    (third,) = clock("measure.3", events)
    assert (third.met_at, said(third.ended_at), third.breached_at) == (None, "2026-10-09 09:00", None)
    assert (again.number, said(again.due_at), said(again.rule_due_at)) == (
        2, "2026-10-13 10:00", "2026-10-12 10:00",
    )  # fmt: skip
    assert (said(again.ended_at), said(again.breached_at)) == ("2026-10-14 10:00", "2026-10-13 10:00")


def test_a_measure_of_a_year_that_cannot_be_right_has_no_clock():
    events = story("2026-09-29 10:00", ("2026-09-30 10:00", "plan", planned("2300-01-01 10:00")))
    assert clock("measure.1", events) == []
