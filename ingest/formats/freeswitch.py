"""FreeSWITCH call detail records: json_cdr, xml_cdr and cdr_csv."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from ingest.formats.clock import MISSING, When, first, from_clock, from_epoch, settled
from ingest.formats.documents import read_json
from ingest.formats.freeswitch_xml import parse_xml
from ingest.formats.lines import Encoding, Row, read_rows
from ingest.formats.names import recording_name
from ingest.formats.pbx import Legs, PbxOptions, people, seconds, sides, without_blanks
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, Unreadable
from store.errors import BadInputError

# The template `example` of the sample cdr_csv.conf.xml.
_COLUMNS: Final = (
    *("caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp"),
    *("end_stamp", "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode"),
    *("read_codec", "write_codec"),
)
# Where dial plans and mod_callcenter put the name of the recording.
_RECORDINGS: Final = (
    "record_path",
    "recording_path",
    "record_file_path",
    "cc_record_filename",
    "record_name",
)
_LONGEST_ID: Final = 200

Variables = Mapping[str, str]


class FreeSwitchOptions(PbxOptions):
    """How this FreeSWITCH writes its records.

    Attributes:
        caller: the variable that holds the number that called, where the dial plan sets its own.
        called: likewise the number that was called.
    """

    caller: str | None = None
    called: str | None = None


class FreeSwitchCsvOptions(FreeSwitchOptions):
    """How this FreeSWITCH writes CSV.

    Attributes:
        columns: names of the columns in the order of the template in cdr_csv.conf.xml. None: a line of names,
            or the template `example`.
        encoding: of the file.
    """

    columns: tuple[str, ...] | None = None
    encoding: Encoding = "auto"


def read_json_cdr(
    stream: BinaryIO, where: str, options: FreeSwitchOptions
) -> Iterator[Described | Unreadable]:
    """The call of one json_cdr document."""
    try:
        data = read_json(stream, where)
        variables = _from_json(data, where)
        yield describe([variables], where, options)
    except BadInputError as error:
        yield Unreadable(where, error)


def read_xml_cdr(
    stream: BinaryIO, where: str, options: FreeSwitchOptions
) -> Iterator[Described | Unreadable]:
    """The call of one xml_cdr document. Documents with a document type or entities are refused."""
    try:
        yield describe([parse_xml(stream, where)], where, options)
    except BadInputError as error:
        yield Unreadable(where, error)


def read_csv(stream: BinaryIO, where: str, options: FreeSwitchCsvOptions) -> Iterator[Described | Unreadable]:
    """The calls of a cdr_csv file; records with the same uuid are one call."""
    names: Sequence[str] | None = options.columns
    legs: Legs[tuple[str, Variables]] = Legs()
    for row in read_rows(stream, where, encoding=options.encoding):
        if isinstance(row, Unreadable):
            yield row
            continue
        if names is None:
            is_header = "uuid" in [cell.strip().lower() for cell in row.cells]
            names = tuple(cell.strip().lower() for cell in row.cells) if is_header else _COLUMNS
            if is_header:
                continue
        variables = _from_row(row, names)
        if isinstance(variables, Unreadable):
            yield variables
            continue
        for complete in legs.add(variables["uuid"], (row.where, variables)):
            yield _one_call(complete, options)
    for complete in legs.rest():
        yield _one_call(complete, options)


def describe(legs: Sequence[Variables], where: str, options: FreeSwitchOptions) -> Described:
    """The call that these records are of.

    Raises:
        BadInputError: `format.missing`, `format.bad_value`.
    """
    main = max(legs, key=lambda leg: seconds(leg.get("billsec")) or 0.0)
    uuid = main.get("uuid", "").strip()
    if not uuid:
        raise refusal("format.missing", "the record has no uuid", where)
    if len(uuid) > _LONGEST_ID:
        raise refusal("format.bad_value", "the uuid is longer than any that can be right", where)
    begun = [_when(leg, options) for leg in legs]
    known = sorted(
        (when for when in begun if when.at), key=lambda when: when.at.timestamp() if when.at else 0
    )
    when = known[0] if known else first(*begun)
    connected = bool(seconds(main.get("billsec")))
    file = _recording(main, options)
    caller = _number(main, options.caller, "caller_id_number", "sip_from_user")
    called = _number(main, options.called, "destination_number", "sip_to_user", "dialed_user")
    found = sides(caller, called, main.get("dialed_user", ""), options)
    document: dict[str, object] = {
        "external_id": uuid,
        "source": options.source,
        **when.fields(),
        **people(found, options, file and PurePosixPath(file).name),
        "connected": connected,
        "duration_s": seconds(main.get("billsec")),
        "cdr": _kept(main, len(legs)),
    }
    document = without_blanks(document) | {"started_at": document["started_at"]}
    return Described(document, file, where, () if file or not connected else (uuid.lower(),))


def _one_call(legs: Sequence[tuple[str, Variables]], options: FreeSwitchOptions) -> Described | Unreadable:
    where = legs[0][0]
    try:
        return describe([variables for _, variables in legs], where, options)
    except BadInputError as error:
        return Unreadable(where, error)


def _from_row(row: Row, names: Sequence[str]) -> dict[str, str] | Unreadable:
    if len(row.cells) != len(names):
        problem = f"the record has {len(row.cells)} columns, not {len(names)}"
        return Unreadable(row.where, refusal("format.columns", problem, row.where))
    variables = {name: cell.strip() for name, cell in zip(names, row.cells, strict=True)}
    if not variables.get("uuid"):
        return Unreadable(row.where, refusal("format.missing", "the record has no uuid", row.where))
    return variables


def _from_json(data: Any, where: str) -> dict[str, str]:
    """The variables of a json_cdr document, with the times and the profile beside them."""
    if not isinstance(data, Mapping) or not isinstance(data.get("variables"), Mapping):
        raise refusal("format.missing", "this is no json_cdr: it has no `variables`", where)
    found = _texts(data["variables"])
    for name, value in _texts(data.get("times")).items():
        found.setdefault(f"times.{name}", value)
    flow = data.get("callflow")
    legs = flow if isinstance(flow, list) else [flow]  # one object before FreeSWITCH 1.6
    for leg in legs[:1]:
        if isinstance(leg, Mapping):
            for name in ("caller_id_number", "destination_number"):
                number = _texts(leg.get("caller_profile")).get(name)
                if number:
                    found.setdefault(name, number)
            for name, value in _texts(leg.get("times")).items():
                found.setdefault(f"times.{name}", value)
    log = data.get("app_log")
    applications = log.get("applications") if isinstance(log, Mapping) else None
    for application in applications if isinstance(applications, list) else []:
        each = _texts(application)
        if each.get("app_name") == "record_session" and each.get("app_data"):
            found.setdefault("record_path", each["app_data"].rpartition("}")[2].strip())
    return found


def _texts(value: Any) -> dict[str, str]:
    """The fields of an object that are text or numbers."""
    if not isinstance(value, Mapping):
        return {}
    return {str(k): str(v).strip() for k, v in value.items() if isinstance(v, str | int | float)}


def _when(variables: Variables, options: FreeSwitchOptions) -> When:
    """The start: the fields are defined as microseconds or seconds since 1970; stamps say no zone."""
    epoch = first(
        from_epoch(variables.get("start_uepoch"), "start_uepoch", "us"),
        from_epoch(variables.get("start_epoch"), "start_epoch", "s"),
        from_epoch(variables.get("times.created_time"), "times.created_time", "us"),
    )
    stamp = variables.get("start_stamp")
    if not stamp:
        return epoch
    clock = from_clock(stamp, options.zone)
    if epoch.at is None:
        return clock
    # The epoch is exact; the stamp can only contradict it.
    checked = settled(clock, epoch) if options.zone else MISSING
    return checked if checked.problem == "time.contradictory" else epoch


def _number(variables: Variables, chosen: str | None, *names: str) -> str:
    return next((variables[name] for name in (chosen, *names) if name and variables.get(name)), "")


def _recording(variables: Variables, options: FreeSwitchOptions) -> str | None:
    if not seconds(variables.get("billsec")):
        return None
    if options.recording is not None:
        name = recording_name(options.recording, variables)
        if name is not None:
            return name
    return next((variables[name] for name in _RECORDINGS if variables.get(name)), None)


def _kept(variables: Variables, legs: int) -> dict[str, object]:
    """What of the record is kept as evidence. Numbers are personal data: they stand elsewhere."""
    names = ("uuid", "bleg_uuid", "hangup_cause", "duration", "billsec", "record_stereo", "answer_stamp")
    return without_blanks({name: variables.get(name) for name in names} | {"legs": legs})
