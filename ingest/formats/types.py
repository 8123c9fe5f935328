"""What every reader of a format yields, and the options that every format takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ingest.record import Role
from ingest.times import official_zone
from store.errors import DitingError


@dataclass(frozen=True, slots=True)
class InlineRecording:
    """A recording that came inside its record."""

    content: bytes = field(repr=False)
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """One call as a record describes it.

    Attributes:
        document: what `ingest.metadata.parse_call_record` takes; not checked yet.
        recording: file name, path or URL as the record names it: hostile until checked. None: not named.
        where: the place of the record, such as `Master.csv line 12`.
        ids: where the record names no recording: ids that its name may hold; `names.ids_in` finds them in
            names of files. Neither name nor ids: there is no recording, as of a call nobody answered.
        inline: the recording itself, where the record holds it.
        content_hash: `sha512-…` (base64url) of the recording, where the record states it.
    """

    document: dict[str, object]
    recording: str | None
    where: str
    ids: tuple[str, ...] = ()
    inline: InlineRecording | None = None
    content_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that cannot be used: where it is, and why."""

    where: str
    error: DitingError


class FormatOptions(BaseModel):
    """What every format needs to know of the system that wrote the records.

    Attributes:
        source: the name of that system, the first half of every call's key.
        zone: IANA name of the zone of clock times that say none. None: such times stay unknown
            (`time.no_zone`).
        customer_zone: IANA name of the customers' zone, where the records do not say it.
        channels: which channel of the recordings is whom, such as {0: agent, 1: customer}, where the records
            do not say it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source: str = Field(min_length=1, max_length=100)
    zone: str | None = None
    customer_zone: str | None = None
    channels: dict[int, Role] | None = None

    @field_validator("zone", "customer_zone")
    @classmethod
    def _check_zone(cls, name: str | None) -> str | None:
        if name is not None:
            official_zone(name)
        return name


Read = Callable[[BinaryIO, str, Any], Iterator[Described | Unreadable]]


class Format(NamedTuple):
    """One format: what it is called, the model of its options, and its reader.

    `read(stream, where, options)` reads rows one by one and never raises for what the stream holds.
    `per_call` is True where one file describes one call (its reader may look at the name `where` alone).
    """

    name: str
    options: type[FormatOptions]
    read: Read
    per_call: bool = False
