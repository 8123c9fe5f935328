"""An inspection in the light of what was heard a second time. Pure and deterministic."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.metadata import CallRecord
from qc.compile import PackSet
from qc.evaluate import inspect
from qc.findings import Finding, Inspection
from qc.scoring import score
from qc.second_hearing import is_proved, is_weak, question, reconsider
from qc.tickets import propose
from transcription.questions import Answer, Question
from transcription.types import Cue, Transcript, Utterance
from transcription.voice.types import VoiceReport

# What the expected words are taken to be worth where a second hearing proved them.
_PROVED_CONFIDENCE = 0.9


def reconsidered(
    inspection: Inspection,
    answers: Sequence[Answer],
    transcript: Transcript,
    cues: Sequence[Cue],
    record: CallRecord,
    packs: PackSet,
    *,
    default_zone: str | None = None,
    voice: VoiceReport | None = None,
) -> Inspection:
    """The inspection with the findings that were heard again, its score and ticket worked out anew.

    A finding that was only doubted because of how it was heard becomes certain where the second hearing
    proves it; one with other doubts (who spoke, which day it was, a rule that is never certain) does not.

    Args:
        inspection: what `inspect` made of the same transcript, cues, record and packs.
        answers: what was heard again; an answer to another question than the findings ask is left out.
    """
    known = {answer.question: answer for answer in answers}
    asked = [question(finding, transcript) if is_weak(finding) else None for finding in inspection.findings]
    findings = [
        reconsider(finding, known[place]) if place in known else finding
        for finding, place in zip(inspection.findings, asked, strict=True)
    ]
    proved = {place for finding, place in zip(findings, asked, strict=True) if place and _may_stand(finding)}
    if proved:
        as_expected = _as_expected(transcript, proved)
        sure = inspect(as_expected, cues, record, packs, default_zone=default_zone, voice=voice).findings
        findings = [_standing(finding, sure) if _may_stand(finding) else finding for finding in findings]
    language = transcript.language or "zh"
    return replace(
        inspection,
        findings=tuple(findings),
        score=score(findings, (rule.name for rule in packs.rules if rule.veto), packs.caps),
        ticket=propose(findings, inspection.unjudged, language),
    )


def _may_stand(finding: Finding) -> bool:
    return finding.status == "unsure" and is_proved(finding)


def _as_expected(transcript: Transcript, proved: set[Question]) -> Transcript:
    """The transcript as it would read, were the expected words what was said."""
    texts = {place.utterance: place.as_expected for place in proved}

    def reread(utterance: Utterance) -> Utterance:
        if utterance.id not in texts:
            return utterance
        sure = max(utterance.confidence, _PROVED_CONFIDENCE)
        return replace(utterance, text=texts[utterance.id], words=(), confidence=sure)

    return replace(transcript, utterances=tuple(map(reread, transcript.utterances)))


def _standing(finding: Finding, sure: Sequence[Finding]) -> Finding:
    """The finding, certain where its rule has no other doubt about the same utterance."""
    for other in sure:
        if (other.rule, other.utterances, other.status) == (finding.rule, finding.utterances, "certain"):
            return replace(finding, status="certain", points=other.points)
    return finding
