"""Structured logs: one JSON object a line in production, readable lines in development.

Every line written inside `bound(call=…)` carries the call's id, whichever library wrote it.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Literal

import structlog

Level = Literal["debug", "info", "warning", "error"]


def configure_logging(level: Level = "info", *, json: bool = False, stream: IO[str] | None = None) -> None:
    """Set up structlog and the standard library's logging alike; may be called again.

    Args:
        level: the least severe level that is written.
        json: one JSON object a line instead of readable lines.
        stream: where lines go; standard error when None (standard output belongs to results).
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
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
        final += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # Plain: a traceback with local variables would write personal data and secrets into the log.
        plain = structlog.dev.plain_traceback
        final += [structlog.dev.ConsoleRenderer(colors=output.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(output)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=final))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module: `get_logger(__name__)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


@contextmanager
def bound(**values: str | int | None) -> Iterator[None]:
    """Add values (`call=17`, `stage="transcribe"`) to every line written inside."""
    with structlog.contextvars.bound_contextvars(**values):
        yield
