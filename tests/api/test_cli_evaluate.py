"""`diting evaluate` on the labelled samples."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from api.cli.evaluate import usable
from api.cli.main import app
from pipeline.labels import find_labelled
from store.errors import BadInputError
from store.logging import configure_logging
from tests.api.conftest import copy_samples


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    configure_logging("error")
    return copy_samples(tmp_path / "in", ("S01-clean", "S03-threat"))


def run(*arguments):
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)], catch_exceptions=False)


def test_json_counts_what_the_labels_say(folder):
    done = run(folder, "--json", "--jobs", 1)
    assert done.exit_code == 0
    assert done.stderr == ""
    data = json.loads(done.stdout)
    assert (data["calls"], data["from"], data["left_out"]) == (2, "transcript", [])
    assert data["statuses"] == {"inspected": 2, "unjudged": 0, "refused": 0}
    assert data["categories"]["threat"]["tp"] == 1
    assert data["categories"]["threat"]["utterance_match"] == {"right": 1, "of": 1}
    assert [call["call"] for call in data["per_call"]] == ["S01-clean", "S03-threat"]
    labels = json.loads((folder / "S03-threat.labels.json").read_text(encoding="utf-8"))
    present = {entry["category"] for entry in labels["present"]}
    counted = {name for name, counts in data["categories"].items() if counts["tp"] + counts["fn"]}
    assert present <= counted


def test_the_table_and_the_sums_in_both_languages(folder):
    chinese = run(folder, "--jobs", 1)
    assert "threat" in chinese.stdout
    assert "宏平均 F1" in chinese.stdout
    english = run(folder, "--jobs", 1, "--lang", "en")
    assert "macro-F1" in english.stdout
    assert "score band agrees" in english.stdout


def test_a_call_that_cannot_be_read_counts_as_missed(folder):
    (folder / "S03-threat.transcript.json").write_text("{}", encoding="utf-8")
    done = run(folder, "--json", "--jobs", 1)
    assert done.exit_code == 2
    data = json.loads(done.stdout)
    assert data["statuses"]["refused"] == 1
    assert data["categories"]["threat"]["fn"] == 1
    assert "S03-threat.transcript.json" in done.stderr


def test_calls_without_the_files_needed_are_named_and_left_out(folder):
    (folder / "S03-threat.transcript.json").unlink()
    done = run(folder, "--json", "--jobs", 1)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["left_out"] == ["S03-threat"]
    assert done.stderr == "S03-threat: no transcript, left out. [evaluate.left_out]\n"
    (folder / "S01-clean.transcript.json").unlink()
    with pytest.raises(BadInputError) as caught:
        run(folder)
    assert caught.value.code == "evaluate.nothing"


def test_wrong_labels_stop_before_anything_is_judged(folder):
    (folder / "S01-clean.labels.json").write_text("[]", encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        run(folder, "--jobs", 1)
    assert caught.value.code == "labels.malformed"


def test_which_calls_can_be_listened_to(folder):
    (folder / "S01-clean.opus").unlink()
    shutil.copyfile(folder / "S03-threat.opus", folder / "S03-threat.mono.opus")
    calls, left_out = usable(find_labelled(folder), from_audio=True)
    assert ([call.name for call in calls], left_out) == (["S03-threat"], ["S01-clean"])
    (mono,) = find_labelled(folder, mono=True)
    assert mono.recording == folder / "S03-threat.mono.opus"
