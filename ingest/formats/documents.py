"""Whole small documents from outside: how much is read of one, and JSON in it."""

from typing import Any, BinaryIO, Final

from ingest.formats.lines import decode
from ingest.formats.refusals import refusal, too_long
from ingest.strict_json import parse_json
from store.errors import MetadataError

MOST_BYTES: Final = 8 * 1024 * 1024


def read_whole(stream: BinaryIO, where: str, most: int = MOST_BYTES) -> bytes:
    """Everything, if it is not too much.

    Raises:
        BadInputError: `format.too_long`.
    """
    content = stream.read(most + 1)
    if len(content) > most:
        raise too_long(f"the file is larger than {most // 1024 // 1024} MiB", where)
    return content


def read_text(stream: BinaryIO, where: str, most: int = MOST_BYTES) -> str:
    """Text in UTF-8 or GB18030.

    Raises:
        BadInputError: `format.too_long`, `format.encoding`.
    """
    text = decode(read_whole(stream, where, most))
    if text is None:
        raise refusal("format.encoding", "this is neither UTF-8 nor GB18030", where)
    return text


def read_json(stream: BinaryIO, where: str, most: int = MOST_BYTES) -> Any:
    """JSON, strictly: no key twice, no NaN, not nested without end.

    Raises:
        BadInputError: `format.too_long`, `format.encoding`, `format.unreadable`.
    """
    text = read_text(stream, where, most)
    try:
        return parse_json(text, where)
    except MetadataError as error:
        place = error.where or where
        raise refusal("format.unreadable", error.message, place) from None
