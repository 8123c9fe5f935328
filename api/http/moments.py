"""Times and days in requests. A bare number is neither: it could be seconds or milliseconds of any era."""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator

# How a month is written, for the description; what asks for one checks it, with its own code.
MONTH: Final = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$"
_WRITTEN: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _WRITTEN.match(value)):
        return value
    raise ValueError("write it as 2026-03-05, a time as 2026-03-05T10:12:00+08:00")


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Day = Annotated[date, BeforeValidator(_written)]
