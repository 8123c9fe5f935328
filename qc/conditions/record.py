"""Conditions on what is known beside the words: cues, facts of the record, findings of other rules."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from qc import wording
from qc.answers import Answer
from qc.call import Call
from qc.case_facts import case_answer
from qc.conditions.base import Scope
from qc.facts import answer, needs_time
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.condition import CueTest, Fact
from qc.likeness.opinion import bank_of
from qc.taxonomy import CATEGORIES
from qc.trust import Evidence, certain
from transcription.types import Cue


@dataclass(frozen=True, slots=True)
class CueHeard:
    """Cues strong, long and many enough."""

    test: CueTest

    def find(self, call: Call, scope: Scope) -> Found:
        """One hit for each such cue."""
        test = self.test
        both_sides = test.kind in ("dead_air", "overlap")
        cues = [
            cue
            for cue in call.cues
            if cue.kind == test.kind
            and (both_sides or scope.side == "any" or cue.speaker in (scope.side, "unknown"))
            and (test.min_value is None or cue.value >= test.min_value)
            and (test.max_value is None or cue.value <= test.max_value)
            and (test.min_seconds is None or cue.end - cue.start >= test.min_seconds)
        ]
        if len(cues) < test.times:
            return NOTHING
        return placed(self._hit(cue, call, scope) for cue in cues)

    def _hit(self, cue: Cue, call: Call, scope: Scope) -> Hit:
        at = cue.utterances[0] if cue.utterances else None
        trust = call.role_trust(at, scope.side) if at is not None else 1.0
        return Hit(
            at,
            None,
            "cue",
            wording.cue(self.test, cue.unit, call.language),
            confidence=cue.confidence,
            sure=certain(Evidence("cue", words=cue.confidence, role_trust=trust)),
            others=cue.utterances[1:],
            start=cue.start,
            end=cue.end,
            measured=wording.measured(cue.value, cue.unit),
        )


@dataclass(frozen=True, slots=True)
class FactHolds:
    """A fact of the call record."""

    fact: Fact

    def find(self, call: Call, _scope: Scope) -> Found:
        """A fact of the call; where the record cannot say, nothing, and the call remembers that."""
        judged = self.judged(call)
        if judged is None:
            call.untimed_facts = call.untimed_facts or needs_time(self.fact)
            return NOTHING
        if not judged.holds:
            if judged.unclear is not None:
                call.unclear.add(judged.unclear)
            return NOTHING
        return placed(
            [
                Hit(
                    None,
                    None,
                    "fact",
                    wording.fact(self.fact, judged.measured, call.language),
                    sure=judged.sure,
                    measured=judged.measured,
                    since=judged.since,
                )
            ]
        )

    def judged(self, call: Call) -> Answer | None:
        """Whether the fact holds, and how it was measured; None where the record cannot say."""
        return case_answer(self.fact, call) or answer(
            self.fact, call.record, call.zone, seconds=call.seconds, talked=call.talked
        )


@dataclass(frozen=True, slots=True)
class AlreadyFound:
    """Findings of a category made by rules that ran before."""

    patterns: tuple[str, ...]

    def find(self, call: Call, _scope: Scope) -> Found:
        """A hit at the place of each such finding."""
        return placed(
            Hit(
                finding.utterances[0] if finding.utterances else None,
                None,
                finding.how,
                finding.matched,
                confidence=finding.confidence,
                sure=finding.status == "certain",
                start=finding.start,
                end=finding.end,
                measured=(CATEGORIES[finding.category].zh, CATEGORIES[finding.category].en),
                bank=bank_of(finding.category, finding.attributes.get("state")),
            )
            for finding in call.findings
            if any(fnmatchcase(finding.category, pattern) for pattern in self.patterns)
        )
