"""Clean speech, written by us: what compliant collectors and ordinary customers say accuses nobody."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from qc.compile import PackSet
from qc.evaluate import run_rules
from qc.examples import call_of
from qc.findings import Finding
from qc.force import in_force
from qc.language.schema import ExampleCall, Turn
from qc.packs import load_packs

FOLDER = Path(__file__).parent / "clean"
FILES = sorted(FOLDER.glob("*.yaml"))
# A single turn is no call: that nobody gave their name or said goodbye tells nothing.
OF_A_WHOLE_CALL = ("absence", "fact", "cue")


@lru_cache(maxsize=4)
def packs_of(names: tuple[str, ...]) -> PackSet:
    return load_packs(names)


def corpus(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def turns_of(path: Path) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(side, text, categories really there) of the single turns of a file."""
    for side in ("agent", "customer"):
        for entry in corpus(path).get(side, []):
            said = entry if isinstance(entry, dict) else {"text": entry}
            yield side, said["text"], frozenset(said.get("signals", ()))


def calls_of(path: Path) -> list[dict[str, Any]]:
    return corpus(path).get("calls", [])


def judged(path: Path, whole: ExampleCall, *, confidence: float = 1.0) -> tuple[Finding, ...]:
    """The findings of the stable rules of the packs that the file names."""
    named = corpus_head(path)
    packs = packs_of(named[1])
    call = call_of(whole, named[0], confidence)
    return run_rules(call, in_force(packs.rules, None, "stable"))


@cache
def corpus_head(path: Path) -> tuple[str, tuple[str, ...]]:
    head = corpus(path)
    return head["language"], tuple(head["packs"])


def cry(finding: Finding) -> str:
    return f"{finding.rule} [{finding.category}, {finding.how}] heard {finding.heard!r}"


def hint(finding: Finding) -> bool:
    """Likeness to the examples that is not sure enough to count: a person looks at it."""
    return finding.how == "likeness" and finding.status == "unsure"


def in_turns(path: Path, *, recognised: bool = False) -> Iterator[tuple[Finding, str]]:
    """Everything in single turns that is not really there, with the turn."""
    for side, text, signals in turns_of(path):
        turn = Turn(agent=text) if side == "agent" else Turn(customer=text)
        whole = ExampleCall(turns=[turn], recognised=recognised)
        for finding in judged(path, whole, confidence=0.5 if recognised else 1.0):
            of_a_call = finding.how in OF_A_WHOLE_CALL or (finding.kind == "violation" and side == "customer")
            if not of_a_call and finding.category not in signals:
                yield finding, f"{cry(finding)} in {side}: {text}"


def in_calls(path: Path) -> Iterator[tuple[Finding, str]]:
    """Everything in whole calls that is not really there, with the sentence."""
    for entry in calls_of(path):
        turns = [
            Turn(agent=text) if side == "a" else Turn(customer=text)
            for turn in entry["turns"]
            for side, text in turn.items()
        ]
        whole = ExampleCall(turns=turns, call=entry.get("call", {}))
        for finding in judged(path, whole):
            if finding.category not in entry.get("signals", ()):
                said = " / ".join(turns[at].agent or turns[at].customer or "" for at in finding.utterances)
                yield finding, f"{cry(finding)} in call {entry['name']!r}: {said}"


def alarms(found: Iterable[tuple[Finding, str]]) -> list[str]:
    return [told for finding, told in found if not hint(finding)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_clean_turns_raise_no_alarm(path: Path):
    assert alarms(in_turns(path)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_clean_turns_raise_no_alarm_by_their_sound(path: Path):
    """The same words from a recogniser that doubts half of what it heard."""
    assert alarms(in_turns(path, recognised=True)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_clean_calls_raise_no_alarm(path: Path):
    assert alarms(in_calls(path)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hints_of_likeness_are_few(path: Path):
    """They cost a person's time, so at most one turn in six of what is clean."""
    hinted = {told.partition(" in ")[2] for finding, told in in_turns(path) if hint(finding)}
    assert len(hinted) <= len(list(turns_of(path))) / 6


def test_the_corpus_is_large_and_nothing_stands_twice():
    turns = {"zh": 0, "en": 0}
    calls = {"zh": 0, "en": 0}
    for path in FILES:
        texts = [text for _, text, _ in turns_of(path)]
        assert sorted(text for text in set(texts) if texts.count(text) > 1) == []
        turns[corpus_head(path)[0]] += len(texts)
        calls[corpus_head(path)[0]] += len(calls_of(path))
    assert turns["zh"] >= 400
    assert calls["zh"] >= 40
    assert turns["en"] >= 150
    assert calls["en"] >= 15
