"""The errors of the formats: what is wrong with a record, where, and how to mend it."""

from store.errors import BadInputError

_MENDS = {
    "format.too_long": "Check that the file is what its name says; split it if it is.",
    "format.encoding": "Save the file as UTF-8 (or GB18030).",
    "format.columns": "Export the file again with its columns complete, or name them in `columns`.",
    "format.missing": "Export the record with this field.",
    "format.bad_value": "Correct the value in the system that wrote it.",
    "format.formula": "This is a formula of a spreadsheet and no id: correct it where it was entered.",
    "format.unreadable": "Export the record again.",
    "format.unsafe": "Export the file anew from the system that wrote it; do not open the one that was sent.",
    "format.unsupported": "Send it in a form that docs/formats.md lists.",
    "format.options": "Correct the options of the source.",
}


def refusal(code: str, message: str, where: str) -> BadInputError:
    """The error with the mend that belongs to its code."""
    return BadInputError(message, code=code, where=where, mend=_MENDS[code])


def too_long(message: str, where: str) -> BadInputError:
    """A line, cell or file that is longer than any that can be right."""
    return refusal("format.too_long", message, where)
