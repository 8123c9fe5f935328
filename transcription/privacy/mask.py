"""Personal data shown partly: whose it was can be checked, but nobody can be called or found by it.

No character is added or taken away, so positions in the text stay valid: `张**`, `138****5678`.
"""

import re
from collections.abc import Iterable
from typing import Final

from transcription.privacy.detect import NOTHING, Known, find_in_text
from transcription.privacy.surnames import COMPOUND
from transcription.privacy.types import Found, Kind, Span

_FIGURE: Final = re.compile(r"[0-9０-９零〇一二两三四五六七八九幺洞拐勾]")
_COMPOUND: Final = re.compile(COMPOUND)
_HIDDEN: Final = "*"
_MOBILE_LENGTH: Final = 11
# What stays readable at both ends, by kind: a telephone number as banks print it; of the others the start.
_SHOWN: Final[dict[Kind, tuple[int, int]]] = {
    "phone": (3, 4),
    "bank_card": (3, 0),
    "id_card": (3, 0),
    "digits": (3, 0),
}
_SHOWN_OF_SHORT: Final = (2, 2)


def mask_text(text: str, known: Known = NOTHING) -> str:
    """The text with all personal data in it hidden but what tells whose it was."""
    return hide(text, find_in_text(text, known))


def hide(text: str, spans: Iterable[Found | Span]) -> str:
    """The text with these spans of it hidden."""
    for span in spans:
        text = text[: span.start] + mask_one(span.kind, text[span.start : span.end]) + text[span.end :]
    return text


def mask_one(kind: Kind, said: str) -> str:
    """One piece of personal data, partly hidden.

    >>> mask_one("name", "梁启文"), mask_one("phone", "13812345678"), mask_one("last_digits", "三七幺六")
    ('梁**', '138****5678', '****')
    """
    if kind == "name":
        return mask_name(said)
    if kind in _SHOWN:
        return _mask_figures(said, *_SHOWN[kind])
    return "".join(_HIDDEN if char.isalnum() else char for char in said)


def mask_name(name: str) -> str:
    """The surname stays of a Chinese name, of others the first letter of each part."""
    compound = _COMPOUND.match(name)
    if compound and len(name) > compound.end():
        return compound.group() + _HIDDEN * (len(name) - compound.end())
    parts = re.split(r"([\s·•‧.\-]+)", name)
    return "".join(part if at % 2 else part[:1] + _HIDDEN * (len(part) - 1) for at, part in enumerate(parts))


def _mask_figures(said: str, first: int, last: int) -> str:
    places = [match.start() for match in _FIGURE.finditer(said)]
    if re.search(r"[A-Za-z]{2}", said):  # read out in words
        return "".join(_HIDDEN if char.isalnum() else char for char in said)
    if len(places) < _MOBILE_LENGTH:
        first, last = (_SHOWN_OF_SHORT[0], min(last, _SHOWN_OF_SHORT[1]))
    kept = {*places[:first], *(places[-last:] if last else ())}
    return "".join(_HIDDEN if char.isalnum() and at not in kept else char for at, char in enumerate(said))
