"""Conditions on what is known beside the words: cues, facts of the record, findings of other rules."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from qc.call import Call
from qc.conditions.base import Scope
from qc.facts import answer, needs_time
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.condition import CueTest, Fact
from transcription.types import Cue

SURE_CUE = 0.6


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
        return placed(self._hit(cue) for cue in cues)

    @staticmethod
    def _hit(cue: Cue) -> Hit:
        measured = f"{cue.value:g} {cue.unit}".strip()
        return Hit(
            cue.utterances[0] if cue.utterances else None,
            None,
            "cue",
            f"{cue.kind} {measured}",
            confidence=cue.confidence,
            sure=cue.confidence >= SURE_CUE,
            others=cue.utterances[1:],
            start=cue.start,
            end=cue.end,
            measured=(measured, measured),
        )


@dataclass(frozen=True, slots=True)
class FactHolds:
    """A fact of the call record."""

    fact: Fact

    def find(self, call: Call, _scope: Scope) -> Found:
        """A fact of the call; where the record cannot say, nothing, and the call remembers that."""
        judged = answer(self.fact, call.record, call.zone)
        if judged is None:
            call.untimed_facts = call.untimed_facts or needs_time(self.fact)
            return NOTHING
        if not judged.holds:
            return NOTHING
        return placed(
            [Hit(None, None, "fact", judged.measured[1], sure=judged.sure, measured=judged.measured)]
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
                finding.category,
                confidence=finding.confidence,
                sure=finding.status == "certain",
                start=finding.start,
                end=finding.end,
            )
            for finding in call.findings
            if any(fnmatchcase(finding.category, pattern) for pattern in self.patterns)
        )
