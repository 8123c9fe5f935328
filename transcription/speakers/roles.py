"""Who is the agent, judged from what both sides say over the whole call. Single turns do not tell."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pypinyin import lazy_pinyin

from ingest.metadata import Role
from transcription.speakers.sides import GIVEN_TRUST
from transcription.types import Speaker

# Trust in roles that were judged from content.
CONTENT_TRUST = 0.8

# Compared by sound, because the recogniser confuses characters that sound alike. Whole-call sums decide.
_AGENT_ZH = (
    "公司 委托 工号 逾期 欠款 还款 核实 登记 请问 本人 先生 女士 您好 麻烦您 系统里 银行 账单 到账 欠费 "
    "尾号 名下 您这边 我这边 为您 给您 感谢您 协商 法务 处理一下 通知您 什么时候还 "
    "今天之前 官方 结清 还钱 先还 必须 尽快 起诉 冻结 利息 安排 转告 方便 工作日"
)
_CUSTOMER_ZH = (
    "哪位 谁呀 你是谁 你谁啊 哪里的 你们 投诉 没钱 我没 我不 别打 我妈 我爸 我老公 我老婆 我孩子 "
    "我儿子 我女儿 失业 工资 打错 不认识 我现在 我已经 知道了 挂了 我报警 凭什么 怎么办 我上个月 "
    "听不清 不在 我录音 我一分 我还不 我哪 我要投诉 别骗"
)
_AGENT_EN = (
    "calling from|on behalf of|debt collector|recorded line|collect a debt|your account|your balance|past due"
    "|payment plan|amount due|may i speak|am i speaking|verify your|our office|set up a payment"
    "|this is an attempt"
)
_CUSTOMER_EN = (
    r"who is this|i can't|i don't|i lost my|i already|stop calling|my (wife|husband|kids?|job|mother|lawyer)"
    r"|i'm not|you people|i never|wrong number|leave me alone|i paid"
)
# The two sides must differ by this many words before the roles are taken from content.
MARGIN = 3
# … and by this share of all words found.
MARGIN_SHARE = 0.25


class Said(NamedTuple):
    """What one side (a channel, or a voice) said in one turn, and when, in seconds."""

    side: int
    start: float
    end: float
    text: str


class Roles(NamedTuple):
    """Who is on each side (None: nobody can tell), how far that can be trusted, and what is wrong with it."""

    speakers: tuple[Speaker, ...] | None
    trust: float
    problems: tuple[str, ...] = ()


def judge_roles(
    said: Sequence[Said], language: str | None, *, given: tuple[Speaker, ...] | None, given_trust: float
) -> Roles:
    """Metadata decide; without them the words of the whole call; without those the usual channels.

    Args:
        said: all that was said, in order of time.
        language: `en`, or anything else for Mandarin.
        given: the roles by side as metadata or the usual order of channels have them, if any.
        given_trust: below `GIVEN_TRUST` when `given` is only the usual order.
    """
    if given is not None and given_trust == GIVEN_TRUST:
        return Roles(given, GIVEN_TRUST)
    agent = agent_side(
        ["。".join(item.text for item in said if item.side == side) for side in (0, 1)], language
    )
    if agent is not None:
        return Roles(("agent", "customer") if agent == 0 else ("customer", "agent"), CONTENT_TRUST)
    if given is not None:
        return Roles(given, given_trust, ("roles.assumed",))
    return Roles(None, 0.0, ("roles.unknown",))


def _sounds(text: str) -> str:
    """The text as syllables, each between brackets, so that only whole syllables compare: `<gong><si>`."""
    return "".join(f"<{syllable}>" for syllable in lazy_pinyin(text))


_SOUNDS: dict[Role, tuple[str, ...]] = {
    "agent": tuple(_sounds(word) for word in _AGENT_ZH.split()),
    "customer": tuple(_sounds(word) for word in _CUSTOMER_ZH.split()),
}
_WORDS: dict[Role, re.Pattern[str]] = {
    "agent": re.compile(rf"\b({_AGENT_EN})\b", re.IGNORECASE),
    "customer": re.compile(rf"\b({_CUSTOMER_EN})\b", re.IGNORECASE),
}


def agent_side(texts: Sequence[str], language: str | None) -> Literal[0, 1] | None:
    """Which of two sides is the agent; None when the words do not tell.

    Args:
        texts: everything that each of the two sides said.
        language: `en`, or anything else for Mandarin.
    """
    first, second = (_evidence(text, language) for text in texts)
    agentness = (first["agent"] - first["customer"]) - (second["agent"] - second["customer"])
    found = sum(first.values()) + sum(second.values())
    if abs(agentness) < max(MARGIN, MARGIN_SHARE * found):
        return None
    return 0 if agentness > 0 else 1


def _evidence(text: str, language: str | None) -> dict[Role, int]:
    """How many words of either role the text holds."""
    if language == "en":
        return {role: len(pattern.findall(text)) for role, pattern in _WORDS.items()}
    sounds = _sounds(text)
    return {role: sum(sounds.count(word) for word in words) for role, words in _SOUNDS.items()}
