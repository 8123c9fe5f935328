"""What all readers of numbers share: the place they look at, and how they write down what they found."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import phonenumbers

from transcription.types import NumberKind, SpokenNumber

CENT = Decimal("0.01")
# As many digits as the longest number that people read out (a bank card has 19).
MOST_DIGITS = 24


@dataclass(frozen=True, slots=True)
class Saying:
    """A text, the place in it where a number may begin, and the day of the call where it is known."""

    text: str
    at: int
    today: date | None

    def before(self, length: int) -> str:
        """The characters before the place, at most `length`."""
        return self.text[max(0, self.at - length) : self.at]

    def number(
        self, kind: NumberKind, end: int, value: str, *, unit: str | None = None, approximate: bool = False
    ) -> SpokenNumber:
        """The number from the place up to `end`."""
        return SpokenNumber(kind, self.at, end, self.text[self.at : end], value, unit, approximate)


Reader = Callable[[Saying], SpokenNumber | None]


def plain(value: Decimal) -> str:
    """`4900`, `3.5`: no exponent, no zeros at the end."""
    whole = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return format(whole, "f")


def money(value: Decimal) -> str:
    """`4900.00`."""
    return format(value.quantize(CENT), "f")


def calendar_day(year: int | None, month: int | None, day: int | None) -> str | None:
    """ISO 8601 as far as it was said; None when there is no such day."""
    if month is not None and not 1 <= month <= 12:
        return None
    if year is not None and not 1900 <= year <= 2199:
        return None
    if day is not None and not _is_day(year, month, day):
        return None
    if year is not None:
        parts = [f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)]
        return "-".join(parts)
    if month is None:
        return f"---{day:02}"
    return f"--{month:02}" if day is None else f"--{month:02}-{day:02}"


def _is_day(year: int | None, month: int | None, day: int) -> bool:
    try:
        date(year or 2000, month or 1, day)  # the year 2000 has all the days that any year has
    except ValueError:
        return False
    return True


def clock(hour: int, minute: int, *, either: bool = False) -> str | None:
    """`15:30`; `03:30/15:30` where either half of the day may be meant. None when there is no such time."""
    if not (0 <= hour <= 24 and 0 <= minute <= 59) or (hour == 24 and minute):
        return None
    said = f"{hour % 24:02}:{minute:02}"
    if not either or not 1 <= hour <= 12:
        return said
    return f"{hour % 12:02}:{minute:02}/{hour % 12 + 12:02}:{minute:02}"


def telephone(digits: str, region: str) -> str | None:
    """E.164 of the digits as they are dialled in a country (ISO 3166); None when they are no number there."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
