"""One spelling for telephone numbers, so that the same telephone counts as the same."""

import re

import phonenumbers

_ONLY_NUMBER = re.compile(r"\+?[\d\s().\-－—/]+")
_MIN_SUBSCRIBER_DIGITS = 10


def normalise_number(text: str, region: str = "CN") -> str:
    """E.164 (`+8613800138000`) where the number can be read; as given, without outer blanks, where not.

    Masked numbers, short numbers (10086), extensions and words stay as they are.

    Args:
        text: the number in any spelling.
        region: the country whose national spelling is meant when no country code is given.
    """
    given = text.strip()
    if not _ONLY_NUMBER.fullmatch(given):
        return given
    try:
        number = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return given
    # Numbering plans grow faster than the library knows, so a new prefix of the right length will do.
    long_enough = len(str(number.national_number)) >= _MIN_SUBSCRIBER_DIGITS
    possible = phonenumbers.is_possible_number(number) and (long_enough or given.startswith("+"))
    if not possible and not phonenumbers.is_valid_number(number):
        return given
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def region_of(zone: str | None) -> str:
    """The country whose numbers a customer in this time zone has: the default one, or North America."""
    return "US" if zone and zone.startswith(("America/", "US/")) else "CN"
