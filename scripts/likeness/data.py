"""Turns of labelled calls, and wordings: what the model is measured on and, beside its banks, learns from."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
        return None if bank in self.present or bank in self.open else False


def side_of(bank: str) -> str:
    """Whose words a bank is about."""
    category = bank if bank in CATEGORIES else bank.rpartition(".")[0]
    known = CATEGORIES.get(category)
    return "customer" if known is not None and known.kind == "signal" else "agent"


def read_calls(folders: Sequence[Path]) -> list[CallTurn]:
    """The turns of all Mandarin calls in the folders, except those kept for the last measure (T…)."""
    turns: list[CallTurn] = []
    for folder in folders:
        for path in sorted(folder.glob("*.transcript.json")):
            name = path.name.removesuffix(".transcript.json")
            if not name.startswith("T"):
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


@dataclass(frozen=True, slots=True)
class Wording:
    """One labelled wording: the last turn of its side."""

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
