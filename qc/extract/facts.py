"""What a call established, as typed values: promises, disputes, who was on the line, and the like."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, ClassVar, Literal, get_args

from qc.extract.money import Share

Certainty = Literal["certain", "unsure"]
By = Literal["customer", "agent"]
Condition = Literal["if", "payday", "income", "accepted"]
Person = Literal["debtor", "not_debtor", "relative", "colleague", "wrong_number", "other", "nobody"]
PERSONS: tuple[Person, ...] = get_args(Person)


@dataclass(frozen=True, slots=True)
class Instalments:
    """`count` payments, each of `amount`, one every `every`; None where it was not said."""

    count: int | None = None
    amount: Decimal | None = None
    every: Literal["week", "month"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise to pay.

    `amount` is the sum, the lower one where two were named (`amount_to` is the other one); None where none
    was said. `share` is the part of the debt that was named instead (一半, 最低, 全部). `date_from` and
    `date` are the days between which payment was promised, equal where one day was named; `when` is what was
    said about the time. `instalments` where it is paid in parts. `condition` is what it hangs on: something
    uncertain (`if`), pay day, money expected (`income`), or that the agent accepts it (`accepted`). `by` is
    `agent` where the customer only agreed to what the agent said. `withdrawn`: taken back, or denied, later.
    """

    type: ClassVar[str] = "promise"
    utterances: tuple[int, ...]
    certainty: Certainty
    by: By = "customer"
    amount: Decimal | None = None
    amount_to: Decimal | None = None
    share: Share | None = None
    currency: str = "CNY"
    date_from: datetime.date | None = None
    date: datetime.date | None = None
    doubtful_date: bool = False
    when: str | None = None
    time: str | None = None
    instalments: Instalments | None = None
    condition: Condition | None = None
    withdrawn: bool = False

    @property
    def vague(self) -> bool:
        """Whether neither a sum nor a time was said."""
        return self.amount is None and self.share is None and self.date is None and self.when is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """The debt is disputed: `kind`, and what is claimed of a payment or the right amount."""

    type: ClassVar[str] = "dispute"
    utterances: tuple[int, ...]
    certainty: Certainty
    kind: Literal["identity", "amount", "paid", "fraud"]
    amount: Decimal | None = None
    currency: str = "CNY"
    date_paid: datetime.date | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who was on the line, and how that is known: they said so, the record says so, or nobody spoke."""

    type: ClassVar[str] = "contact"
    utterances: tuple[int, ...]
    certainty: Certainty
    person: Person
    relation: str | None = None
    how: Literal["said", "record", "silence"] = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequest:
    """Somebody asked for contact to stop."""

    type: ClassVar[str] = "stop_request"
    utterances: tuple[int, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintIntent:
    """The customer will complain or sue: where."""

    type: ClassVar[str] = "complaint_intent"
    utterances: tuple[int, ...]
    certainty: Certainty
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardship:
    """The customer cannot pay: `kind` is `income`, `illness`, `business`, or `other`."""

    type: ClassVar[str] = "hardship"
    utterances: tuple[int, ...]
    certainty: Certainty
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vulnerable:
    """Special circumstances: `kind` is `illness`, `pregnancy`, `bereavement`, `minor`, `disability` …"""

    type: ClassVar[str] = "vulnerable"
    utterances: tuple[int, ...]
    certainty: Certainty
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The customer refuses to pay."""

    type: ClassVar[str] = "refusal"
    utterances: tuple[int, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAgreed:
    """Another call was agreed on: when."""

    type: ClassVar[str] = "callback"
    utterances: tuple[int, ...]
    certainty: Certainty
    date_from: datetime.date | None = None
    date: datetime.date | None = None
    time: str | None = None
    when: str | None = None


Fact = (
    Promise
    | Dispute
    | Contact
    | StopRequest
    | ComplaintIntent
    | Hardship
    | Vulnerable
    | Refusal
    | CallbackAgreed
)
_TYPES: Mapping[str, type[Fact]] = {kind.type: kind for kind in get_args(Fact)}
_SUMS = frozenset({"amount", "amount_to"})
_DATES = frozenset({"date", "date_from", "date_paid"})


def to_document(fact: Fact) -> dict[str, Any]:
    """The fact as JSON values: sums as text, days as ISO 8601."""
    return {"type": fact.type, **{name: _plain(value) for name, value in asdict(fact).items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def from_document(document: Mapping[str, Any]) -> Fact:
    """Rebuild what `to_document` wrote.

    Raises:
        KeyError, TypeError, ValueError: the document was not written by `to_document`.
    """
    kind = _TYPES[document["type"]]
    known = {field.name for field in fields(kind)}
    given = {name: _typed(name, document[name]) for name in document if name in known}
    return kind(**given)


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _SUMS:
        return Decimal(value)
    if name in _DATES:
        return datetime.date.fromisoformat(value)
    if name == "utterances":
        return tuple(value)
    if name == "instalments":
        amount = value["amount"]
        return Instalments(**{**value, "amount": None if amount is None else Decimal(amount)})
    return value
