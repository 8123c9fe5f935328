"""The deadlines that are kept follow every event of a case."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks.house import house_of
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.clocks.policy import DEFAULT_POLICY
from complaint_warnings.clocks.service import compute, deadlines_of, due, keep
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, DitingError
from store.settings import Settings, get_settings

from .house import REVIEW, TEAM, House
from .stories import at, said


def test_a_case_that_opens_has_its_deadlines(house: House):
    case = house.open("2026-09-30 17:00")
    assert house.due(case) == {"review": "2026-10-08 18:00", "settle": "2026-10-10 18:00"}
    settle = house.deadlines(case)["settle"]
    assert (settle.policy, settle.force, settle.by_hand, settle.provisional) == (
        "default@2",
        "internal",
        False,
        False,
    )
    assert settle.why["zh"].startswith("办结：一般事项3个工作日内办结；")
    assert settle.title == {"zh": "办结", "en": "settled"}
    assert said(settle.next_at) == "2026-10-09 13:30", "the first warning: 13.5 of 27 working hours"


def test_they_follow_what_happens(house: House):
    case = house.open("2026-09-30 17:00")
    house.act(case, "2026-10-08 10:00", "sign", "head", **REVIEW)
    house.act(case, "2026-10-08 11:00", "collect", "officer", complexity="complex")
    found = house.deadlines(case)
    assert said(found["review"].met_at) == "2026-10-08 10:00"
    assert found["review"].next_at is None
    assert said(found["settle"].due_at) == "2026-10-13 18:00"


def test_a_hold_stops_and_a_resume_starts_them(house: House):
    case = house.open("2026-09-29 10:00")
    words = {"reason": "customer_absent", "words": "客户出差"}
    house.act(case, "2026-09-30 12:00", "hold", "officer", **words)
    settle = house.deadlines(case)["settle"]
    assert (settle.due_at, settle.next_at) == (None, None)
    assert said(house.deadlines(case)["review"].due_at) == "2026-09-30 18:00", "a review does not pause"
    house.act(case, "2026-10-08 11:00", "resume", "officer")
    settle = house.deadlines(case)["settle"]
    assert said(settle.due_at) == "2026-10-10 17:00"
    assert settle.document["pauses"] == [
        {
            "from": "2026-09-30T04:00:00+00:00",
            "until": "2026-10-08T03:00:00+00:00",
            "reason": "customer_absent",
            "by": "officer",
        }
    ]


def test_a_date_by_hand_wins_and_is_logged(house: House):
    case = house.open("2026-09-30 17:00")
    house.act(
        case, "2026-10-08 09:00", "set_deadline", "head",
        kind="settle", due="2026-10-20T12:00:00+08:00", reason="与客户约定",
    )  # fmt: skip
    settle = house.deadlines(case)["settle"]
    assert (said(settle.due_at), settle.by_hand, said(settle.rule_due_at)) == (
        "2026-10-20 12:00",
        True,
        "2026-10-10 18:00",
    )
    with reading(house.sessions) as session:
        assert session.get_one(CaseRow, case).version == 2, "an event of the case, in the chain"


def test_a_date_by_hand_can_be_taken_back(house: House) -> None:
    case = house.open("2026-09-30 17:00")
    back = {"kind": "settle", "withdrawn": True, "reason": "客户改变主意"}

    def refused(**more: object) -> str:
        with pytest.raises(DitingError) as refusal:
            house.act(case, "2026-10-08 09:02", "set_deadline", "head", **(back | more))
        return refusal.value.code

    assert refused() == "case.document"  # nothing to take back
    house.act(
        case, "2026-10-08 09:00", "set_deadline", "head",
        kind="settle", due="2026-10-20T12:00:00+08:00", reason="与客户约定",
    )  # fmt: skip
    assert refused(due="2026-10-21T12:00:00+08:00") == "case.document"
    assert refused(kind="review") == "case.document"
    house.act(case, "2026-10-08 09:03", "set_deadline", "head", **back)
    settle = house.deadlines(case)["settle"]
    assert (said(settle.due_at), settle.by_hand) == ("2026-10-10 18:00", False)
    assert refused() == "case.document"


def test_a_date_for_a_clock_that_does_not_run_is_refused_and_leaves_nothing(house: House):
    case = house.open("2026-09-30 17:00")
    with pytest.raises(ConflictError) as refused:
        house.act(
            case, "2026-10-08 09:00", "set_deadline", "head",
            kind="regulator", due="2026-10-20T12:00:00+08:00", reason="x",
        )  # fmt: skip
    assert (refused.value.code, refused.value.mend) == (
        "deadline.not_running",
        "Clocks that run: review, settle.",
    )
    with reading(house.sessions) as session:
        assert session.get_one(CaseRow, case).version == 1


def test_an_extension_goes_by_the_policy_or_is_refused(house: House):
    case = house.open("2026-09-30 17:00")
    step = {"kind": "settle", "reason": "等候委托方核实"}
    with pytest.raises(ConflictError) as refused:
        house.act(case, "2026-10-08 09:00", "extend_deadline", "officer", **step)
    assert refused.value.code == "deadline.extension_role"
    house.act(case, "2026-10-08 09:00", "extend_deadline", "head", **step)
    assert house.due(case)["settle"] == "2026-10-13 18:00"
    assert house.deadlines(case)["settle"].document["extensions"] == [
        {"at": "2026-10-08T01:00:00+00:00", "by": "head", "reason": "等候委托方核实"}
    ]
    with pytest.raises(ConflictError) as refused:
        house.act(case, "2026-10-08 09:01", "extend_deadline", "lead", **step)
    assert refused.value.code == "deadline.no_extension"


def test_nothing_is_put_off_that_is_overdue(house: House):
    case = house.open("2026-09-30 17:00")
    with pytest.raises(ConflictError) as refused:
        house.act(case, "2026-10-12 09:00", "extend_deadline", "head", kind="settle", reason="x")
    assert refused.value.code == "deadline.no_extension"
    assert "overdue already" in refused.value.message


def test_reckoning_again_changes_nothing_and_needs_nothing_that_was_kept(house: House):
    case = house.open("2026-09-30 17:00")
    house.act(case, "2026-10-08 10:00", "sign", "head", **REVIEW)
    before = _rows(house, case)
    _again(house, case)
    assert _rows(house, case) == before
    with transaction(house.sessions) as session:
        session.execute(delete(DeadlineRow))
    _again(house, case)
    assert _rows(house, case, with_id=False) == [{**row, "id": None} for row in before]


def _again(house: House, case: int) -> None:
    with transaction(house.sessions) as session:
        row = session.get_one(CaseRow, case)
        own = house_of(get_settings())
        keep(session, row, compute(session, row, own), own)


def _rows(house: House, case: int, *, with_id: bool = True) -> list[dict[str, object]]:
    with reading(house.sessions) as session:
        rows = deadlines_of(session, case)
        return [
            {c.key: getattr(row, c.key) if with_id or c.key != "id" else None for c in row.__table__.columns}
            for row in rows
        ]


def test_what_is_due_comes_in_the_order_of_urgency(house: House):
    first = house.open("2026-09-30 17:00")
    second = house.open("2026-10-08 09:00", debtor="customer:C2", level="high")
    held = house.open("2026-10-08 09:10", debtor="customer:C3")
    words = {"reason": "other", "words": "等"}
    house.act(held, "2026-10-08 09:20", "hold", "officer", **words)
    now = at("2026-10-08 12:00")
    with reading(house.sessions) as session:
        everything = [(case.id, row.clock) for row, case in due(session, now)]
        overdue = [(case.id, row.clock) for row, case in due(session, now, breached=True)]
        soon = [(case.id, row.clock) for row, case in due(session, now, within=timedelta(hours=24))]
        two = [(case.id, row.clock) for row, case in due(session, now, limit=2)]
    assert everything == [
        (second, "start"),
        (first, "review"),
        (second, "review"),
        (held, "review"),
        (first, "settle"),
        (second, "settle"),
        (held, "rest"),
        (held, "settle"),
    ]
    assert overdue == [(second, "start")]
    assert soon == [(second, "start"), (first, "review")]
    assert two == everything[:2]


def test_a_met_deadline_is_not_due(house: House):
    case = house.open("2026-10-08 09:00", level="high")
    house.act(case, "2026-10-08 10:00", "form_team", "lead", **_high_team())
    assert said(house.deadlines(case)["start"].met_at) == "2026-10-08 10:00"
    with reading(house.sessions) as session:
        assert "start" not in [row.clock for row, _ in due(session, at("2026-10-09 12:00"))]


def _high_team() -> dict[str, object]:
    members = [
        {"person": "lead", "function": "lead"},
        {"person": "law", "function": "legal"},
        {"person": "super", "function": "supervisor"},
    ]
    return TEAM | {"members": [*TEAM["members"][:1], *members]}


def test_a_sites_own_policy_calendar_and_clients_are_used(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    policy = tmp_path / "policy.yaml"
    text = DEFAULT_POLICY.read_text(encoding="utf-8")
    policy.write_text(text.replace("id: default", "id: ours").replace("version: 2", "version: 7"), "utf-8")
    days = tmp_path / "days.yaml"
    days.write_text("days: [{calendar: CN, source: 公司通知, holidays: [2026-10-08]}]", encoding="utf-8")
    monkeypatch.setenv("DITING_POLICY_FILE", str(policy))
    monkeypatch.setenv("DITING_CALENDAR_FILE", str(days))
    monkeypatch.setenv("DITING_CLIENT_CLOCKS", '{"中国联通": "telecom"}')
    get_settings.cache_clear()
    case = house.open("2026-09-30 17:00")
    assert house.due(case)["settle"] == "2026-10-12 18:00"
    assert house.deadlines(case)["settle"].policy == "ours@7"
    complaint = house.open(
        "2026-09-30 17:00", debtor="customer:C2", kind="complaint", source="complaint", client="中国联通"
    )
    assert house.due(complaint)["settle"] == "2026-10-01 17:00"
    assert house.deadlines(complaint)["settle"].policy == "ours/telecom@7"


def test_another_policy_takes_away_the_clocks_that_it_has_not(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    case = house.open("2026-09-30 17:00")
    text = DEFAULT_POLICY.read_text(encoding="utf-8")
    begin, end = text.index("  review:\n"), text.index("  first_answer:\n")
    policy = tmp_path / "policy.yaml"
    policy.write_text(text[:begin] + text[end:], encoding="utf-8")
    monkeypatch.setenv("DITING_POLICY_FILE", str(policy))
    get_settings.cache_clear()
    _again(house, case)
    assert list(house.due(case)) == ["settle"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DITING_POLICY_FILE", "/nowhere/policy.yaml", "policy.unreadable"),
        ("DITING_CALENDAR_FILE", "/nowhere/days.yaml", "calendar.unreadable"),
        ("DITING_CLIENT_CLOCKS", '{"中国联通": "telekom"}', "policy.profile"),
        ("DITING_CLIENT_CLOCKS", "telecom", "settings.bad_value"),
    ],
)
def test_a_wrong_setting_is_refused_at_once(
    name: str, value: str, code: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    with pytest.raises(DitingError) as refused:
        house_of(Settings())
    assert refused.value.code == code
    assert isinstance(refused.value, BadInputError) or code.startswith("settings")


def test_a_complaint_counts_from_its_arrival(house: House):
    case = house.open(
        "2026-10-09 09:00",
        kind="complaint",
        source="regulator",
        details={"arrived_at": "2026-10-08T15:00:00+08:00"},
    )
    assert house.due(case) == {
        "review": "2026-10-10 18:00",
        "first_answer": "2026-10-09 15:00",
        "settle": "2026-10-12 18:00",
        "regulator": "2026-10-23 18:00",
    }
    with reading(house.sessions) as session:
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.force == "regulation"))
        assert [row.document["cite"] for row in rows] == [
            "《银行业保险业消费投诉处理管理办法》（银保监会令2020年第3号）"
        ]
