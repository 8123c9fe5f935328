import sys

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from store import tracing
from store.errors import BadInputError, SettingsError
from tests.http_server import says, served
from tests.spans import collected, named

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_nothing_is_traced_unless_somebody_collects():
    with tracing.span("work", call_id=7) as running:
        assert not running.is_recording()
        assert tracing.traceparent() is None
        assert tracing.headers() == {}
        assert tracing.ids_of_line(None, "", {"event": "x"}) == {"event": "x"}
    assert not tracing.is_on()


def test_a_span_takes_its_place_in_the_trace_it_was_given(monkeypatch: pytest.MonkeyPatch):
    with collected(monkeypatch) as spans:
        assert tracing.is_on()
        with tracing.span("outer", parent=PARENT, call_id=7) as outer:
            assert tracing.headers()["traceparent"].startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
            line = tracing.ids_of_line(None, "", {})
            with tracing.span("inner"):
                pass
        found = spans.get_finished_spans()
    assert line == {
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": f"{outer.get_span_context().span_id:016x}",
    }
    assert named(found, "outer").attributes == {"diting.call_id": 7}
    assert f"{named(found, 'outer').parent.span_id:016x}" == "00f067aa0ba902b7"
    assert named(found, "inner").parent.span_id == named(found, "outer").context.span_id


def test_an_error_is_told_by_its_code_and_never_by_its_words(monkeypatch: pytest.MonkeyPatch):
    with collected(monkeypatch) as spans:
        for error in (BadInputError("李建国 is nobody", code="metadata.bad_name"), ValueError("李建国")):
            with pytest.raises(type(error)), tracing.span("work"):
                raise error
        found = spans.get_finished_spans()
    assert [each.status.description for each in found] == ["metadata.bad_name", "ValueError"]
    assert [each.status.is_ok for each in found] == [False, False]
    assert "李建国" not in "".join(each.to_json(indent=None) for each in found)


@pytest.mark.parametrize("given", ["", "nonsense", "00-0-0-01", 7, None, PARENT.replace("4bf9", "----")])
def test_malformed_trace_contexts_are_left_aside(given: object):
    assert tracing.given_parent({"traceparent": given}) is None
    assert tracing.given_parent({"traceparent": PARENT}) == PARENT
    assert tracing.given_parent(None) is None


SEND = """
from store import tracing
tracing.configure_tracing("otlp", "diting-test")
with tracing.span("stage hear", call_id=17):
    pass
from opentelemetry import trace
trace.get_tracer_provider().shutdown()
"""


def test_spans_arrive_at_a_collector(start_python, monkeypatch: pytest.MonkeyPatch):
    """In a process of its own: the provider of OpenTelemetry is set once in the life of a process."""
    with served() as server:
        server.will(says(b"", kind="application/x-protobuf"))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.url.removesuffix("/v1"))
        assert start_python(SEND).wait(120) == 0
        (request,) = server.requests
    assert request.path == "/v1/traces"
    (resource,) = ExportTraceServiceRequest.FromString(request.body).resource_spans
    named_as = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert named_as["service.name"] == "diting-test"
    ((sent,),) = [scope.spans for scope in resource.scope_spans]
    assert sent.name == "stage hear"
    assert [(each.key, each.value.int_value) for each in sent.attributes] == [("diting.call_id", 17)]


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    tracing.configure_tracing("off", "diting")
    with pytest.raises(SettingsError, match=r"diting\[tracing\]") as caught:
        tracing.configure_tracing("otlp", "diting")
    assert caught.value.code == "settings.tracing_missing"
