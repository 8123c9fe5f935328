"""Structured logs: one JSON object a line in production, readable lines in development.

Every line written inside `bound(call_id=…)` carries the call's id, whichever library wrote it, and the ids of
the trace where there is one. No line has personal data in it (`store.log_safety`).
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final, Literal, TextIO

import structlog

from store import tracing
from store.log_safety import ExcInfo, WithoutWords, describe_exception, masked, masked_but_exceptions

Level = Literal["debug", "info", "warning", "error"]

# Only what this program says of itself is written at every level: libraries say at the lower levels what they
# send and receive, that is statements with their values, addresses and rows.
_OWN: Final = ("store", "ingest", "transcription", "qc", "complaint_warnings", "pipeline", "api")
_TALKATIVE: Final = ("celery", "kombu", "uvicorn")


def configure_logging(level: Level = "info", *, json: bool = False, stream: IO[str] | None = None) -> None:
    """Set up structlog and the standard library's logging alike; may be called again.

    Args:
        level: the least severe level that is written; of libraries, warnings at least.
        json: one JSON object a line instead of readable lines.
        stream: where lines go; standard error when None (standard output belongs to results).
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        tracing.ids_of_line,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    output = stream or sys.stderr
    final: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        final += [
            structlog.processors.ExceptionRenderer(describe_exception),
            masked,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        final += [
            masked_but_exceptions,
            structlog.dev.ConsoleRenderer(colors=output.isatty(), exception_formatter=_write_exception),
        ]
    handler = logging.StreamHandler(output)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=final))
    handler.addFilter(WithoutWords())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    _set_levels(root, logging.getLevelNamesMapping()[level.upper()])


def _write_exception(stream: TextIO, exc_info: ExcInfo) -> None:
    stream.write(describe_exception(exc_info))


def _set_levels(root: logging.Logger, level: int) -> None:
    root.setLevel(max(level, logging.WARNING))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    for name in _OWN:
        logging.getLogger(name).setLevel(level)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module: `get_logger(__name__)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


@contextmanager
def bound(**values: str | int | None) -> Iterator[None]:
    """Add values (`call=17`, `stage="transcribe"`) to every line written inside."""
    with structlog.contextvars.bound_contextvars(**values):
        yield
