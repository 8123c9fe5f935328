"""How much is found: on sentences written for this, and on the development set where it is at hand.

The bounds are what was measured (docs/privacy.md): whoever changes the rules must not fall below.
"""

import json
from pathlib import Path

import pytest

from store.errors import BadInputError
from transcription.privacy.evaluate import evaluate
from transcription.privacy.marked import MarkedCall, read, read_folder
from transcription.privacy.types import Found
from transcription.types import Utterance

HERE = Path(__file__).parent
DEVSET = Path("/work/shared/devset/scripts")


def test_enough_is_found_in_the_sentences_and_nothing_else():
    found = evaluate(read_folder(HERE / "sentences"))
    assert (found.by_group["names"].marked, found.by_group["numbers"].marked) == (354, 141)
    assert found.by_group["names"].recall >= 0.97
    assert found.by_group["numbers"].recall >= 0.99
    assert found.by_group["others"].recall >= 0.99
    assert all(figures.precision >= 0.98 for figures in found.by_group.values())


@pytest.mark.skipif(not DEVSET.is_dir(), reason="the development set is not here")
def test_enough_is_found_in_the_development_set():
    found = evaluate(_devset())
    assert (found.by_group["names"].marked, found.by_group["numbers"].marked) == (76, 10)
    assert found.by_group["names"].recall >= 0.98
    assert found.by_group["numbers"].recall == 1.0
    assert all(figures.precision >= 0.98 for figures in found.by_group.values())


def _devset() -> list[MarkedCall]:
    calls = []
    marked = json.loads((HERE / "devset_marks.json").read_text(encoding="utf-8"))
    for file in sorted(DEVSET.glob("*.json")):
        turns = json.loads(file.read_text(encoding="utf-8"))["turns"]
        said = tuple(
            Utterance(at, turn["speaker"], at, at + 1, turn["text"]) for at, turn in enumerate(turns)
        )
        marks: list[tuple[Found, ...]] = [()] * len(turns)
        for turn in marked.get(file.stem, []):
            marks[turn["turn"]] = tuple(Found(*mark) for mark in turn["marks"])
        calls.append(MarkedCall(said, tuple(marks)))
    return calls


def test_misses_and_wrong_finds_are_told():
    (call,) = read("agent: 我叫[name:王建国]，[name:方便]的时候，电话13800138000。", "x")
    found = evaluate([call])
    assert {(each.missed, each.text) for each in found.mistakes} == {(True, "方便"), (False, "13800138000")}
    assert (found.by_kind["name"].recall, found.by_kind["phone"].precision) == (0.5, 0.0)


@pytest.mark.parametrize("text", ["nobody: hello", "agent: [nickname:小王]", "no speaker"])
def test_a_line_that_cannot_be_read_is_named(text):
    with pytest.raises(BadInputError) as caught:
        list(read(text, "calls.txt"))
    assert (caught.value.code, caught.value.where) == ("privacy.marks", "calls.txt:1")


def test_a_folder_without_calls_is_refused(tmp_path):
    with pytest.raises(BadInputError) as caught:
        read_folder(tmp_path)
    assert caught.value.code == "privacy.marks"
