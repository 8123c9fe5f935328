"""Second hearings on their way through the stages and through one call, on real audio."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.audio import Samples
from pipeline.inspect_call import CallFiles, CallInspector
from pipeline.judging import Judge
from pipeline.result import to_json
from pipeline.second_hearing import hear_doubtful_again
from pipeline.snapshot import snapshot
from pipeline.stages import run_stage
from pipeline.states import STAGES
from pipeline.tools import Tools
from qc.findings import Finding
from qc.service import load_inspection
from store.database import reading
from store.errors import EngineError
from store.settings import Settings
from transcription.engines.engine import Engine, Hearing, LanguageGuess, Options, Reading
from transcription.voice.hear import Heard
from transcription.voice.types import VoiceReport

from .site import SAMPLES, write_calls

MISHEARD, SAID = "收款马务短信发你听见没有", "收款码我短信发你听见没有"


class Mishearing:
    """Hears a payment code as a horse, unless it listens another way."""

    name, model, ways = "mishearing", "x", 2

    def __init__(self, margin: float = -1.0, again: str = SAID) -> None:
        self.options: Options = {}
        self.asked: list[int] = []
        self._margin, self._again = margin, again

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        self.asked.append(way)
        text = self._again if way else MISHEARD
        return Hearing(
            (Reading(text, log_probability=-0.3),) * len(clips), LanguageGuess(language or "zh", 0.9)
        )

    def likelihoods(self, _clip: Samples, _language: str, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(-20.0 if text.startswith(MISHEARD) else -20.0 + self._margin for text in texts)


def payments(findings: Sequence[Finding]) -> list[Finding]:
    return [found for found in findings if found.rule.startswith("cn.improper_payment")]


def test_the_hear_stage_hears_again_and_the_inspect_stage_needs_no_engine(tools: Tools, call_id: int) -> None:
    engine = Mishearing()
    listening = replace(tools, speech=lambda: engine)
    for stage in STAGES[:2]:
        run_stage(listening, call_id, stage)
    assert 1 in engine.asked

    def cannot_open() -> Engine:
        raise EngineError("no engine here", code="model.missing")

    judging = replace(tools, speech=cannot_open)
    for stage in STAGES[2:]:
        assert run_stage(judging, call_id, stage) is not None
    with reading(tools.sessions) as session:
        found = payments(load_inspection(session, call_id)[1].findings)
        (transcript,) = snapshot(session)["transcripts"]
    assert {(each.status, each.points, each.how) for each in found} == {("certain", 40, "sound")}
    heard = found[0].second_hearing
    assert heard is not None
    assert (heard.outcome, heard.engine, heard.likelihood_expected) == ("confirmed", "mishearing", -21.0)
    assert transcript["second_hearing"][0]["question"]["as_heard"].startswith(MISHEARD)
    assert all(said["text"].startswith(MISHEARD) for said in transcript["transcript"]["utterances"])


def test_a_second_engine_that_cannot_be_opened_shows_before_a_call_fails_by_it(
    tools: Tools, call_id: int
) -> None:
    def cannot_open() -> Engine | None:
        raise EngineError("no second engine here", code="model.missing")

    with pytest.raises(EngineError):
        run_stage(replace(tools, second=cannot_open), call_id, "transcribe")


@pytest.fixture
def files(tmp_path: Path) -> CallFiles:
    write_calls(tmp_path, ["S02-abuse"])
    return CallFiles(recording=tmp_path / "S02-abuse.wav")


def test_one_call_is_inspected_the_same_way(files: CallFiles) -> None:
    def inspected() -> str:
        inspector = CallInspector(Settings(), speech=Mishearing, second=lambda: None)
        return json.dumps(to_json(inspector.inspect(files)))

    result = json.loads(inspected())
    found = [each for each in result["findings"] if each["second_hearing"]]
    assert 0 < len({each["utterances"][0] for each in found}) <= Settings().second_hearings
    assert found[0]["second_hearing"]["heard_again"][0] == SAID
    assert inspected() == json.dumps(result)


def test_what_another_hearing_denies_accuses_nobody(files: CallFiles) -> None:
    inspector = CallInspector(Settings(), speech=lambda: Mishearing(-30.0, "别的什么也没说"))
    found = payments(inspector.inspect(files).inspection.findings)
    heard = [each for each in found if each.second_hearing]
    assert {each.status for each in heard} == {"unsure"}
    assert {each.second_hearing.outcome for each in heard if each.second_hearing} == {"weakened"}


def test_no_place_is_heard_again_where_the_settings_allow_none(files: CallFiles) -> None:
    engine = Mishearing()
    result = CallInspector(Settings(second_hearings=0), speech=lambda: engine).inspect(files)
    assert all(each.second_hearing is None for each in result.inspection.findings)
    assert set(engine.asked) <= {0, 1}


def test_given_transcripts_are_taken_as_said(judge: Judge) -> None:
    files = CallFiles(transcript=SAMPLES / "S02-abuse.transcript.json")
    given = CallInspector(Settings()).inspect(files)

    def never() -> Engine:
        raise AssertionError("nothing is to be heard")

    answers = hear_doubtful_again(
        judge,
        given.record,
        given.transcript,
        Heard((), VoiceReport()),
        None,
        speech=never,
        second=never,  # type: ignore[arg-type]
    )
    assert answers == ()
