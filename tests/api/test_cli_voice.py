"""`diting voice show` and `diting voice collectors`, on stored calls and on result files."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli.main import app
from qc.findings import Inspection, Score
from qc.service import save_inspection
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from tests.api.voice_result import heard
from tests.pipeline.conftest import add_call
from transcription.service import save_hearing, save_transcript
from transcription.types import Cue, Transcript, Utterance
from transcription.voice.document import from_document
from transcription.voice.hear import VERSION
from transcription.voice.types import Interaction, SpeakerTurns, SpeakerVoice, VoiceReport

Run = Callable[..., Result]
AGENT = SpeakerVoice("agent", 40.0, "call", -28.0, 12.0, -12.0, 4.5, "level", 0.4, 9.0)
CUSTOMER = SpeakerVoice("customer", 40.0, "call", -20.0, 20.0, -5.0, 6.0)
TURNS = SpeakerTurns("agent", 30.0, 0.6, 10, 0.7, 12.0, 2, 3, (0.7,))
REPORT = VoiceReport(
    speakers=(AGENT, CUSTOMER), seconds={"agent": (0.0, 1.0, None)}, interaction=Interaction((TURNS,))
)
RAISED = Cue("raised_voice", "agent", 1.0, 4.0, 2.5, "sd over own baseline")
TRANSCRIPT = Transcript("zh", "given", "", (Utterance(0, "agent", 0.0, 3.0, "您好"),))


class Store:
    """An installation's database, written without listening."""

    def __init__(self, factory: SessionFactory, clock: FixedClock) -> None:
        self._factory, self._clock = factory, clock

    def call(
        self,
        name: str,
        day: int = 1,
        voice: VoiceReport | None = REPORT,
        cues: tuple[Cue, ...] = (),
        **changed: Any,
    ) -> None:
        """A heard and judged call on a day of March."""
        started = datetime(2026, 3, 1, 2, tzinfo=UTC) + timedelta(days=day - 1)
        with transaction(self._factory) as session:
            call_id = add_call(session, name, **({"started_at": started.isoformat()} | changed))
            kept = save_transcript(session, self._clock, call_id=call_id, transcript=TRANSCRIPT)
            save_hearing(session, self._clock, transcript_id=kept, version=VERSION, cues=cues, voice=voice)
            made = Inspection((), Score(100, "clean", ()), None, ("test",), "0" * 64)
            save_inspection(session, self._clock, call_id=call_id, transcript_id=kept, inspection=made)


@pytest.fixture
def store(session_factory: SessionFactory, clock: FixedClock) -> Store:
    return Store(session_factory, clock)


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DITING_DATABASE_URL", database_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))

    def invoke(*arguments: str) -> Result:
        command = ["voice", *arguments]
        return CliRunner().invoke(app, command, terminal_width=160, catch_exceptions=True)

    return invoke


def test_a_stored_call_is_shown(store: Store, run: Run) -> None:
    store.call("H001", cues=(RAISED,))
    shown = run("show", "H001", "--lang", "en").output
    for words in (
        "H001",
        "Agent A1027",
        "│▃▄ │",
        "200 Hz",
        "level",
        "+0.4 sd @ 0:09",
        "60%",
        "Raised voice Agent",
    ):
        assert words in shown, words
    assert "音量异常" in run("show", "H001").output


def test_a_stored_call_as_json_is_what_was_stored(store: Store, run: Run) -> None:
    store.call("H001", cues=(RAISED,))
    shown = json.loads(run("show", "central-recorder/H001", "--json").output)
    assert list(shown) == ["call", "voice", "cues"]
    assert from_document(shown["voice"]) == REPORT
    assert [cue["kind"] for cue in shown["cues"]] == ["raised_voice"]


def test_a_result_file_is_shown_without_a_database(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "S003.json"
    path.write_text(json.dumps(heard()), encoding="utf-8")
    shown = run("show", str(path), "--lang", "en").output
    assert "hardly louder than the noise of the line" in shown
    assert "0:24–0:30  Raised voice Agent +2.7 sd 84%" in shown
    assert not (tmp_path / "var").exists()


def test_a_call_of_whose_voices_nothing_is_known_says_so(store: Store, run: Run) -> None:
    store.call("H001", voice=None)
    assert "Nothing is known of how this call was said." in run("show", "H001", "--lang", "en").output


def test_a_call_that_is_not_there_or_not_judged_is_an_error(
    store: Store, run: Run, session_factory: SessionFactory
) -> None:
    missing = run("show", "nowhere").exception
    assert isinstance(missing, NotFoundError)
    assert missing.code == "call.not_found"
    with transaction(session_factory) as session:
        add_call(session, "waiting")
    waiting = run("show", "waiting").exception
    assert isinstance(waiting, ConflictError)
    assert waiting.code == "call.not_inspected"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"voice": null}', "\x00"])
def test_another_file_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    refused = run("show", str(path)).exception
    assert isinstance(refused, BadInputError)
    assert refused.code == "voice.result_file"


def many(store: Store) -> None:
    """Five calls of one collector, one of another, one of nobody, one heard before voices were measured."""
    for number in range(5):
        store.call(f"H{number}", number + 1, cues=(RAISED,) if number == 4 else ())
    store.call("other", 2, agent={"id": "A2"})
    store.call("nobody", 2, agent=None)
    store.call("old", 2, voice=None)


def test_collectors_have_figures_from_enough_calls(store: Store, run: Run) -> None:
    many(store)
    shown = json.loads(run("collectors", "--json").output)
    assert [shown[key] for key in ("least_calls", "nobody", "unheard")] == [5, 1, 1]
    assert shown["collectors"] == [
        {"source": "central-recorder", "agent_id": "A1027", "name": "王敏", "team": "T2",
         "calls": 5, "measured": 5, "minutes": 0.1, "raised": 0.2, "agitated": 0.0, "customer_stirred": 0.0,
         "interruptions": 1200.0,
         "talk_share": 0.6, "response_s": 0.7, "longest_s": 12.0, "calm_pitch": 12.0},
        {"source": "central-recorder", "agent_id": "A2", "name": None, "team": None,
         "calls": 1, "measured": 1, "minutes": 0.0, "raised": None, "agitated": None,
         "customer_stirred": None, "interruptions": None,
         "talk_share": None, "response_s": None, "longest_s": None, "calm_pitch": None},
    ]  # fmt: skip


def test_collectors_are_shown_in_a_table(store: Store, run: Run) -> None:
    many(store)
    shown = run("collectors", "--lang", "en").output
    line = next(each for each in shown.splitlines() if "A1027" in each)
    assert "20%" in line
    assert "200 Hz" in line
    assert "too few" in next(each for each in shown.splitlines() if each.startswith("A2 "))
    assert "1 calls of nobody in particular" in shown
    assert "太少" in run("collectors").output


def test_collectors_of_two_sources_are_two(store: Store, run: Run) -> None:
    store.call("here")
    store.call("there", source="another recorder")
    shown = json.loads(run("collectors", "--json").output)["collectors"]
    assert [(each["source"], each["calls"]) for each in shown] == [
        ("another recorder", 1),
        ("central-recorder", 1),
    ]
    assert "another recorder/A1027" in run("collectors").output


def test_only_calls_since_a_day_count(store: Store, run: Run) -> None:
    many(store)
    shown = json.loads(run("collectors", "--since", "2026-03-03", "--json").output)["collectors"]
    assert [(each["agent_id"], each["calls"]) for each in shown] == [("A1027", 3)]


def test_calls_that_could_not_be_measured_are_counted_apart(store: Store, run: Run) -> None:
    store.call("H1")
    store.call("H2", 2, voice=replace(REPORT, speakers=(replace(AGENT, calm_from=None),)))
    assert "2 (1)" in run("collectors").output


def test_nothing_stored_is_no_error(run: Run) -> None:
    assert "0 collectors" in run("collectors", "--lang", "en").output
