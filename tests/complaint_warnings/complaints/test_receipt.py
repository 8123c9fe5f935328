from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaint_warnings.complaints.receipt import CHANNEL_WORDS, Limit, Receipt, receipt_text
from complaint_warnings.complaints.types import CHANNELS

SHANGHAI = ZoneInfo("Asia/Shanghai")
RECEIPT = Receipt(
    number="C-2026-000012-1",
    channel="regulator",
    arrived_at=datetime(2026, 9, 28, 1, 5, tzinfo=UTC),
    received_at=datetime(2026, 9, 28, 2, 0, tzinfo=UTC),
    addressed_to="李女士",
    claim="催收员多次在夜间来电",
    wanted="停止夜间来电并书面道歉",
    limits=(
        Limit(
            {"zh": "办结期限", "en": "settled by"}, datetime(2026, 10, 13, 16, tzinfo=UTC), provisional=True
        ),
        Limit({"zh": "首次答复", "en": "first answer by"}, datetime(2026, 9, 29, 1, 5, tzinfo=UTC)),
    ),
)


def test_a_receipt_in_chinese() -> None:
    assert receipt_text(RECEIPT, "zh", SHANGHAI).splitlines() == [
        "投诉受理回执",
        "受理编号：C-2026-000012-1",
        "致：李女士",
        "渠道：金融监管部门 12378",
        "收到时间：2026-09-28 09:05 (Asia/Shanghai)",
        "受理时间：2026-09-28 10:00 (Asia/Shanghai)",
        "您反映的问题：催收员多次在夜间来电",
        "您的诉求：停止夜间来电并书面道歉",
        "首次答复：2026-09-29 09:05 (Asia/Shanghai)",
        "办结期限：2026-10-14 00:00 (Asia/Shanghai)（放假安排公布后可能调整）",
        "查询进度请提供受理编号。处理期间与您有关的通话录音将予以保全。",
    ]


def test_a_receipt_in_english_tells_the_same_dates() -> None:
    lines = receipt_text(RECEIPT, "en", SHANGHAI).splitlines()

    assert lines[1] == "Number: C-2026-000012-1"
    assert lines[-3:-1] == [
        "first answer by: 2026-09-29 09:05 (Asia/Shanghai)",
        "settled by: 2026-10-14 00:00 (Asia/Shanghai) (may move when days off are published)",
    ]


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_has_words_in_both_languages(channel: str) -> None:
    assert all(CHANNEL_WORDS[channel])  # type: ignore[index]
