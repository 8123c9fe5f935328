"""The call as the recorder and the case system describe it (`call.json`, docs/formats.md)."""

from datetime import datetime, time
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

Direction = Literal["outbound", "inbound"]
Role = Literal["agent", "customer"]


class Record(BaseModel):
    """Base of the immutable records of a call. Unknown fields are kept, never refused."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Agent(Record):
    """The collector."""

    id: str | None = None
    name: str | None = None
    team: str | None = None


class Customer(Record):
    """The debtor, and whose number was called. `number` is normalised to E.164 where it can be."""

    id: str | None = None
    name: str | None = None
    number: str | None = None
    relation: str = "debtor"
    timezone: str | None = None


class AgreedTime(Record):
    """A window the debtor agreed to, in the debtor's local time. Without `proof` it does not count."""

    from_: time
    to: time
    proof: str = ""


class Case(Record):
    """The debt."""

    id: str | None = None
    client: str | None = None
    product: str | None = None
    days_overdue: int | None = None
    amount_due: Decimal | None = None
    currency: str = "CNY"
    complaints_before: int = 0
    agreed_times: tuple[AgreedTime, ...] = ()


class EarlierCall(Record):
    """One earlier call on the case."""

    started_at: datetime
    connected: bool
    number: str | None = None
    agent: str | None = None


class Note(Record):
    """What the collector wrote after the call. `outcome` is an open word list."""

    outcome: str | None = None
    text: str = ""


class CallRecord(Record):
    """One call. `started_at` is aware, or None where it could not be read: then `time_problem` says why."""

    external_id: str
    source: str
    direction: Direction | None = None
    started_at: datetime | None = None
    time_problem: str | None = None
    agent: Agent = Agent()
    customer: Customer = Customer()
    case: Case = Case()
    history: tuple[EarlierCall, ...] = ()
    ended_by: Role | None = None
    note: Note | None = None
    note_given: bool = False  # False: the recorder sent no note field at all, so its absence accuses nobody
    channels: dict[int, Role] | None = None
    language: str | None = None
