"""The examples inside rules, run as tests: each must fire, or must not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.metadata import CallRecord, official_zone, parse_call_record
from qc.call import GIVEN, Call
from qc.compile import CompiledRule, PackSet
from qc.evaluate import run_rules
from qc.language.loader import read_packs
from qc.language.schema import Example, ExampleCall, Turn
from qc.packs import load_packs, pack_folders
from store.errors import RuleError
from transcription.types import Cue, Speaker, Transcript, Utterance

_TURN_SECONDS = 3.0
_PAUSE_SECONDS = 0.5
_NAMED = 3  # failing examples that an error names
_ZONES = {"zh": "Asia/Shanghai", "en": "America/New_York"}


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not come out as its rule says."""

    rule: str
    pack: str
    expected: str
    index: int
    text: str

    def __str__(self) -> str:
        """One line."""
        did = "did not fire on" if self.expected == "violates" else "fired on"
        return f"{self.pack} {self.rule} {did} {self.expected}[{self.index}]: {self.text}"


def run_examples(packs: PackSet, only: frozenset[str] | None = None) -> list[ExampleFailure]:
    """Run all examples of all rules (whatever their status); with `only`, of the rules with these ids."""
    failures = []
    running = [rule for rule in packs.rules if rule.rule.status != "deprecated"]
    before = {stage: [rule for rule in running if rule.stage < stage] for stage in (0, 1, 2)}
    for rule in packs.rules:
        if only is not None and rule.rule.id not in only:
            continue
        for expected, index, example in _examples(rule):
            if _fires(rule, before[rule.stage], example) != (expected == "violates"):
                failures.append(ExampleFailure(rule.name, rule.pack, expected, index, _shown(example)))
    return failures


def run_pack_examples(path: Path | str) -> list[ExampleFailure]:
    """Run the examples of a pack (name or folder) or topic file; the packs it extends are loaded with it,
    because its rules may look at what theirs found.

    Raises:
        RuleError: the pack cannot be found or has problems.
    """
    folders, only = pack_folders(path)
    chosen = frozenset(rule.id for _, rule in read_packs(folders[-1:], only).rules)
    return run_examples(load_packs([str(folder) for folder in folders]), chosen)


def require_pass(failures: Sequence[ExampleFailure], where: str) -> None:
    """Refuse rules whose examples do not come out as they say.

    Raises:
        RuleError: `rules.examples_failed`; it names the first ones.
    """
    if failures:
        named = "; ".join(map(str, failures[:_NAMED]))
        raise RuleError(
            f"{len(failures)} examples do not come out as they say: {named}",
            code="rules.examples_failed",
            where=where,
            mend="Mend the rules or the examples; `diting rules test` runs them.",
        )


def _examples(rule: CompiledRule) -> Iterator[tuple[str, int, Example]]:
    for expected in ("violates", "allowed"):
        for index, example in enumerate(getattr(rule.rule.examples, expected)):
            yield expected, index, example


def _fires(rule: CompiledRule, first: Sequence[CompiledRule], example: Example) -> bool:
    call = example_call(rule, example)
    rules = [*first, rule]
    return any(finding.rule == rule.name for finding in run_rules(call, rules))


def example_call(rule: CompiledRule, example: Example) -> Call:
    """The call that an example of `rule` stands for."""
    whole = example if isinstance(example, ExampleCall) else ExampleCall(turns=[_one_turn(rule, example)])
    return call_of(whole, rule.language)


def call_of(whole: ExampleCall, language: str, confidence: float = 1.0) -> Call:
    """An ordinary call at ten in the morning, changed as the example says; `confidence` (0..1) is that of the
    recogniser in every utterance."""
    record = _record(language, whole.call)
    zone = official_zone(record.customer.timezone, _ZONES[language])
    engine = "example" if whole.recognised else GIVEN
    transcript = Transcript(language, engine, "", tuple(_utterances(whole.turns, confidence)))
    cues = [
        Cue(cue.kind, cue.speaker, cue.start, cue.end, cue.value, "", tuple(cue.utterances))
        for cue in whole.cues
    ]
    return Call(transcript, cues, record, zone, language)


def _one_turn(rule: CompiledRule, text: str) -> Turn:
    return Turn(customer=text) if rule.side == "customer" else Turn(agent=text)


def _utterances(turns: Sequence[Turn], confidence: float) -> Iterator[Utterance]:
    clock = _PAUSE_SECONDS
    for index, turn in enumerate(turns):
        speaker: Speaker = (
            "agent" if turn.agent is not None else "customer" if turn.customer is not None else "unknown"
        )
        start = clock if turn.start is None else turn.start
        end = start + _TURN_SECONDS if turn.end is None else turn.end
        clock = end + _PAUSE_SECONDS
        text = turn.agent or turn.customer or turn.unknown or ""
        yield Utterance(index, speaker, start, end, text, confidence)


def _record(language: str, changes: Mapping[str, object]) -> CallRecord:
    english = language == "en"
    ordinary: dict[str, Any] = {
        "external_id": "example",
        "source": "example",
        "direction": "outbound",
        "started_at": "2026-06-03T10:00:00-04:00" if english else "2026-06-03T10:00:00+08:00",
        "ended_by": "agent",
        "customer": {"id": "C1", "number": "+12125550101" if english else "+8613800138000",
                     "relation": "debtor", "timezone": _ZONES[language]},
        "case": {"id": "K1", "currency": "USD" if english else "CNY", "amount_due": "1260.00"},
    }  # fmt: skip
    return parse_call_record(_merged(ordinary, changes), "example")


def _merged(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(out.get(key), dict)
        out[key] = _merged(out[key], value) if both else value
    return out


def _shown(example: Example) -> str:
    if isinstance(example, str):
        return example
    turns = " / ".join(turn.agent or turn.customer or turn.unknown or "" for turn in example.turns)
    return turns or str(example.call or example.cues)
