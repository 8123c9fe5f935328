"""Judging a call: (transcript, cues, record, packs) to findings, score and ticket. Pure and deterministic."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord, official_zone
from qc.call import Call
from qc.compile import CompiledRule, PackSet
from qc.conditions.base import Scope
from qc.describe import describe
from qc.emotion.states import with_voices
from qc.extract.read import read_facts
from qc.facts import local_time
from qc.findings import Finding, Inspection
from qc.force import in_force
from qc.hits import Hit
from qc.likeness.model import MODEL_LANGUAGES
from qc.likeness.opinion import PRESSING, bank_of, speaks_against, speaks_for
from qc.scoring import score
from qc.tickets import propose
from qc.trust import ROLE_TRUST
from qc.unjudged import reasons
from transcription.types import Cue, Transcript
from transcription.voice.types import VoiceReport

MAINLAND_ZONE = "Asia/Shanghai"


def inspect(
    transcript: Transcript,
    cues: Sequence[Cue],
    record: CallRecord,
    packs: PackSet,
    *,
    default_zone: str | None = None,
    voice: VoiceReport | None = None,
) -> Inspection:
    """Judge one call by `packs`.

    Args:
        transcript: what was said.
        cues: what was heard beside the words.
        record: the call as the recorder and the case system describe it, with the earlier calls.
        packs: the rules.
        default_zone: the customer's time zone where the record gives none; without it, Asia/Shanghai
            for Mandarin packs and unknown for others.
        voice: how the voices sounded, where that is known.

    Returns:
        findings in order of time, the score, the proposed ticket, and what could not be judged.
        The same input gives the same result, byte for byte.
    """
    language = transcript.language or "zh"
    call = Call(transcript, cues, record, _zone(record, packs, default_zone), language, packs.index, voice)
    call.consults_examples = packs.likeness
    local = local_time(record, call.zone)
    day = local.date() if local else None
    stable = without_echoes(run_rules(call, in_force(packs.rules, day, "stable")))
    unjudged = reasons(call, packs)
    call.findings = list(stable)
    left = tuple(state for machine in packs.states if (state := machine.at_the_end(call)) is not None)
    shadow = run_rules(call, in_force(packs.rules, day, "shadow"))
    total = score(stable, (rule.name for rule in packs.rules if rule.veto), packs.caps)
    return Inspection(
        findings=stable,
        score=total,
        ticket=propose(stable, unjudged, language),
        packs=packs.names,
        pack_hash=packs.hash,
        unjudged=unjudged,
        shadow=shadow,
        states=left,
        facts=call.facts or (),
    )


def run_rules(call: Call, rules: Sequence[CompiledRule]) -> tuple[Finding, ...]:
    """The findings of `rules`, ordered by start, utterance and rule; rules that look back run second, and
    those that hold the note against all that was found run last. What the voice adds is added in the end."""
    found: list[Finding] = []
    earlier = list(call.findings)
    stages: tuple[list[CompiledRule], ...] = ([], [], [])
    for rule in rules:
        stages[rule.stage].append(rule)
    for stage, ready in enumerate(stages):
        if stage == 2 and call.facts is None:
            call.facts = read_facts(call)
        for rule in ready:
            found += _findings(rule, call)
        call.findings = [*earlier, *found]
    settled = with_voices(found, call.voices, without_echoes(call.findings))
    return tuple(sorted(settled, key=_order))


def without_echoes(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without likeness where other evidence in the same utterance already says it, and is as sure."""
    said = {
        (finding.category, finding.utterances[0], status)
        for finding in found
        if finding.how != "likeness" and finding.utterances
        for status in ("certain", "unsure")
        if status in ("unsure", finding.status)
    }
    return tuple(
        finding
        for finding in found
        if finding.how != "likeness" or (finding.category, finding.utterances[0], finding.status) not in said
    )


def _order(finding: Finding) -> tuple[float, int, str]:
    """Facts of the call, which have no place, come first."""
    start = -1.0 if finding.start is None else finding.start
    return start, finding.utterances[0] if finding.utterances else -1, finding.rule


def _findings(rule: CompiledRule, call: Call) -> list[Finding]:
    if rule.needs is not None and call.search.never(rule.needs):
        return []
    applies = _applies(rule, call)
    if applies is None:
        return []
    found = rule.detect.find(call, Scope(rule.side, rule.rule.where, rule.guards, rule.grave))
    if not found:
        return []
    excused = [condition.find(call, Scope(rule.side)) for condition in rule.unless]
    if any(exception.whole for exception in excused):
        return []
    out = []
    for at in sorted(found.placed):
        if not any(at in exception.placed for exception in excused):
            out.append(describe(rule, _doubted(_best(found.placed[at]), rule, call, applies), call))
    if found.whole and not (found.placed or any(excused)):
        out.append(describe(rule, _doubted(_best(found.whole), rule, call, applies), call))
    return out


def _best(hits: Sequence[Hit]) -> Hit:
    return max(
        hits, key=lambda hit: (hit.sure, hit.confidence, _length(hit), -(hit.span or (0, 0))[0], hit.matched)
    )


def _length(hit: Hit) -> int:
    return hit.span[1] - hit.span[0] if hit.span else 0


def _applies(rule: CompiledRule, call: Call) -> bool | None:
    """True: the rule is meant for this call; False: perhaps, the direction is unknown; None: it is not."""
    where = rule.rule.where
    if where.relation is not None and call.relation not in where.relation:
        return None
    if where.not_relation is not None and call.relation in where.not_relation:
        return None
    direction = call.record.direction
    if where.direction is None or direction == where.direction:
        return True
    return False if direction is None else None


def _doubted(hit: Hit, rule: CompiledRule, call: Call, applies: bool) -> Hit:
    """The hit, unsure where the rule, the speaker or the day leave doubt."""
    dated = not rule.dated or call.record.started_at is not None
    trust = call.role_trust(hit.utterance, rule.side) if hit.utterance is not None else 1.0
    may_accuse = rule.rule.certain and not rule.advisory
    sure = hit.sure and may_accuse and applies and dated and trust >= ROLE_TRUST
    sure = sure and not _contradicted(hit, rule, call)
    return hit if sure == hit.sure else replace(hit, sure=sure)


def _contradicted(hit: Hit, rule: CompiledRule, call: Call) -> bool:
    """Whether the turn is quite unlike the examples of the rule's category; where it is what was done
    although a state stood open, whether it is not plainly a demand."""
    if not call.consults_examples or hit.utterance is None or rule.language not in MODEL_LANGUAGES:
        return False
    if hit.how == "order" and hit.since is not None:
        return hit.sure and not speaks_for(call.likeness, hit.utterance, PRESSING)
    bank = bank_of(rule.category.id, rule.rule.attributes.get("state"))
    return speaks_against(call.likeness, hit.utterance, hit.how, bank)


def _zone(record: CallRecord, packs: PackSet, default: str | None) -> ZoneInfo | None:
    fallback = default or (MAINLAND_ZONE if "zh" in packs.languages else None)
    name = record.customer.timezone or fallback
    if name is None:
        return None
    try:
        return official_zone(name)
    except ValueError:
        return None
