"""Collects the spans of a test process; whoever sets the provider of OpenTelemetry can do so only once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def named(spans: Sequence[ReadableSpan], name: str) -> ReadableSpan:
    """The only span of that name."""
    (found,) = [each for each in spans if each.name == name]
    return found


@contextmanager
def collected(monkeypatch) -> Iterator[InMemorySpanExporter]:
    """A provider of this test alone, whichever one the process has."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()
