"""`diting engines` and what an unusable engine stops, as a person would run them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.engines import why
from store.errors import EngineError
from tests.api.conftest import SAMPLES
from tests.transcription.engines.conftest import Server, says, server  # noqa: F401 - server is a fixture
from tests.transcription.engines.tone_models import paraformer, sense_voice

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "engines.md"
RECORDING = SAMPLES / "S01-clean.opus"


def diting(home: Path, *arguments: object, **environment: str):
    """A real process, with its data under `home`."""
    path = [str(ROOT), str(ROOT / "warnings")]
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
        cwd=home,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "DITING_DATA_DIR": str(home / "var")}
        | environment,
    )


@pytest.fixture
def engines(monkeypatch):
    """`diting engines` in this process, with settings."""

    def run(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        return CliRunner().invoke(app, ["engines", *arguments], terminal_width=200)

    return run


def test_the_table_names_every_engine_and_what_it_lacks(engines):
    shown = engines("--lang", "en")
    assert shown.exit_code == 0
    assert re.search(r"▶\s+faster-whisper\s+yes\s+faster-whisper \d\S*\s+diting\s+bundled", shown.output)
    assert re.search(r"\n\s+openai-server\s+no\s+httpx \d", shown.output)
    assert re.search(r"\n\s+sherpa-onnx\s+no\s+sherpa-onnx \d", shown.output)
    assert "sherpa-onnx: DITING_MODEL: no model for sherpa-onnx comes with Diting. Set it to" in shown.output
    assert shown.output.rstrip().endswith("[model.missing]")


def test_the_table_is_chinese_unless_asked_otherwise(engines):
    shown = engines()
    assert re.search(r"▶\s+faster-whisper\s+可用", shown.output)
    assert "openai-server: DITING_ENGINE_URL：没有指定转写服务器。请设置 DITING_ENGINE_URL，" in shown.output


def test_json_says_the_same(engines):
    shown = engines("--json", DITING_ENGINE="whisperer")
    assert shown.exit_code == 1
    said = json.loads(shown.stdout)
    assert said["checks"] == []
    found = {engine["name"]: engine for engine in said["engines"]}
    assert sorted(found) == ["faster-whisper", "openai-server", "sherpa-onnx", "whisperer"]
    assert [name for name, engine in found.items() if engine["chosen"]] == ["whisperer"]
    assert found["whisperer"]["usable"] is False
    assert found["whisperer"]["problem"]["code"] == "engine.unknown"
    assert found["faster-whisper"]["usable"] is True


@pytest.mark.parametrize(("make", "kind"), [(sense_voice, "sense_voice"), (paraformer, "paraformer")])
def test_a_check_loads_the_chosen_engine_and_lets_it_hear(engines, tmp_path, make, kind):
    model = make(tmp_path / "tones", {"您": 20, "好": 30})
    shown = engines("--check", "--json", DITING_ENGINE="sherpa-onnx", DITING_MODEL=model)
    assert shown.exit_code == 0
    (check,) = json.loads(shown.stdout)["checks"]
    assert check["model"].startswith("tones@")
    assert check["options"]["kind"] == kind
    assert check["wrote"] == ["", ""]


def test_a_check_tries_both_engines(engines, tmp_path):
    first, second = sense_voice(tmp_path / "first", {"您": 20}), paraformer(tmp_path / "second", {"您": 20})
    shown = engines(
        "--check", "--lang", "en", DITING_ENGINE="sherpa-onnx", DITING_MODEL=first, DITING_SECOND_MODEL=second
    )
    assert shown.exit_code == 0
    assert re.findall(r"(\S)\s+sherpa-onnx\s+yes", shown.output) == ["▶", "▷"]
    assert re.findall(r"sherpa-onnx \((\w+)@\w+\) works", shown.output) == ["first", "second"]


def test_a_check_asks_the_server(engines, server: Server):  # noqa: F811
    server.will(says({"text": "嗡"}), says({"text": ""}))
    settings = {
        "DITING_ENGINE": "openai-server",
        "DITING_ENGINE_URL": server.url,
        "DITING_ENGINE_CONCURRENCY": "1",
        "DITING_MODEL": "whisper-1",
    }
    unasked = engines("--lang", "en", **settings)
    assert (unasked.exit_code, server.requests) == (0, [])
    assert re.search(r"▶\s+openai-server\s+not known", unasked.output)
    shown = engines("--check", "--lang", "en", **settings)
    assert shown.exit_code == 0
    assert "openai-server (whisper-1) works: loaded, and heard a tone and silence" in shown.output
    assert len(server.requests) == 2


def test_a_check_that_fails_says_why_on_one_line(tmp_path):
    key = "sk-4f0c2a9d7be14c55a1d3e8f7"
    ended = diting(
        tmp_path,
        "engines",
        "--check",
        DITING_ENGINE="openai-server",
        DITING_ENGINE_URL="http://127.0.0.1:9/v1",
        DITING_ENGINE_API_KEY=key,
        DITING_ENGINE_RETRIES="0",
        DITING_MODEL="whisper-1",
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("http://127.0.0.1:9/v1: the server cannot be reached")
    assert ended.stderr.rstrip().endswith("[engine.unreachable]")
    assert key not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", RECORDING, RECORDING),
        ("worker", "--until-done"),
        ("evaluate", SAMPLES, "--from", "audio"),
        ("demo", "--samples", SAMPLES),
    ],
    ids=lambda command: command[0],
)
def test_an_engine_that_cannot_be_used_stops_work_before_it_begins(tmp_path, monkeypatch, command):
    settings = {"ENGINE": "sherpa-onnx", "MODEL": tmp_path / "none", "DATA_DIR": tmp_path / "var"}
    for name, value in settings.items():
        monkeypatch.setenv(f"DITING_{name}", str(value))
    ended = CliRunner().invoke(app, [str(argument) for argument in command])
    assert isinstance(ended.exception, EngineError)
    assert (ended.exception.code, ended.exception.where) == ("model.missing", str(tmp_path / "none"))
    assert ended.exception.exit_code == 1
    assert ended.stdout == ""
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(("queue", "stopped"), [("asr", True), ("inspect", False)])
def test_a_worker_that_does_not_listen_needs_no_engine(tmp_path, monkeypatch, queue, stopped):
    """The distributed worker then goes on to look at the database, which is not there."""
    url = f"sqlite:///{tmp_path / 'none.db'}"
    settings = {"ENGINE": "none", "EXECUTION": "distributed", "DATABASE_URL": url, "DATA_DIR": tmp_path}
    for name, value in settings.items():
        monkeypatch.setenv(f"DITING_{name}", str(value))
    ended = CliRunner().invoke(app, ["worker", "--queue", queue])
    assert ended.exception.code == ("engine.unknown" if stopped else "database.outdated")


def test_transcripts_are_judged_without_any_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("DITING_ENGINE", "none")
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    transcript = SAMPLES / "S01-clean.transcript.json"
    ended = CliRunner().invoke(app, ["inspect", "--json", "--transcript", str(transcript)])
    assert ended.exit_code == 0
    assert json.loads(ended.stdout)["transcript"]["engine"] == "given"


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)


@pytest.fixture
def tape(tmp_path, monkeypatch):
    """The package of the guide, installed: its module, and the metadata that an installer would write."""
    (project,), (module,) = code_blocks("toml"), code_blocks("python")
    packages = tmp_path / "packages"
    info = packages / "diting_tape-1.0.dist-info"
    info.mkdir(parents=True)
    (packages / "diting_tape.py").write_text(module, encoding="utf-8")
    name, value = re.search(r'^(\w+) = "(diting_tape:\w+)"$', project, re.M).groups()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: diting-tape\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[diting.engines]\n{name} = {value}\n")
    monkeypatch.syspath_prepend(packages)
    yield packages
    sys.modules.pop("diting_tape", None)


@pytest.mark.usefixtures("tape")
def test_the_engine_of_the_guide_is_chosen_and_transcribes(tmp_path, engines):
    said = "您好请问是李先生吗"
    model = tmp_path / "model"
    model.mkdir()
    unusable = engines("--json", DITING_ENGINE="tape", DITING_MODEL=model)
    found = {engine["name"]: engine for engine in json.loads(unusable.stdout)["engines"]}["tape"]
    assert unusable.exit_code == 1
    assert (found["offered_by"], found["version"], found["usable"]) == ("diting-tape", "1.0", False)
    assert found["problem"]["message"] == "DITING_MODEL must be a folder with said.txt"
    (model / "said.txt").write_text(said, encoding="utf-8")
    checked = engines("--check", "--lang", "en")
    assert checked.exit_code == 0
    assert "tape (model) works" in checked.output
    inspected = CliRunner().invoke(app, ["inspect", "--json", str(RECORDING)])
    transcript = json.loads(inspected.stdout)["transcript"]
    assert (transcript["engine"], transcript["model"]) == ("tape", "model")
    texts = [utterance["text"] for utterance in transcript["utterances"]]
    assert texts
    assert all(said.startswith(text.rstrip("。？！")) for text in texts)


@pytest.mark.parametrize("code", ["engine.no_url", "engine.broken", "model.missing", "something.else"])
def test_every_problem_has_words_in_both_languages(code):
    problem = EngineError("it is so", code=code, where="here", mend="Mend it.")
    assert why(problem, "en") == f"here: it is so. Mend it. [{code}]"
    assert why(problem, "zh").startswith("here")
    assert why(problem, "zh").endswith(f"[{code}]")
