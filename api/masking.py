"""Personal data shown partly: whose number it was can be checked, but not dialled."""

import re

_DIGIT = "0-9零〇一二三四五六七八九幺"
_LONG_NUMBER = re.compile(rf"[{_DIGIT}](?:[ \-，、]?[{_DIGIT}]){{6,}}")
_DIGITS = re.compile(f"[{_DIGIT}]")
# Kinds of spoken numbers that may be somebody's (transcription.types.SpokenNumber).
PERSONAL_KINDS = ("phone", "digits")


def mask_numbers(text: str) -> str:
    """Hides the middle digits of every number of seven or more digits (telephone, card, identity card).

    Digits written as Chinese characters count too, and so does a number read out in groups. The length
    does not change, so character positions in the text stay valid: `13800138000` becomes `138****8000`.
    """
    return _LONG_NUMBER.sub(lambda found: _mask(found.group()), text)


_DIGIT_RUN = re.compile(r"[0-9]{7,}")


def mask_digits(text: str) -> str:
    """Like `mask_numbers`, but leaves Chinese numerals alone: for what rules look for, where a row of
    numerals is a pattern and no number."""
    return _DIGIT_RUN.sub(lambda found: _mask(found.group()), text)


def hide_digits(text: str) -> str:
    """Hides every digit, written either way."""
    return _DIGITS.sub("*", text)


def _mask(number: str) -> str:
    places = [match.start() for match in _DIGITS.finditer(number)]
    first, last = (3, 4) if len(places) >= 11 else (2, 2)
    hidden = set(places[first:-last])
    return "".join("*" if i in hidden else character for i, character in enumerate(number))
