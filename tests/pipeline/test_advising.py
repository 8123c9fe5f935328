"""Advice on the whole way of a call: kept, asked for once, and without any power."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.advising import advised, adviser_from_settings
from pipeline.inspect_call import CallFiles, CallInspector
from pipeline.result import CallResult, to_json
from pipeline.stages import run_stage
from pipeline.states import STAGES
from pipeline.tools import Tools
from qc.adviser.models import AdviceRow
from qc.findings import Advice
from qc.service import load_inspection
from store.database import reading
from store.settings import Settings
from tests.http_server import Server, says, served

from .site import write_calls
from .test_second_hearing import Mishearing

SUPPORTS = {"view": "supports", "reason": "坐席要求向个人收款码付款"}


def answer(advice: dict[str, str]) -> dict[str, Any]:
    return {"choices": [{"message": {"content": json.dumps(advice, ensure_ascii=False)}}]}


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        running.will(says(answer(SUPPORTS)))
        yield running


def asking(server: Server, **changed: Any) -> Settings:
    given = {"adviser_url": server.url, "adviser_model": "judge", "adviser_retries": 0}
    return Settings(**given | {"second_hearings": 0} | changed)


@pytest.fixture
def files(tmp_path: Path) -> CallFiles:
    write_calls(tmp_path, ["S02-abuse"])
    return CallFiles(recording=tmp_path / "S02-abuse.wav")


def inspected(files: CallFiles, settings: Settings) -> CallResult:
    return CallInspector(settings, speech=Mishearing).inspect(files)


def without_advice(result: CallResult) -> dict[str, Any]:
    document = to_json(result)
    for finding in document["findings"]:
        finding["advice"] = None
    return document


def test_no_adviser_is_named_no_adviser_is_asked():
    assert adviser_from_settings(Settings()) is None
    assert adviser_from_settings(Settings(adviser_url="http://127.0.0.1:9/v1")) is None


@pytest.mark.parametrize(
    "advice",
    [SUPPORTS, {"view": "doubts", "reason": "没有"}, {"view": "certain", "reason": "定罪"}],
)
def test_whatever_it_says_decides_nothing(server: Server, files: CallFiles, advice: dict[str, str]) -> None:
    server.will(says(answer(advice)))
    alone = inspected(files, Settings(second_hearings=0))
    result = inspected(files, asking(server))
    told = [finding.advice for finding in result.inspection.findings if finding.advice]
    assert told
    assert {finding.status for finding in result.inspection.findings if finding.advice} == {"unsure"}
    assert without_advice(result) == to_json(alone)


def test_a_server_that_fails_fails_no_call(server: Server, files: CallFiles) -> None:
    server.will(says({}, 500))
    result = inspected(files, asking(server))
    told = [finding.advice for finding in result.inspection.findings if finding.advice]
    assert {advice.view for advice in told} == {"no_answer"}
    assert {advice.reason.split(":")[0] for advice in told} == {"adviser.busy"}
    assert len(server.requests) == 1


def test_answers_are_kept_and_asked_for_once(server: Server, tools: Tools, call_id: int) -> None:
    engine, settings = Mishearing(), asking(server)
    advising = replace(
        tools, speech=lambda: engine, settings=settings, adviser=adviser_from_settings(settings)
    )
    for stage in STAGES:
        assert run_stage(advising, call_id, stage) is not None
    with reading(tools.sessions) as session:
        inspection = load_inspection(session, call_id)[1]
        rows = list(session.scalars(select(AdviceRow)))
    told = [finding.advice for finding in inspection.findings if finding.advice]
    assert set(told) == {Advice("supports", SUPPORTS["reason"], "judge")}
    assert len(rows) == len(server.requests) == len({row.key for row in rows})


def test_known_answers_are_not_asked_for_again(server: Server, files: CallFiles) -> None:
    settings = asking(server)
    result = inspected(files, Settings(second_hearings=0))
    adviser = adviser_from_settings(settings)
    given = (adviser, result.inspection, result.record, result.transcript)
    first, fresh = advised(*given, most=5, recall=lambda _keys: {})
    asked = len(server.requests)
    again, nothing = advised(*given, most=5, recall=lambda keys: {key: fresh[key] for key in keys})
    assert (again, nothing, len(server.requests)) == (first, {}, asked)
    assert len(fresh) == asked > 0
