"""Does forced decoding tell what was said from what only sounds alike?

    python -m bench.second_hearing FOLDER… [--limit N]

Each FOLDER holds NAME.opus, NAME.call.json and NAME.transcript.json (what was really said). Every call is
transcribed, and every place where a phrase of a severe rule is matched by sound is weighed as it would be in
a second hearing. The truth is whether the phrase stands in the real transcript near that place, letter for
letter. Prints each place; the area under the curve of the likelihood ratio, of the likeness in sound, and of
the confidence that the finding has without a second hearing; and what the limits in `qc.second_hearing` make
of it. The last line is JSON.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.audio import decode
from ingest.metadata import load_call_record
from qc.call import Call
from qc.compile import CompiledRule
from qc.findings import Finding
from qc.matching.text import fold_text
from qc.matching.words import WordPattern
from qc.packs import default_packs, load_packs
from qc.second_hearing import SEVERE, decide, question
from transcription.engines.engine import Engine
from transcription.engines.registry import make_engine
from transcription.given import load_transcript
from transcription.questions import Answer
from transcription.second_hearing import hear_again
from transcription.transcribe import transcribe
from transcription.types import Transcript

_NEAR_S = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """One match by sound: the finding it would be, how alike it sounds, and whether the words were said."""

    finding: Finding
    likeness: float
    said: bool


def patterns(condition: Any) -> Iterator[WordPattern]:
    """All phrases anywhere in a compiled condition."""
    if isinstance(condition, WordPattern):
        yield condition
    elif isinstance(condition, list | tuple):
        for part in condition:
            yield from patterns(part)
    elif type(condition).__module__.startswith("qc.conditions"):
        for name in getattr(condition, "__dataclass_fields__", {}):
            yield from patterns(getattr(condition, name))


def places(call: Call, truth: Transcript, rules: Iterable[CompiledRule]) -> list[Place]:
    """Every place of a call where a phrase of these rules is matched by sound."""
    found: dict[tuple[int, tuple[int, int], str], Place] = {}
    for rule in rules:
        for pattern in patterns(rule.detect):
            for at in call.window(rule.side, None):
                for match in call.matches(pattern, at):
                    said, span = call.utterances[at], call.texts[at].raw_span(match.start, match.end)
                    if match.how != "sound" or (at, span, match.matched) in found:
                        continue
                    confidence = call.confidence(at, (match.start, match.end))
                    finding = Finding(
                        rule.name, rule.pack, rule.category.id, rule.category.kind, said.speaker, (said.id,),
                        span, said.start, said.end, said.text[span[0] : span[1]], match.matched, "sound",
                        match.likeness * confidence, "unsure", rule.severity, 0, {},
                    )  # fmt: skip
                    place = Place(finding, match.likeness, was_said(finding, truth))
                    found[at, span, match.matched] = place
    return list(found.values())


def was_said(finding: Finding, truth: Transcript) -> bool:
    """Whether the words looked for stand in the real transcript about where they were heard."""
    start, end = (finding.start or 0.0) - _NEAR_S, (finding.end or 0.0) + _NEAR_S
    near = [u for u in truth.utterances if u.speaker == finding.speaker and u.start <= end and u.end >= start]
    pieces = ".{0,12}?".join(re.escape(piece) for piece in finding.matched.split("…"))
    return re.search(pieces, fold_text("。".join(utterance.text for utterance in near))) is not None


def area(values: list[tuple[float, bool]]) -> float | None:
    """Area under the curve: how often a true place ranks above a false one."""
    true, false = ([value for value, said in values if said is wanted] for wanted in (True, False))
    if not (true and false):
        return None
    wins = sum((one > other) + (one == other) / 2 for one in true for other in false)
    return round(wins / (len(true) * len(false)), 3)


@dataclass
class Tally:
    """All places so far with what ranks them, what a second hearing made of them, and what it cost."""

    ratios: list[tuple[float, bool]] = field(default_factory=list)
    likeness: list[tuple[float, bool]] = field(default_factory=list)
    confidence: list[tuple[float, bool]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    first_s: float = 0.0
    again_s: float = 0.0

    def add(self, name: str, place: Place, answer: Answer) -> None:
        """Take in one place, and print it."""
        ratio = (answer.likelihood_expected or 0.0) - (answer.likelihood_heard or 0.0)
        outcome = decide(place.finding, answer)
        said = "said" if place.said else "not_said"
        self.outcomes[f"{outcome}_{said}"] += 1
        self.ratios.append((ratio, place.said))
        self.likeness.append((place.likeness, place.said))
        self.confidence.append((place.finding.confidence, place.said))
        words = f"{place.finding.heard} | {place.finding.matched}"
        print(f"{name:8} {said:8} {ratio:7.1f} {outcome:10} {words}", flush=True)

    def summary(self) -> dict[str, Any]:
        """What the last line says."""
        return {
            "places": len(self.ratios),
            "said": sum(said for _, said in self.ratios),
            "auc_likelihood": area(self.ratios),
            "auc_likeness": area(self.likeness),
            "auc_confidence": area(self.confidence),
            **dict(sorted(self.outcomes.items())),
            "cpu_s_first": round(self.first_s),
            "cpu_s_again": round(self.again_s),
        }


def weigh(path: Path, engine: Engine, rules: Iterable[CompiledRule], tally: Tally) -> None:
    """Transcribe one call, and hear all its matches by sound again."""
    record = load_call_record(path.with_suffix(".call.json"))
    started = time.process_time()
    audio = decode(path)
    heard = transcribe(audio, record, engine)
    tally.first_s += time.process_time() - started
    if heard.language != "zh":
        return
    truth = load_transcript(path.with_suffix(".transcript.json"))
    found = places(Call(heard, (), record, None, "zh"), truth, rules)
    started = time.process_time()
    answers = hear_again(audio, heard, [question(place.finding, heard) for place in found], engine)
    tally.again_s += time.process_time() - started
    for place, answer in zip(found, answers, strict=True):
        tally.add(path.stem, place, answer)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="at most so many calls of each folder")
    arguments = parser.parse_args()
    rules = [rule for rule in load_packs(default_packs("zh")).rules if rule.severity in SEVERE]
    engine, tally = make_engine("faster-whisper"), Tally()
    for folder in arguments.folders:
        recordings = [path for path in sorted(folder.glob("*.opus")) if ".mono" not in path.name]
        for path in recordings[: arguments.limit]:
            weigh(path, engine, rules, tally)
    print(json.dumps(tally.summary()))


if __name__ == "__main__":
    main()
