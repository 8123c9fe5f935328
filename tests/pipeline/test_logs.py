"""What a call leaves in the logs and in the traces."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import service
from pipeline.intake import take_in
from pipeline.models import WorkRow
from pipeline.stages import run_stage
from pipeline.states import STAGES
from pipeline.tools import Tools
from pipeline.traced import carried
from store import tracing
from store.database import reading, transaction
from store.logging import configure_logging
from tests.pipeline.conftest import HookedEngine
from tests.pipeline.site import write_calls
from tests.spans import collected, named

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NAME = "欧阳测试"


@pytest.fixture
def log(restored_logging: None) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging("debug", json=True, stream=stream)
    return stream


def test_a_call_leaves_nothing_personal_in_the_log_whatever_happens(
    tools: Tools, tmp_path: Path, log: io.StringIO
):
    """Refused, failed with words that quote the person, and judged: at the level that says most."""
    number = "13912345678"
    folder = tmp_path / f"{NAME}-{number}"
    write_calls(folder, ["S02-abuse"])
    (path,) = folder.rglob("*.call.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    record["customer"] |= {"name": NAME, "number": f"+86{number}"}
    record["agent"]["name"] = NAME
    record["note"] = {"outcome": "promise_to_pay", "text": f"{NAME}承诺付款，{number}"}
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    (outcome,) = take_in(tools, folder)
    assert outcome.call_id
    (folder / f"{NAME}.wav").write_bytes(b"no audio")
    refused = [each for each in take_in(tools, folder) if each.error]

    def quote() -> None:
        raise ValueError(f"{NAME} {number}")

    hearing = replace(tools, speech=lambda: HookedEngine(quote))
    assert run_stage(hearing, outcome.call_id, "transcribe") is not None
    tools.clock.moment = tools.clock.now().replace(year=2027)
    for stage in STAGES:
        assert run_stage(tools, outcome.call_id, stage) is not None

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "stage.failed"]
    assert (failed["call_id"], failed["stage"], failed["code"]) == (
        outcome.call_id,
        "transcribe",
        "stage.unexpected",
    )
    assert failed["exception"].endswith("ValueError")
    assert len(refused) == len([line for line in lines if line["event"] == "refused"]) == 1
    for personal in (NAME, number, record["customer"]["id"], record["agent"]["id"], record["case"]["id"]):
        assert personal not in log.getvalue()


def test_all_that_is_done_for_a_call_hangs_on_the_trace_it_came_with(
    tools: Tools, call_id: int, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
):
    with transaction(tools.sessions) as session:
        session.get_one(WorkRow, call_id).trace = PARENT

    def fail() -> None:
        raise OSError("busy")

    with collected(monkeypatch) as spans:
        assert carried(tools.sessions, call_id) == {"traceparent": PARENT}
        run_stage(replace(tools, speech=lambda: HookedEngine(fail)), call_id, "transcribe")
        tools.clock.moment = tools.clock.now().replace(year=2027)
        run_stage(tools, call_id, "transcribe")
        with tracing.span("task call.hear"):
            run_stage(tools, call_id, "hear")
        found = spans.get_finished_spans()
    failed, done, heard, task = found
    assert [each.name for each in found[:3]] == ["stage transcribe", "stage transcribe", "stage hear"]
    assert {f"{each.context.trace_id:032x}" for each in (failed, done)} == {
        "4bf92f3577b34da6a3ce929d0e0e4736"
    }
    assert (failed.status.is_ok, failed.status.description) == (False, "stage.unexpected")
    assert done.attributes == {
        "diting.call_id": call_id, "diting.stage": "transcribe", "diting.state": "transcribed"
    }  # fmt: skip
    assert heard.parent.span_id == task.context.span_id
    (line,) = [json.loads(each) for each in log.getvalue().splitlines() if "stage.failed" in each]
    assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_call_keeps_the_trace_it_was_taken_in_with(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_calls(tmp_path / "calls", ["S02-abuse"])
    with collected(monkeypatch) as spans:
        with tracing.span("task sources.turn"):
            (outcome,) = take_in(tools, tmp_path / "calls")
        turn = named(spans.get_finished_spans(), "task sources.turn")
    with transaction(tools.sessions) as session:
        assert service.receive_new(session, tools.clock) == 0
    with reading(tools.sessions) as session:
        kept = session.get_one(WorkRow, outcome.call_id).trace
    assert kept is not None
    assert kept.startswith(f"00-{turn.context.trace_id:032x}-{turn.context.span_id:016x}-0")
