"""Varied Mandarin utterances, none twice, as a recogniser would hand them over."""

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path

from qc.compile import PackSet
from qc.matching.text import fold_text
from transcription.types import Speaker, Transcript, Utterance, Word

ROOT = Path(__file__).resolve().parents[2]
CALL_SIZE = 40
SEED = 20261122
# Half of the words of telephone calls that the bundled model recognises have less than this confidence.
MEDIAN_CONFIDENCE = 0.9


def calls(packs: PackSet) -> list[Transcript]:
    """Calls of 40 utterances: from the examples of the rules, the calls of the benches and the banks of
    likeness. No two utterances are the same when normalised."""
    texts: dict[str, str] = {}
    for text in (*_of_rules(packs), *_of_calls(), *_of_banks()):
        texts.setdefault(fold_text(text), text)
    chosen = [text for folded, text in texts.items() if 2 <= len(folded) <= 80]
    rng = random.Random(SEED)
    rng.shuffle(chosen)
    return [
        Transcript("zh", "recogniser", "", tuple(_heard(at, text, rng) for at, text in enumerate(each)))
        for each in (chosen[at : at + CALL_SIZE] for at in range(0, len(chosen) - CALL_SIZE + 1, CALL_SIZE))
    ]


def _of_rules(packs: PackSet) -> Iterator[str]:
    for rule in packs.rules:
        for example in (*rule.rule.examples.violates, *rule.rule.examples.allowed):
            if isinstance(example, str):
                yield example


def _of_calls() -> Iterator[str]:
    for path in sorted((ROOT / "bench" / "calls").glob("[HU]0*.transcript.json")):
        for said in json.loads(path.read_text(encoding="utf-8"))["utterances"]:
            yield said["text"]


def _of_banks() -> Iterator[str]:
    for path in sorted((ROOT / "qc" / "likeness" / "bank" / "zh").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row and row[0] in ("+", "-"):
                    yield row[1]


def _heard(at: int, text: str, rng: random.Random) -> Utterance:
    words: list[Word] = []
    place = 0
    while place < len(text):
        size = rng.choice((1, 1, 2))
        confidence = MEDIAN_CONFIDENCE + (0.1 if rng.random() < 0.5 else -0.6) * rng.random()
        words.append(
            Word(text[place : place + size], at * 4 + place / 10, at * 4 + place / 10 + 0.1, confidence)
        )
        place += size
    mean = sum(word.confidence for word in words) / len(words)
    side: Speaker = "agent" if at % 2 else "customer"
    return Utterance(at, side, at * 4.0, at * 4.0 + 3, text, mean, words=tuple(words))
