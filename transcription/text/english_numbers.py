"""Readers of numbers in English: percentages, amounts, telephone numbers, rows of digits, plain numbers."""

import re
from decimal import Decimal

from transcription.text.english_days import DAY_WORDS, any_of, read_date, read_time
from transcription.text.numerals import EN_READ_OUT, EN_SMALL, EN_TENS, english_number
from transcription.text.readers import MOST_DIGITS, Reader, Saying, money, plain, telephone
from transcription.types import SpokenNumber

_SCALES = ("hundred", "thousand", "million")
_WORD = any_of([*EN_SMALL, *EN_TENS, *_SCALES])
_AGAIN = {"double": 2, "triple": 3}
_ONE_DIGIT = rf"(?:(?:double|triple) )?(?:{any_of(EN_READ_OUT)})\b"
RUN = re.compile(rf"(?:(?:{_WORD}|{any_of(EN_READ_OUT)}|[0-9]+)\b[ ,-]{{0,2}})+", re.IGNORECASE)
_FIRST_WORDS = any_of([*EN_SMALL, *EN_TENS, *EN_READ_OUT, *_AGAIN, *DAY_WORDS, *(f"a {s}" for s in _SCALES)])
BEGINS = re.compile(
    rf"(?<![A-Za-z0-9.])(?:[0-9$+(]|(?:{_FIRST_WORDS})\b)",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"(?P<figures>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,2})?|[0-9]{1,15}(?:\.[0-9]{1,4})?)(?![0-9])"
    r"(?:[ -]?(?P<scale>hundred|thousand|million|k)\b)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"(?P<whole>(?:a (?=hundred|thousand|million))?(?:{_WORD})\b(?:[ -](?:and )?(?:{_WORD})\b){{0,16}})"
    r"(?: point (?P<decimals>(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b ?){1,4}))?",
    re.IGNORECASE,
)
_SCALE_VALUES = {"hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000}
_MONEY = re.compile(
    r"[ -](?P<unit>dollars?|bucks|cents?)\b(?: and (?P<cents>[a-z-]+(?: [a-z]+)?|[0-9]{1,2}) cents?\b)?",
    re.IGNORECASE,
)
_PERCENT = re.compile(r" ?(?:%|per ?cent\b)", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:about|around|roughly|almost|nearly|over|more than|some) \$?$", re.IGNORECASE)
_COUNTED = re.compile(
    r"[ -](?:business )?(?:day|week|month|year|hour|minute|second|time|payment|call|letter|installment)s?\b",
    re.IGNORECASE,
)
_WRITTEN_ROW = re.compile(r"\+?[0-9(][0-9]{0,18}(?:[ ().-]{1,2}[0-9]{1,19}){0,5}")
_SAID_ROW = re.compile(rf"{_ONE_DIGIT}(?:[ ,-]{{1,2}}{_ONE_DIGIT}){{2,{MOST_DIGITS}}}", re.IGNORECASE)
_IDIOM = re.compile(
    r"(?:one|two|three) (?:of|or another|by one|way or)\b|one (?:more|another|thing)\b"
    r"|oh?,? (?:no|my|yes|ok|well)\b",
    re.IGNORECASE,
)
_TENS_ALONE = 10


def idiom_end(text: str, at: int) -> int | None:
    """Where a saying ends that holds numerals and means no number; None where there is none."""
    match = _IDIOM.match(text, at)
    return match.end() if match else None


def _cardinal(text: str, at: int) -> tuple[Decimal, int] | None:
    """The value of the numeral that begins at a place, and where it ends."""
    figures = _FIGURES.match(text, at)
    if figures:
        scale = _SCALE_VALUES.get((figures["scale"] or "").lower(), 1)
        return Decimal(figures["figures"].replace(",", "")) * scale, figures.end()
    words = _WORDS.match(text, at)
    if words is None or not _makes_sense(words["whole"]):
        return None
    value = english_number(words["whole"].lower())
    if value is None:
        return None
    if words["decimals"] is None:
        return value, words.end()
    said = words["decimals"].rstrip()
    decimals = "".join(EN_READ_OUT[word] for word in said.lower().split())
    return value + Decimal(f"0.{decimals}"), words.start("decimals") + len(said)


def _makes_sense(words: str) -> bool:
    """Whether the words make one number: "five five five" does not."""
    before = 0
    for word in words.lower().replace("-", " ").split():
        if word in _SCALES or word in ("a", "and"):
            before = 0
            continue
        value = EN_SMALL[word] if word in EN_SMALL else EN_TENS[word]
        if before and not (before >= 20 and 0 < value < 10):
            return False
        before = value or 1
    return True


def _read_percent(saying: Saying) -> SpokenNumber | None:
    value = _cardinal(saying.text, saying.at)
    match = _PERCENT.match(saying.text, value[1]) if value else None
    return saying.number("percent", match.end(), plain(value[0])) if value and match else None


def _read_amount(saying: Saying) -> SpokenNumber | None:
    """$4,900.50, four thousand nine hundred dollars, fifty cents."""
    signed = saying.text[saying.at] == "$"
    start = saying.at + 1 + saying.text.startswith(" ", saying.at + 1) if signed else saying.at
    value = _cardinal(saying.text, start)
    match = _MONEY.match(saying.text, value[1]) if value else None
    if value is None or not (signed or match):
        return None
    amount, end = value
    if match:
        end = match.end()
        if match["unit"].lower().startswith("cent"):
            amount /= 100
        elif match["cents"]:
            cents = match["cents"].lower()
            said = Decimal(cents) if cents.isdigit() else english_number(cents)
            if said is None or said >= 100:
                end = match.end("unit")
            else:
                amount += said / 100
    rough = _ROUGHLY.search(saying.before(12)) is not None
    return saying.number("amount", end, money(amount), unit="USD", approximate=rough)


def _read_digits(saying: Saying) -> SpokenNumber | None:
    """Telephone numbers and other rows of digits, read out or written."""
    said = _SAID_ROW.match(saying.text, saying.at)
    written = None if said else _WRITTEN_ROW.match(saying.text, saying.at)
    match = said or written
    if match is None:
        return None
    digits = _spelt(match.group()) if said else re.sub(r"[^0-9]", "", match.group())
    foreign = "+" if match.group().startswith("+") else ""
    number = telephone(f"{foreign}{digits}", "US") if len(digits) >= 10 else None
    if number:
        return saying.number("phone", match.end(), number)
    least = 4 if said else 5
    if (not said and not match.group().isdigit()) or not least <= len(digits) <= MOST_DIGITS:
        return None
    return saying.number("digits", match.end(), digits)


def _spelt(words: str) -> str:
    digits, times = [], 1
    for word in re.split(r"[ ,-]+", words.lower()):
        if word in _AGAIN:
            times = _AGAIN[word]
        else:
            digits.append(EN_READ_OUT[word] * times)
            times = 1
    return "".join(digits)


def _read_number(saying: Saying) -> SpokenNumber | None:
    """A count: of something, of ten or more, or in figures."""
    value = _cardinal(saying.text, saying.at)
    if value is None:
        return None
    amount, end = value
    counted = _COUNTED.match(saying.text, end) is not None and amount > 1
    whole = amount == amount.to_integral_value()
    if not (saying.text[saying.at].isdigit() or counted or amount >= _TENS_ALONE or not whole):
        return None
    rough = _ROUGHLY.search(saying.before(12)) is not None
    return saying.number("number", end, plain(amount), approximate=rough)


READERS: tuple[Reader, ...] = (
    _read_percent,
    read_time,
    read_date,
    _read_amount,
    _read_digits,
    _read_number,
)
