"""What keeps personal data and secrets out of the logs, whoever writes the line.

Calls are about people: numbers are masked in every line, and of an exception only those words are written
that cannot quote what was being worked on. The others are with the call, for those who may see it.
"""

import logging
import re
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final

from sqlalchemy.exc import InterfaceError, OperationalError

from store.errors import DitingError

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]

# Telephone, card and identity numbers; not dates, and not the digits inside of hashes and the like.
_DATE: Final = r"(?!\d{4}-\d\d-\d\d(?!\d))"
_NUMBER: Final = re.compile(rf"(?<![0-9A-Za-z])\+?{_DATE}\d(?:[ \-]?\d){{5,}}\d[Xx]?(?![0-9A-Za-z])")
_KEPT: Final = frozenset(
    {
        "timestamp",
        "level",
        "logger",
        "call_id",
        "stage",
        "request_id",
        "task_id",
        "trace_id",
        "span_id",
        "code",
    }
)
# Their words come from the system or from the program itself.
_WORDS_ARE_SAFE: Final = (
    OSError, MemoryError, ImportError, AttributeError, TypeError, NameError, RuntimeError, OperationalError,
    InterfaceError,
)  # fmt: skip


def mask(text: str) -> str:
    """The text with every number of seven or more digits hidden."""
    return _NUMBER.sub(lambda found: "*" * len(found.group()), text)


def masked_but_exceptions(
    logger: object, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Like `masked`, where the exception is still to be described."""
    exc_info = line.pop("exc_info", None)
    masked(logger, method, line)
    if exc_info:
        line["exc_info"] = exc_info
    return line


def masked(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog: hides numbers in all that a line says."""
    for key, value in line.items():
        if key not in _KEPT:
            line[key] = _masked(value)
    return line


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask(str(value))


def describe_exception(exc_info: ExcInfo) -> str:
    """An exception and what led to it: types and places, and words only where they are safe."""
    error = exc_info[1]
    parts = [] if error is None else [_one(each) for each in reversed(_chain(error))]
    return mask("\n".join(parts))


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, and those it came from, the first last."""
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in found:
        found.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found


def _one(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, DitingError):
        said = f"{kind} [{error.code}]"
    elif isinstance(error, _WORDS_ARE_SAFE):
        said = f"{kind}: {error}"
    else:
        said = kind
    return "".join(traceback.format_tb(error.__traceback__)) + said


class WithoutWords(logging.Filter):
    """Celery says the words of an exception in the line itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take them out; every line is written."""
        if isinstance(record.args, dict) and "exc" in record.args:
            record.args = {**record.args, "exc": ""}
        return True
