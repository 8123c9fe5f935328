"""A person's word on who is the agent, through the API and on the command line."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app as cli
from api.http.app import create_app
from ingest.models import CallRow
from pipeline.intake import take_in
from pipeline.models import WorkRow
from pipeline.stages import run_stage
from pipeline.tools import Tools
from store import audit
from store.clock import FixedClock
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from store.settings import Settings
from tests.api.conftest import NOW, SAMPLES, copy_samples, judge_from_transcript, open_world
from tests.api.http_client import API, problem
from tests.pipeline.site import load_program
from transcription.engines.engine import Engine, EngineSettings
from transcription.given import load_transcript
from transcription.service import save_transcript
from transcription.types import RoleDecision

NAME = "S03-threat"


@dataclass
class Place:
    """An installation with one judged call whose sides are known, and one that waits."""

    tools: Tools
    call_id: int
    waiting: int

    @property
    def path(self) -> str:
        return f"{API}/calls/{self.call_id}/roles"

    def ask(self, method: str, path: str, **options: object) -> httpx.Response:
        async def send() -> httpx.Response:
            app = create_app(self.tools.settings, clock=self.tools.clock)
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
                response = await http.request(method, path, **options)
            app.state.engine.dispose()
            return response

        return asyncio.run(send())

    def get(self, path: str = "", **options: object) -> httpx.Response:
        return self.ask("GET", path or self.path, **options)

    def say(self, body: object, seen: str | None = None) -> httpx.Response:
        return self.ask("POST", self.path, json=body, headers={"If-Match": seen} if seen else {})

    def work(self) -> None:
        for stage in ("hear", "inspect", "assess"):
            assert run_stage(self.tools, self.call_id, stage) is not None

    def last_entry(self) -> audit.AuditEntry:
        with reading(self.tools.sessions) as session:
            assert audit.verify(session) == []
            entry = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc())).first()
            assert entry
            return entry


def make_place(url: str, folder: Path, transcript: Path) -> Place:
    settings = Settings(data_dir=folder / "var", database_url=url)
    engine: Engine = load_program("scripted_engine").make(EngineSettings())
    tools = replace(open_world(settings, FixedClock(NOW)), speech=lambda: engine)
    incoming = copy_samples(folder / "in", (NAME, "S08-third-party"))
    ids = {outcome.path.stem: outcome.call_id or 0 for outcome in take_in(tools, incoming)}
    judge_from_transcript(tools, ids[NAME], transcript)
    return Place(tools, ids[NAME], ids["S08-third-party"])


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    made = make_place(database_url, tmp_path, SAMPLES / f"{NAME}.transcript.json")
    yield made
    made.tools.close()


def add_sides(place: Place) -> None:
    """One more version, as an engine would write it, that says from which side each utterance came."""
    words = load_transcript(SAMPLES / f"{NAME}.transcript.json")
    said = tuple(replace(one, side=0 if one.speaker == "agent" else 1) for one in words.utterances)
    heard = replace(words, engine="scripted", utterances=said, roles=RoleDecision("assumed", 0.7))
    with transaction(place.tools.sessions) as session:
        save_transcript(session, place.tools.clock, call_id=place.call_id, transcript=heard)


def test_roles_and_their_version_are_shown(place: Place) -> None:
    response = place.get()
    body = response.json()
    assert (response.status_code, response.headers["etag"]) == (200, '"1"')
    assert (body["version"], body["state"], body["agent_side"], body["sides"]) == (1, "assessed", None, [])
    assert body["roles"] == {"how": "given", "trust": 1.0, "by": None, "at": None}
    (version,) = body["versions"]
    assert (version["kind"], version["engine"], version["replaced"]) == ("heard", "given", None)
    assert version["score"]["band"] == "critical"


def test_swapped_call_is_judged_anew_and_the_first_result_stays_readable(place: Place) -> None:
    call = f"{API}/calls/{place.call_id}"
    accused = place.get(f"{call}/findings").json()

    response = place.say({"swap": True, "because": "听过录音，电话13800138000"}, '"1"')

    assert (response.status_code, response.headers["etag"]) == (202, '"2"')
    body = response.json()
    assert (body["state"], body["version"]) == ("transcribed", 2)
    assert body["roles"] == {"how": "person", "trust": 1.0, "by": "api:local", "at": "2026-06-01T02:30:00Z"}
    last = body["versions"][-1]
    assert (last["kind"], last["replaced"], last["score"]) == ("swapped", 1, None)
    assert last["because"] == "听过录音，电话138****8000"
    assert (place.last_entry().actor, place.last_entry().action) == ("api:local", "roles.swapped")
    assert place.get(f"{call}/findings").json() == accused, "until it is judged anew"

    assert "正在重新质检" in place.get(f"/calls/{place.call_id}/report").text
    place.work()

    assert [each["score"] is None for each in place.get().json()["versions"]] == [False, False]
    roles = place.get(call).json()["result"]["transcript"]["roles"]
    assert roles == {"how": "person", "trust": 1.0, "by": "api:local", "at": "2026-06-01T02:30:00+00:00"}
    assert place.get(f"{call}/findings").json() != accused
    assert place.get(f"{call}/findings", params={"version": 1}).json() == accused
    first = place.get(call, params={"version": 1}).json()["result"]
    assert (first["transcript"]["roles"]["how"], first["score"]["band"]) == ("given", "critical")
    problem(place.get(call, params={"version": 7}), 404, "call.no_version")

    page = place.get(f"/calls/{place.call_id}/report").text
    assert "人工确定 · api:local" in page
    assert f'href="/calls/{place.call_id}/report?version=1&amp;lang=zh"' in page
    assert "这是旧版本" not in page
    assert "这是旧版本" in place.get(f"/calls/{place.call_id}/report", params={"version": 1}).text


def test_swap_sent_twice_does_not_swap_back(place: Place) -> None:
    problem(place.say({"swap": True}), 428, "roles.version_needed")
    assert place.say({"swap": True}, '"1"').status_code == 202

    body = problem(place.say({"swap": True}, '"1"'), 412, "roles.version_changed")

    assert "version 2 was swapped by api:local" in body["detail"]
    assert place.get().json()["version"] == 2
    problem(place.say({"swap": True}, '"2"'), 409, "roles.call_busy")


def test_wanted_side_may_be_said_again(place: Place) -> None:
    problem(place.say({"agent_side": 1}), 409, "roles.no_sides")
    add_sides(place)
    sides = place.get().json()["sides"]
    assert [(side["side"], side["speaker"]) for side in sides] == [(0, "agent"), (1, "customer")]

    answers = [place.say({"agent_side": 1}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["agent_side"] == 1
    problem(place.say({"agent_side": 1}, '"1"'), 412, "roles.version_changed")


@pytest.mark.parametrize(
    "body",
    [{}, {"swap": True, "agent_side": 0}, {"swap": False}, {"agent_side": 2}, {"swap": True, "x": 1}, []],
)
def test_requests_that_say_nothing_or_too_much_are_refused(place: Place, body: object) -> None:
    problem(place.say(body, '"1"'), 422, "request.invalid")
    assert place.get().json()["version"] == 1


def test_versions_are_named_as_the_etag_names_them(place: Place) -> None:
    problem(place.say({"swap": True}, "W/nonsense"), 422, "request.if_match")
    assert place.say({"swap": True}, "1").status_code == 202


def test_calls_without_a_transcript_and_calls_that_do_not_exist(place: Place) -> None:
    waiting = f"{API}/calls/{place.waiting}/roles"
    shown = place.get(waiting)
    assert (shown.json()["version"], shown.json()["versions"]) == (None, [])
    problem(place.ask("POST", waiting, json={"agent_side": 0}), 409, "roles.no_transcript")
    for method in ("GET", "POST"):
        response = place.ask(method, f"{API}/calls/999/roles", json={"agent_side": 0})
        problem(response, 404, "call.not_found")


def test_form_of_another_site_changes_nothing(place: Place) -> None:
    """Browsers send forms and text anywhere without asking; JSON they only send where they may."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        response = place.ask("POST", place.path, content=b'{"agent_side": 1}', headers={"Content-Type": kind})
        problem(response, 415, "request.media_type")
    assert place.get().json()["version"] == 1


def run(*arguments: object):
    return CliRunner().invoke(cli, ["roles", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The installation that the commands of this test work on."""
    made = make_place(sqlite_url, tmp_path, SAMPLES / f"{NAME}.transcript.json")
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setattr("getpass.getuser", lambda: "wang")
    yield made
    made.tools.close()


def state(place: Place) -> str:
    with reading(place.tools.sessions) as session:
        return session.get_one(WorkRow, place.call_id).state


def test_swap_on_the_command_line_goes_all_the_way(here: Place) -> None:
    done = run("swap", NAME, "--because", "听过录音", "--lang", "en")

    assert done.exit_code in {0, 3}
    assert state(here) == ("assessed" if done.exit_code == 0 else "unjudged")
    assert "swapped cli:wang" in done.stdout
    assert "2 (current)" in done.stdout
    assert here.last_entry().action.startswith("call.")
    shown = here.get().json()
    assert (shown["roles"]["by"], shown["versions"][1]["because"]) == ("cli:wang", "听过录音")
    assert [version["score"] is None for version in shown["versions"]] == [False, False]

    with pytest.raises(ConflictError) as caught:
        run("swap", NAME, "--version", 1)
    assert caught.value.code == "roles.version_changed"
    assert here.get().json()["version"] == 2


def test_side_is_set_on_the_command_line_and_setting_it_again_is_harmless(here: Place) -> None:
    add_sides(here)
    for _ in range(2):
        done = run("set", f"sample-recorder/{NAME}", "--agent-side", "second")
        assert done.exit_code in {0, 3}
        assert "第二侧 · 坐席" in done.stdout
    assert here.get().json()["version"] == 3


def test_distributed_installation_leaves_the_rest_to_its_workers(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DITING_EXECUTION", "distributed")
    done = run("swap", here.call_id)
    assert (done.exit_code, state(here)) == (0, "transcribed")
    assert "`diting worker`" in done.stdout
    with reading(here.tools.sessions) as session:
        assert session.get_one(WorkRow, here.call_id).sent_at is None, "the sweeper sends it"


def test_failure_while_judging_anew_is_said(here: Place) -> None:
    with reading(here.tools.sessions) as session:
        sha256 = session.get_one(CallRow, here.call_id).recording_sha256
    (stored,) = [path for path in Path(here.tools.settings.data_dir).rglob(sha256) if path.is_file()]
    stored.write_bytes(b"rot")
    done = run("swap", here.call_id)
    assert done.exit_code == 1
    assert "[recording.damaged]" in done.stderr
    assert state(here) == "failed"
    with pytest.raises(ConflictError) as caught:
        run("swap", here.call_id)
    assert caught.value.code == "roles.call_failed"


def test_calls_nobody_knows(here: Place) -> None:
    for command in (("show", "x"), ("swap", "x"), ("set", "x", "--agent-side", "first")):
        with pytest.raises(NotFoundError) as caught:
            run(*command)
        assert caught.value.code == "call.not_found"
    shown = run("show", here.waiting, "--lang", "en")
    assert (shown.exit_code, shown.stdout.splitlines()[0]) == (0, "sample-recorder/S08-third-party Received")
    with pytest.raises(ConflictError) as refused:
        run("swap", here.waiting)
    assert refused.value.code == "roles.no_transcript"
    with transaction(here.tools.sessions) as session:
        session.get_one(CallRow, here.waiting).external_id = NAME
        session.get_one(CallRow, here.waiting).source = "other"
    with pytest.raises(BadInputError) as ambiguous:
        run("swap", NAME)
    assert ambiguous.value.code == "call.ambiguous"
