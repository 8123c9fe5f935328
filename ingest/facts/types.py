"""One fact about calls, and which calls it is about."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from ingest.record import CallRecord

Kind = Literal["case", "debtor", "agreed_time", "note"]

# Fields of a case or debtor that stay as they are: a later list speaks of earlier calls, too.
LASTING: Final = frozenset(["client", "product", "name", "relation", "timezone"])


@dataclass(frozen=True, slots=True)
class About:
    """Which calls a fact is about: one call by its key (`source/external_id`), or all of a case, a customer
    or a number (E.164 where it can be read). Several ids must not contradict the call."""

    call: str | None = None
    case: str | None = None
    customer: str | None = None
    number: str | None = None

    @property
    def ids(self) -> tuple[tuple[str, str], ...]:
        """All ids, by what they are of."""
        pairs = (
            ("call", self.call),
            ("case", self.case),
            ("customer", self.customer),
            ("number", self.number),
        )
        return tuple((name, value) for name, value in pairs if value)

    @property
    def subject(self) -> str:
        """The narrowest id: facts of one kind about the same subject replace each other."""
        return ":".join(self.ids[0]) if self.ids else ""

    def fits(self, record: CallRecord) -> bool:
        """Whether the call is one of those meant."""
        if self.call is not None:
            return self.call == record.key
        pairs = ((self.case, record.case.id), (self.customer, record.customer.id))
        if any(wanted and given and wanted != given for wanted, given in pairs):
            return False
        if any(wanted and wanted == given for wanted, given in pairs):
            return True
        return bool(self.number) and self.number == record.customer.number


def ids_of(record: CallRecord) -> tuple[tuple[str, str], ...]:
    """The ids by which facts may be about a call."""
    return About(record.key, record.case.id, record.customer.id, record.customer.number).ids


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a list.

    Attributes:
        kind: what it is of.
        about: which calls it is about.
        data: fields as call.json names them: of `case`, of `customer`, an agreed time, or a note.
        as_of: since when this is so: what became so after a call says nothing about it.
        dated: whether the list itself said `as_of`.
        agent: who wrote a note.
        where: the place of the row.
    """

    kind: Kind
    about: About
    data: dict[str, Any]
    as_of: datetime
    dated: bool = False
    agent: str | None = None
    where: str = field(default="", compare=False)

    @property
    def content_sha256(self) -> str:
        """Two facts that say the same of the same calls have equal hashes. When an undated row came in makes
        no difference to agreed times and notes, which add up; cases and debtors may go back and forth."""
        about = [self.about.call, self.about.case, self.about.customer, self.about.number, self.agent]
        when = self.as_of.isoformat() if self.dated or self.kind in ("case", "debtor") else None
        text = json.dumps([self.kind, about, self.data, when], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
