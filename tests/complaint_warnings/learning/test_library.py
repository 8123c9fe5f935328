"""The case library on a real database, and what must not be in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.learning.library import Asked, Lesson, folded, publish, search, without_people
from complaint_warnings.learning.types import Cause
from complaint_warnings.turns import take_turn
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import ConflictError
from store.people import Actor

CLOSED = datetime(2026, 10, 9, 3, tzinfo=UTC)
LEAD = Actor("E7", frozenset({"control_lead"}))
FEES = Lesson(
    case_id=1,
    number="C-2026-000001",
    type="违约金争议",
    classification="misunderstanding",
    channel="regulator",
    level="high",
    causes=(Cause("process", "话术未说明计算依据"),),
    claim="李建国投诉违约金算错，要求拨打13800138000回复",
    cause="催收员王敏没有说明计算依据",
    solution="书面说明计算依据，由主管致歉",
    result="explained",
    rating=5,
    closed_at=CLOSED,
    handler="E3",
    names=("李建国", "王敏"),
)
NIGHT = replace(
    FEES,
    case_id=2,
    number="C-2026-000002",
    type="夜间来电",
    classification="clear_fact",
    channel="company_line",
    causes=(Cause("system", "时区设置"), Cause("staff", "未核对约定时间")),
    claim="晚上十点半 ＡＰＰ 提醒后仍来电",
    cause="外呼系统时区设置错误",
    solution="修正设置，100%抽查一周",
    closed_at=datetime(2026, 10, 20, 3, tzinfo=UTC),
    names=(),
)


@pytest.fixture
def library(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    """Two closed cases, published."""
    with transaction(session_factory) as session:
        for lesson in (FEES, NIGHT):
            take_turn(session, f"customer:C{lesson.case_id}")
            row = CaseRow(
                id=lesson.case_id,
                number=lesson.number,
                kind="complaint",
                debtor_key=f"customer:C{lesson.case_id}",
                state="closed",
                level="high",
                source="complaint",
                opened_at=CLOSED,
                updated_at=CLOSED,
                closed_at=CLOSED,
                advice={},
                reporter_id="E1",
            )
            session.add(row)
            session.flush()
            publish(session, clock, lesson, actor=LEAD)
    return session_factory


SEARCHES = [
    (Asked(), ["C-2026-000002", "C-2026-000001"]),
    (Asked(words=("依据",)), ["C-2026-000001"]),
    (Asked(words=("说明", "致歉")), ["C-2026-000001"]),
    (Asked(words=("说明", "时区")), []),
    (Asked(words=("app",)), ["C-2026-000002"]),
    (Asked(words=("100%",)), ["C-2026-000002"]),
    (Asked(words=("1%查",)), []),  # a percent sign is a letter here, not a wildcard
    (Asked(words=("_",)), []),
    (Asked(dimension="staff"), ["C-2026-000002"]),
    (Asked(cause="话术未说明计算依据"), ["C-2026-000001"]),
    (Asked(dimension="staff", cause="时区设置"), []),  # of one cause, not of two
    (Asked(type="夜间来电"), ["C-2026-000002"]),
    (Asked(channel="regulator", classification="misunderstanding"), ["C-2026-000001"]),
    (Asked(limit=1), ["C-2026-000002"]),
]


def test_cases_are_found_by_words_type_and_cause(library: SessionFactory) -> None:
    with library() as session:
        found = [(asked, [row.number for row in search(session, asked)]) for asked, _ in SEARCHES]

    assert found == SEARCHES


def test_nobody_is_named_in_the_library(library: SessionFactory) -> None:
    with library() as session:
        row = search(session, Asked(type="违约金争议"))[0]

    assert row.claim == "〔姓名〕投诉违约金算错，要求拨打〔号码〕回复"
    assert row.cause == "催收员〔姓名〕没有说明计算依据"
    assert not any(name in row.search for name in ("李建国", "王敏", "13800138000"))


def test_publishing_again_changes_nothing(library: SessionFactory, clock: FixedClock) -> None:
    with transaction(library) as session:
        publish(session, clock, replace(FEES, claim="另一种说法"), actor=LEAD)

    with library() as session:
        assert len(search(session, Asked())) == 2
        assert search(session, Asked(words=("另一种",))) == []


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor("E2", frozenset({"complaint_officer"})), "library.role"),
        (Actor("E3", frozenset({"control_lead"})), "library.own_case"),
    ],
)
def test_who_may_not_approve_is_told_why(
    session_factory: SessionFactory, clock: FixedClock, actor: Actor, code: str
) -> None:
    with transaction(session_factory) as session, pytest.raises(ConflictError) as refused:
        publish(session, clock, FEES, actor=actor)
    assert refused.value.code == code


def test_words_are_searched_without_width_and_case() -> None:
    assert folded("ＡＰＰ提醒 Ⅳ") == "app提醒 iv"


def test_numbers_go_even_where_no_name_is_known() -> None:
    assert without_people("回拨13800138000", ()) == "回拨〔号码〕"
