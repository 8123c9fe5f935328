"""A small installation with real calls in it: taken in from the samples, judged by the shipped rules from
their reference transcripts, so that no test waits for speech recognition."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, func, select

from api.http.app import create_app
from complaint_warnings.models import WarningRow
from complaint_warnings.service import apply_call
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from pipeline.intake import take_in
from pipeline.judging import Judge, reasons
from pipeline.models import WorkRow
from pipeline.tools import Tools
from qc.service import open_ticket, save_inspection
from store import audit
from store.clock import FixedClock
from store.database import make_engine, make_session_factory, reading, transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from transcription.given import load_transcript
from transcription.service import save_hearing, save_transcript
from transcription.types import Cue

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"
CHOSEN = ("S01-clean", "S02-abuse", "S03-threat", "S10-no-time")
NOW = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
CUES = (Cue("dead_air", "unknown", 1.0, 4.0, 3.0, "s"),)


def no_speech():
    raise AssertionError("these tests do not listen")


@dataclass
class World:
    """The installation and the ids of its calls by name."""

    settings: Settings
    tools: Tools
    ids: dict[str, int]
    heard_before: int = 0

    def audited(self, action: str) -> list[audit.AuditEntry]:
        """Entries of this kind that the test itself caused; the chain must hold."""
        with reading(self.tools.sessions) as session:
            query = select(audit.AuditEntry).where(
                audit.AuditEntry.action == action, audit.AuditEntry.seq > self.heard_before
            )
            entries = list(session.scalars(query.order_by(audit.AuditEntry.seq)))
            assert audit.verify(session) == []
        return entries


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


def make_world(url: str, folder: Path) -> World:
    """Four judged calls, one that waits (S08) and one that was refused (S09)."""
    settings = Settings(data_dir=folder / "var", database_url=url)
    tools = open_world(settings, FixedClock(NOW))
    incoming = copy_samples(folder / "in", (*CHOSEN, "S08-third-party", "S09-broken"))
    ids = {
        outcome.path.stem: outcome.call_id
        for outcome in take_in(tools, incoming)
        if outcome.call_id is not None
    }
    for name in CHOSEN:
        judge_from_transcript(tools, ids[name], SAMPLES / f"{name}.transcript.json")
    return World(settings, tools, ids)


@pytest.fixture(scope="session")
def sqlite_world(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("sqlite-world")
    shutil.copyfile(_sqlite_template, folder / "diting.db")
    world = make_world(f"sqlite:///{folder / 'diting.db'}", folder)
    yield world
    world.tools.close()


@pytest.fixture(scope="session")
def postgresql_world(
    postgresql_server: str,
    _postgresql_template: Callable[[str], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    _postgresql_template("api_world")
    world = make_world(f"{postgresql_server}/api_world", tmp_path_factory.mktemp("postgresql-world"))
    yield world
    world.tools.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """The installation, once per kind of database. Tests only read it; the audit log alone grows."""
    shared: World = request.getfixturevalue(f"{request.param}_world")
    with reading(shared.tools.sessions) as session:
        last = session.scalar(select(func.max(audit.AuditEntry.seq)))
    return replace(shared, heard_before=last or 0)


def secrets(world: World) -> set[str]:
    """Names and numbers of everybody outside, as they must not be shown."""
    found: set[str] = set()
    with reading(world.tools.sessions) as session:
        for call in session.scalars(select(CallRow)):
            customer = call.record.get("customer") or {}
            found |= {value for value in (customer.get("name"), customer.get("number")) if value}
        found |= {name for name in session.scalars(select(WarningRow.debtor_name)) if name}
    assert len(found) >= 6
    return found | {number.removeprefix("+86") for number in found if number.startswith("+86")}


def signed(world: World, role: str) -> dict[str, str]:
    """The headers of somebody new in this role, under whose name nothing was seen or said before."""
    number = f"p{uuid4().hex[:8]}"
    with transaction(world.tools.sessions) as session:
        add_person(session, world.tools.clock, Person(number, "芮敏", (role,)))
        return {"Authorization": f"Bearer {new_token(session, world.tools.clock, number)}"}


Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    """Makes a client of an application over the installation; settings may be changed for it."""
    opened: list[Engine] = []

    def make(base: str = "http://127.0.0.1", **changed: object) -> httpx.AsyncClient:
        settings = Settings(**{**world.settings.model_dump(), **changed})
        app = create_app(settings, clock=world.tools.clock)
        opened.append(app.state.engine)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=base)

    yield make
    for engine in opened:
        engine.dispose()
