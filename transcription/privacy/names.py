"""Names of people in Chinese: by what is said before and after them, and by how they are built.

A surname alone is a common character. It counts as a name only with a title (梁先生), where somebody is named
or asked for (我叫…, 您是…吗, 他老婆…), or where what follows it is written like a given name.
"""

import re
from typing import Final, Literal

from transcription.privacy.surnames import (
    AFTER,
    AMBIGUOUS,
    CALLING,
    COMPOUND,
    FAMILIAR,
    FREQUENT,
    GIVEN,
    KIN,
    LONG_TITLE,
    NAMING,
    NEVER_GIVEN,
    NICK,
    SELDOM_LAST,
    SHORT_TITLE,
    SPELT,
    SURNAME,
)
from transcription.privacy.types import Found, without_overlaps
from transcription.privacy.words import Words

Trust = Literal["named", "called", "built"]
_START: Final = re.compile(rf"{COMPOUND}|[{SURNAME}]")
_TITLED: Final = re.compile(rf"(?:{LONG_TITLE})")
_SHORT_TITLED: Final = re.compile(rf"(?:{SHORT_TITLE})(?![家们夫弟妹姐哥额量共是结公裁监统理数])")
_FAMILIAR: Final = re.compile(
    rf"(?<![一-鿿])[小老阿](?P<surname>[{FAMILIAR}])(?=[，。？！,.?!啊呀吗呢吧、的]"
    rf"|$|{LONG_TITLE}|{SHORT_TITLE})"
    rf"|(?:是|叫|找|我|的|跟|和|问|让|喂|同事|专员)(?P<place>[小老])(?P<other>[{FAMILIAR}])"
    rf"|(?:^|[，。？！,.?!])(?P<first>老)[{FAMILIAR}]"
    rf"|(?:是|叫|找|我|的|跟|和|问|让|喂|^|[，。？！,.?!])(?P<nick>[小阿])[{NICK}](?![一-鿿]书|书)"
)
_PLACES: Final = {"other": "place", "first": "first", "nick": "nick"}
_SURNAMED: Final = re.compile(
    rf"(?<![百])姓(?P<surname>{COMPOUND}|[{SURNAME}])(?![名氏])|叫(?P<half>[{SURNAME}])什么"
)
_FOREIGN: Final = re.compile(r"[一-鿿]{2,6}[·•‧][一-鿿]{2,8}(?:[·•‧][一-鿿]{2,8})?")
_SPELT: Final = re.compile(rf"(?:{SPELT})")
_CHARACTER: Final = re.compile(
    r"(?P<word>[一-鿿]{1,3}?[一-鿿])的那?个?(?P<char>[一-鿿])(?=[，。！？、,.]|$|字|[一-鿿]{1,3}的)"
)
_SINGLE: Final = re.compile(r"单名(?:一个|是|就)?(?:一个)?(?P<char>[一-鿿])(?=字|[，。,.]|$)")
_SPELLING: Final = re.compile(r"哪个字|哪几个字|怎么写|什么字|名字|叫什么|贵姓|全名|姓名")
_BEFORE: Final = 12
# The dictionary has these as names, too; nobody means one.
_NO_NAMES: Final = frozenset(
    """
    谢谢 明白 明白账 高兴 方便 安全 平安 安心 安静 成功 成本 应该 高利 黄金 金额 金融 石头 白天 常年 常规
    全年 万元 万一 文明 文件 明年 明天 马上 方正 平时 申请 温馨 和平 江南 华东 华南 华北 东方 向前
    高额 高级 高峰 阳光 景气 单独 强行 强制 严重 严厉 严格 游戏 古代 安排 安装 解除 解决 解释 连续
    左右 许可 许多 经常 经济 相关 管理 程序 余额 支付 白名 祝福 祝好 高校 张口 张嘴 成年 时间 路上 包月
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_SAYS_NAME: Final = re.compile(r"我叫|我姓|他叫|她叫|他姓|她姓")
# 小康 and the like are words; nobody is called so.
_NO_FAMILIAR: Final = frozenset(
    """
    小康 小白 小车 小米 小包 小钱 小金 小石 小方 小高 小平 小雷 小江 小余 老白 老高 老方
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_EDGE: Final = frozenset('，。？！、；：,.?!;: …—“"「（(')
_OTHER_WORDS: Final = frozenset("dcrpvatmfulqsikyozxeg")


def find(text: str, *, asked: bool = False) -> list[Found]:
    """Names in one text; `asked`: the other side has just asked for a name, or how it is written."""
    if not re.search(r"[一-鿿]", text):
        return []
    words = Words(text)
    found = [
        *(Found("name", match.start(), match.end()) for match in _FOREIGN.finditer(text)),
        *(Found("name", *match.span(match.lastgroup or 0)) for match in _SURNAMED.finditer(text)),
        *_familiar(text, words),
        *_spelt(text, asked=asked),
        *(Found("name", *match.span("char")) for match in _SINGLE.finditer(text)),
    ]
    place = 0
    while (match := _START.search(text, place)) is not None:
        name = _name_at(text, words, match)
        found.extend([name] if name else [])
        place = name.end if name else match.start() + 1
    return without_overlaps(found)


def _name_at(text: str, words: Words, surname: re.Match[str]) -> Found | None:
    """The name that begins with this surname, if it is one."""
    at = surname.start()
    trust = _trust(text, at)
    for size in (2, 1):
        end = surname.end() + size
        if end <= len(text) and _is_name(text, words, at, surname.end(), end, trust):
            return Found("name", at, end, sure=trust != "built")
    return _only_titled(text, words, surname)


def _trust(text: str, at: int) -> Trust:
    before = text[max(0, at - _BEFORE) : at]
    if NAMING.search(before):
        return "named"
    if CALLING.search(before) or KIN.search(before) or not before or before[-1] in _EDGE:
        return "called"
    return "built"


def _is_name(text: str, words: Words, at: int, given: int, end: int, trust: Trust) -> bool:
    """Whether `at:end` is a whole name, whose given name begins at `given`."""
    if not _can_be_name(text, words, at, given, end):
        return False
    titled = _TITLED.match(text, end) is not None
    if _inside_a_word(words, at, end, titled=titled or trust == "named"):
        return False
    if titled:
        return True
    if text[end - 1] in SELDOM_LAST and not _ends_here(text, end):
        return False
    return trust == "named" or _is_likely_name(text, words, at, given, end, trust)


def _can_be_name(text: str, words: Words, at: int, given: int, end: int) -> bool:
    """Whether these characters can be a given name that ends with a word."""
    chars = text[given:end]
    if text[at:end] in _NO_NAMES or _TITLED.fullmatch(chars):
        return False
    if any(char in NEVER_GIVEN or not "一" <= char <= "鿿" for char in chars):
        return False
    return words.breaks(end) or words.at(end).name or _ends_here(text, end)


def _is_likely_name(text: str, words: Words, at: int, given: int, end: int, trust: Trust) -> bool:
    """Whether this is a name though nobody says so: by its characters, and by what stands around it."""
    token, long = words.at(at), end - given > 1
    ends = _ends_here(text, end)
    likely = all(char in GIVEN for char in text[given:end]) or (token.name and token.end > given)
    near = KIN.search(text[max(0, at - _BEFORE) : at]) is not None
    if text[at] in AMBIGUOUS:
        return likely and (near or ends) and (trust == "called" or long)
    if trust == "called":
        return ends or (likely and (near or long))
    return likely and long and text[at] in FREQUENT


def _ends_here(text: str, end: int) -> bool:
    return AFTER.match(text, end) is not None


def _inside_a_word(words: Words, at: int, end: int, *, titled: bool) -> bool:
    """Whether the dictionary reads these characters as something else: 方便, 马上, 周三."""
    token = words.at(at)
    if token.name or token.end - token.start == 1:
        return False
    if token.start < at:
        return not titled and token.end != at + 1
    if titled:
        return token.end > end
    return token.end >= end or token.kind[0] in _OTHER_WORDS


def _only_titled(text: str, words: Words, surname: re.Match[str]) -> Found | None:
    """梁先生, 王哥: the surname alone, before a title."""
    at, end = surname.span()
    token = words.at(at)
    if token.start < at or (token.end > end and not token.name):
        return None
    if text[at] in AMBIGUOUS and not _trust_of_surname(text, at):
        return None
    if _TITLED.match(text, end):
        return Found("name", at, end)
    usual = text[at] in FREQUENT or (text[end : end + 1] == "总" and text[at] not in AMBIGUOUS)
    if usual and _SHORT_TITLED.match(text, end) and words.breaks(end + 1):
        return Found("name", at, end)
    return None


def _trust_of_surname(text: str, at: int) -> bool:
    before = text[max(0, at - _BEFORE) : at]
    return not before or before[-1] in _EDGE or before[-1] in "的是叫找" or CALLING.search(before) is not None


def _familiar(text: str, words: Words) -> list[Found]:
    """小周, 老王."""
    found = []
    for match in _FAMILIAR.finditer(text):
        start = match.start() if match["surname"] else match.start(_PLACES[match.lastgroup or ""])
        token = words.at(start)
        second = words.at(start + 1)
        alone = token.end - token.start == 1 and second.end == start + 2
        known = (token.start, token.end) == (start, start + 2) and text[start : start + 2] not in _NO_FAMILIAR
        if token.name or alone or known:
            found.append(Found("name", start, start + 2))
    return found


def _spelt(text: str, *, asked: bool) -> list[Found]:
    """弓长张, 建国的建: characters of a name, described."""
    found = [Found("name", match.start(), match.end()) for match in _SPELT.finditer(text)]
    described = [match for match in _CHARACTER.finditer(text) if match["char"] in match["word"]]
    found += [Found("name", m.start(), m.end("char")) for m in described if _is_by_surname(m)]
    if asked or len(described) > 1 or found or _SPELLING.search(text) or _SAYS_NAME.search(text):
        found += [Found("name", match.start(), match.end("char")) for match in described]
    return found


def _is_by_surname(match: re.Match[str]) -> bool:
    """邹韬的邹: the surname of somebody well known."""
    return match["word"][0] == match["char"] and match["char"] in SURNAME and len(match["word"]) > 1


def asks(text: str) -> bool:
    """Whether this asks for a name, or how it is written."""
    return _SPELLING.search(text) is not None
