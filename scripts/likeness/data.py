"""Turns of labelled calls, and wordings: what the model is measured on and, beside its banks, learns from."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qc.likeness.features import fold
from qc.taxonomy import CATEGORIES

STATES = ("angry", "anxious", "dissatisfied", "questioning")


@dataclass(frozen=True, slots=True)
class CallTurn:
    """One utterance of a labelled call. `labels` are the banks that it belongs to; `present` and `open`
    those that somewhere in the call are, or may be, right: the turn says nothing about them."""

    call: str
    at: int
    speaker: str
    text: str
    labels: frozenset[str]
    present: frozenset[str]
    open: frozenset[str]

    def belongs(self, bank: str) -> bool | None:
        """Whether the turn belongs to the bank; None where the labels do not say."""
        if bank in self.labels:
            return True
        unknown = kind_of(bank) is None or bank in self.present or bank in self.open
        return None if unknown else False


def kind_of(bank: str) -> str | None:
    """Whether a bank is about a violation or a signal; None where it only helps rules to judge others."""
    category = CATEGORIES.get(bank) or CATEGORIES.get(bank.rpartition(".")[0])
    return None if category is None else category.kind


def side_of(bank: str) -> str:
    """Whose words a bank is about."""
    return "customer" if kind_of(bank) == "signal" else "agent"


def read_calls(folders: Sequence[Path], without: str = "TW") -> list[CallTurn]:
    """The turns of all Mandarin calls in the folders, without those whose names begin with one of `without`:
    T… and W… are kept for the last measure."""
    turns: list[CallTurn] = []
    for folder in folders:
        for path in sorted(folder.glob("*.transcript.json")):
            name = path.name.removesuffix(".transcript.json")
            if not name.startswith(tuple(without)):
                turns += _turns(name, path)
    return turns


def _turns(name: str, path: Path) -> Iterator[CallTurn]:
    transcript = json.loads(path.read_text(encoding="utf-8"))
    if transcript.get("language", "zh") != "zh":
        return
    labels = json.loads((path.parent / f"{name}.labels.json").read_text(encoding="utf-8"))
    here: dict[int, set[str]] = {}
    present: set[str] = set()
    for entry in labels["present"]:
        bank = entry["category"]
        if bank == "negative_emotion":
            bank = f"{bank}.{entry.get('state')}"
        present.add(bank)
        for at in entry["utterances"]:
            here.setdefault(at, set()).add(bank)
    opened = set(labels.get("open", []))
    if "negative_emotion" in opened:
        opened |= {f"negative_emotion.{state}" for state in STATES}
    for at, said in enumerate(transcript["utterances"]):
        yield CallTurn(
            name, at, said["speaker"], fold(said["text"]),
            frozenset(here.get(at, ())), frozenset(present), frozenset(opened),
        )  # fmt: skip


def read_ordinary(paths: Sequence[Path]) -> list[str]:
    """The lines of agents to whom nothing can be objected."""
    return [
        folded
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if (folded := fold(line))
    ]


@dataclass(frozen=True, slots=True)
class Wording:
    """One labelled wording, in the words of the side that the bank is about."""

    bank: str
    text: str
    positive: bool


def read_wordings(paths: Sequence[Path]) -> list[Wording]:
    """The wordings that the tests of the packs hold, those about a state or an absence left out."""
    out = []
    for path in paths:
        for name, kinds in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            bank = name.replace("/", ".")
            if bank == "negative_emotion" or bank.endswith("_ignored") or bank.startswith("no_"):
                continue
            mark = "c: " if side_of(bank) == "customer" else "a: "
            for kind, positive in (("said", True), ("near", False)):
                for turns in kinds.get(kind, []):
                    mine = [turn.removeprefix(mark) for turn in turns if turn.startswith(mark)]
                    if mine:
                        out.append(Wording(bank, fold(mine[-1]), positive))
    return out


def read_rule_examples(folders: Sequence[Path]) -> list[Wording]:
    """The single turns that rules of packs give as examples; those with more than one turn of their side, and
    those of rules that use likeness themselves, are left out."""
    out = []
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if not path.name.startswith("likeness-"):
                for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules") or []:
                    out += _examples(rule)
    return out


def _examples(rule: dict[str, Any]) -> Iterator[Wording]:
    bank = rule["category"]
    if "state" in rule.get("attributes", {}):
        bank = f"{bank}.{rule['attributes']['state']}"
    for kind, positive in (("violates", True), ("allowed", False)):
        for example in rule.get("examples", {}).get(kind, []):
            turns = example if isinstance(example, list) else [{side_of(bank): example}]
            mine = [turn[side_of(bank)] for turn in turns if side_of(bank) in turn]
            if len(mine) == 1 and isinstance(mine[0], str):
                yield Wording(bank, fold(mine[0]), positive)
