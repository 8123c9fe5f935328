"""Tracing hooks: spans by OpenTelemetry, which cost next to nothing where nobody collects them.

The API of OpenTelemetry alone does nothing. `configure_tracing` gives it an SDK that sends spans on.
A span says what was done and for which call, by number; never who was spoken to.
"""

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from store.errors import DitingError, SettingsError

_NAME: Final = "diting"
_HEADER: Final = "traceparent"
_FORMAT: Final = TraceContextTextMapPropagator()

Value = str | int | float | bool


@contextmanager
def span(
    name: str, *, parent: str | None = None, kind: SpanKind = SpanKind.INTERNAL, **attributes: Value
) -> Iterator[Span]:
    """A span named `name` around the body. An error is told by its type and code; its words may quote a call.

    Args:
        name: what is done (`stage transcribe`).
        parent: the trace context it belongs to, as W3C writes it; that of the running span when None.
        kind: whether it begins or ends outside of this process.
        attributes: what it was done to; `call_id` becomes `diting.call_id`.
    """
    under = context.get_current() if parent is None else _FORMAT.extract({_HEADER: parent})
    said = {f"diting.{key}": value for key, value in attributes.items()}
    with trace.get_tracer(_NAME).start_as_current_span(
        name, under, kind, said, record_exception=False, set_status_on_exception=False
    ) as running:
        try:
            yield running
        except BaseException as error:
            failed(running, error.code if isinstance(error, DitingError) else type(error).__name__)
            raise


def failed(running: Span, code: str) -> None:
    """Say that what the span stands for failed."""
    running.set_status(Status(StatusCode.ERROR, code))


def is_on() -> bool:
    """Whether somebody collects spans."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def traceparent() -> str | None:
    """The running span, as W3C writes it; None where nothing is traced."""
    carrier: dict[str, str] = {}
    _FORMAT.inject(carrier)
    return carrier.get(_HEADER)


def headers(parent: str | None = None) -> dict[str, str]:
    """The headers that carry the trace context on: that of the running span, or `parent`."""
    given = parent or traceparent()
    return {_HEADER: given} if given else {}


def given_parent(found: Any) -> str | None:
    """The trace context among received headers; None where they are not well formed."""
    value = found.get(_HEADER) if hasattr(found, "get") else None
    if not isinstance(value, str):
        return None
    taken = trace.get_current_span(_FORMAT.extract({_HEADER: value})).get_span_context()
    return value if taken.is_valid else None


def ids_of_line(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog: a line written inside a span carries its ids."""
    running = trace.get_current_span().get_span_context()
    if running.is_valid:
        line["trace_id"] = trace.format_trace_id(running.trace_id)
        line["span_id"] = trace.format_span_id(running.span_id)
    return line


def configure_tracing(way: str, service: str) -> None:
    """Have spans sent to a collector (`otlp`), or to nobody (`off`); once per process, after any fork.

    Where to and how many, OpenTelemetry's own variables say (OTEL_EXPORTER_OTLP_ENDPOINT and others).

    Raises:
        SettingsError: `settings.tracing_missing`, the libraries that send are not installed.
    """
    if way == "off":
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "the libraries that send traces are not installed",
            code="settings.tracing_missing",
            where="DITING_TRACING",
            mend="Install diting[tracing], or set DITING_TRACING=off.",
        ) from error
    named = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or service})
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
