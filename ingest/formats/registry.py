"""All formats by name."""

from typing import Final

from ingest.formats import asterisk, filename, freeswitch, index, vcon, vicidial
from ingest.formats.refusals import refusal
from ingest.formats.types import Format

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
