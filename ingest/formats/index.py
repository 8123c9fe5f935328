"""Lists of calls that a site made itself: CSV and Excel with columns under any names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from pydantic import Field

from ingest.formats.fields import Mapped, MappedOptions, fill
from ingest.formats.lines import Encoding, read_rows
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, Unreadable
from ingest.formats.workbook import read_sheet
from store.errors import BadInputError


class IndexOptions(MappedOptions):
    """How the list is made.

    Attributes:
        columns: the name of the column by field: {"external_id": "通话编号", "customer.number": "手机号"}.
    """

    columns: Mapped


class CsvIndexOptions(IndexOptions):
    """How the CSV file is made.

    Attributes:
        delimiter: between cells.
        encoding: of the file.
    """

    delimiter: str = Field(",", min_length=1, max_length=1)
    encoding: Encoding = "auto"


class ExcelIndexOptions(IndexOptions):
    """How the workbook is made.

    Attributes:
        sheet: its name; None: the first.
    """

    sheet: str | None = None


def read_csv(stream: BinaryIO, where: str, options: CsvIndexOptions) -> Iterator[Described | Unreadable]:
    """The calls of a CSV list whose first line names the columns."""
    rows = read_rows(stream, where, encoding=options.encoding, delimiter=options.delimiter)
    return _read((row if isinstance(row, Unreadable) else (row.where, row.cells) for row in rows), options)


def read_excel(stream: BinaryIO, where: str, options: ExcelIndexOptions) -> Iterator[Described | Unreadable]:
    """The calls of a sheet whose first row names the columns."""
    return _read(read_sheet(stream, where, options.sheet), options)


def _read(
    rows: Iterator[tuple[str, Sequence[Any]] | Unreadable], options: IndexOptions
) -> Iterator[Described | Unreadable]:
    places: Mapping[str, int] | None = None
    width = 0
    for row in rows:
        if isinstance(row, Unreadable):
            yield row
            if places is None:
                return  # without the names of the columns nothing can be read
            continue
        place, cells = row
        try:
            if places is None:
                places, width = find_columns(cells, options.columns, place), len(cells)
                continue
            if len(cells) != width:
                problem = f"the row has {len(cells)} columns, not {width}"
                raise refusal("format.columns", problem, place)
            values = {field: cells[at] for field, at in places.items()}
            document, recording = fill(values, place, options)
        except BadInputError as error:
            yield Unreadable(place, error)
            if places is None:
                return
            continue
        yield Described(document, recording, place)


def find_columns(cells: Sequence[Any], wanted: Mapping[str, str], where: str) -> dict[str, int]:
    """Where the mapped columns stand.

    Raises:
        BadInputError: `format.columns`, one is missing, or there twice.
    """
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    for column in wanted.values():
        if names.count(column) != 1:
            problem = f"there are {names.count(column)} columns {column!r}, not one"
            raise refusal("format.columns", problem, where)
    return {field: names.index(column) for field, column in wanted.items()}
