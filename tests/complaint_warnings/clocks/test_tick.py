"""Warnings, breaches and the way up the line, through the door of the cases."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from complaint_warnings.cases.check import check_cases
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks import tick
from complaint_warnings.clocks.models import DeadlineRow, DeadlineToldRow
from pipeline.rounds import renew_deadlines, tell_deadlines
from store import audit
from store.clock import FixedClock
from store.database import reading, transaction
from store.settings import get_settings

from .house import REVIEW, TEAM, House, events_of
from .stories import at, said


def go(house: House, moment: str) -> int:
    house.clock.moment = at(moment)
    return tell_deadlines(house.sessions, house.clock)


def begun(house: House, debtor: str = "customer:C1", **changes: str) -> int:
    """A case whose handler is `service`, settled by Friday the 9th at 18:00."""
    case = house.open("2026-09-29 10:00", debtor, by="service", **changes)
    house.act(case, "2026-09-29 11:00", "sign", "head", **REVIEW)
    house.act(case, "2026-09-29 11:10", "collect", "officer")
    house.act(case, "2026-09-29 11:20", "form_team", "officer", **TEAM)
    return case


def test_from_the_first_warning_up_to_the_head_of_complaint_control(house: House):
    case = begun(house)
    assert go(house, "2026-10-08 13:29") == 0
    assert go(house, "2026-10-08 13:30") == 1
    assert go(house, "2026-10-08 13:31") == 0
    assert go(house, "2026-10-09 12:36") == 1
    assert go(house, "2026-10-09 18:00") == 0
    assert go(house, "2026-10-09 18:00:01") == 2
    assert go(house, "2026-10-10 18:00") == 0
    assert go(house, "2026-10-10 18:00:01") == 1
    assert go(house, "2026-10-11 18:00:01") == 1
    assert go(house, "2026-10-30 00:00") == 0
    assert house.said(case)[-6:] == [
        ("deadline_warned", "settle", "50%"),
        ("deadline_warned", "settle", "80%"),
        ("deadline_breached", "settle", "breach"),
        ("escalate", "super"),
        ("escalate", "head"),
        ("escalate", "lead"),
    ]
    assert said(house.deadlines(case)["settle"].breached_at) == "2026-10-09 18:00"
    assert house.deadlines(case)["settle"].next_at is None
    with reading(house.sessions) as session:
        assert list(check_cases(session)) == []
        assert audit.verify(session) == []


def test_the_words_say_which_clock_and_when(house: House):
    case = begun(house)
    go(house, "2026-10-08 13:30")
    go(house, "2026-10-09 18:01")
    with reading(house.sessions) as session:
        warned, breached, up = [e for e in events_of(session, case) if e.actor == "system"][-3:]
    assert warned.details == {
        "kind": "settle",
        "due": "2026-10-09T10:00:00Z",
        "words": {"zh": "办结应于2026-10-09 18:00前完成", "en": "settled: due by 2026-10-09 18:00"},
        "details": {
            "number": 1,
            "mark": "50%",
            "policy": "default@2",
            "force": "internal",
            "provisional": False,
        },
    }
    assert breached.details["words"] == {
        "zh": "办结已超时，应于2026-10-09 18:00前完成",
        "en": "settled: overdue since 2026-10-09 18:00",
    }
    assert up.details["reason"].startswith("办结已超时（应于2026-10-09 18:00前完成） / ")


def test_who_was_down_for_a_week_says_what_still_matters(house: House):
    case = begun(house)
    assert go(house, "2026-10-20 09:00") == 4
    assert house.said(case)[-4:] == [
        ("deadline_breached", "settle", "breach"),
        ("escalate", "super"),
        ("escalate", "head"),
        ("escalate", "lead"),
    ]


def test_the_collector_complained_of_is_never_asked(house: House):
    case = begun(house, collector_id="super")
    go(house, "2026-10-20 09:00")
    assert [told[1] for told in house.said(case) if told[0] == "escalate"] == ["head", "lead"]


def test_without_anybody_to_ask_the_breach_is_still_said(house: House):
    case = begun(house)
    with transaction(house.sessions) as session:
        session.execute(text("UPDATE person SET active = false"))
    assert go(house, "2026-10-20 09:00") == 1
    assert house.said(case)[-1] == ("deadline_breached", "settle", "breach")
    assert go(house, "2026-12-20 09:00") == 0


def test_a_case_without_a_handler_goes_up_from_who_reported_it(house: House):
    case = house.open("2026-09-29 10:00", by="service")
    go(house, "2026-09-30 18:00:01")
    assert house.said(case)[-2:] == [("deadline_breached", "review", "breach"), ("escalate", "super")]


def test_what_is_met_in_time_is_left_in_peace(house: House):
    case = house.open("2026-09-29 10:00", by="service")
    house.act(case, "2026-09-30 10:00", "dismiss", "head", reason="不属实")
    assert go(house, "2026-12-01 09:00") == 0
    assert house.said(case) == []


def test_a_pause_holds_the_warnings_too(house: House):
    case = begun(house)
    house.act(case, "2026-09-30 09:00", "hold", "officer", reason="other", words="等")
    assert go(house, "2026-10-16 09:00") == 0
    house.act(case, "2026-10-16 09:00", "resume", "officer")
    assert said(house.deadlines(case)["settle"].due_at) == "2026-10-20 18:00"
    assert go(house, "2026-10-20 18:01") == 2
    assert house.said(case)[-2:] == [("deadline_breached", "settle", "breach"), ("escalate", "super")]


def test_nothing_rests_for_ever(house: House):
    case = begun(house)
    house.act(case, "2026-09-30 09:00", "hold", "officer", reason="other", words="等")
    assert said(house.deadlines(case)["rest"].due_at) == "2026-10-20 18:00"
    assert go(house, "2026-10-20 18:01") == 2
    assert house.said(case)[-2:] == [("deadline_breached", "rest", "breach"), ("escalate", "super")]


def test_measures_are_watched(house: House):
    case = begun(house, level="low")
    house.act(case, "2026-10-08 09:00", "analyse", "service", dimensions=["process"], cause="未说明依据")
    measures = [
        {"what": "说明费用", "owner": "service", "due": "2026-10-08T15:00:00+08:00"},
        {"what": "书面致歉", "owner": "law", "due": "2026-10-08T13:00:00+08:00"},
    ]
    house.act(case, "2026-10-08 10:00", "plan", "service", goal="说明", measures=measures)
    assert go(house, "2026-10-08 12:30") == 2
    house.act(case, "2026-10-08 12:40", "measure_done", "law", measure=2, words="已寄出")
    go(house, "2026-10-08 15:01")
    told = [one for one in house.said(case) if one[-1] in ("50%", "80%", "breach")]
    assert told == [
        ("deadline_warned", "measure.1", "50%"),
        ("deadline_warned", "measure.2", "80%"),
        ("deadline_warned", "settle", "50%"),
        ("deadline_breached", "measure.1", "breach"),
    ]
    assert house.said(case)[-1] == ("escalate", "super")
    assert house.deadlines(case)["measure.1"].title == {"zh": "措施1", "en": "measure 1"}
    assert house.deadlines(case)["measure.2"].breached_at is None


def test_a_new_date_is_warned_of_anew(house: House):
    case = begun(house)
    go(house, "2026-10-12 09:00")
    house.act(
        case, "2026-10-12 10:00", "set_deadline", "head",
        kind="settle", due="2026-10-14T10:00:00+08:00", reason="约定",
    )  # fmt: skip
    before = len(house.said(case))
    assert go(house, "2026-10-13 10:00") == 1
    assert go(house, "2026-10-14 10:01") == 2
    assert house.said(case)[before:] == [
        ("deadline_warned", "settle", "50%"),
        ("deadline_breached", "settle", "breach"),
        ("escalate", "super"),
    ]


def test_a_crash_before_the_commit_loses_nothing_and_doubles_nothing(house: House):
    case = begun(house)
    house.clock.moment = at("2026-10-09 18:01")
    for _ in range(3):
        with house.sessions() as session:
            session.begin()
            assert tick.tell(session, house.clock, case) == 2
            session.rollback()  # what a database does for a process that died
        assert house.said(case) == []
    assert tell_deadlines(house.sessions, house.clock) == 2
    assert tell_deadlines(house.sessions, house.clock) == 0
    assert house.said(case) == [("deadline_breached", "settle", "breach"), ("escalate", "super")]


def test_several_at_once_say_each_thing_once(house: House):
    cases = [begun(house, f"customer:C{n}") for n in range(4)]
    moment = at("2026-10-20 09:00")
    start = threading.Barrier(4)
    counts: list[int] = []

    def round_() -> None:
        start.wait()
        counts.append(tell_deadlines(house.sessions, FixedClock(moment)))

    threads = [threading.Thread(target=round_) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 16
    for case in cases:
        assert [told[0] for told in house.said(case)] == ["deadline_breached", *["escalate"] * 3]
    with reading(house.sessions) as session:
        assert list(check_cases(session)) == []


def test_a_case_that_cannot_be_told_of_does_not_keep_the_others_waiting(house: House):
    broken, good = begun(house), begun(house, "customer:C2")
    with transaction(house.sessions) as session:
        session.get_one(CaseRow, broken).amount_due = "1.00"  # past the door
    assert go(house, "2026-10-09 18:01") == 2
    assert house.said(good) != []
    assert house.deadlines(broken)["settle"].next_at == at("2026-10-09 18:11")
    assert go(house, "2026-10-09 18:02") == 0


def test_only_so_many_cases_in_one_round(house: House):
    for number in range(3):
        begun(house, f"customer:C{number}")
    house.clock.moment = at("2026-10-08 13:30")
    with reading(house.sessions) as session:
        assert len(tick.due_cases(session, house.clock.now(), limit=2)) == 2
    assert tell_deadlines(house.sessions, house.clock, limit=2) == 2
    assert tell_deadlines(house.sessions, house.clock, limit=2) == 1


def test_the_database_refuses_to_say_a_thing_twice_or_to_forget_it(house: House):
    case = begun(house)
    go(house, "2026-10-08 13:30")
    with reading(house.sessions) as session:
        (told,) = session.scalars(select(DeadlineToldRow).where(DeadlineToldRow.case_id == case))
    assert (told.clock, told.mark, told.due_at) == ("settle", "50%", at("2026-10-09 18:00"))
    with pytest.raises(Exception, match="append-only"), transaction(house.sessions) as session:
        session.execute(text("DELETE FROM case_deadline_told"))
    with pytest.raises(Exception, match=r"(?i)unique"), transaction(house.sessions) as session:
        session.add(
            DeadlineToldRow(
                case_id=case, clock="settle", number=1, due_at=told.due_at, mark="50%",
                told_at=told.told_at + timedelta(hours=1),
            )
        )  # fmt: skip


def test_deadlines_of_the_row_survive_a_round(house: House):
    case = begun(house)
    before = house.due(case)
    go(house, "2026-10-08 13:30")
    assert house.due(case) == before
    with reading(house.sessions) as session:
        assert session.query(DeadlineRow).count() == len(before)


def test_a_year_that_is_announced_moves_the_deadlines_that_were_provisional(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    case = house.open("2026-12-30 10:00")
    settle = house.deadlines(case)["settle"]
    assert (said(settle.due_at), settle.provisional) == ("2027-01-04 18:00", True)
    assert renew_deadlines(house.sessions, house.clock) == 0
    days = tmp_path / "days.yaml"
    days.write_text("days: [{calendar: CN, source: x, years: [2027], holidays: [2027-01-01]}]", "utf-8")
    monkeypatch.setenv("DITING_CALENDAR_FILE", str(days))
    get_settings.cache_clear()
    assert renew_deadlines(house.sessions, house.clock) == 1
    settle = house.deadlines(case)["settle"]
    assert (said(settle.due_at), settle.provisional) == ("2027-01-05 18:00", False)
    assert renew_deadlines(house.sessions, house.clock) == 0


def test_a_case_that_cannot_be_reckoned_anew_is_left_as_it_was(house: House, monkeypatch: pytest.MonkeyPatch):
    case = house.open("2026-09-30 17:00")
    before = house.due(case)
    with transaction(house.sessions) as session:
        session.get_one(CaseRow, case).amount_due = "1.00"  # past the door
    monkeypatch.setenv("DITING_TIMEZONE", "Asia/Tokyo")
    get_settings.cache_clear()
    assert renew_deadlines(house.sessions, house.clock) == 1
    assert renew_deadlines(house.sessions, house.clock) == 0
    assert house.due(case) == before
