"""Where a page of the ledger ended: opaque text that goes on right after it, while rows are added before."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from store.errors import BadInputError

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the part of the list it is in, its value there, and its id."""

    sort: str
    descending: bool
    part: int
    value: str | float | datetime | None
    id: int

    def write(self) -> str:
        """The cursor as text."""
        moment = isinstance(self.value, datetime)
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        text = json.dumps([self.sort, self.descending, self.part, moment, value, self.id], ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, sort: str, *, descending: bool) -> Self:
        """The cursor from its text; it goes on only in the order in which it was made.

        Raises:
            BadInputError: `ledger.cursor`.
        """
        try:
            padded = text[:_LONGEST].encode("ascii") + b"=" * (-len(text) % 4)
            fields = json.loads(base64.urlsafe_b64decode(padded))
            made = cls._checked(fields)
        except (ValueError, TypeError, binascii.Error) as error:
            raise _refusal("this is not a cursor of the ledger") from error
        if (made.sort, made.descending) != (sort, descending):
            raise _refusal("this cursor belongs to another order of the ledger")
        return made

    @classmethod
    def _checked(cls, fields: Any) -> Self:
        sort, descending, part, moment, value, last = fields
        if moment:
            value = datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError
        right = isinstance(sort, str) and isinstance(descending, bool) and type(part) is int
        right = right and 0 <= part < 100 and type(last) is int and 0 <= last < 2**63
        if not right or not (value is None or isinstance(value, str | int | float | datetime)):
            raise ValueError
        return cls(sort, descending, part, value, last)


def _refusal(message: str) -> BadInputError:
    return BadInputError(
        message,
        code="ledger.cursor",
        where="cursor",
        mend="Use `next` of the page before with the same order, or leave it out.",
    )
