"""Words that take no turn: signs of listening, farewells, agreement; and questions, which want an answer."""

import re

from transcription.voice.talk.syllables import syllables

# A sign of listening is no longer than this …
_LISTENING_S = 2.0
# … and over the other's speech anything is one that is as short as this: no words are taken in with it.
MURMUR_S = 0.6
# … or as this, where the recogniser is less sure of the words than this, or they are a mere remark.
ASIDE_S = 1.2
UNCLEAR = 0.6
_REMARK = 3  # syllables
# Spaces, marks and hyphens are taken out before these are looked for. What was matched is never given back
# (`++`): on text made to be slow it would take for ever.
_SOUNDS = r"[嗯恩唔呃额啊阿哦噢喔唉哎诶欸哈哼呀呢吧嘞啦]|u+h+(?:hu+h+)?|m+h*m+|h+m+|huh|ah+|oh+"
_YES = (
    r"没错|没问题|对的?|可以的?|行|嗯哼|喂|我?(?:听着|在听)|[您你](?:接着|继续)?[说讲]|[您你]继续|是这样的?|这样|是[的吗嘛]?|好的?"
    r"|我?都?(?:知道|明白|理解|了解|懂|晓得|清楚|记住|收到)(?:[您你]的(?:意思|情况|心情|难处))?[了的]?"
    r"|okay|okey|ok|yes|yeah|yep|yup|allright|alright|right|sure|ofcourse|exactly|correct|gotit|goon|goahead|isee"
    r"|iknow|iunderstand|understood|noproblem|thatsright|thatsfine|(?:that)?makessense|fine|true"
)
_FAREWELL = (
    r"再见|拜拜?|回见|(?:多谢|谢谢|感谢|辛苦|麻烦|打扰)[您你]?[啊了哈啦]?|不客气|没事|不用谢|先这样|挂了|祝您生活愉快"
    r"|(?:good)?bye(?:bye)?|thankyou|thanks|takecare|haveagood(?:day|one)|youre?welcome|welcome|youtoo"
)
_LISTENING = re.compile(rf"(?:{_YES}|{_SOUNDS})++", re.IGNORECASE)
_CLOSING = re.compile(rf"(?:{_FAREWELL}|{_YES}|{_SOUNDS}|[那就了])++", re.IGNORECASE)
_FAREWELL_WORD = re.compile(_FAREWELL, re.IGNORECASE)
_CONFIRMED = re.compile(rf"(?:{_SOUNDS})*+(?:对|是|没错|就是|yes|yeah|yep|right|exactly|correct)|嗯", re.I)
_OBJECTION = re.compile(
    r"[不没别]|等|停|慢着|你听|您听|听我|凭什么|胡说|no|wait|stop|hold|listen|hey", re.IGNORECASE
)
_ASKED_ZH = re.compile(
    r"(?:[吗吧么嘛呢]|有没有|[对是行好可](?:不[对是行好]|不可以|不)|多少|几[个点号天月期位]|什么|哪[儿里位天个]?|谁"
    r"|怎么[样办]?|贵姓)[啊呀呢的]?$"
)
_ASKED_EN = re.compile(
    r"(?:^|[.!?] )(?:so |and |but |well |okay |ok )?(?:do|does|did|is|are|was|were|can|could|will|would"
    r"|should|have|has|who|what|when|where|which|why|how|may)\b(?:[^.!?]|\b(?:mrs?|ms|dr)\.)*$",
    re.IGNORECASE,
)
_NO_LETTERS = re.compile(r"[\s，。！？、；：,.!?;:…—~\-'’\"“”]+")


def plain(text: str) -> str:
    """The text without spaces and marks."""
    return _NO_LETTERS.sub("", text)


def is_backchannel(text: str, seconds: float = 0.0) -> bool:
    """True for 嗯, 好的, uh-huh and the like: a sign of listening, not a turn. Drawn out it is more."""
    return seconds <= _LISTENING_S and _LISTENING.fullmatch(plain(text)) is not None


def is_remark(text: str, others: str) -> bool:
    """Whether so little is said that it is no turn, however it was heard: up to three syllables, the same
    ones twice (对对, 理解理解), words of leave, or the other's own words (`others`)."""
    sounds = syllables(text)
    half = len(sounds) // 2
    return (
        len(sounds) <= _REMARK
        or (len(sounds) % 2 == 0 and sounds[:half] == sounds[half:])
        or is_closing(text)
        or _holds(syllables(others), sounds)
    )


def objects(text: str) -> bool:
    """Whether somebody says no, or wants to be heard."""
    return _OBJECTION.match(plain(text)) is not None


def _holds(sounds: list[str], part: list[str]) -> bool:
    return any(sounds[at : at + len(part)] == part for at in range(len(sounds) - len(part) + 1))


def is_closing(text: str) -> bool:
    """True for 好，谢谢，再见 and the like. At the end of a call both say it at once."""
    words = plain(text)
    return _CLOSING.fullmatch(words) is not None and _FAREWELL_WORD.search(words) is not None


def confirms(text: str) -> bool:
    """Whether the text begins with a yes to what the other has just said."""
    return _CONFIRMED.match(plain(text)) is not None


def asks(text: str) -> bool:
    """Whether the text ends with a question, also without a question mark."""
    stripped = text.strip()
    return (
        stripped.endswith(("?", "？"))
        or _ASKED_ZH.search(plain(stripped)) is not None
        or _ASKED_EN.search(stripped.rstrip(".!")) is not None
    )
