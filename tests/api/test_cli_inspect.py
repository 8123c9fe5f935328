"""`diting inspect` on transcripts, recordings and nonsense."""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli.console import gravest
from api.cli.inspect import pair
from api.cli.main import app
from store.errors import BadInputError
from tests.api.conftest import SAMPLES

ROOT = Path(__file__).parents[2]
THREAT = SAMPLES / "S03-threat.transcript.json"
CLEAN = SAMPLES / "S01-clean.transcript.json"


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Runs a command in this process, as `main` would: errors are one line and an exit code."""
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    runner = CliRunner()

    def run(*arguments):
        return runner.invoke(app, [str(argument) for argument in arguments])

    return run


def diting(*arguments, **environment):
    """A real process."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "warnings")))
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, arguments)],
        capture_output=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "LC_ALL": "C", **environment},
    )


def write_wav(path: Path, seconds: float, *, level: float = 0.0) -> Path:
    """Two channels of noise at 8 kHz; `level` 0 is silence."""
    noise = np.random.default_rng(1).normal(0, level or 1, (int(8000 * seconds), 2))
    samples = (noise * (1 if level else 0)).clip(-32000, 32000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return path


def test_a_transcript_with_its_metadata_gives_the_documented_object(cli):
    result = cli("inspect", "--json", "--transcript", THREAT, "--metadata", SAMPLES / "S03-threat.call.json")
    assert result.exit_code == 0
    assert result.stderr == ""
    (line,) = result.stdout.splitlines()
    data = json.loads(line)
    assert list(data) == [
        "diting",
        "status",
        "reasons",
        "call",
        "transcript",
        "cues",
        "voice",
        "findings",
        "facts",
        "score",
        "ticket",
        "warning",
    ]
    assert data["status"] == "inspected"
    assert data["call"]["external_id"] == "S03-threat"
    assert data["score"]["band"] == "critical"
    assert "threat" in {finding["category"] for finding in data["findings"]}


def test_metadata_beside_the_transcript_is_found(cli):
    beside = cli("inspect", "--json", "--transcript", THREAT)
    named = cli("inspect", "--json", "--transcript", THREAT, "--metadata", SAMPLES / "S03-threat.call.json")
    assert beside.stdout == named.stdout


def test_several_calls_keep_their_order_and_bad_ones_do_not_stop_the_rest(cli, tmp_path):
    missing = tmp_path / "nowhere.transcript.json"
    result = cli("inspect", "--json", "--transcript", THREAT, "--transcript", missing, "--transcript", CLEAN)
    assert result.exit_code == 2
    ids = [json.loads(line)["call"]["external_id"] for line in result.stdout.splitlines()]
    assert ids == ["S03-threat", "S01-clean"]
    (line,) = result.stderr.splitlines()
    assert "nowhere.transcript.json" in line
    assert line.endswith("[transcript.unreadable]")


def test_a_call_without_its_time_is_unjudged(cli):
    result = cli("inspect", "--json", "--transcript", SAMPLES / "S10-no-time.transcript.json")
    assert result.exit_code == 3
    data = json.loads(result.stdout)
    assert data["status"] == "unjudged"
    assert any(reason.startswith("time.missing: ") for reason in data["reasons"])
    assert data["ticket"] is not None


def test_bad_input_outweighs_unjudged(cli, tmp_path):
    result = cli(
        "inspect",
        "--json",
        "--transcript",
        SAMPLES / "S10-no-time.transcript.json",
        "--transcript",
        tmp_path / "none.json",
    )
    assert result.exit_code == 2
    assert gravest([3, 0, 2, 3]) == 2
    assert gravest([0, 3]) == 3
    assert gravest([2, 1, 3]) == 1
    assert gravest([]) == 0


BAD_JSON = {
    "text": b"hello",
    "empty": b"",
    "list": b"[]",
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "nan": b'{"language": "zh", "utterances": [{"speaker": "agent", "start": NaN, "end": 1, "text": "x"}]}',
    "speaker": b'{"language": "zh", "utterances": [{"speaker": "boss", "start": 0, "end": 1, "text": "x"}]}',
}


ONLY_TRANSCRIPTS = {"nan", "speaker"}


@pytest.mark.parametrize(
    ("name", "option"),
    [
        *((name, "--transcript") for name in sorted(BAD_JSON)),
        *((name, "--metadata") for name in sorted(BAD_JSON.keys() - ONLY_TRANSCRIPTS)),
    ],
)
def test_bad_files_are_one_line_and_exit_code_2(cli, tmp_path, name, option):
    path = tmp_path / f"{name}.json"
    path.write_bytes(BAD_JSON[name])
    arguments = (
        ["--transcript", THREAT, "--metadata", path] if option == "--metadata" else ["--transcript", path]
    )
    result = cli("inspect", "--json", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert path.name in line
    assert "Traceback" not in line


@pytest.mark.parametrize(
    "name", ["empty.wav", "text.wav", "zero.wav", "cut.wav", "unknown.xyz", "missing.wav", "folder"]
)
def test_bad_recordings_are_one_line_and_exit_code_2(cli, tmp_path, name):
    path = tmp_path / name
    if name == "zero.wav":
        write_wav(path, 0)
    elif name == "cut.wav":
        whole = write_wav(path, 5, level=500).read_bytes()
        path.write_bytes(whole[:9000])
    elif name == "folder":
        path.mkdir()
    elif name != "missing.wav":
        path.write_bytes({"empty.wav": b"", "text.wav": b"not a sound\n" * 50}.get(name, os.urandom(5000)))
    result = cli("inspect", "--json", path)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert name in line


def test_the_summary_is_for_people_in_both_languages(cli):
    chinese = cli("inspect", "--transcript", THREAT)
    assert chinese.exit_code == 0
    assert "恐吓威胁" in chinese.stdout
    assert "首要建议" in chinese.stdout
    english = cli("inspect", "--transcript", THREAT, "--lang", "en")
    assert "Threat" in english.stdout
    assert "Critical" in english.stdout


def test_the_summary_says_what_could_not_be_judged(cli):
    result = cli("inspect", "--transcript", SAMPLES / "S10-no-time.transcript.json")
    assert "未能判定" in result.stdout
    assert "time.missing" in result.stdout


def test_a_report_is_written_beside_the_json(cli, tmp_path):
    folder = tmp_path / "reports" / "today"
    result = cli("inspect", "--json", "--transcript", THREAT, "--report", folder)
    assert result.exit_code == 0
    page = (folder / "S03-threat.html").read_text(encoding="utf-8")
    assert "恐吓威胁" in page
    assert json.loads(result.stdout)["findings"][0]["heard"][:4] in page


def test_a_report_that_cannot_be_written_is_said(cli, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    result = cli("inspect", "--json", "--transcript", THREAT, "--report", blocked / "under")
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert "[cli.unwritable]" in result.stderr


@pytest.mark.parametrize(
    ("recordings", "transcripts", "metadata", "code"),
    [
        ([], [], None, "cli.no_input"),
        (["a.wav", "b.wav"], ["a.json"], None, "cli.unpaired"),
        (["a.wav", "b.wav"], [], "c.json", "cli.one_metadata"),
    ],
)
def test_arguments_that_do_not_fit_together(recordings, transcripts, metadata, code):
    with pytest.raises(BadInputError) as caught:
        pair([*map(Path, recordings)], [*map(Path, transcripts)], Path(metadata) if metadata else None)
    assert caught.value.code == code


def test_recordings_and_transcripts_go_together_by_their_order():
    calls = pair([Path("a.wav"), Path("b.wav")], [Path("x.json"), Path("y.json")], None)
    assert [(str(c.recording), str(c.transcript)) for c in calls] == [
        ("a.wav", "x.json"),
        ("b.wav", "y.json"),
    ]


def test_an_unknown_pack_is_said_in_one_line():
    done = diting("inspect", "--json", "--transcript", THREAT, "--pack", "no-such-pack")
    assert done.returncode == 2
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.endswith("[rules.pack_unknown]")


def test_a_real_process_gives_the_same_bytes_twice_and_nothing_else():
    first, second = (diting("inspect", "--json", "--transcript", THREAT) for _ in range(2))
    assert first.returncode == 0
    assert first.stdout == second.stdout
    assert first.stderr == b""
    assert json.loads(first.stdout.decode("utf-8"))["transcript"]["utterances"]


def test_a_wrong_setting_is_one_line():
    done = diting("inspect", "--transcript", THREAT, DITING_BEAM_SIZE="many")
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("DITING_BEAM_SIZE")


def test_control_characters_of_hostile_names_do_not_reach_the_terminal(cli, tmp_path):
    name = "a\x1b[31m\u202eb"
    folder = tmp_path / name
    folder.mkdir()
    result = cli("inspect", "--json", "--transcript", folder / "x.json")
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr
