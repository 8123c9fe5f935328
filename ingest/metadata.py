"""The call as the recorder and the case system describe it: reading `call.json` (docs/formats.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingest.earlier import oldest_first, read_history
from ingest.numbers import normalise_number, region_of
from ingest.record import (
    Agent,
    AgreedTime,
    CallRecord,
    Case,
    Consent,
    Customer,
    Direction,
    EarlierCall,
    Note,
    Record,
    RecordingInfo,
    Role,
)
from ingest.strict_json import check_values, load_json
from ingest.times import official_zone, settle_time
from store.errors import MetadataError, printable

__all__ = [
    "Agent",
    "AgreedTime",
    "CallRecord",
    "Case",
    "Consent",
    "Customer",
    "Direction",
    "EarlierCall",
    "Note",
    "Record",
    "RecordingInfo",
    "Role",
    "fit_channels",
    "load_call_record",
    "official_zone",
    "oldest_first",
    "parse_call_record",
    "record_without_metadata",
]

_MENDS = {
    "external_id": "Give the id by which the recorder knows the call.",
    "source": "Name the system that the recording comes from, such as central-recorder.",
    "direction": "Use outbound or inbound.",
    "ended_by": "Use agent or customer, or leave it out.",
    "recording.channels": 'Use an object such as {"0": "agent", "1": "customer"}.',
    "customer.timezone": "Use a name such as Asia/Shanghai.",
    "case.amount_due": 'Use a plain number such as "1260.00", not negative.',
    "case.agreed_times": 'Use entries such as {"from": "21:00", "to": "22:30", "proof": "recording H000"}.',
    "history": 'Use entries such as {"started_at": "2026-03-01T10:00:00+08:00", "connected": true}.',
}

_PLAIN_WORDS = {  # what pydantic says in terms of Python
    "model_type": "this is not an object",
    "dict_type": "this is not an object",
    "tuple_type": "this is not a list",
    "string_type": "this is not text",
}


def load_call_record(path: Path, *, now: datetime | None = None) -> CallRecord:
    """Read one call.json. See `parse_call_record`.

    Raises:
        MetadataError: the file cannot be read or used; it names file, field and mend.
    """
    return parse_call_record(load_json(path), path.name, now=now)


def parse_call_record(data: object, where: str, *, now: datetime | None = None) -> CallRecord:
    """Check and normalise the record of one call.

    A missing or unreadable time of the call does not refuse the record, because the words can still be
    judged: `started_at` is None then, and `time_problem` is `time.missing`, `time.no_zone`,
    `time.unreadable` or `time.future`.

    Args:
        data: the parsed JSON.
        where: what to call the record in errors, such as the file name.
        now: when given, a call that began later has the problem `time.future`.

    Raises:
        MetadataError: `metadata.not_object`, `metadata.missing_field`, `metadata.bad_value`,
            `metadata.unreadable` or `metadata.contradiction`.
    """
    if not isinstance(data, Mapping):
        raise MetadataError(
            "this is not the record of one call",
            code="metadata.not_object",
            where=where,
            mend='Send one JSON object, {"external_id": …, "source": …}.',
        )
    check_values(data, where)
    fields = {str(name): value for name, value in data.items()}
    settle_time(fields, now)
    read_history(fields)
    fields["note_given"] = "note" in data
    _read_channels(fields, where)
    try:
        record = _normalise_numbers(CallRecord.model_validate(fields))
    except ValidationError as error:
        raise _first_problem(error, where) from None
    _check_contradictions(record, where)
    return record.model_copy(update={"history": oldest_first(record.history)})


def record_without_metadata(path: Path, sha256: str) -> CallRecord:
    """The record of a recording that came alone: known by its hash, nothing else claimed about it."""
    return CallRecord(
        external_id=sha256[:16],
        source="file",
        time_problem="time.missing",
        recording=RecordingInfo(file=printable(path.name)),
    )


def fit_channels(
    record: CallRecord, recording: Path, source_channels: int, *, mixed: bool = False
) -> CallRecord:
    """Settle whether the record's channel roles hold for this audio file.

    Roles that were given for another file of the same call (the record of a two-channel recording used
    for its mono mix), or for channels that had to be mixed, are dropped: they say nothing about it.

    Raises:
        MetadataError: `metadata.contradiction`, a role is given to a channel that the file lacks.
    """
    if record.channels is None:
        return record
    missing = [index for index in record.channels if index >= source_channels]
    other_file = record.recording.file is not None and record.recording.file != recording.name
    if mixed or (missing and other_file):
        return record.model_copy(update={"channels": None})
    if missing:
        raise _contradiction(
            recording.name,
            "recording.channels",
            f"channel {missing[0]} has a role, but the recording has {source_channels} channel(s)",
            "Give roles to the channels there are, or leave recording.channels out.",
        )
    return record


def _read_channels(fields: dict[str, Any], where: str) -> None:
    """Move `recording.channels`, whose keys are text in JSON, to the record's `channels`."""
    fields.pop("channels", None)
    recording = fields.get("recording")
    if not isinstance(recording, Mapping) or recording.get("channels") is None:
        return
    channels = recording["channels"]
    fields["recording"] = {name: value for name, value in recording.items() if name != "channels"}
    if not isinstance(channels, Mapping) or not all(_is_index(index) for index in channels):
        raise _bad_value(where, "recording.channels", "the channels are not numbered from 0")
    if not all(role in ("agent", "customer") for role in channels.values()):
        raise _bad_value(where, "recording.channels", "the role of a channel is agent or customer")
    fields["channels"] = {int(index): role for index, role in channels.items()}


def _is_index(key: object) -> bool:
    return str(key).isascii() and str(key).isdigit() and len(str(key)) <= 2


def _normalise_numbers(record: CallRecord) -> CallRecord:
    region = region_of(record.customer.timezone)

    def spelled(number: str | None) -> str | None:
        return None if number is None else normalise_number(number, region)

    customer = record.customer.model_copy(update={"number": spelled(record.customer.number)})
    history = tuple(call.model_copy(update={"number": spelled(call.number)}) for call in record.history)
    return record.model_copy(update={"customer": customer, "history": history})


def _check_contradictions(record: CallRecord, where: str) -> None:
    roles = list((record.channels or {}).values())
    if len(roles) != len(set(roles)):
        raise _contradiction(
            where, "recording.channels", "two channels have the same role", "Give each channel its own role."
        )
    for index, window in enumerate(record.case.agreed_times):
        if window.from_ == window.to:
            raise _contradiction(
                where,
                f"case.agreed_times[{index}]",
                "the window ends when it begins",
                'For a whole day use {"from": "00:00", "to": "24:00"}.',
            )
    for index, call in enumerate(record.history):
        if record.started_at and call.started_at and call.started_at >= record.started_at:
            raise _contradiction(
                where,
                f"history[{index}].started_at",
                "an earlier call cannot begin when this call begins, or later",
                "List earlier calls only, this call not among them.",
            )


def _first_problem(error: ValidationError, where: str) -> MetadataError:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = _field_path(problem["loc"])
    if problem["type"] == "missing":
        return MetadataError(
            "the field is missing",
            code="metadata.missing_field",
            where=f"{where} {field}",
            mend=_mend(field, "Give it."),
        )
    message = _PLAIN_WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return _bad_value(where, field, message)


def _bad_value(where: str, field: str, message: str) -> MetadataError:
    sentence = message[:1].lower() + message[1:]
    return MetadataError(
        sentence, code="metadata.bad_value", where=f"{where} {field}", mend=_mend(field, "Correct the value.")
    )


def _contradiction(where: str, field: str, message: str, mend: str) -> MetadataError:
    return MetadataError(message, code="metadata.contradiction", where=f"{where} {field}", mend=mend)


def _field_path(location: Sequence[int | str]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def _mend(field: str, otherwise: str) -> str:
    """The mend of the field, or of the nearest field around it."""
    for name, mend in _MENDS.items():
        if field == name or field.startswith((f"{name}.", f"{name}[")):
            return mend
    return otherwise
