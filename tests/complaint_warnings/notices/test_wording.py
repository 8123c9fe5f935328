"""The words of the notices. No database."""

from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from complaint_warnings.notices.types import CASE_KINDS, COACHING_KINDS, TICKET_KINDS, OwnKind
from complaint_warnings.notices.wording import TITLES, facts, line, mask_name, title

SHANGHAI = ZoneInfo("Asia/Shanghai")
DOCUMENT = {
    "event": "deadline_breached",
    "number": "W-2026-000012",
    "kind": "warning",
    "level": "high",
    "debtor": "王**",
    "at": "2026-03-05T04:00:00+00:00",
    "deadline": {"zh": "首次答复已超时", "en": "First answer: overdue"},
    "link": "https://d.example/12",
}


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"), ("李雷", "李*"), ("欧阳修远山", "欧**"), ("王", "王*"),
        ("John Q Public", "J. Q. P."),
        ("[x](http://evil) 王", "X. 王."), ("***", "*"), ("", None), ("   ", None), (None, None),
    ],
)  # fmt: skip
def test_no_more_of_a_name_than_is_needed(name: str | None, masked: str | None) -> None:
    assert mask_name(name) == masked


def test_every_kind_has_words_in_both_languages() -> None:
    assert sorted(TITLES) == sorted([*CASE_KINDS, *TICKET_KINDS, *COACHING_KINDS, *get_args(OwnKind)])
    assert all(zh and en and zh != en for zh, en in TITLES.values())


def test_the_lines_of_a_message() -> None:
    assert title(DOCUMENT, "both") == "期限已超 / A deadline has passed W-2026-000012"
    assert [(fact.label, fact.value) for fact in facts(DOCUMENT, "zh", SHANGHAI)] == [
        ("案件", "W-2026-000012"),
        ("类型", "预警"),
        ("等级", "高"),
        ("客户", "王**"),
        ("期限", "首次答复已超时"),
        ("时间", "2026-03-05 12:00"),
    ]
    assert line(DOCUMENT, "en", SHANGHAI) == (
        "A deadline has passed W-2026-000012 · high · 王** · 2026-03-05 12:00"
    )
