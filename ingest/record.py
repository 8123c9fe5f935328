"""The types of a call record, immutable and checked field by field; `ingest.metadata` reads them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from ingest.times import official_zone, read_moment, read_time_of_day, write_time_of_day

Direction = Literal["outbound", "inbound"]
Role = Literal["agent", "customer"]


def _check_zone(name: str) -> str:
    official_zone(name)
    return name


def _check_amount(amount: Decimal) -> Decimal:
    if amount.as_tuple().exponent < -6:  # type: ignore[operator]  # finite: checked by the field
        raise ValueError("an amount has at most six decimals")
    return Decimal(format(amount, "f"))


Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Moment = Annotated[datetime, BeforeValidator(read_moment)]
TimeOfDay = Annotated[
    time, BeforeValidator(read_time_of_day), PlainSerializer(write_time_of_day, return_type=str)
]
Amount = Annotated[
    Decimal, Field(ge=0, lt=Decimal(10) ** 15, allow_inf_nan=False), AfterValidator(_check_amount)
]


class Record(BaseModel):
    """Base of the immutable records of a call. Unknown fields are kept, never refused.

    Null or blank text in a known field means that the field is not given.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        populate_by_name=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = _names(cls)
        return {k: v for k, v in data.items() if k not in known or not _is_blank(v)}

    @model_serializer(mode="wrap")
    def _leave_out_null(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Null in a field that Diting does not know may mean something to whoever sent it."""
        known = _names(type(self))
        return {name: v for name, v in write(self).items() if v is not None or name not in known}


def _names(record: type[BaseModel]) -> set[str]:
    """What the fields of a record are called, in Python and in JSON."""
    aliases = {field.alias for field in record.model_fields.values() if field.alias}
    return set(record.model_fields) | aliases


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


class Agent(Record):
    """The collector."""

    id: Key | None = None
    name: str | None = None
    team: Key | None = None


class Customer(Record):
    """The debtor, and whose number was called. `number` is normalised to E.164 where it can be."""

    id: Key | None = None
    name: str | None = None
    number: Annotated[str, Field(max_length=100)] | None = None
    relation: str = "debtor"
    timezone: Annotated[str, AfterValidator(_check_zone)] | None = None


class AgreedTime(Record):
    """A window the debtor agreed to, in the debtor's local time. Without `proof` it does not count.

    Both ends belong to the window; 24:00 is `ingest.times.END_OF_DAY`. A window may pass midnight.
    """

    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    proof: str = ""


class Case(Record):
    """The debt."""

    id: Key | None = None
    client: str | None = None
    product: str | None = None
    days_overdue: Annotated[int, Field(ge=-3650, le=36500)] | None = None
    amount_due: Amount | None = None
    currency: str = "CNY"
    complaints_before: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    agreed_times: tuple[AgreedTime, ...] = ()


class Consent(Record):
    """That the debtor asked for, or agreed to, a call. Without `proof` it exempts nobody."""

    given_at: Moment | None = None
    proof: str = ""


class EarlierCall(Record):
    """One earlier call to the debtor, by whoever made it.

    `started_at` is None where it could not be read: then `time_problem` says why, and `started_at_given`
    keeps what was sent. `connected` is None where that is not known. `direction`, `relation` and `outcome`
    are open word lists; without a direction the call counts as made by the collector. `number_reached` is
    False where the dialled number itself was not reached (no such number, out of service, busy).
    `stop_request`, `dispute`, `promise` and `resolved` say what came of it; `qc.standing` reads them.
    """

    started_at: Moment | None = None
    time_problem: str | None = None
    started_at_given: str | None = None
    connected: bool | None = None
    number: str | None = None
    agent: str | None = None
    agency: str | None = None
    direction: str | None = None
    relation: str | None = None
    case: str | None = None
    outcome: str | None = None
    duration_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    number_reached: bool | None = None
    consent: Consent | None = None
    stop_request: Any = None
    dispute: Any = None
    promise: Any = None
    resolved: Any = None


class Note(Record):
    """What the collector wrote after the call. `outcome` is an open word list."""

    outcome: str | None = None
    text: str = ""


class RecordingInfo(Record):
    """What the recorder says about the audio file, besides its channels."""

    file: str | None = None


class CallRecord(Record):
    """One call. `started_at` is aware, or None where it could not be read: then `time_problem` says why.

    `started_at_given` keeps what the recorder sent in place of a readable time, `time_source` where the zone
    of a time was taken from (`record`, `epoch:FIELD`, `zone:NAME`). `channels` comes from
    `recording.channels` of call.json.
    """

    external_id: Key
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    direction: Direction | None = None
    started_at: Moment | None = None
    time_problem: str | None = None
    started_at_given: str | None = None
    time_source: Annotated[str, Field(max_length=200)] | None = None
    agent: Agent = Agent()
    customer: Customer = Customer()
    case: Case = Case()
    consent: Consent | None = None
    history: tuple[EarlierCall, ...] = ()
    ended_by: Role | None = None
    note: Note | None = None
    note_given: bool = False  # False: the recorder sent no note field at all, so its absence accuses nobody
    channels: dict[int, Role] | None = None
    recording: RecordingInfo = RecordingInfo()
    language: str | None = None

    @property
    def key(self) -> str:
        """`source/external_id`: what the call is known by."""
        return f"{self.source}/{self.external_id}"

    @property
    def debtor_key(self) -> str:
        """Whose debt the call is about: the customer, the case, the number, or else this call alone."""
        if self.customer.id:
            return f"customer:{self.customer.id}"
        if self.case.id:
            return f"case:{self.case.id}"
        return f"number:{self.customer.number}" if self.customer.number else f"call:{self.key}"

    def to_document(self) -> dict[str, Any]:
        """The record in the shape of call.json, normalised, always in the same order.

        `parse_call_record` makes an equal record of it.
        """
        document = self.model_dump(
            mode="json",
            by_alias=True,
            exclude={"note", "note_given", "channels", "recording"},
        )
        document.setdefault("started_at", None)
        if self.note_given:
            document["note"] = self.note and self.note.model_dump(mode="json")
        recording = self.recording.model_dump(mode="json")
        if self.channels is not None:
            recording["channels"] = {str(index): role for index, role in sorted(self.channels.items())}
        if recording:
            document["recording"] = recording
        first = [name for name in _ORDER if name in document]
        return {name: document[name] for name in [*first, *sorted(document.keys() - set(first))]}

    def content_sha256(self) -> str:
        """SHA-256 of the normalised record: two records with equal content have equal hashes."""
        text = json.dumps(self.to_document(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_ORDER = (
    *("external_id", "source", "direction", "started_at", "time_problem", "started_at_given", "time_source"),
    *("agent", "customer", "case", "recording", "note", "consent", "history", "ended_by", "language"),
)
