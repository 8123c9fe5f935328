"""Machines that speak: greetings of switchboards, "cannot be reached", voicemail. Told from their words.

What a machine says must not count as the customer's words, and a call that reached nothing but a machine
was no conversation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

MachineKind = Literal["unreachable", "voicemail", "menu"]

# Whole phrases of operators and switchboards. They are compared by sound, so that a character heard wrong
# does no harm; the short and telling ones by letters, below.
_PHRASES: Final[dict[MachineKind, tuple[str, ...]]] = {
    "unreachable": (
        "您拨打的电话已关机",
        "您拨打的用户已关机",
        "您拨打的电话正在通话中",
        "您拨打的用户正忙",
        "您拨打的电话暂时无法接通",
        "您拨打的用户暂时无法接通",
        "您拨打的电话无人接听",
        "您拨打的用户暂时无人接听",
        "您拨打的号码是空号",
        "您拨打的电话已停机",
        "您拨打的号码已暂停服务",
        "您拨打的用户不在服务区",
        "您呼叫的用户暂时无法接通",
        "对方暂时无法接听您的来电",
        "请核对后再拨",
        "请稍后再拨",
        "您的来电信息将以短信形式通知对方",
        "该用户已启用来电提醒",
        "已为您转接来电助手",
    ),
    "voicemail": (
        "请在提示音后留言",
        "请在滴声后留言",
        "请在嘀的一声后留言",
        "听到提示音后请留言",
        "您已进入语音信箱",
        "正在为您转接语音信箱",
        "已转到语音信箱",
        "我现在不方便接听电话请留言",
        "留言结束请挂机",
        "留言完毕请按井号键",
    ),
    "menu": (
        "您好欢迎致电",
        "欢迎拨打客服热线",
        "您的电话正在转接中请稍候",
        "正在为您转接请稍候",
        "正在为您转接人工服务",
        "人工服务请按零",
        "普通话请按一",
        "请直拨分机号查号请拨零",
        "请拨分机号",
        "座席忙请稍候",
        "当前话务繁忙请稍候",
        "为了保证服务质量本次通话将被录音",
        "您前面还有排队等候",
    ),
}
_LETTERS: Final[dict[MachineKind, re.Pattern[str]]] = {
    "unreachable": re.compile(
        r"(拨打|呼叫|所拨)的?.{0,8}(关机|停机|空号|无法接通|正在通话|正忙|无人接听|暂停服务|不在服务区)"
        r"|(number|subscriber|person|customer|user) you (have |are |'ve )?(dial|call|try)\w*.{0,40}"
        r"(not|un|busy|off|disconnected|out of|no longer)"
        r"|(is|are) (power(ed)? off|switched off|(temporarily|currently) unavailable|not available)"
        r"|cannot be (connected|reached)|please (redial|(dial|call|try)( \w+)? again)",
        re.IGNORECASE,
    ),
    "voicemail": re.compile(
        r"语音信箱|(提示音|[滴嘀哔]声?|一声)(响|之)?后.{0,4}留言"
        r"|(after|at) the (tone|beep)|leave (a|your|me a)( \w+)? message|voice ?mail|record your message",
        re.IGNORECASE,
    ),
    "menu": re.compile(
        r"欢迎(致电|拨打|来电)|请按(井|星)?[零一二三四五六七八九0-9#*号键]|请(直)?拨分机号"
        r"|press (zero|one|two|three|four|five|six|seven|eight|nine|pound|star|\d)"
        r"|thank you for calling|your call (is|may be|will be) (important|recorded|monitored|answered)"
        r"|please (hold|stay) (on )?(the line|while)|all (of )?our \w+ are (currently )?(busy|assisting)",
        re.IGNORECASE,
    ),
}
# Somebody tells of a machine instead of being one.
_TOLD: Final = re.compile(r"(说|讲|提示|显示|老是|总是|都是|一直|听到|什么|结果|打过去|打你们?|告诉)")
_CLAUSE: Final = re.compile(r"[^，。！？；,.!?;]+[，。！？；,.!?;]*")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_GREETING: Final = re.compile(
    r"(您好|你好|很?抱歉|对不起|尊敬的(客户|用户)|hello|sorry|hi|welcome|we'?re sorry|)*", re.IGNORECASE
)
_NO_LETTER: Final = re.compile(r"[^\w']")
_ALIKE: Final = 86.0
_SHORTEST: Final = 4


class Clause(NamedTuple):
    """A clause of an utterance: its place in the text, and the machine that says so, None for a person."""

    start: int
    end: int
    machine: MachineKind | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Clauses that go together. `machine` is None where a person speaks."""

    start: int
    end: int
    machine: MachineKind | None


def passages(text: str) -> tuple[Passage, ...]:
    """Divide an utterance into what machines and what people say, in order."""
    found: list[Passage] = []
    for clause in _clauses(text):
        last = found[-1] if found else None
        together = last is not None and (
            (last.machine is None) == (clause.machine is None)
            # A greeting goes with what follows, and what leads to "after the tone" is the machine's too.
            or (clause.machine is not None and (clause.machine == "voicemail" or _is_greeting(text, last)))
            or (clause.machine is None and _is_greeting(text, clause))
        )
        if last is not None and together:
            found[-1] = Passage(last.start, clause.end, last.machine or clause.machine)
        else:
            found.append(Passage(clause.start, clause.end, clause.machine))
    return tuple(found)


def machine_share(text: str) -> float:
    """The share (0..1) of the letters that a machine says."""
    total = sum(passage.end - passage.start for passage in passages(text))
    spoken = sum(passage.end - passage.start for passage in passages(text) if passage.machine)
    return spoken / total if total else 0.0


def _clauses(text: str) -> Iterator[Clause]:
    for match in _CLAUSE.finditer(text):
        yield Clause(match.start(), match.end(), machine_of(match.group()))


def _is_greeting(text: str, part: Clause | Passage) -> bool:
    """您好, sorry and the like: too little to tell who says so."""
    return _GREETING.fullmatch(_NO_LETTER.sub("", text[part.start : part.end])) is not None


def machine_of(clause: str) -> MachineKind | None:
    """Which machine says such a clause; None when a person might, or tells of one."""
    for kind, pattern in _LETTERS.items():
        match = pattern.search(clause)
        if match and not _TOLD.search(clause[: match.start()]):
            return kind
    plain = "".join(_CHINESE.findall(clause))
    if len(plain) < _SHORTEST or _TOLD.search(plain[:8]):
        return None
    heard = _sound(plain)
    for kind, phrases in _sounds().items():
        if any(_alike(heard, phrase) for phrase in phrases):
            return kind
    return None


def _alike(heard: str, phrase: str) -> bool:
    """Whether the phrase is in what was heard, or the other way round where only its end was caught."""
    if len(heard) < 0.7 * len(phrase):
        return False
    return fuzz.partial_ratio(heard, phrase) >= _ALIKE


@lru_cache(maxsize=1)
def _sounds() -> dict[MachineKind, tuple[str, ...]]:
    return {kind: tuple(_sound(phrase) for phrase in phrases) for kind, phrases in _PHRASES.items()}


def _sound(text: str) -> str:
    return " ".join(lazy_pinyin(text))
