"""A small installation with real calls in it: taken in from the samples, judged by the shipped rules from
their reference transcripts, so that no test waits for speech recognition."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest

from api.http.app import create_app
from complaint_warnings.service import apply_call
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from pipeline.intake import take_in
from pipeline.judging import Judge, reasons
from pipeline.models import WorkRow
from pipeline.tools import Tools
from qc.service import open_ticket, save_inspection
from store.clock import FixedClock
from store.database import make_engine, make_session_factory, transaction
from store.settings import Settings
from transcription.given import load_transcript
from transcription.service import save_hearing, save_transcript
from transcription.types import Cue

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"
CHOSEN = ("S01-clean", "S02-abuse", "S03-threat", "S10-no-time")
CUES = (Cue("dead_air", "unknown", 1.0, 4.0, 3.0, "s"),)


def no_speech():
    raise AssertionError("these tests do not listen")


@dataclass
class World:
    """The installation and the ids of its calls by name."""

    settings: Settings
    tools: Tools
    ids: dict[str, int]


def copy_samples(folder: Path, names: tuple[str, ...] = CHOSEN) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        for path in SAMPLES.glob(f"{name}.*"):
            shutil.copyfile(path, folder / path.name)
    return folder


@cache
def shipped_rules() -> Judge:
    """Rules take longer to read than calls to judge: they are read once."""
    return Judge(Settings())


def open_world(settings: Settings, clock: FixedClock) -> Tools:
    engine = make_engine(settings.database_url)
    return Tools(
        settings=settings,
        database=engine,
        sessions=make_session_factory(engine),
        recordings=settings.recording_store(),
        clock=clock,
        judge=shipped_rules(),
        speech=no_speech,
    )


def judge_from_transcript(tools: Tools, call_id: int, transcript: Path) -> None:
    """What the stages would have written, with the reference transcript instead of speech recognition."""
    with transaction(tools.sessions) as session:
        call = session.get_one(CallRow, call_id)
        record = parse_call_record(call.record, "test")
        words = load_transcript(transcript)
        transcript_id = save_transcript(session, tools.clock, call_id=call_id, transcript=words)
        save_hearing(session, tools.clock, transcript_id=transcript_id, version="test", cues=CUES)
        made = tools.judge.inspect(record, words, CUES)
        inspection_id = save_inspection(
            session, tools.clock, call_id=call_id, transcript_id=transcript_id, inspection=made
        )
        evidence = tools.judge.evidence(record, words, made)
        apply_call(session, tools.clock, call_id=call_id, evidence=evidence, weights=tools.judge.weights)
        if made.ticket is not None:
            open_ticket(session, tools.clock, inspection_id=inspection_id, proposal=made.ticket)
        work = session.get_one(WorkRow, call_id)
        work.reasons = list(reasons(made))
        work.state = "unjudged" if made.unjudged else "assessed"


@pytest.fixture
def world(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[World]:
    """Four judged calls, one that waits (S08) and one that was refused (S09)."""
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url)
    tools = open_world(settings, clock)
    folder = copy_samples(tmp_path / "in", (*CHOSEN, "S08-third-party", "S09-broken"))
    ids = {
        outcome.path.stem: outcome.call_id
        for outcome in take_in(tools, folder)
        if outcome.call_id is not None
    }
    for name in CHOSEN:
        judge_from_transcript(tools, ids[name], SAMPLES / f"{name}.transcript.json")
    yield World(settings, tools, ids)
    tools.close()


Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
def client(world: World) -> Client:
    """Makes a client of an application over the installation; settings may be changed for it."""

    def make(base: str = "http://127.0.0.1", **changed: object) -> httpx.AsyncClient:
        settings = Settings(**{**world.settings.model_dump(), **changed})
        app = create_app(settings, clock=world.tools.clock)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=base)

    return make
