"""Names of people in English: after a title, or where somebody is named or asked for."""

import re
from typing import Final

from transcription.privacy.types import Found, without_overlaps

_PART: Final = r"[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)?"
_NAME: Final = rf"(?P<name>{_PART}(?: (?:[A-Z]\.? )?{_PART}){{0,2}})"
_TITLED: Final = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Madam)\.? {_NAME}")
_NAMED: Final = re.compile(
    r"\b(?:[Mm]y name is|[Nn]ame(?:'s| is)|[Tt]his is|[Ii]s this|I'm|I am|[Ss]peak"
    r" (?:with|to)|[Ss]peaking (?:with|to)"
    r"|[Cc]alling for|[Ll]ooking for|[Rr]each|[Aa]sk for|[Tt]alk to|[Cc]all me|[Tt]rying"
    r" to find|[Ii]t's|[Aa]re you|[Ii]s"
    r"|(?:[Mm]y|[Hh]is|[Hh]er) (?:brother|sister|wife|husband|son|daughter|mother"
    r"|father|mom|dad|boss|friend|cousin)),?"
    rf" {_NAME}"
)
_AMONG_CHINESE: Final = re.compile(
    rf"(?:我是|我叫|叫我|找|是)\s?{_NAME}(?=[，。,.？?吗吧 ]|$)|{_NAME.replace('<name>', '<titled>')}(?=\s"
    rf"?(?:先生|女士|小姐|你好|您好|老师|经理))"
)
_SAID_FIRST: Final = re.compile(
    rf"(?:^|[.?!] )(?:Hi|Hello|Hey|Thanks|Thank you|Okay|Sorry),? {_NAME}(?=[,.?!]|$)"
)
# Capital letters that begin no name.
_NO_NAME: Final = frozenset(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December I It This That The A An And But So Not No Yes What
    Who Where When Why How You Your We They He She There Here Okay Ok Hi Hello Thanks Thank Please
    Great Good Sure Harlow Bridge English Spanish Chinese American Social Security Visa Mastercard God
    Venmo Paypal Zelle Sir Madam Ma Is Are Do Mr Mrs Ms Miss Dr
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def find(text: str) -> list[Found]:
    """Names in one text."""
    found = []
    for pattern in (_TITLED, _NAMED, _SAID_FIRST, _AMONG_CHINESE):
        for match in pattern.finditer(text):
            group = match.lastgroup or "name"
            end = _end(match[group])
            if end:
                found.append(Found("name", match.start(group), match.start(group) + end))
    return without_overlaps(found)


def is_other_word(word: str) -> bool:
    """Whether this begins with a capital letter for another reason."""
    return word in _NO_NAME


def _end(said: str) -> int:
    """How many characters are a name; 0 where none is."""
    end = 0
    for part in re.finditer(r"\S+", said):
        if part.group() in _NO_NAME:
            break
        end = part.end()
    return end
