"""Lists of the case system, CSV or Excel: cases, debtors, agreed times, collectors' notes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, Final, Literal

from pydantic import AfterValidator, AwareDatetime, Field, ValidationError, model_validator

from ingest.facts.types import About, Fact, Kind
from ingest.formats.clock import from_clock
from ingest.formats.fields import MappedOptions, as_text
from ingest.formats.index import find_columns
from ingest.formats.lines import Encoding, read_rows
from ingest.formats.refusals import refusal
from ingest.formats.types import Unreadable
from ingest.formats.workbook import read_sheet
from ingest.numbers import normalise_number, region_of
from ingest.record import AgreedTime, Case, Customer, Note
from store.errors import BadInputError

_IDS: Final = frozenset(["external_id", "case.id", "customer.id", "customer.number", "as_of"])
_DATA: Final[Mapping[Kind, frozenset[str]]] = {
    "case": frozenset(
        [
            *("client", "product", "days_overdue", "amount_due", "currency", "complaints_before"),
            *("stop_requested", "dispute_open", "vulnerable"),
            *("debtor_unreachable", "debtor_deceased", "debtor_incapable"),
        ]
    ),
    "debtor": frozenset(["name", "relation", "timezone"]),
    "agreed_time": frozenset(["from", "to", "proof", "valid_from", "valid_to"]),
    "note": frozenset(["outcome", "text", "agent"]),
}
_FLAGS: Final = frozenset(
    [
        *("stop_requested", "dispute_open", "vulnerable"),
        *("debtor_unreachable", "debtor_deceased", "debtor_incapable"),
    ]
)
_YES: Final = frozenset(["1", "true", "yes", "y", "是", "有"])
_NO: Final = frozenset(["0", "false", "no", "n", "否", "无"])


def _check_known(columns: Mapping[str, str]) -> Mapping[str, str]:
    known = _IDS.union(*_DATA.values())
    unknown = sorted(set(columns) - known)
    if unknown:
        raise ValueError(f"there is no field {unknown[0]}; there are {', '.join(sorted(known))}")
    return columns


class FactOptions(MappedOptions):
    """How a list is made.

    Attributes:
        kind: what its rows are.
        columns: the name of the column by field.
        calls_from: the source of the calls whose ids stand in `external_id`.
        as_of: since when the rows are so, where they do not say it. None: since they came in.
        delimiter, encoding: of a CSV file.
        sheet: of a workbook; None: the first.
    """

    kind: Kind
    columns: Annotated[dict[str, str], AfterValidator(_check_known)]
    calls_from: str | None = Field(None, max_length=100)
    as_of: AwareDatetime | None = None
    delimiter: str = Field(",", min_length=1, max_length=1)
    encoding: Encoding = "auto"
    sheet: str | None = None

    @model_validator(mode="after")
    def _check_whole(self) -> "FactOptions":
        if not _IDS.difference(["as_of"]) & set(self.columns):
            raise ValueError(
                "map external_id, case.id, customer.id or customer.number: whose is a row otherwise?"
            )
        if "external_id" in self.columns and self.calls_from is None:
            raise ValueError("give calls_from, the source of the calls that external_id names")
        wrong = sorted(set(self.columns) - _IDS - _DATA[self.kind])
        if wrong:
            raise ValueError(f"{wrong[0]} is no field of a list of kind {self.kind}")
        return self


def read_facts(
    stream: BinaryIO, where: str, options: FactOptions, *, form: Literal["csv", "excel"], now: datetime
) -> Iterator[Fact | Unreadable]:
    """The rows of a list, one by one; the first row names the columns.

    Args:
        stream: the file.
        where: what it is called in errors.
        options: say how it is made.
        form: CSV or Excel.
        now: since when undated rows are so, unless `as_of` says it.
    """
    rows: Iterator[tuple[str, Sequence[Any]] | Unreadable]
    if form == "excel":
        rows = read_sheet(stream, where, options.sheet)
    else:
        lines = read_rows(stream, where, encoding=options.encoding, delimiter=options.delimiter)
        rows = (line if isinstance(line, Unreadable) else (line.where, line.cells) for line in lines)
    places: Mapping[str, int] | None = None
    width = 0
    for row in rows:
        if isinstance(row, Unreadable):
            yield row
            continue
        place, cells = row
        try:
            if places is None:
                places, width = find_columns(cells, options.columns, place), len(cells)
                continue
            if len(cells) != width:
                raise refusal("format.columns", f"the row has {len(cells)} columns, not {width}", place)
            yield _fact({name: cells[at] for name, at in places.items()}, place, options, now)
        except BadInputError as error:
            yield Unreadable(place, error)
            if places is None:
                return


def _fact(values: Mapping[str, Any], where: str, options: FactOptions, now: datetime) -> Fact:
    about = _about({name: as_text(name, values.get(name), where) for name in _IDS - {"as_of"}}, options)
    if not about.subject:
        raise refusal("format.missing", "the row names no call, case, customer or number", where)
    texts = {
        name: as_text(f"note.{name}" if name in ("outcome", "text", "proof", "name") else name, value, where)
        for name, value in values.items()
        if name not in _IDS
    }
    given = {name: text for name, text in texts.items() if text}
    agent = given.pop("agent", None)
    data = _checked(options.kind, given, where)
    when = from_clock(values.get("as_of"), options.zone, options.time_format)
    if when.at is None and when.problem != "time.missing":
        raise refusal("format.bad_value", f"the time cannot be used ({when.problem})", f"{where} as_of")
    as_of = when.at or options.as_of or now
    dated = when.at is not None or options.as_of is not None
    return Fact(options.kind, about, data, as_of, dated, agent, where)


def _about(ids: Mapping[str, str], options: FactOptions) -> About:
    number = ids["customer.number"]
    return About(
        call=f"{options.calls_from}/{ids['external_id']}" if ids["external_id"] else None,
        case=ids["case.id"] or None,
        customer=ids["customer.id"] or None,
        number=normalise_number(number, region_of(options.customer_zone)) if number else None,
    )


def _checked(kind: Kind, given: dict[str, str], where: str) -> dict[str, Any]:
    """The fields in the shape of call.json, checked as those of a call are.

    Raises:
        BadInputError: `format.bad_value`, `format.missing`.
    """
    data: dict[str, Any] = {
        name: _yes_or_no(text, f"{where} {name}") if name in _FLAGS else text for name, text in given.items()
    }
    for name in ("valid_from", "valid_to"):
        if name in data:
            data[name] = _day(data[name], f"{where} {name}")
    try:
        match kind:
            case "case":
                checked = Case.model_validate(data).model_dump(mode="json")
            case "debtor":
                checked = Customer.model_validate(data).model_dump(mode="json")
            case "agreed_time":
                window = AgreedTime.model_validate(data)
                checked = window.model_dump(mode="json", by_alias=True)
                if window.from_ == window.to:
                    raise refusal("format.bad_value", "the window ends when it begins", where)
            case "note":
                checked = Note.model_validate(data).model_dump(mode="json")
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        code = "format.missing" if problem["type"] == "missing" else "format.bad_value"
        message = problem["msg"].removeprefix("Value error, ")
        raise refusal(code, message[:1].lower() + message[1:], f"{where} {field}") from None
    return {name: value for name, value in checked.items() if name in data}


def _yes_or_no(text: str, where: str) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise refusal("format.bad_value", f"{text[:40]!r} is neither yes nor no", where)
    return word in _YES


def _day(text: str, where: str) -> str:
    try:
        return date.fromisoformat(text[:10].replace("/", "-")).isoformat()
    except ValueError:
        raise refusal("format.bad_value", "this is no day such as 2026-03-05", where) from None
