"""A demand after a dispute, an illness or a stop request is certain only where both turns are borne out."""

from functools import cache

import pytest

from qc.compile import PackSet
from qc.context.others import of_others
from qc.likeness.opinion import SHORTEST, SUPPORT, speaks_for
from qc.likeness.turns import score_turns
from qc.packs import load_packs
from tests.qc.calls import judge

PRESSED = "cn.{}_ignored.pressed@2"


@cache
def packs() -> PackSet:
    return load_packs(["cn-base"])


def statuses(rule: str, *turns: str) -> list[str]:
    return [found.status for found in judge(packs(), *turns).findings if found.rule == PRESSED.format(rule)]


@pytest.mark.parametrize(
    ("rule", "opener", "demand", "status"),
    [
        ("dispute", "这贷款不是我办的，我身份证丢过", "您先把钱付了，今天到账", "certain"),
        ("vulnerable", "我怀孕八个月了，受不得气", "那你更该抓紧处理，下午五点前到账。", "certain"),
        # The turn that opens it tells of an animal, or of a colleague: perhaps nothing is open at all.
        ("vulnerable", "我家狗刚做完手术", "那这期一千二您看哪天方便还？", "unsure"),
        (
            "dispute",
            "我同事那张卡被人盗刷了，你们可得小心",
            "谢谢提醒。您自己这笔五百六，明天能还吗？",
            "unsure",
        ),
        # Likeness alone takes paper for calls.
        (
            "stop_request",
            "以后别发纸质账单了，浪费纸",
            "好，给您改电子账单。那这期您看今天能还吗？",
            "unsure",
        ),
        # What is said after a true request is not plainly a demand.
        ("stop_request", "请不要再给我打电话了", "明天我再打给您确认", "unsure"),
    ],
)
def test_both_turns_must_be_borne_out(rule: str, opener: str, demand: str, status: str):
    assert statuses(rule, f"c: {opener}", f"a: {demand}") == [status]


def test_a_bank_speaks_for_a_turn_that_more_probably_belongs_to_it_than_not():
    scored = score_turns(["您先把钱付了今天到账", "好的再见祝您生活愉快", "还钱"])
    assert scored.probability(0, "press_payment") >= SUPPORT > scored.probability(1, "press_payment")
    assert [speaks_for(scored, at, "press_payment") for at in (0, 1)] == [True, False]
    assert len(scored.texts[2]) < SHORTEST
    assert speaks_for(scored, 2, "press_payment")  # too short to ask
    assert speaks_for(scored, 1, "no such bank")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("我同事那张卡被人盗刷了", True),
        ("猪发烧了死了三头", True),
        ("电视剧里那个女的怀着孕还被人追债", True),
        ("我同事拿我身份证去办的", False),
        ("我妈前天刚走家里在办后事", False),
        ("这卡不是我办的听说是中介弄的", False),
    ],
)
def test_who_tells_of_others(text: str, others: bool):
    assert of_others(text) is others
