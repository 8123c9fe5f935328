"""Whether a turn is nothing but yes or no. A pure function of its text."""

import re
from typing import Literal

Reply = Literal["affirmed", "denied"]

_FILLER_ZH = "(?:啊|哦|呃|哎|唉|嗯|噢|喔|呀|那个|这个)*"
_TAIL_ZH = "(?:啊|呀|的|吧|嘛|哦|呗|了|啦|咯|哈|嗯)*"
_YES_ZH = (
    "对|是|是的|没错|嗯|可不是?|当然|就是|正是|那是|是这样|就?是这个意思|[你您]?说得对|好像是|应该是"
    "|是有这回事|确实是?|可以这么说"
)
_NO_ZH = "不是|不对|没有?|不|哪有|没有的事|没这回事|不是这样|不是这个意思|才不是|怎么可能|当然(?:不是|没有)"
_YES_EN = (
    "yes|yeah|yep|yup|uh huh|mm hmm|right|correct|exactly|sure|of course|absolutely|that(?:'s"
    "| is) (?:right|correct|it)"
    "|you got it|i (?:do|did|am|have)|it (?:is|was)|sure (?:did|is)"
)
_NO_EN = (
    "no|nope|nah|uh uh|not at all|never|that(?:'s| is) (?:not right|wrong)|no way|i (?:don't|didn't"
    "|haven't)|i'm not"
    "|it (?:isn't|wasn't)|it's not|of course not|absolutely not"
)
_MADAM = "(?: (?:ma'am|sir))?"


def _replies(filler: str, yes: str, no: str, tail: str, between: str) -> re.Pattern[str]:
    def said(name: str, words: str) -> str:
        one = f"(?:{words}){tail}"
        return f"(?P<{name}>{one}(?:{between}{one})*)"

    return re.compile(f"{filler}(?:{said('affirmed', yes)}|{said('denied', no)})[。!]?")


_REPLY_ZH = _replies(_FILLER_ZH, _YES_ZH, _NO_ZH, _TAIL_ZH, "[。!]?")
_REPLY_EN = _replies("(?:(?:oh|um|uh|well|okay) )*", _YES_EN, _NO_EN, _MADAM, "[。!]? ?")


def reply(text: str, language: str) -> Reply | None:
    """Whether normalised `text` only says yes or only says no; None where it says more, or neither."""
    found = (_REPLY_EN if language == "en" else _REPLY_ZH).fullmatch(text.strip())
    if found is None:
        return None
    return "affirmed" if found.group("affirmed") else "denied"
