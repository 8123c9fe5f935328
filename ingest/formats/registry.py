"""All formats by name."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from ingest.formats import asterisk, filename, freeswitch, index, vcon, vicidial
from ingest.formats.refusals import refusal
from ingest.formats.types import Format, FormatOptions

_Options = TypeVar("_Options", bound=FormatOptions)

FORMATS: Final[dict[str, Format]] = {
    each.name: each
    for each in (
        Format("asterisk-csv", asterisk.AsteriskOptions, asterisk.read),
        Format("freeswitch-json", freeswitch.FreeSwitchOptions, freeswitch.read_json_cdr, per_call=True),
        Format("freeswitch-xml", freeswitch.FreeSwitchOptions, freeswitch.read_xml_cdr, per_call=True),
        Format("freeswitch-csv", freeswitch.FreeSwitchCsvOptions, freeswitch.read_csv),
        Format("vicidial-csv", vicidial.VicidialOptions, vicidial.read),
        Format("csv-index", index.CsvIndexOptions, index.read_csv),
        Format("excel-index", index.ExcelIndexOptions, index.read_excel),
        Format("file-name", filename.FileNameOptions, filename.read, per_call=True),
        Format("vcon", vcon.VconOptions, vcon.read, per_call=True),
    )
}


def find_format(name: str) -> Format:
    """The format of that name.

    Raises:
        BadInputError: `format.options`, there is none.
    """
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise refusal("format.options", f"there is no such format; there are {known}", name) from None


def make_options(chosen: Format, given: Mapping[str, Any], where: str) -> FormatOptions:
    """The options of a format.

    Raises:
        BadInputError: `format.options`, one is missing, unknown or wrong; it is named.
    """
    return checked_options(chosen.options, given, where)


def checked_options(model: type[_Options], given: Mapping[str, Any], where: str) -> _Options:
    """Options, checked.

    Raises:
        BadInputError: `format.options`, one is missing, unknown or wrong; it is named.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        raise refusal(
            "format.options", message[:1].lower() + message[1:], f"{where} {field}".strip()
        ) from None
