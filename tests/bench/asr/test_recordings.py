import json
import shutil
from itertools import pairwise
from pathlib import Path

from bench.asr.recordings import find_calls, spread

SAMPLES = Path(__file__).parents[3] / "samples/calls"


def test_spread_takes_every_nth_in_order() -> None:
    chosen = spread(range(100), 5, seed=1)
    assert [b - a for a, b in pairwise(chosen)] == [20] * 4
    assert chosen == spread(range(100), 5, seed=1)
    assert chosen != spread(range(100), 5, seed=2)


def test_spread_takes_all_when_there_are_not_enough_and_none_when_none_is_wanted() -> None:
    assert spread("abc", 7, seed=1) == ["a", "b", "c"]
    assert spread("abc", 0, seed=1) == []
    assert spread("", 3, seed=1) == []


def test_calls_without_reference_or_in_another_language_are_left_out(tmp_path: Path) -> None:
    for name in ("S01-clean", "S02-abuse"):
        for file in SAMPLES.glob(f"{name}.*"):
            shutil.copy(file, tmp_path)
    shutil.copy(tmp_path / "S01-clean.opus", tmp_path / "S01-clean.mono.opus")
    transcript = tmp_path / "S02-abuse.transcript.json"
    transcript.write_text(json.dumps(json.loads(transcript.read_text()) | {"language": "en"}))
    (found,) = find_calls(tmp_path)
    assert (found.name, found.source) == ("S01-clean", "calls")
    reference = json.loads((tmp_path / "S01-clean.transcript.json").read_text())["utterances"]
    assert found.said == tuple(
        "".join(u["text"] for u in reference if u["speaker"] == side) for side in ("agent", "customer")
    )


def test_what_was_said_follows_the_channels_of_the_record(tmp_path: Path) -> None:
    for file in SAMPLES.glob("S01-clean.*"):
        shutil.copy(file, tmp_path)
    (before,) = find_calls(tmp_path)
    record = tmp_path / "S01-clean.call.json"
    data = json.loads(record.read_text())
    data["recording"]["channels"] = {"0": "customer", "1": "agent"}
    record.write_text(json.dumps(data))
    (after,) = find_calls(tmp_path)
    assert after.said == before.said[::-1]
