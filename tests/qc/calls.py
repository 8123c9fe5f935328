"""Calls for tests, written as turns."""

from collections.abc import Sequence
from typing import Any

from ingest.metadata import CallRecord, parse_call_record
from qc.compile import PackSet
from qc.evaluate import inspect
from qc.findings import Inspection
from transcription.types import Cue, Speaker, Transcript, Utterance, Word

SPEAKERS: dict[str, Speaker] = {"a": "agent", "c": "customer", "u": "unknown"}

# A rule that looks at the opening of a call alone.
OPENING = "  where: {speaker: agent, first_utterances: 2, first_seconds: 6}\n"


def transcript(
    *turns: str, language: str | None = "zh", engine: str = "given", confidence: float = 1.0
) -> Transcript:
    """Turns like `a: 您好`, three seconds each with one second between."""
    said = []
    for index, turn in enumerate(turns):
        speaker, _, text = turn.partition(": ")
        start = index * 4.0
        said.append(Utterance(index, SPEAKERS[speaker], start, start + 3.0, text, confidence))
    return Transcript(language, engine, "", tuple(said))


def heard(text: str, doubts: dict[str, float], *, speaker: Speaker = "agent") -> Transcript:
    """One recognised utterance, one word a character; `doubts` are confidences of single characters."""
    words = tuple(
        Word(char, index * 0.2, index * 0.2 + 0.2, doubts.get(char, 0.95)) for index, char in enumerate(text)
    )
    said = Utterance(0, speaker, 0.0, len(text) * 0.2, text, 0.9, words)
    return Transcript("zh", "recogniser", "", (said,))


def record(**changes: Any) -> CallRecord:
    """An outbound call on Wednesday 3 June 2026 at ten in Shanghai, changed as given."""
    fields: dict[str, Any] = {
        "external_id": "T1",
        "source": "test",
        "direction": "outbound",
        "started_at": "2026-06-03T10:00:00+08:00",
        "ended_by": "agent",
        "customer": {"number": "+8613800138000", "timezone": "Asia/Shanghai"},
    }
    return parse_call_record(fields | changes, "test")


def judge(
    packs: PackSet, *turns: str, cues: Sequence[Cue] = (), call: CallRecord | None = None, **how: Any
) -> Inspection:
    """Inspect a call of these turns."""
    return inspect(transcript(*turns, **how), cues, call or record(), packs)


def places(inspection: Inspection) -> list[tuple[str, tuple[int, ...]]]:
    """Rule ids without version, with their utterances."""
    return [(finding.rule.partition("@")[0], finding.utterances) for finding in inspection.findings]


def rule(detect: str, *, extra: str = "", category: str = "threat", name: str = "t.rule") -> str:
    """One stable rule; `detect` is a flow mapping."""
    return f"""
- id: {name}
  category: {category}
  title: {{zh: 规则, en: Rule}}
  cite: [{{source: policy}}]
  detect: {detect}
  examples: {{violates: [上门, 我上门, 上门见], allowed: [您好, 再见, 打扰了]}}
{extra}"""


def pack(*rules: str, head: str = "") -> str:
    return head + "\nrules:" + "".join(rules)
